"""What rules leave undecided by words alone is read again; what a rule has found wrong is not."""

from __future__ import annotations

import pytest

from rag.grounding import CheckContext, check
from rag.grounding.pair_reading import MOST_CHARACTERS, bundled_reader

EVIDENCE = "公司建立了导师制，由老员工负责培养新员工，期限半年。"
CLAIM = "老员工在车间里指点新员工"


def test_the_reader_turns_only_what_no_rule_speaks_against() -> None:
    asked: list[tuple[str, str]] = []

    def sure(statement: str, text: str) -> float:
        asked.append((statement, text))
        return 0.98

    context = CheckContext(entails=sure)
    result = check(CLAIM, EVIDENCE, context=context)
    assert (result.verdict, result.rules) == ("supported", ("entailed",))
    assert "0.98" in result.reasons[0]
    assert asked == [(CLAIM, EVIDENCE)]
    for claim in (
        "全部老员工都在车间里指点新员工",  # extent
        "2030年老员工在车间里指点新员工",  # period
        "老员工在车间里指点35名新员工",  # figure
        "白塔科技的老员工在车间里指点星桥集团",  # name
    ):
        assert check(claim, EVIDENCE, context=context).verdict != "supported", claim


def test_an_unsure_reader_changes_nothing_and_none_is_asked_where_none_is_wanted() -> None:
    assert check(CLAIM, EVIDENCE, context=CheckContext(entails=lambda *_: 0.9)).verdict == "not_checkable"

    def never(statement: str, text: str) -> float:
        raise AssertionError("asked")

    assert check(CLAIM, EVIDENCE).rules == ("paraphrase",)
    assert (
        check("由老员工负责培养新员工", EVIDENCE, context=CheckContext(entails=never)).verdict == "supported"
    )


def test_a_reader_that_fails_leaves_the_claim_unproven() -> None:
    def broken(statement: str, text: str) -> float:
        raise ValueError("no model")

    result = check(CLAIM, EVIDENCE, context=CheckContext(entails=broken))
    assert result.verdict == "not_checkable" and "no model" in result.reasons[0]


@pytest.mark.parametrize(
    ("evidence", "claim", "verdict"),
    [
        (
            "公司目前的产线已经满负荷运转，新订单需要排到下个季度才能交付，公司正在评估扩产方案。",
            "工厂现在开足马力生产，新接的单子要到下季度才能交货。",
            "supported",
        ),
        (
            "公司与该客户的合作仍处于样品验证阶段，尚未形成批量订单，对今年业绩没有影响。",
            "这家客户还在试样，眼下并没有成批下单。",
            "supported",
        ),
        (
            "公司与该客户的合作仍处于样品验证阶段，尚未形成批量订单，对今年业绩没有影响。",
            "这家客户已经成了公司的主要收入来源。",
            "",
        ),
        (
            "公司目前没有减持计划，控股股东对公司未来发展充满信心。",
            "大股东打算在年底前卖出手里的部分股票。",
            "",
        ),
    ],
)
def test_the_bundled_reader_knows_paraphrases_from_what_was_not_said(
    evidence: str, claim: str, verdict: str
) -> None:
    context = CheckContext(entails=bundled_reader())
    found = check(claim, evidence, context=context)
    assert found == check(claim, evidence, context=context)
    assert (found.verdict == "supported") == bool(verdict), found


def test_evidence_longer_than_the_reader_knows_is_left_to_the_rules() -> None:
    long = CheckContext(entails=lambda *_: 0.99)
    assert (
        check(CLAIM, EVIDENCE + "天气晴朗，会议室坐满了人。" * (MOST_CHARACTERS // 13), context=long).verdict
        != "supported"
    )
