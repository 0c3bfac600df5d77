"""A topic over time: newest first, what is different, nothing uncited, nothing of anyone else."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.errors import CompanyUnknown
from rag.disclosure_qa import DisclosureQA
from rag.views import timeline_text
from rag.views.timeline import Timeline


def orders(qa: DisclosureQA) -> Timeline:
    return qa.track("在手订单", company="云溪热控")


def test_entries_stand_newest_first_and_each_quote_in_its_place(qa: DisclosureQA) -> None:
    view = orders(qa)
    days = [entry.day for entry in view.entries]
    assert days == [date(2025, 5, 20), date(2024, 8, 30), date(2024, 4, 26)]
    for claim in view.claims:
        citation = claim.citations[0]
        assert claim.verdict == "supported"
        assert qa.library.record(citation.record_id).text[citation.start : citation.end] == citation.quote


def test_a_figure_that_moved_is_told_with_both_periods(qa: DisclosureQA) -> None:
    newest = orders(qa).entries[0]
    changed = [change for change in newest.changes if change.what == "figure"]
    assert [(c.old, c.old_period, c.new, c.new_period) for c in changed] == [
        ("约为9.6亿元", "2024-06-30", "约为11.5亿元", "2025-03-31")
    ]
    assert changed[0].since == date(2024, 8, 30)


def test_what_was_repeated_is_one_entry_with_its_days(qa: DisclosureQA) -> None:
    newest = orders(qa).entries[0]
    assert newest.repeated_on == (date(2025, 4, 25),)
    assert "与此前 1 次相同（最早 2025-04-25）" in timeline_text.as_text(orders(qa))


def test_a_gap_names_the_records_in_between(qa: DisclosureQA) -> None:
    gap = orders(qa).entries[1].gap
    assert gap is not None
    assert (gap.records, gap.days) == (1, 126)


def test_nothing_after_the_day_asked_for_is_seen(qa: DisclosureQA) -> None:
    view = qa.track("在手订单", company="309931", as_of="2024-06-30")
    assert [entry.day for entry in view.entries] == [date(2024, 4, 26)]
    assert (view.records, view.silent_since, view.last) == (2, 1, date(2024, 6, 20))


def test_an_expected_day_that_moved_and_a_plan_that_came_true(qa: DisclosureQA) -> None:
    done, later, first = qa.track("云梦新基地投产", company="云溪热控").entries
    assert [
        (c.old_period or c.old, c.new_period or c.new) for c in later.changes if c.what == "expected"
    ] == [("2024年12月", "2025年3月")]
    assert [c.old for c in done.changes if c.what == "certainty"] == ["预计"]
    assert first.changes == ()


def test_figures_of_others_and_of_one_business_are_not_the_companys(qa: DisclosureQA) -> None:
    view = qa.track("综合毛利率", company="云溪热控")
    figures = {(one.printed, one.when.label()) for entry in view.entries for one in entry.figures}
    assert figures == {("31.2%", "2023年"), ("29.8%", "2024年")}
    changed = [change for entry in view.entries for change in entry.changes if change.what == "figure"]
    assert [(c.old, c.new) for c in changed] == [("31.2%", "29.8%")]


def test_where_nothing_was_said_that_is_told_and_not_that_it_was_never_disclosed(qa: DisclosureQA) -> None:
    view = qa.track("量子计算芯片", company="云溪热控")
    assert (view.outcome, view.entries) == ("not_found", ())
    assert "5 份记录" in timeline_text.as_text(view)
    assert "不等于" in timeline_text.as_text(view)


@pytest.mark.parametrize("company", [None, "没有这家公司"])
def test_without_a_company_that_is_known_there_is_one_line(qa: DisclosureQA, company: str | None) -> None:
    with pytest.raises(CompanyUnknown) as raised:
        qa.track("在手订单", company=company)
    assert "\n" not in str(raised.value)


def test_a_question_of_change_is_answered_by_the_timeline(qa: DisclosureQA) -> None:
    answer = qa.ask("云溪热控的在手订单是怎么变化的？")
    assert answer.outcome == "answered"
    assert "从新到旧" in answer.text
    assert "约为9.6亿元 → 2025-03-31 约为11.5亿元" in answer.text
    assert {claim.verdict for claim in answer.claims} == {"supported"}
    assert len({c.record_id for claim in answer.claims for c in claim.citations}) == 3
    assert answer.text == qa.ask("云溪热控的在手订单是怎么变化的？").text


def test_words_in_english_are_told_in_english(qa: DisclosureQA) -> None:
    view = qa.track("orders on hand", company="309931")
    text = timeline_text.as_text(view, "en")
    assert "newest first" in text or "Nothing on" in text


def test_json_and_rows_hold_every_quote(qa: DisclosureQA) -> None:
    view = orders(qa)
    document = view.as_json()
    quotes = [quote["quote"] for entry in document["entries"] for quote in entry["quotes"]]
    assert quotes == [claim.text for claim in view.claims]
    assert document["entries"][0]["overtaken_by"] is None
    rows = timeline_text.rows(view)
    assert [row[0] for row in rows] == ["2025-05-20", "2024-08-30", "2024-04-26"]
    assert all(len(row) == len(timeline_text.header()) for row in rows)
