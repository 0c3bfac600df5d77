"""Opinions and questions assert nothing that could be checked."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding
from rag.grounding.words import pattern


def decides(facing: Facing) -> Finding | None:
    """Not checkable where a sentence values or asks."""
    if pattern("sentence.opinion").search(facing.words):
        return Finding("not_checkable", "opinion")
    return Finding("not_checkable", "question") if facing.words.rstrip().endswith("？") else None
