"""The evidence has the value, but rising where the claim says falling, or the other way round."""

from __future__ import annotations

from rag.grounding.binding import direction_conflict, direction_unsaid
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found, likeliest
from rag.grounding.standing import STANDS
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted where no figure that points the same way fits better; not checkable where one of them says no direction."""
    bound = facing.figures[0]
    if not bound.same or not decisive(facing):
        return None
    match = likeliest(bound)
    if not direction_conflict(bound.claimed, match.stated):
        return None
    if direction_unsaid(bound.claimed, match.stated):
        return found(facing, match, "not_checkable", "figure_unsure", 0.3)
    return found(facing, match, "contradicted", "figure_direction", 0.5)


def decisive(facing: Facing) -> bool:
    """Whether the likeliest figure of the claimed value outweighs the best one that agrees in all else."""
    bound = facing.figures[0]
    return bound.best is None or likeliest(bound).fit > bound.best.fit + 0.05 or facing.share < STANDS
