"""Every place of some words, counted; filters; nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.errors import CompanyUnknown
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from rag.views.listing import Listing


@pytest.fixture(scope="module")
def qa(views_library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=views_library, model="none")
    with DisclosureQA(Library.open(views_library, settings), settings, keeps_receipts=False) as opened:
        yield opened


def found(listing: Listing) -> list[tuple[str, str, int]]:
    return [(hit.number or "", hit.part, hit.pair) for hit in listing.hits]


def test_every_hit_is_given_counted_and_verbatim(qa: DisclosureQA) -> None:
    listing = qa.find("光模块")
    assert found(listing) == [
        ("2025-006", "pair", 1),
        ("2025-001", "pair", 2),
        ("2025-001", "pair", 3),
        ("2024-001", "pair", 1),
    ]
    assert [(one.code, one.hits, one.records) for one in listing.companies] == [
        ("309931", 3, 2),
        ("309932", 1, 1),
    ]
    for hit in listing.hits:
        text = qa.library.record(hit.record_id).text
        assert all(text[place.start : place.end] == place.quote for place in hit.places)
    assert listing.as_json()["count"] == 4


def test_words_are_found_in_traditional_characters_and_across_lines(qa: DisclosureQA) -> None:
    listing = qa.find("美国 关税")
    assert found(listing) == [("2025-001", "pair", 4)]
    assert not listing.hits[0].only_asked


def test_several_words_must_stand_in_one_passage(qa: DisclosureQA) -> None:
    assert found(qa.find("光模块 液冷")) == [("2025-006", "pair", 1)]
    assert len(qa.find("光模块 液冷", any_word=True).hits) == 5
    assert not qa.find('"光模块 液冷"').hits


def test_what_only_the_investor_said_is_told_apart(qa: DisclosureQA) -> None:
    (hit,) = qa.find("低空经济").hits
    assert hit.only_asked and hit.places[0].where == "question"
    assert qa.find("人形机器人").companies[0].only_asked == 1


def test_a_name_in_the_form_is_found_there(qa: DisclosureQA) -> None:
    listing = qa.find("松岚基金")
    assert found(listing) == [("2024-001", "form", 0)]
    assert not qa.find("松岚基金", kinds=("pair", "statement")).hits


@pytest.mark.parametrize(
    ("filters", "records"),
    [
        ({"company": "霁川光电"}, {"2025-001", "2024-001"}),
        ({"company": ["309931", "澜屏热控"]}, {"2025-006", "2025-001", "2024-001"}),
        ({"institution": "远汀"}, {"2025-006", "2024-001"}),
        ({"institution": "陆闻", "company": "309931"}, {"2024-001"}),
        ({"host": "苏见微"}, {"2025-006"}),
        ({"category": "业绩说明会"}, {"2025-001"}),
        ({"published_from": date(2025, 1, 1)}, {"2025-006", "2025-001"}),
        ({"published_to": date(2024, 12, 31)}, {"2024-001"}),
    ],
)
def test_filters(qa: DisclosureQA, filters: dict[str, object], records: set[str]) -> None:
    listing = qa.find("光模块", **filters)  # type: ignore[arg-type]
    assert {hit.number for hit in listing.hits} == records


def test_records_without_a_day_are_counted_apart(qa: DisclosureQA) -> None:
    everything = qa.find("液冷")
    assert len(everything.hits) == 2 and not everything.undated
    dated = qa.find("液冷", published_from=date(2025, 1, 1))
    assert [hit.number for hit in dated.hits] == ["2025-006"]
    assert [hit.published_on for hit in dated.undated] == [None]
    assert dated.companies[0].hits == 1
    assert len(dated.as_json()["undated"]) == 1


def test_hits_are_sorted(qa: DisclosureQA) -> None:
    days = [hit.published_on for hit in qa.find("公司").hits if hit.published_on]
    assert days == sorted(days, reverse=True)
    codes = [hit.code for hit in qa.find("公司", sort="company").hits]
    assert codes == sorted(codes, key=str)


def test_an_unknown_company_is_one_line(qa: DisclosureQA) -> None:
    with pytest.raises(CompanyUnknown) as raised:
        qa.find("液冷", company="不存在的公司")
    assert "\n" not in str(raised.value) and "不存在的公司" in str(raised.value)


def test_a_text_in_the_middle_of_many_visitors_is_cut_around_the_word(qa: DisclosureQA) -> None:
    for hit in qa.find("公司").hits:
        assert all(len(place.quote) <= 400 for place in hit.places)
