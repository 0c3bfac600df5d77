"""A change of words that changes no meaning."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.alignment import atoms, coverage, is_soft
from rag.grounding.entities import specific
from rag.grounding.facing import Facing
from rag.grounding.modality import certainty
from rag.grounding.polarity import opposed
from rag.grounding.synonyms import interchangeable
from rag.grounding.verdicts import Finding

_ONE_COUNTRY: Final = frozenset("我全中本")  # 我国, 全国, 中国, 本国
_WILL: Final = frozenset(["将", "会", "将会"])
_COPULA: Final = re.compile(r"[是为:，；\s]")
_FIELD: Final = 6  # characters that can hardly meet by chance
_GREETING: Final = re.compile(r"(?:尊敬的)?(?:投资者|您好|你好|谢谢|感谢您?的?关注)")


def decides(facing: Facing) -> Finding | None:
    """Supported where the words mean the same, are less sure, or carry no fact."""
    mine, theirs = facing.words, facing.stated
    if opposed(mine, theirs):
        return None
    if not mine or left_out(facing):
        return facing.finding("supported", "words", 1.0)
    if not theirs:
        harmless = len(mine) == 1 or is_soft(mine) or certainty(mine) < 2 or not _unknown(facing)
    else:
        less_sure = certainty(mine) < 2 and (is_soft(theirs) or len(theirs) <= 2 or facing.leads)
        harmless = _alike(mine, theirs) or less_sure or _is_field(facing)
    return facing.finding("supported", "words", 1.0) if harmless else None


def left_out(facing: Facing) -> bool:
    """Whether a change only leaves words of the evidence out, or puts words without a fact of their own for them."""
    mine, theirs = facing.words, facing.stated
    if not mine or not theirs:
        return not mine
    return is_soft(mine) and (facing.settled or not specific(theirs)) and not _alike(mine, theirs)


def _alike(mine: str, theirs: str) -> bool:
    return (
        {mine, theirs} <= _WILL
        or interchangeable(mine, theirs)
        or (is_soft(mine) and is_soft(theirs))
        or _GREETING.search(theirs) is not None
        or {mine, theirs} <= _ONE_COUNTRY
    )


def _unknown(facing: Facing) -> bool:
    """Whether the evidence has not all of the words that the claim adds."""
    found = atoms(facing.claim.text, *facing.claim_part)
    return bool(coverage(facing.claim.text, found, facing.reading.company_keys).residue)


def _is_field(facing: Facing) -> bool:
    """Whether the words are one field of a list in the same part (基金简称：甲 for 基金简称是甲)."""
    reading = facing.reading
    part = next(one.part for one in reading.sentences if one.end > facing.stated_part[0])
    plain = _COPULA.sub("", facing.words)
    return len(plain) >= _FIELD and plain in _COPULA.sub("", reading.text[slice(*reading.parts[part])])
