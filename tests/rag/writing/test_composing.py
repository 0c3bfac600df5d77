"""What is quoted of a long answer: the telling sentences lead, a refusal is never left out, and the rest is folded."""

from __future__ import annotations

from rag.asking.question import understand
from rag.disclosure_qa import judged_claims
from rag.finding.newest_first import Placed
from rag.finding.relevance import Relevant
from rag.finding.trained import Trained
from rag.writing.composing import compose
from rag.writing.verbatim_answer import Draft, draft_verbatim
from tests.rag.writing_parts import COOLING, NAMES, section

TOLD = "".join(
    f"公司第{number}条产线目前运行平稳，产能利用率保持在较高水平，订单饱满。" for number in range(1, 40)
)
REFUSES = "具体客户名称涉及商业秘密，公司不便披露。"
LONG = (
    "公司整体经营平稳，各项业务按计划推进。"
    + COOLING
    + "海外市场方面，公司已在德国和马来西亚设立服务中心。原材料价格上涨对成本有一定影响，公司通过套期保值应对。"
)


def drafted(question: str, answer: str, was_asked: str, *, evasive: bool = False) -> Draft:
    made = section(1, answer, was_asked)
    relevant = Relevant(made.relevant.evidence, evasive)
    return draft_verbatim(
        understand(question, NAMES), [(Trained.bundled(), [Placed(relevant)])], lambda _: made.record
    )


def test_the_refusing_sentence_of_a_long_answer_is_quoted() -> None:
    draft = drafted(
        "岚川智冷的产线客户叫什么名字", TOLD + REFUSES, "产线运行如何，客户有哪些？", evasive=True
    )
    part = draft.sections[0]
    assert draft.outcome == "evaded"
    assert [citation.quote for citation in part.citations if part.leads(citation)] == [REFUSES]


def test_what_tells_stands_first_and_the_rest_is_folded() -> None:
    asked = understand("岚川智冷液冷业务收入多少", NAMES)
    draft = drafted("岚川智冷液冷业务收入多少", LONG, "公司经营情况如何？")
    claims = tuple(judged_claims(draft))
    assert "".join(claim.text for claim in claims) == LONG  # nothing is lost
    text = compose(asked, draft, claims)
    assert text.startswith("“公司2024年一季度液冷业务收入0.82亿元，同比增长41%。")
    assert "德国" not in text and "折叠" in text
    everything = compose(asked, draft, claims, everything=True)
    assert "德国" in everything and "公司经营情况如何" in everything and "折叠" not in everything


def test_a_condition_comes_with_what_it_limits() -> None:
    answer = LONG + "公司在马来西亚的工厂预计2025年三季度投产。但具体时间取决于当地环评审批。"
    draft = drafted("岚川智冷马来西亚工厂什么时候投产", answer, "公司经营情况如何？")
    part = draft.sections[0]
    leads = "".join(citation.quote for citation in part.citations if part.leads(citation))
    assert "三季度投产。但具体时间取决于当地环评审批。" in leads and "德国" not in leads
