"""Dates and periods, and when two of them agree."""

from __future__ import annotations

import pytest

from rag.grounding.dates import agree, periods, resolve
from rag.grounding.normalise import normalise


@pytest.mark.parametrize(
    ("text", "year", "first", "last"),
    [
        ("2020年8月18日", 2020, (8, 18), (8, 18)), ("20200818", 2020, (8, 18), (8, 18)), ("2020-08-18", 2020, (8, 18), (8, 18)),
        ("2024 年上半年", 2024, (1, 1), (6, 30)), ("2025年Q1", 2025, (1, 1), (3, 31)), ("2025年第一季度", 2025, (1, 1), (3, 31)),
        ("2025年一季报", 2025, (1, 1), (3, 31)), ("前三季度", None, (1, 1), (9, 30)), ("2024年1月至3月", 2024, (1, 1), (3, 31)),
        ("2024年末", 2024, (12, 31), (12, 31)), ("9月底", None, (9, 30), (9, 30)), ("上半年末", None, (6, 30), (6, 30)),
        ("2024年前10个月", 2024, (1, 1), (10, 31)), ("一、二季度", None, (1, 1), (6, 30)), ("三季报", None, (1, 1), (9, 30)), ("2023年度", 2023, (1, 1), (12, 31)), ("二〇二三年", 2023, (1, 1), (12, 31)),
        ("March 2024", 2024, (3, 1), (3, 31)), ("May 3, 2021", 2021, (5, 3), (5, 3)), ("Q3 2024", 2024, (7, 1), (9, 30)),
        ("the first half of 2022", 2022, (1, 1), (6, 30)),
    ],
)  # fmt: skip
def test_one_period(text: str, year: int | None, first: tuple[int, int], last: tuple[int, int]) -> None:
    (found,) = periods(normalise(text).text)
    assert (found.year, found.first, found.last) == (year, first, last)


@pytest.mark.parametrize(
    "text",
    [
        "近三年",
        "过去5日",
        "今年以来",
        "20日主力净流入",
        "10年期国债",
        "成交额2024.5万元",
        "盘中报价18元",
        "2023家企业",
        "you may go",
    ],
)
def test_windows_and_figures_are_no_periods(text: str) -> None:
    assert periods(normalise(text).text) == []


def test_relative_years_count_from_what_is_known() -> None:
    found = resolve(periods("去年营收增长，今年一季度下降"), 2031)
    assert [one.year for one in found] == [2030, 2031]


def test_a_period_without_a_year_may_be_of_the_year_named_before_or_of_publication() -> None:
    text = "2031年2月19日讯。全年收入增长。2029年收入下降，上半年尤甚。"
    found = resolve(periods(text), None)
    assert found[1].years() == {2030, 2031}
    assert 2029 in found[3].years()


@pytest.mark.parametrize(
    ("claimed", "stated", "expected"),
    [("截至2025年9月底", "截至2025年9月30日", True), ("2025年Q3", "2025年7-9月", True), ("三季度", "第三季度", True),
     ("上半年末", "6月30日", True), ("2025年9月底", "2025年6月30日", False), ("2024年", "2024年", True), ("2024年", "2023年", False), ("2024年一季度", "2024年3月31日", True), ("2024年5月14日", "5月14日", True),
     ("2024年5月14日", "2024年5月15日", False), ("2024年", "2024年5月15日", True), ("2024年上半年", "2024年", False)],
)  # fmt: skip
def test_agreement(claimed: str, stated: str, expected: bool) -> None:
    (one,), (other,) = periods(claimed), periods(stated)
    assert agree(one, other) is expected


def test_places_are_those_of_the_text_as_given() -> None:
    text = "截至二〇二四年九月三十日，存货上升；10月29、30日调研"
    assert [text[one.start : one.end] for one in periods(text)] == ["二〇二四年九月三十日", "10月29", "30日"]
