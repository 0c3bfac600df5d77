"""The figures over all cases: each a share with its interval, and beside it what could not be counted.

Definitions and sources stand in docs/evaluation.md.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from eval.answers import CaseResult
from eval.attribution import FigureScore, SentenceScore
from eval.bootstrap import Estimate, estimate
from eval.correctness import REFUSALS

# From one case: what was right, how much there was to be right, how many could not be judged.
Counted = tuple[float, float, int]

RETRIEVAL: Final = ("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10")
LOWER_IS_BETTER: Final = frozenset(("wrong_and_cited", "wrong_among_answered", "another_company_cited"))


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure; `of` is how much there was to be right (in `unit`), `left_out` what could not be judged."""

    name: str
    estimate: Estimate
    of: int
    unit: str
    left_out: int

    def as_json(self) -> dict[str, Any]:
        """Its part of the run file."""
        one = self.estimate
        return {
            "value": one.value, "low": one.low, "high": one.high,
            "of": self.of, "unit": self.unit, "left_out": self.left_out,
        }  # fmt: skip


def metrics(results: Sequence[CaseResult]) -> dict[str, Metric]:
    """Every figure over the cases that ran; errors and skipped cases are in `counts`."""
    ran = [result for result in results if result.score is not None]
    found: dict[str, Metric] = {}
    for name, (unit, count) in _COUNTED.items():
        rows = [count(result) for result in ran]
        one = estimate([row[0] for row in rows], [row[1] for row in rows])
        found[name] = Metric(name, one, round(sum(row[1] for row in rows)), unit, sum(row[2] for row in rows))
    return found


def counts(results: Sequence[CaseResult]) -> dict[str, int]:
    """How many cases and sentences there are, and how many of them are not in the figures."""
    sentences = [s for r in results for s in _sentences(r)]
    return {
        "cases": len(results),
        "scored": sum(r.score is not None for r in results),
        "errors": sum(r.error is not None for r in results),
        "skipped": sum(r.skipped is not None for r in results),
        "without_case": sum(r.case is None for r in results),
        "sentences": len(sentences),
        "not_checkable": sum(s.verdict == "not_checkable" for s in sentences),
        "citing_nothing": sum(not s.citations and not s.invented for s in sentences),
        "judge_failed": sum(s.failed for s in sentences),
        "citations": sum(len(s.citations) for s in sentences),
        "marks_without_passage": sum(len(s.invented) for s in sentences),
        "figures": sum(len(s.figures) for s in sentences),
        "median_characters_shown": round(
            statistics.median([r.characters for r in results if r.characters is not None] or [0])
        ),
    }


def outcomes(results: Sequence[CaseResult]) -> Counter[tuple[str, str]]:
    """How often each expected outcome came out as each outcome, error or skipped."""
    return Counter(
        (
            r.case.outcome,
            r.score.outcome if r.score is not None else "error" if r.error is not None else "skipped",
        )
        for r in results
        if r.case is not None
    )


def latency(results: Sequence[CaseResult]) -> dict[str, float | int | None]:
    """Milliseconds an answer, median and 95th percentile; how many answers told their time."""
    times = sorted(r.milliseconds for r in results if r.score is not None and r.milliseconds is not None)
    return {
        "answers": len(times),
        "ms_p50": round(statistics.median(times), 1) if times else None,
        "ms_p95": round(times[int(0.95 * (len(times) - 1))], 1) if times else None,
    }


def faults(result: CaseResult) -> list[str]:
    """What is not as it should be with one case, in words; empty where all is well or it was skipped."""
    if result.score is None:
        return [result.error] if result.error else []
    found: list[str] = []
    if result.case is not None:
        if not result.case.accepts(result.score.outcome):
            found.append(f"{result.score.outcome}, should be {result.case.outcome}")
        if result.facts < len(result.case.key_facts):
            found.append(f"{result.facts} of {len(result.case.key_facts)} key facts")
    if any(search["hit@1"] < 1 for search in result.searches):
        found.append("right pair not first")
    if result.foreign:
        found.append(f"cites {', '.join(result.foreign)}")
    if result.wrong:
        found.append("wrong and cited")
    if result.unfaithful:
        found.append(f"{result.unfaithful} quotes not at their place")
    sentences = result.score.sentences
    unproven = sum(s.verdict in ("unsupported", "contradicted") for s in sentences)
    if unproven:
        found.append(f"{unproven} of {len(sentences)} sentences not supported")
    imprecise = sum(not c.precise for s in sentences if s.recalled for c in s.citations)
    if imprecise:
        found.append(f"{imprecise} citations not needed")
    return found


def _sentences(result: CaseResult) -> tuple[SentenceScore, ...]:
    return result.score.sentences if result.score else ()


