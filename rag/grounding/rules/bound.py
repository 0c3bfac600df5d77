"""The evidence has the value, but as a bound (超过 5 亿), or the claim does."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.figures import Figure, same_value
from rag.grounding.rules.figure import stands
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Unsupported where a figure that stands otherwise is bounded in one text only; 约 may come and go."""
    best = facing.figures[0].best
    if best is None or not stands(facing) or _agree(facing.figures[0].claimed.figure, best.stated.figure):
        return None
    return found(facing, best, "unsupported", "figure_bound", 0.5)


def _agree(claimed: Figure, stated: Figure) -> bool:
    if claimed.high is not None:
        return True
    if claimed.bound in {"over", "under"}:
        return (
            stated.bound == claimed.bound or not same_value(claimed, stated) or stated.value != claimed.value
        )
    return stated.bound in {"exact", "about"}
