"""A part told as the whole, or a whole as its part: the words stand on both sides of 其中."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.alignment import atoms, pairs
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding

_OF_WHICH: Final = re.compile(
    r"其中(?=部分|有|[^，]{0,3}?(?:[一二两三四五六七八九十]|\d+)[家个项款种条座名位艘台所])"
)


def decides(facing: Facing) -> Finding | None:
    """Not checkable where a clause without 其中 takes words from before and behind the evidence's."""
    sentence = facing.whole
    mark = (
        None if facing.source is None else _OF_WHICH.search(facing.reading.text, sentence.start, sentence.end)
    )
    if mark is None or _OF_WHICH.search(facing.words):
        return None
    wanted = set(pairs(atoms(facing.claim.text, *facing.claim_part)))
    before = set(pairs(atoms(facing.reading.text, sentence.start, mark.start())))
    behind = set(pairs(atoms(facing.reading.text, mark.end(), sentence.end)))
    if len(wanted & (before - behind)) < 2 or len(wanted & (behind - before)) < 2:
        return None
    return facing.finding("not_checkable", "order", 0.4)
