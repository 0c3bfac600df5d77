"""Something that the evidence nowhere speaks of."""

from __future__ import annotations

from typing import Final

from rag.grounding.entities import specific
from rag.grounding.facing import Facing
from rag.grounding.rules.paraphrase import same_characters
from rag.grounding.verdicts import Finding

_NOTHING: Final = 0.12  # share of a clause


def decides(facing: Facing) -> Finding | None:
    """Unsupported where a name is missing, or next to nothing of a clause is found."""
    everything = frozenset().union(*(reading.company_keys for reading in facing.readings))
    if facing.source is None:
        return (
            None if same_characters(facing, everything) else facing.finding("unsupported", "no_overlap", 0.0)
        )
    named = next((word for word in facing.printed(facing.absent) if specific(word)), None)
    if named is not None:
        return facing.finding("unsupported", "name_absent", facing.share / 2, words=named)
    if facing.absent and facing.share < _NOTHING and not same_characters(facing, everything):
        return facing.finding("unsupported", "no_overlap", facing.share / 2)
    return None
