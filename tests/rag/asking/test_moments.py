"""Days, months and years in texts, and whether two texts agree on them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.asking.moments import Agreement, Moment, agreement, moments


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("截至2021年12月20日", {Moment(2021, 12, 12, 20)}),
        ("截至 2021 年 12 月 20 日", {Moment(2021, 12, 12, 20)}),
        ("9月底的股东人数", {Moment(None, 9, 9, 30)}),
        ("九月三十日股东户数", {Moment(None, 9, 9, 30)}),
        ("20221031的户数", {Moment(2022, 10, 10, 31)}),
        ("2024年上半年", {Moment(2024, 1, 6)}),
        ("三季度末", {Moment(None, 7, 9), Moment(None, 9, 9, 30)}),
        ("8月订单", {Moment(None, 8, 8)}),
        ("同比增长3.5%，约2.4亿元", set()),
    ],
)
def test_moments(text: str, found: set[Moment]) -> None:
    assert moments(text).moments == found


def test_a_record_s_own_year_fills_the_gap() -> None:
    assert moments("上半年增长", date(2024, 8, 30)).moments == {Moment(2024, 1, 6)}
    assert moments("去年增长", date(2024, 8, 30)).years == {2023}
    # Of a month that has not come yet the year is not known.
    assert moments("12月投产", date(2024, 8, 30)).moments == {Moment(None, 12, 12)}


@pytest.mark.parametrize(
    ("asked", "said", "agreed"),
    [
        ("9月30日股东人数", "截至2021年9月30日为18,919户", Agreement(1, 1, 0)),
        ("11月10日股东人数", "截至2021年9月30日为18,919户", Agreement(-1, -1, 0)),
        ("2024年三季度毛利率", "2024年8月交付", Agreement(0, 1, 1)),
        ("2024年毛利率", "2023年毛利率下降", Agreement(0, 0, -1)),
        ("毛利率为什么下降", "2023年毛利率下降", Agreement()),
        ("9月30日股东人数", "请关注定期报告", Agreement()),
    ],
)
def test_agreement(asked: str, said: str, agreed: Agreement) -> None:
    assert agreement(moments(asked), moments(said)) == agreed


@given(st.text(alphabet="0123456789年月日号底末上下半季度Q.-/ 一二三十前全报", max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    for moment in moments(text, date(2024, 6, 1)).moments:
        assert 1 <= moment.first <= moment.last <= 12
