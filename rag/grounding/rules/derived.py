"""A figure that the evidence does not print but that follows from two that it does."""

from __future__ import annotations

from rag.grounding.derivation import derivation
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import printed
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Supported, with the computation, where no figure has the claimed value and two give it."""
    bound = facing.figures[0]
    computed = None if bound.same else derivation(bound.claimed, facing.readings)
    if computed is None:
        return None
    there = facing.at(computed.source, computed.start, computed.end)
    values = {"figure": printed(facing.claim, bound.claimed), "computation": computed.text}
    return there.finding("supported", "derived", 0.5, **values)
