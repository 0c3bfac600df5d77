"""A figure stands: its value, metric and period are one figure's of the evidence."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.standing import STANDS, TOLD_OF
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Supported by the best figure of the claimed value, where its period may be told and its metric meets."""
    best = facing.figures[0].best
    if best is None or not stands(facing):
        return None
    return found(facing, best, "supported", "figure", 0.5 + facing.share / 10)


def stands(facing: Facing) -> bool:
    """Whether the best figure is of the claim's period, and its score reaches the threshold."""
    best = facing.figures[0].best
    return best is not None and best.period in TOLD_OF and facing.share >= STANDS
