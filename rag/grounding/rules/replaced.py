"""One thing put for another in a statement that the evidence otherwise makes."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Final

from rag.grounding.alignment import atoms
from rag.grounding.entities import specific
from rag.grounding.facing import SURE, Facing
from rag.grounding.polarity import opposed
from rag.grounding.verdicts import Finding

_AROUND: Final = 40  # characters


def decides(facing: Facing) -> Finding | None:
    """Contradicted where a name or an opposite stands instead; other words are unsupported."""
    if facing.kind == "change":
        return _change(facing)
    changed = _replaced(facing) if facing.absent and facing.share >= SURE else None
    if changed is None or not (opposed(*changed) or specific(changed[0])):
        return None
    return facing.finding("contradicted", "replaced", 0.3, words=changed[0], stated=changed[1])


def _change(facing: Facing) -> Finding:
    mine, theirs = facing.words, facing.stated
    values = {"words": mine, "stated": theirs}
    if not theirs:
        return facing.finding("unsupported", "words_absent", 0.3, **values)
    if _elsewhere(facing):
        return facing.finding("not_checkable", "order", 0.3, **values)
    named = specific(theirs) and not any(one.isdigit() for one in theirs)  # a figure is no other name
    sure = opposed(mine, theirs) or specific(mine) or named
    return facing.finding("contradicted" if sure else "unsupported", "replaced", 0.3, **values)


def _elsewhere(facing: Facing) -> bool:
    """Whether the evidence has the same words a little before or after: told in another order."""
    start, end = facing.stated_part
    around = {atom.key for atom in atoms(facing.reading.text, max(0, start - _AROUND), end + _AROUND)}
    mine = facing.words
    return not specific(mine) and all(atom.key in around for atom in atoms(mine)) and len(mine) > 1


def _replaced(facing: Facing) -> tuple[str, str] | None:
    """The words of the claim that stand where the evidence has others, and these."""
    words, stated = facing.words, facing.stated
    matcher = SequenceMatcher(None, words, stated, autojunk=False)
    if sum(block.size for block in matcher.get_matching_blocks()) < SURE * len(words):
        return None
    begin = facing.claim_part[0]
    absent = {position - begin for a, b in facing.absent for position in range(a, b)}
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "replace" and absent & set(range(a, b)):
            return words[a:b], stated[c:d]
    return None
