"""Every rule of the gate has its cases beside it: what it decides, and what it must let pass."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any, get_args

import pytest

from rag.grounding import CheckContext, check
from rag.grounding.evidence import EvidenceText
from rag.grounding.facing import Kind
from rag.grounding.reading import read
from rag.grounding.rules.table import RULES, Rule, decide
from rag.grounding.verdicts import Verdict
from rag.grounding.wording import wordings

BY_RULES = CheckContext()


def cases(name: str) -> list[dict[str, Any]]:
    text = files("rag.grounding").joinpath("cases", f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]


ALL = [pytest.param(case, id=f"{rule.name}-{n}") for rule in RULES for n, case in enumerate(cases(rule.name))]


@pytest.mark.parametrize("case", ALL)
def test_the_gate_says_what_the_case_says(case: dict[str, Any]) -> None:
    result = check(case["claim"], case["evidence"], context=BY_RULES)
    assert (result.verdict, result.rules[0]) == (case["verdict"], case["why"]), result


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_rule_decides_one_of_its_cases_and_lets_one_pass(rule: Rule) -> None:
    without = replace(BY_RULES, without=frozenset({rule.name}))
    results = [
        (
            check(case["claim"], case["evidence"], context=BY_RULES),
            check(case["claim"], case["evidence"], context=without),
        )
        for case in cases(rule.name)
    ]
    assert any((one.verdict, one.rules) != (other.verdict, other.rules) for one, other in results)
    assert len(results) > 1


def test_the_table_names_kinds_and_verdicts_that_exist() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))
    for rule in RULES:
        assert rule.applies <= set(get_args(Kind)), rule.name
        assert set(rule.verdicts) <= set(get_args(Verdict)), rule.name
    assert {path.name for path in files("rag.grounding").joinpath("cases").iterdir()} == {
        f"{name}.jsonl" for name in names
    }


def test_rules_keep_to_their_verdicts_and_every_wording_is_there() -> None:
    from rag.grounding.judging import judge

    def spied(rule: Rule) -> Rule:
        def decides(facing: Any) -> Any:
            finding = rule.decides(facing)
            assert finding is None or finding.verdict in rule.verdicts, (rule.name, finding)
            assert finding is None or finding.rule in wordings()
            return finding

        return replace(rule, decides=decides)

    table = tuple(spied(rule) for rule in RULES)
    for rule in RULES:
        for case in cases(rule.name):
            claim, evidence = read(EvidenceText(case["claim"])), read(EvidenceText(case["evidence"]))
            assert judge(claim, [evidence], table)


def test_the_first_rule_that_finds_anything_decides() -> None:
    from rag.grounding.claim_parts import figures

    claim, evidence = read(EvidenceText("营收为5.2亿元")), read(EvidenceText("营收为5.2亿元。"))
    (facing,) = figures(claim, [evidence])
    finding = decide(facing)
    assert finding is not None and finding.rule == "figure"
    assert decide(facing, ()) is None
