"""How far the confidence in an answer can be trusted: risk over coverage, calibration, the area under the curve.

The confidence of a case is how likely the best evidence was held to be about what is asked. An answer is right where
it cites a pair that answers (or declines, where the company declined).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from eval.answers import CaseResult

BINS: Final = 8
STEPS: Final = 20
JUDGED: Final = ("answered", "evaded", "not_found")


def confidence(results: Sequence[CaseResult]) -> dict[str, Any]:
    """The part of the run file on confidence; None where there is nothing to count.

    Returns:
        `auc`: how often a question with an answer has more confidence than one without (Hanley and McNeil 1982);
        `risk_coverage`: [share answered, share of these wrong] from the surest case on (El-Yaniv and Wiener 2010);
        `calibration`: [mean confidence, share whose first evidence answers] of equally large bins;
        `cases`: how many were counted.
    """
    told = [
        (r.confidence, r.case.outcome != "not_found", bool(r.searches and r.searches[0]["hit@1"]))
        for r in results
        if r.case is not None and r.confidence is not None and r.case.outcome in JUDGED
    ]
    told.sort(key=lambda one: -one[0])
    return {
        "cases": len(told),
        "auc": _area([c for c, has, _ in told if has], [c for c, has, _ in told if not has]),
        "risk_coverage": _risk_coverage([hit for _, _, hit in told]),
        "calibration": _calibration([(c, hit) for c, _, hit in told]),
    }


def _area(having: Sequence[float], lacking: Sequence[float]) -> float | None:
    if not having or not lacking:
        return None
    wins = sum((one > other) + 0.5 * (one == other) for one in having for other in lacking)
    return round(wins / (len(having) * len(lacking)), 4)


def _risk_coverage(hits: Sequence[bool]) -> list[list[float]]:
    counts = sorted({max(1, round(step * len(hits) / STEPS)) for step in range(1, STEPS + 1)}) if hits else []
    return [[round(n / len(hits), 4), round(1 - sum(hits[:n]) / n, 4)] for n in counts]


def _calibration(told: Sequence[tuple[float, bool]]) -> list[list[float]]:
    bins = [told[at * len(told) // BINS : (at + 1) * len(told) // BINS] for at in range(BINS)]
    found = [
        [round(sum(c for c, _ in one) / len(one), 4), round(sum(hit for _, hit in one) / len(one), 4)]
        for one in bins
        if one
    ]
    return sorted(found)
