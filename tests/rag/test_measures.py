"""A question for an amount names its measure; an answer that states another one is none."""

from __future__ import annotations

import pytest

from rag.measures import asked_measures, states_one


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("2023年的净利润是多少？", ["净利润"]),
        ("毛利率和净利率分别是多少？", ["净利率", "毛利率"]),
        ("液冷业务收入有多少亿？", ["营业收入"]),
    ],
)
def test_the_measures_of_a_question(question: str, words: list[str]) -> None:
    assert [measure[0] for measure in asked_measures(question)] == words


@pytest.mark.parametrize(
    "question",
    [
        "毛利率为什么下降？",  # asks no amount
        "食堂有多少个窗口？",  # no known measure
        "合作进展怎么样，占收入多少？",  # asks something else too: that part may be answered
    ],
)
def test_no_measure_is_asked_for(question: str) -> None:
    assert asked_measures(question) == ()


def test_profit_is_not_read_out_of_net_profit() -> None:
    assert len(asked_measures("归母净利润多少？")) == 1


def test_an_answer_states_the_measure_and_a_figure() -> None:
    measures = asked_measures("净利润是多少？")
    assert states_one(measures, "业绩如何？", "公司归母净利润为1.2亿元。")
    assert states_one(measures, "净利润有多少？", "约1.2亿元。")
    assert not states_one(measures, "业绩如何？", "综合毛利率为24.9%。")
    assert not states_one(measures, "净利润有多少？", "同比有所增长。")
