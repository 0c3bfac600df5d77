"""A date that no piece of the evidence names."""

from __future__ import annotations

from rag.grounding.dates import agree
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Unsupported where the evidence has no such period; a sentence that is no more than a date stands otherwise."""
    if facing.kind == "date":
        everywhere = [period for reading in facing.readings for period in reading.periods]
        if any(agree(facing.periods[0], other) for other in everywhere):
            return None
        return facing.finding("unsupported", "period_absent", 0.2, claimed=facing.words)
    if not facing.claim.periods:
        return Finding("not_checkable", "no_content")
    return Finding("supported", "words", (("quote", facing.words),), 0.8)
