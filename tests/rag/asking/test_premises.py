"""What a question takes for granted and the records contradict is told; anything in doubt is not. All names are fictional."""

from __future__ import annotations

from datetime import date

import pytest

from rag.asking.premises import contradicted_premise
from tests.rag.shelf import pair

NAMES = ("云岭科技", "云岭科技股份有限公司")


def told(question: str, answer: str) -> str | None:
    passage = pair("r", 1, "请介绍情况", answer, date(2032, 4, 1))
    found = contradicted_premise(question, NAMES, [passage])
    return None if found is None else f"{found.kind}: {answer[found.span.start : found.span.end].strip()}"


@pytest.mark.parametrize(
    ("question", "answer", "kind"),
    [
        ("蓝杉半导体收购云岭科技的进展如何？", "公司已完成收购蓝杉半导体70%股权。", "turned_round"),
        ("云岭科技被蓝杉半导体收购后怎么安排？", "公司以自有资金收购蓝杉半导体70%股权。", "turned_round"),
        ("云岭科技2031年营业收入下降的原因是什么？", "2031年公司营业收入同比增长14.4%。", "direction"),
        ("云岭科技2031年综合毛利率为什么上升？", "2031年公司综合毛利率同比下降1.3%。", "direction"),
        ("云岭科技的激光雷达已经规模量产，产能利用率是多少？", "公司激光雷达尚未规模量产。", "denied"),
    ],
)
def test_the_contradicting_sentence_is_given(question: str, answer: str, kind: str) -> None:
    assert told(question, f"您好！{answer}谢谢！") == f"{kind}: {answer}"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("云岭科技收购蓝杉半导体的进展如何？", "公司已完成收购蓝杉半导体70%股权。"),
        ("云岭科技2031年营业收入下降了吗？", "2031年公司营业收入同比增长14.4%。"),
        ("云岭科技2030年营业收入下降的原因是什么？", "2031年公司营业收入同比增长14.4%。"),
        ("云岭科技2031年储能业务营业收入下降的原因是什么？", "2031年公司营业收入同比增长14.4%。"),
        ("云岭科技2031年第四季度收入环比下降的原因？", "2031年第四季度公司营业收入同比增长14.4%。"),
        ("云岭科技的激光雷达什么时候量产？", "公司激光雷达尚未规模量产。"),
        ("如果激光雷达已经量产，云岭科技会扩产吗？", "公司激光雷达尚未规模量产。"),
        ("云岭科技的毫米波雷达已经规模量产，产能利用率是多少？", "公司车载固态激光雷达尚未规模量产。"),
    ],
)
def test_what_is_no_contradiction_is_not_told(question: str, answer: str) -> None:
    assert told(question, answer) is None


def test_what_an_investor_says_contradicts_nothing() -> None:
    passage = pair("r", 1, "公司营业收入2031年同比增长14.4%，怎么看？", "请关注公司公告。", date(2032, 4, 1))
    assert contradicted_premise("云岭科技2031年营业收入下降的原因？", NAMES, [passage]) is None
