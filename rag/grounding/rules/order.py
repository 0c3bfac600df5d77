"""All words stand in the evidence, but in another order or over two clauses: 甲打工，乙念书 does not say 甲念书."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import Match as Block
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.alignment import atoms, keys_of, pairs
from rag.grounding.facing import Facing
from rag.grounding.rules.paraphrase import LONG
from rag.grounding.verdicts import Finding

_CLAUSE: Final = re.compile(r"[^，。；！？:\n]+")
_ORDERED: Final = 0.65
_ORDERED_SHORT: Final = 0.8
_BEGINNING: Final = 2
_COPULA: Final = re.compile(r"是|为|系|\b(?:is|was|are|were)\b", re.IGNORECASE)


def decides(facing: Facing) -> Finding | None:
    """Not checkable where the order differs."""
    if facing.absent or facing.residue or _in_order(facing):
        return None
    return facing.finding("not_checkable", "order", facing.share)


def _in_order(facing: Facing) -> bool:
    """Whether the words stand in the evidence in the claim's order, and the last of them in the same clause
    as most: A 把 x 卖给 B is not B 把 x 卖给 A, and 冠军，乙… is not 冠军是乙."""
    claim, reading, sentence = facing.claim, facing.reading, facing.whole
    dated = [(period.start, period.end) for period in claim.periods]
    found = atoms(claim.text, *facing.claim_part)
    mine = [atom.key for atom in found if not any(a <= atom.start < b for a, b in dated)]
    keys = reading.sentence_keys[facing.sentence]
    while mine and mine[0] not in keys:
        mine.pop(0)  # the subject, named in the sentence before
    theirs = [atom.key for atom in atoms(reading.text, sentence.start, sentence.end)]
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    if len(mine) < LONG:
        blocks = [block for block in blocks if block.size > 1 or len(mine) == 1]
    least = _ORDERED if len(mine) >= LONG else _ORDERED_SHORT
    ordered = sum(block.size for block in blocks) >= least * len(mine)
    spans = [match.span() for match in _CLAUSE.finditer(reading.text, sentence.start, sentence.end)]
    clauses = [keys_of(reading.text, *span) for span in spans]
    copula = _COPULA.search(claim.text, *facing.claim_part)
    if copula is None:
        in_one = any(len([key for key in mine if key not in clause]) <= 1 for clause in clauses)
        return ordered and (len(mine) >= LONG or in_one or not _leaps(facing, spans, blocks))
    if ordered and max((len(clause) for clause in clauses), default=0) < len(mine):
        return True  # the evidence runs over several short clauses
    start, end = facing.claim_part
    named = {key for stop in (copula.start(), end) for key in pairs(atoms(claim.text, start, stop))[-1:]}
    return any(named <= clause for clause in clauses)  # 冠军是甲 and 甲夺得冠军 are one


def _leaps(facing: Facing, clauses: Sequence[tuple[int, int]], blocks: Sequence[Block]) -> bool:
    """Whether a short claim joins the words of two clauses and leaves out how the second one begins."""
    places = [atom.start for atom in atoms(facing.reading.text, facing.whole.start, facing.whole.end)]
    used = {places[block.b + step] for block in blocks for step in range(block.size)}
    touched = [(a, b) for a, b in clauses if sum(a <= place < b for place in used) >= 2]
    return any(
        not any(place in used for place in [p for p in places if a <= p < b][:_BEGINNING])
        for a, b in touched[1:]
    )
