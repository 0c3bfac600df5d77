"""Worded too differently to compare word by word."""

from __future__ import annotations

from typing import Final

from rag.grounding.alignment import atoms
from rag.grounding.entities import specific
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding
from rag.grounding.words import table

LONG: Final = 14  # words or characters from which one more character turns nothing round
_TOLD: Final = 0.8
_FEW: Final = 4  # characters


def decides(facing: Facing) -> Finding | None:
    """Not checkable where words that matter are not found near the evidence's clause."""
    if facing.source is None:
        return facing.finding("not_checkable", "paraphrase", 0.0, words=facing.words)
    absent, apart = list(facing.printed(facing.absent)), list(facing.printed(facing.residue))
    if absent:
        stands = len(facing.words) >= LONG and all(is_harmless(word) for word in absent)
    else:
        stands = all(len(word) <= _FEW and not specific(word) for word in apart)
    if (stands and facing.share >= _TOLD) or not (absent or apart):
        return None
    words = "、".join((absent or apart)[:3])
    return facing.finding("not_checkable", "paraphrase", facing.share, words=words)


def same_characters(facing: Facing, keys: frozenset[str]) -> bool:
    """Whether the evidence has a third of the claim's characters, in other words than these."""
    mine = atoms(facing.claim.text, *facing.claim_part)
    return 3 * sum(atom.key in keys for atom in mine) >= len(mine)


def is_harmless(word: str) -> bool:
    """One more character of Chinese that turns nothing round (新, 前, 大 are; 不, 全, 已 are not)."""
    return len(word) == 1 and not word.isascii() and word not in table("sentence.turning")
