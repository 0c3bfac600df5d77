"""A value that the evidence has nowhere: contradicted where the same metric has another one, else unsupported."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found, printed
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Hold a figure that no figure of the evidence equals against the likeliest of the same metric and period."""
    bound = facing.figures[0]
    if bound.same:
        return None
    rival = bound.rival
    if rival is not None and rival.core_recall >= 0.8 and rival.fit >= 0.7:
        return found(facing, rival, "contradicted", "figure_other_value", 0.2)
    return facing.finding("unsupported", "figure_absent", 0.2, figure=printed(facing.claim, bound.claimed))
