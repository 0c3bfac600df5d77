"""Figures and how two of them compare."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.figures import Figure, chinese_number, figures, same_unit, same_value, within_bound
from rag.grounding.normalise import normalise


def only(text: str) -> Figure:
    found = figures(normalise(text).text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("5537.66万", "55376600", ""),
        ("-1.05亿元", "-105000000", "元"),
        ("1,234.5 万元", "12345000", "元"),
        ("５．２％", "5.2", "%"),
        ("24.5‰", "24.5", "‰"),
        ("1.2个百分点", "1.2", "百分点"),
        ("+0.3pct", "0.3", "百分点"),
        ("百分之五点五", "5.5", "%"),
        ("三成", "30", "%"),
        ("约3成", "30", "%"),
        ("三百二十人", "320", "人"),
        ("两千余家", "2000", "家"),
        ("一百万台", "1000000", "台"),
        ("23.78倍", "23.78", "倍"),
        ("3.5亿美元", "350000000", "美元"),
        ("$1.2 billion", "1200000000", "美元"),
        ("€20m", "20000000", "欧元"),
        ("350 employees", "350", "employee"),
        ("5.3 percent", "5.3", "%"),
    ],
)
def test_value_and_unit(text: str, value: str, unit: str) -> None:
    figure = only(text)
    assert (figure.value, figure.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "text",
    ["800G光模块", "GB300", "1.6T", "5nm制程", "截至09:58", "股票(600809.SH)", "(2)风电方面", "一方面"],
)
def test_products_times_codes_and_markers_are_no_figures(text: str) -> None:
    assert figures(normalise(text).text) == []


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("30%-40%", "30", "40"), ("3到5亿元", "300000000", "500000000"), ("5%至10%", "5", "10")],
)
def test_ranges_are_one_figure(text: str, low: str, high: str) -> None:
    figure = only(text)
    assert (figure.value, figure.high) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("text", "bound"),
    [("超过5亿元", "over"), ("不低于5%", "over"), ("5亿元以上", "over"), ("100余人", "over"), ("不到3%", "under"), ("约5亿元", "about"),
     ("5亿元左右", "about"), ("5亿元", "exact"), ("over 200 stores", "over")],
)  # fmt: skip
def test_bounds(text: str, bound: str) -> None:
    assert only(text).bound == bound


@pytest.mark.parametrize(
    ("claimed", "stated", "same"),
    [("1.25亿元", "12500万元", True), ("1.25亿", "1.25亿元", True), ("约5亿元", "4.98亿元", True), ("约5.66亿元", "5.62亿元", False),
     ("5.2亿元", "5.2亿美元", False), ("5%", "5个百分点", False), ("5倍", "5", False), ("三家", "3家", True), ("-5%", "+5%", False)],
)  # fmt: skip
def test_sameness(claimed: str, stated: str, same: bool) -> None:
    one, other = only(claimed), only(stated)
    assert (same_unit(one, other) and same_value(one, other)) is same


def test_a_bounded_claim_follows_from_a_value_inside() -> None:
    assert within_bound(only("超过5亿元"), only("5.3亿元"))
    assert not within_bound(only("超过5亿元"), only("4.9亿元"))
    assert not within_bound(only("超过5亿元"), only("50亿元"))
    assert within_bound(only("不到5%"), only("4.8%"))


@given(st.integers(0, 9999))
def test_chinese_numerals_read_back(number: int) -> None:
    assert chinese_number(_written(number)) == number


def _written(number: int) -> str:
    digits, text, gap = "零一二三四五六七八九", "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
            gap = False
        elif text:
            gap = True
    return text or "零"
