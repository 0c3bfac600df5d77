"""The words around a figure, or of a clause, stand in the evidence: the last rule for words."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Supported, since no rule before this one found anything against it."""
    return facing.finding("supported", "words", facing.share)