def _search(name: str) -> Callable[[CaseResult], Counted]:
    return lambda r: (sum(search[name] for search in r.searches), len(r.searches), 0)


def _support(r: CaseResult) -> Counted:
    sentences = _sentences(r)
    unclear = sum(s.verdict == "not_checkable" for s in sentences)
    return sum(s.recalled for s in sentences), len(sentences) - unclear, unclear


def _recall(r: CaseResult) -> Counted:
    value = r.score.recall if r.score else None
    return (value, 1, 0) if value is not None else (0, 0, 1)


def _precision(r: CaseResult) -> Counted:
    value = r.score.precision if r.score else None
    return (value, 1, 0) if value is not None else (0, 0, 1)


def _figures(r: CaseResult) -> Counted:
    figures: list[FigureScore] = [f for s in _sentences(r) for f in s.figures]
    unclear = sum(f.verdict == "not_checkable" for f in figures)
    return sum(f.verdict == "supported" for f in figures), len(figures) - unclear, unclear


def _coverage(r: CaseResult) -> Counted:
    sentences = _sentences(r)
    return sum(s.verdict != "not_checkable" for s in sentences), len(sentences), 0


def _facts(r: CaseResult) -> Counted:
    return (r.facts, len(r.case.key_facts), 0) if r.case else (0, 0, 1)


def _facts_at_once(r: CaseResult) -> Counted:
    return (r.shown[0], len(r.case.key_facts), 0) if r.case else (0, 0, 1)


def _facts_not_clipped(r: CaseResult) -> Counted:
    """Of the key facts that stand in the passages shown: how many stand in the sentences shown of them."""
    return (r.shown[0], r.shown[1], 0) if r.case else (0, 0, 1)


def _outcome(r: CaseResult) -> Counted:
    return (float(r.case.accepts(_got(r))), 1, 0) if r.case else (0, 0, 1)


def _gold_cited(r: CaseResult) -> Counted:
    return (float(r.gold_cited), 1, 0) if r.gold_cited is not None else (0, 0, 0)


def _gold_first(r: CaseResult) -> Counted:
    return (float(r.gold_first), 1, 0) if r.gold_first is not None else (0, 0, 0)


def _wrong_among_answered(r: CaseResult) -> Counted:
    """Of what is given as an answer: how much should not have been answered, or cites no pair that answers."""
    if r.case is None or _got(r) != "answered":
        return 0, 0, int(r.case is None)
    right = r.gold_cited if r.gold_cited is not None else r.case.accepts("answered")
    return float(not right), 1, 0


def _refusal_precision(r: CaseResult) -> Counted:
    if r.case is None:
        return 0, 0, 1
    refused = _got(r) in REFUSALS
    return float(refused and r.case.outcome in REFUSALS), float(refused), 0


def _refusal_recall(r: CaseResult) -> Counted:
    if r.case is None:
        return 0, 0, 1
    wanted = r.case.outcome in REFUSALS
    return float(wanted and _got(r) in REFUSALS), float(wanted), 0


def _wrong(r: CaseResult) -> Counted:
    return (float(r.wrong), 1, 0) if r.wrong is not None else (0, 0, 1)


def _foreign(r: CaseResult) -> Counted:
    answered = _got(r) == "answered"
    return float(answered and bool(r.foreign)), float(answered), 0


def _quotes(r: CaseResult) -> Counted:
    return r.quotes - r.unfaithful, r.quotes, 0


def _got(r: CaseResult) -> str:
    return r.score.outcome if r.score else ""


_COUNTED: Final[dict[str, tuple[str, Callable[[CaseResult], Counted]]]] = {
    **{name: ("searches", _search(name)) for name in RETRIEVAL},
    "claim_support": ("sentences", _support),
    "citation_recall": ("answers", _recall),
    "citation_precision": ("answers", _precision),
    "figure_fidelity": ("figures", _figures),
    "coverage": ("sentences", _coverage),
    "key_facts": ("facts", _facts),
    "key_facts_at_once": ("facts", _facts_at_once),
    "key_facts_not_clipped": ("facts in passages shown", _facts_not_clipped),
    "outcome_right": ("cases", _outcome),
    "refusal_precision": ("refusals", _refusal_precision),
    "refusal_recall": ("cases", _refusal_recall),
    "gold_pair_cited": ("cases with gold", _gold_cited),
    "gold_pair_first": ("cases with gold", _gold_first),
    "wrong_among_answered": ("answers", _wrong_among_answered),
    "wrong_and_cited": ("cases", _wrong),
    "another_company_cited": ("answers", _foreign),
    "quotes_in_place": ("citations", _quotes),
}
