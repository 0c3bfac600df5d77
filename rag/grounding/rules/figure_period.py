"""The evidence has the figure for another period, or does not say for which."""

from __future__ import annotations

from rag.grounding.binding import Match
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import claimed_period, found, likeliest, stated_period
from rag.grounding.standing import TOLD_OF
from rag.grounding.verdicts import Finding, Verdict


def decides(facing: Facing) -> Finding | None:
    """Where the period next to the figure, or in its sentence, is another one."""
    bound = facing.figures[0]
    if not bound.same:
        return None
    best = bound.best or likeliest(bound)
    if best.core_recall >= 0.5 and best.period not in TOLD_OF:
        if best.period == ("part", "carried"):
            return _found(facing, best, "not_checkable", "period_unsure", 0.5)
        if best.period != ("governs", "free"):
            if stated_period(best):
                return _found(facing, best, "contradicted", "figure_other_period", 0.5)
            return _found(facing, best, "unsupported", "period_absent", 0.5)
    return _found(facing, best, "unsupported", "period_absent", 0.3) if bound.best is None else None


def _found(facing: Facing, match: Match, verdict: Verdict, rule: str, strength: float) -> Finding:
    stated, claimed = stated_period(match), claimed_period(facing, match)
    if stated == claimed:  # 上半年 and 上半年, of two years
        stated, claimed = stated_period(match, dated=True), claimed_period(facing, match, dated=True)
    values = {"stated": stated, "claimed": claimed}
    return found(facing, match, verdict, rule, strength, **values)
