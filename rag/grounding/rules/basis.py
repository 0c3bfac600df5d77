"""The evidence has the value, but measured against something else: 环比 for 同比, 近一月 for 近一周, another year."""

from __future__ import annotations

from rag.grounding.binding import basis_conflict, reach_conflict, same_base
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found, likeliest
from rag.grounding.rules.direction import decisive
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted by the likeliest figure of the claimed value."""
    bound = facing.figures[0]
    if not bound.same:
        return None
    match, claimed = likeliest(bound), bound.claimed
    if decisive(facing) and basis_conflict(claimed, match.stated):
        stated, mine = str(match.stated.basis), str(claimed.basis)
        return found(facing, match, "contradicted", "figure_basis", 0.5, stated=stated, claimed=mine)
    if decisive(facing) and reach_conflict(claimed, match.stated):
        stated, mine = match.stated.reach, claimed.reach
        return found(facing, match, "contradicted", "figure_reach", 0.5, stated=stated, claimed=mine)
    if same_base(claimed, match.stated):
        return None
    base = claimed.against[-1]
    against = facing.claim.text[base.start : base.end]
    return found(facing, match, "contradicted", "figure_base", 0.5, claimed=against)
