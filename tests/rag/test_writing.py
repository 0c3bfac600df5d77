"""What is quoted of an answer that tells much and declines what is asked."""

from __future__ import annotations

from rag.declining import bundled_declining
from rag.question import understand
from rag.relevance import Relevant
from rag.writing import draft_verbatim
from tests.rag.writing_parts import NAMES, section

TOLD = "".join(
    f"公司第{number}条产线目前运行平稳，产能利用率保持在较高水平，订单饱满。" for number in range(1, 40)
)
REFUSES = "具体客户名称涉及商业秘密，公司不便披露。"


def test_the_refusing_sentence_of_a_long_answer_is_quoted() -> None:
    made = section(1, TOLD + REFUSES, "产线运行如何，客户有哪些？")
    refusals = tuple(bundled_declining().refusals(TOLD + REFUSES))
    asked = understand("岚川智冷的产线客户叫什么名字", NAMES)
    relevant = Relevant(made.relevant.evidence, True, refusals)
    draft = draft_verbatim(asked, [[relevant]], lambda _: made.record)
    quotes = [citation.quote for citation in draft.sections[0].citations]
    assert draft.outcome == "evaded"
    assert REFUSES in quotes
    assert sum(map(len, quotes)) < len(TOLD)
