"""A word put for its opposite in a sentence that the claim otherwise repeats."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.polarity import opposed
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted: 下降 for 增长, 境外 for 境内."""
    if not opposed(facing.words, facing.stated):
        return None
    return facing.finding("contradicted", "replaced", 0.3, words=facing.words, stated=facing.stated)
