"""Forms that mean the same become one; what means something else stays apart."""

from __future__ import annotations

import pytest

from rag.asking.one_wording import one_wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("毛利率是多少？", "毛利率多少"),
        ("在手订单有多少?谢谢", "在手订单是多少"),
        ("营收增速", "营业收入增速"),
        ("对美收入占比", "对美国收入占比"),
        ("净利增速", "净利润增速"),
        ("的光刻胶进展？", "光刻胶进展"),
    ],
)
def test_one_meaning(one: str, other: str) -> None:
    assert one_wording(one) == one_wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("净利润", "归母净利润"),
        ("净利率", "净利润"),
        ("收入", "营收"),
        ("同比", "环比"),
        ("对美元汇率", "对美国汇率"),
    ],
)
def test_two_meanings(one: str, other: str) -> None:
    assert one_wording(one) != one_wording(other)


def test_nothing_is_lost() -> None:
    assert one_wording("？") == "？"
    assert one_wording("1.6T和3.2T") == "1.6T和3.2T"
