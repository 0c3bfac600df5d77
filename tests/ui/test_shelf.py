"""Looking through the library without a browser: seeking, sorting, pages, what is new, and removals that can be undone."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import LibraryBusy
from ingest.library.summaries import RecordSummary
from tests.ui.test_web_panels import ALLOWED, NASTY, parsed
from ui.web.panels.company import companies, company_page
from ui.web.panels.coverage import coverage
from ui.web.panels.library import library_frame
from ui.web.panels.listing import Standing, listing
from ui.web.removals import Removals
from ui.web.shelf import PAGE_SIZE, Holding, Query, Shelf, company_of, known_topics
from ui.web.visits import SAME_VISIT, Visits


def record(
    number: int, code: str | None = "309001", name: str | None = "岚川智冷", **changes: Any
) -> RecordSummary:
    one = RecordSummary(
        id=f"{number:016d}",
        source_file=f"{name}{number}.pdf",
        format="pdf",
        code=code,
        short_name=name,
        company=None,
        number=f"2025-{number:03d}",
        held_on=None,
        published_on=date(2025, 1, 1) + timedelta(days=number % 300),
        published_on_basis="signed_on",
        pairs=number,
        statements=0,
        warnings=(),
        categories=("特定对象调研",),
        sha256=f"{number:064d}",
    )
    return replace(one, **changes)


def shelf(*records: RecordSummary, visitors: dict[str, list[str]] | None = None) -> Shelf:
    groups: dict[str, list[RecordSummary]] = {}
    for one in records:
        groups.setdefault(company_of(one), []).append(one)
    holdings = {
        value: Holding(value, group[0].code or "", group[0].short_name or "", group)
        for value, group in groups.items()
        if value
    }
    return Shelf(records, holdings, lambda: visitors or {})


def ids(of: Shelf, **query: Any) -> list[int]:
    return [int(one.id) for one in of.find(Query(**query)).records]


def test_records_are_sought_by_name_code_pinyin_file_number_and_visitor() -> None:
    of = shelf(record(1), record(2, "309002", "澄屿微电"), visitors={f"{2:016d}": ["甲乙基金管理有限公司"]})
    assert ids(of, words="澄屿") == ids(of, words="cywd") == ids(of, words="309002") == [2]
    assert ids(of, words="甲乙基金") == ids(of, words="2025-002") == ids(of, words="２０２５-002") == [2]
    assert ids(of, words="岚川 2025-001") == [1]
    assert ids(of, words="岚川 2025-002") == []


def test_each_filter_narrows_and_they_add_up() -> None:
    of = shelf(
        record(1, warnings=("x",)),
        record(2, format="docx", categories=("业绩说明会",)),
        record(3, "309002", "澄屿微电", published_on=None),
        record(4, "309002", "澄屿微电", published_on=date(2024, 5, 6)),
    )
    assert ids(of, warned=True) == [1]
    assert ids(of, format="docx") == ids(of, category="业绩说明会") == [2]
    assert ids(of, company="309002") == [4, 3]
    assert ids(of, company="309002", month="2024-05") == ids(of, month="2024") == [4]
    assert ids(of, first=date(2025, 1, 1), last=date(2025, 1, 2)) == [1]
    assert ids(of, company="309002", warned=True) == []
    assert [one.id for one in of.find(Query(new=True), frozenset({f"{3:016d}"})).records] == [f"{3:016d}"]


def test_sorting_goes_both_ways_and_what_has_no_day_comes_last() -> None:
    of = shelf(
        record(9, published_on=date(2025, 9, 9)),
        record(5, published_on=date(2025, 5, 5)),
        record(7, published_on=None),
    )
    assert ids(of) == [9, 5, 7]
    assert ids(of, backwards=True) == [5, 9, 7]
    assert ids(of, sort="pairs") == [9, 7, 5]
    assert ids(of, sort="pairs", backwards=True) == [5, 7, 9]
    assert ids(of, sort="file") == [5, 7, 9]


def test_thousands_of_records_come_in_pages_and_soon() -> None:
    of = shelf(*(record(n, f"{300000 + n % 400}", f"样本{n % 400}") for n in range(6000)))
    started = time.perf_counter()
    found = of.find(Query(page=3))
    assert (len(found.records), found.count, found.page, found.pages) == (PAGE_SIZE, 6000, 3, 120)
    assert time.perf_counter() - started < 0.5
    assert of.find(Query(page=999)).page == 120
    of.find(Query(words="样本"))  # what is sought is made once
    started = time.perf_counter()
    assert of.find(Query(words="样本17 300017")).count == 15
    assert time.perf_counter() - started < 0.5
    page = str(listing("zh", of, found, Query(page=3), Standing()))
    assert page.count("<tr data-record") == PAGE_SIZE and "第 3 / 120 页" in page
    assert len(str(library_frame("zh", of))) < 60_000


@given(
    st.dictionaries(
        st.sampled_from(["words", "company", "from", "to", "page", "sort", "month"]), st.text(max_size=30)
    )
)
def test_any_address_is_a_query(given: dict[str, str]) -> None:
    of = shelf(record(1))
    found = of.find(Query.of(given))
    assert 1 <= found.page <= found.pages


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_with_a_code_alone_is_never_called_none(language: Any) -> None:
    of = shelf(record(1, "009999", None, source_file="x.csv"), record(2, None, None, source_file="y.csv"))
    standing = Standing(may_change=True)
    shown = "".join(
        (
            str(listing(language, of, of.find(Query()), Query(), standing)),
            str(coverage(language, of)),
            str(companies(language, of, frozenset())),
            str(company_page(language, of.holdings["009999"], (), listing(language, of, of.find(Query()), Query(), standing))),
            str(library_frame(language, of)),
        )
    )  # fmt: skip
    assert "None" not in shown and "009999" in shown
    assert ("公司不详" if language == "zh" else "Company unknown") in shown
    assert "（009999）" not in shown


def test_nothing_in_the_library_becomes_markup() -> None:
    bad = replace(
        record(1, NASTY, NASTY, source_file=NASTY, categories=(NASTY,), warnings=(NASTY,)), number=NASTY
    )
    of = shelf(bad, record(2))
    standing = Standing(new=frozenset({bad.id}), may_change=True)
    leaving = Standing(leaving={bad.sha256: 3.0}, may_change=True)
    failed = Standing(failed={bad.sha256: LibraryBusy("x")}, may_change=True)
    pieces = [
        *(listing("zh", of, of.find(Query()), Query(month=NASTY[:7]), one) for one in (standing, leaving, failed)),
        *(coverage("zh", of, span) for span in ("12", "years")),
        companies("en", of, frozenset()),
        company_page("zh", of.holdings[NASTY], [(NASTY, 3)], listing("en", of, of.find(Query()), Query(), standing)),
        library_frame("zh", of),
    ]  # fmt: skip
    for piece in pieces:
        for tag, attributes in parsed(str(piece)):
            assert tag in {*ALLOWED, "form", "input", "select", "option", "label", "i", "b"}, tag
            assert not any(name.startswith("on") for name in attributes)
            assert not re.match(r"\s*(?:javascript|data):", attributes.get("href") or "", re.I)


def test_an_empty_cell_is_not_worded_as_silence() -> None:
    assert "不表示公司没有披露" in str(coverage("zh", shelf(record(1))))


def test_the_chart_counts_months_and_years() -> None:
    of = shelf(record(1), record(2), record(3, published_on=date(2019, 3, 1)), record(4, published_on=None))
    months, years = str(coverage("zh", of, "12")), str(coverage("zh", of, "years"))
    assert "更早 1 份" in months and "日期不详 1 份" in months
    assert "data-month='2025-01'" in months and ">2</button>" in months
    assert "data-month='2019'" in years and "更早" not in years


def test_a_company_shows_its_latest_record_topics_and_gaps() -> None:
    of = shelf(record(4), record(1))
    page = str(company_page("zh", of.holdings["309001"], [("液冷", 7)], listing("zh", of, of.find(Query()), Query(), Standing())))  # fmt: skip
    assert "缺 002–003" in page and "2025-01-05" in page
    assert "data-question='岚川智冷的液冷怎么样？'" in page and "就这家公司提问" in page
    assert len({chinese for chinese, _, _ in known_topics()}) == len(known_topics()) > 20


# ------------------------------------------------------------------------ what is new


def test_what_came_since_the_last_visit_is_new_until_the_visit_after(tmp_path: Path) -> None:
    visits = Visits(tmp_path / "visits.sqlite")
    assert visits.new_to("li", ["a", "b"], 1000) == frozenset()
    assert visits.new_to("li", ["a", "b", "c"], 1100) == {"c"}  # it came while the visitor was here
    later = 1100 + SAME_VISIT + 1
    assert visits.new_to("li", ["a", "b", "c", "d"], later) == {"d"}
    assert visits.new_to("li", ["a", "b", "c", "d"], later + 5) == {"d"}  # a reload is the same visit
    assert visits.new_to("wang", ["a", "b", "c", "d"], later + 6) == frozenset()
    visits.all_seen("li", later + 7)
    assert visits.new_to("li", ["a", "b", "c", "d"], later + 8) == frozenset()
    assert visits.new_to("li", ["a", "e"], later + 9) == {"e"}


def test_where_visits_cannot_be_kept_nothing_is_new(tmp_path: Path) -> None:
    visits = Visits(tmp_path / "nowhere" / "visits.sqlite")
    assert visits.new_to("li", ["a"], 1.0) == frozenset()
    visits.all_seen("li", 2.0)


# ------------------------------------------------------------------------ removing


def test_a_removal_can_be_undone_and_else_happens() -> None:
    gone: list[list[str]] = []
    removals = Removals(lambda names: gone.append(list(names)), 0.15)
    removals.ask("s1", ["b", "a"])
    removals.ask("s1", ["b", "a"])
    assert set(removals.waiting()) == {"s1"}
    assert removals.undo("s1") and not removals.undo("s1")
    removals.ask("s2", ["c"])
    until = time.monotonic() + 5
    while removals.waiting() and time.monotonic() < until:
        time.sleep(0.01)
    assert gone == [["c"]] and not removals.undo("s2")


def test_a_removal_that_fails_is_told_and_can_be_asked_again() -> None:
    tries: list[int] = []

    def busy(_: object) -> None:
        tries.append(1)
        raise LibraryBusy("another process is writing")

    removals = Removals(busy, 0.0)
    for count in (1, 2):
        removals.ask("s", ["a"])
        until = time.monotonic() + 5
        while removals.waiting() and time.monotonic() < until:
            time.sleep(0.01)
        assert len(tries) == count and isinstance(removals.failed()["s"], LibraryBusy)
