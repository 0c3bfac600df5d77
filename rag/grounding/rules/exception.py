"""The evidence leaves out what the claim speaks of: 除了甲，大家都去了."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.polarity import excepted
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted where the claim says of it what the sentence says of the rest."""
    left_out = None if facing.source is None else excepted(facing.whole_text, facing.words)
    if left_out is None:
        return None
    return facing.finding("contradicted" if left_out else "not_checkable", "exception", 0.4)
