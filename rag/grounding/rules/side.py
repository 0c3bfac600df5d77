"""The evidence has the value for the other side of one metric (流出 for 流入), or as a share of another whole."""

from __future__ import annotations

from rag.grounding.binding import share_conflict
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found, likeliest
from rag.grounding.polarity import metrics_opposed
from rag.grounding.rules.direction import decisive
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted by the likeliest figure of the claimed value."""
    bound = facing.figures[0]
    if not bound.same or not decisive(facing):
        return None
    match = likeliest(bound)
    opposed = metrics_opposed(bound.claimed.zone, match.stated.zone)
    if not opposed and not share_conflict(bound.claimed, match.stated):
        return None
    return found(facing, match, "contradicted", "figure_other_metric", 0.5)
