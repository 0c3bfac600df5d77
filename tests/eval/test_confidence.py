"""Risk over coverage, calibration and the area under the curve, counted by hand on a few cases."""

from __future__ import annotations

from eval.answers import CaseResult
from eval.cases import Case
from eval.confidence import confidence


def result(name: str, outcome: str, told: float | None, first: float = 0.0) -> CaseResult:
    case = Case(name, "paraphrase", "？", None, None, outcome, (), ())
    searches = ({"hit@1": first},) if outcome == "answered" else ()
    return CaseResult(name, case, searches=searches, confidence=told)


def test_the_figures() -> None:
    told = confidence(
        [
            result("a", "answered", 0.9, 1.0),
            result("b", "answered", 0.4, 0.0),
            result("c", "not_found", 0.6),
            result("d", "not_found", 0.1),
            result("e", "out_of_scope", 0.99),
            result("f", "answered", None),
        ]
    )
    assert told["cases"] == 4
    assert told["auc"] == 0.75
    assert told["risk_coverage"] == [[0.25, 0.0], [0.5, 0.5], [0.75, 0.6667], [1.0, 0.75]]


def test_nothing_to_count_is_none_not_nan() -> None:
    assert confidence([])["auc"] is None
    assert confidence([])["risk_coverage"] == []
