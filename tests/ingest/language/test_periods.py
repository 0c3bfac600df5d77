"""Periods and as-of days in people's words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.periods import canonical, find_as_of, find_periods

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年上半年毛利率", date(2024, 1, 1), date(2024, 6, 30)),
        ("去年三季度", date(2024, 7, 1), date(2024, 9, 30)),
        ("2024年Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("今年一季度收入", date(2025, 1, 1), date(2025, 3, 31)),
        ("2023年度", date(2023, 1, 1), date(2023, 12, 31)),
        ("24年收入", date(2024, 1, 1), date(2024, 12, 31)),
        ("Q3 2024 margin", date(2024, 7, 1), date(2024, 9, 30)),
        ("first half of 2025", date(2025, 1, 1), date(2025, 6, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024 年 9 月30日", date(2024, 9, 30), date(2024, 9, 30)),
    ],
)
def test_a_period_is_read_from_the_reference_day(text: str, first: date, last: date) -> None:
    (period, *_) = find_periods(text, TODAY)
    assert (period.first, period.last) == (first, last)


SPELLINGS = {
    (
        date(2024, 7, 1),
        date(2024, 9, 30),
    ): "2024Q3 24Q3 2024年Q3 2024年三季度 2024年第三季度 2024三季度 24年3季度 2024年7-9月 3Q24 去年三季度 去年Q3"
    " 二〇二四年三季度 2024年7月至9月",
    (
        date(2024, 1, 1),
        date(2024, 6, 30),
    ): "2024H1 24H1 1H24 2024年上半年 24中报 2024年半年报 2024年1-6月 去年上半年 24年中 2024年前六个月",
    (
        date(2025, 1, 1),
        date(2025, 3, 31),
    ): "2025Q1 1Q25 今年一季度 今年首季 2025年一季报 今年头三个月 今年1-3月 上季度",
    (
        date(2024, 1, 1),
        date(2024, 9, 30),
    ): "2024年前三季度 2024年1-9月 24年前三季 2024年三季报 9M24 2024年前九个月",
    (date(2024, 1, 1), date(2024, 12, 31)): "2024年 2024年度 FY24 24年报 2024年年报 去年 2024年全年",
    (date(2022, 1, 1), date(2024, 12, 31)): "2022年到2024年 2022-2024年 22年至24年",
    (
        date(2024, 9, 30),
        date(2024, 9, 30),
    ): "2024年9月30日 2024-09-30 2024/9/30 20240930 二〇二四年九月三十日",
    (date(2025, 1, 1), TODAY): "今年以来 年初至今 2025年以来",
    (date(2024, 6, 30), date(2024, 6, 30)): "2024年上半年末 2024年6月底 2024年6月30日 24年二季度末",
    (date(2024, 1, 1), date(2024, 10, 31)): "2024年1-10月 2024年前10个月 去年前十个月",
}


@pytest.mark.parametrize(("days", "spellings"), SPELLINGS.items())
def test_one_meaning_is_one_period_and_one_spelling(days: tuple[date, date], spellings: str) -> None:
    for spelling in spellings.split():
        (period,) = find_periods(f"{spelling}毛利率是多少", TODAY)
        assert (period.first, period.last) == days, spelling
    canon = {
        canonical(f"{one}毛利率", TODAY) for one in spellings.split() if "到" not in one and "至" not in one
    }
    assert len(canon) == 1 or days[0].year == 2022 or days[1] == TODAY, canon


def test_a_part_of_a_year_alone_has_one_spelling() -> None:
    assert {canonical(f"{one}收入", None) for one in ("Q1", "一季度", "第一季度", "1-3月", "首季")} == {
        "一季度收入"
    }
    assert canonical("1.6T和3.2T光模块占30%", None) == "1.6T和3.2T光模块占30%"


@pytest.mark.parametrize(
    "text",
    [
        "毛利率怎么样",
        "前三季度",
        "近三季度",
        "AEC-Q100认证",
        "成交额2024.5万元",
        "9月20吨",
        "中标2024项",
        "3个月",
        "10年来",
        "增长30%",
        "2024年2月31日",
    ],
)
def test_what_names_no_period_gives_none(text: str) -> None:
    assert find_periods(text, TODAY) == []


@pytest.mark.parametrize(
    ("text", "reference", "first", "last"),
    [
        ("三季度毛利率", date(2025, 11, 3), date(2025, 7, 1), date(2025, 9, 30)),
        ("三季度毛利率", date(2025, 9, 29), date(2024, 7, 1), date(2024, 9, 30)),
        ("上半年卖了多少", date(2025, 6, 30), date(2025, 1, 1), date(2025, 6, 30)),
        ("中报毛利", date(2025, 4, 1), date(2024, 1, 1), date(2024, 6, 30)),
        ("Q4收入", date(2025, 12, 30), date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_part_of_a_year_alone_is_the_newest_that_had_ended(
    text: str, reference: date, first: date, last: date
) -> None:
    (period,) = find_periods(text, reference, newest=True)
    assert (period.first, period.last, period.assumed) == (first, last, True)
    assert find_periods(text, reference) == []


@pytest.mark.parametrize("text", ["一季比一季好", "年中开机了吗", "9月30日的户数", "全年收入", "年报"])
def test_what_is_no_part_of_a_year_is_not_assumed(text: str) -> None:
    assert find_periods(text, TODAY, newest=True) == []


def test_no_year_is_assumed_where_one_is_named() -> None:
    (period,) = find_periods("三季度和2023年比怎么样", TODAY, newest=True)
    assert (period.first.year, period.assumed) == (2023, False)


def test_several_periods_come_in_order() -> None:
    assert [p.first.year for p in find_periods("2022年和2023年相比", TODAY)] == [2022, 2023]


def test_a_year_holds_for_what_follows() -> None:
    last = find_periods("2023年的收入和第三季度的利润", TODAY)[-1]
    assert (last.first, last.last) == (date(2023, 7, 1), date(2023, 9, 30))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年6月30日之前公司怎么说", date(2024, 6, 30)),
        ("what was known as of 2024-06-30?", date(2024, 6, 30)),
        ("2024年前三季度", None),
        ("截至2024年末的订单", None),
    ],
)
def test_as_of(text: str, day: date | None) -> None:
    assert find_as_of(text) == day


@given(st.text(alphabet="2024年月日上下半度季QH123456789-/.去今前第一三 ", max_size=30))
def test_any_text_gives_ordered_periods(text: str) -> None:
    for period in find_periods(text, TODAY):
        assert period.first <= period.last
    find_as_of(text)
