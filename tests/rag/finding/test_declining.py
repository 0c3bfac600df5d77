"""Refusals are told from answers, also where an answer tells one part and declines the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.finding.declining import bundled_declining

DECLINES = [
    "尊敬的投资者您好，相关信息请以公司公告为准，感谢您的关注。",
    "该事项涉及商业秘密，不便披露，敬请谅解。",
    "您好，具体数据请关注公司后续披露的定期报告，谢谢。",
]
ANSWERS = [
    "截至2024年6月底，公司在手订单12.3亿元，同比增长35%。",
    "公司在越南的工厂已于今年三月投产，目前产能爬坡顺利。",
    "主要是原材料价格上涨，加上新产线折旧增加所致。",
]


@pytest.mark.parametrize("text", DECLINES)
def test_a_refusal_reads_as_one(text: str) -> None:
    assert bundled_declining().degree(text) > 0


@pytest.mark.parametrize("text", ANSWERS)
def test_an_answer_does_not(text: str) -> None:
    assert bundled_declining().degree(text) < 0


def test_the_sentence_that_declines_is_found() -> None:
    told = "公司液冷业务收入上半年同比增长40%。具体客户名称涉及保密协议，不便披露。"
    [(start, end)] = bundled_declining().refusals(told)
    assert told[start:end] == "具体客户名称涉及保密协议，不便披露。"


def test_which_part_is_asked_for_matters() -> None:
    told = "公司液冷业务收入上半年同比增长40%。具体客户名称涉及保密协议，不便披露。"
    reading = bundled_declining()
    part_declined = reading.probability("液冷的具体客户名称", told)
    part_told = reading.probability("液冷业务收入增长", told)
    assert part_declined > part_told


@given(st.text(max_size=80), st.text(max_size=120))
def test_any_text_has_a_probability(question: str, answer: str) -> None:
    assert 0 <= bundled_declining().probability(question, answer) <= 1
