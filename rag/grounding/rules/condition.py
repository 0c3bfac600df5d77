"""A condition of the evidence that the claim leaves out."""

from __future__ import annotations

from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.modality import condition_before, conditional
from rag.grounding.rules.same import left_out
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_TOLD: Final = 0.75


def decides(facing: Facing) -> Finding | None:
    """Unsupported where the evidence's clause holds under a condition only."""
    if facing.kind == "change":
        dropped = left_out(facing) and conditional(facing.stated)
        return facing.finding("unsupported", "condition", 0.3) if dropped else None
    if facing.kind == "figured":
        stated = (
            facing.reading.text[facing.stated_part[0] : facing.match.stated.figure.start]
            if facing.match
            else ""
        )
        dropped = conditional(stated) and not conditional(facing.claim.text)
        return (
            facing.finding("unsupported", "condition", 0.3, quote=shortened(facing.stated))
            if dropped
            else None
        )
    under = conditional(facing.stated) or condition_before(facing.reading.text, facing.stated_part[0])
    if facing.share < _TOLD or not under or conditional(facing.claim.text):
        return None
    return facing.finding("unsupported", "condition", 0.3, quote=shortened(facing.stated))
