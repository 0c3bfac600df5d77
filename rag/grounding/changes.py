"""What a claim changes in a sentence of the evidence that it otherwise repeats: each change faces what it replaces."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.alignment import Atom, atoms, coverage, is_report_word, nearest, pairs
from rag.grounding.dates import agree
from rag.grounding.facing import Facing, Span
from rag.grounding.polarity import opposed

_NEAR: Final = 0.7  # share of the claim's atoms that stand in the sentence in the same order
_SHORTEST: Final = 5
_SUBJECT: Final = re.compile(r"(?:公司|集团|本行|我行|我们|该股|该基金|该经理|其|显示|表示|认为)$")
_NO_SUBJECT: Final = re.compile(
    r"(?:公司|集团|本行|我行|该股|其|当[天日]|今[天日]|区间|期间|期内|全年|同时|其中|连续\d+个交易日|新|又|再|实现|录得|共|累计|表现\w{2}|[\s，、的在])*"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One stretch of the claim that stands instead of another; one of the two may be empty.

    `leads` where the claim begins with it.
    """

    where: Span
    stated: Span
    leads: bool


def repeated(sentence: Facing, found: Sequence[tuple[int, int]], settled: Sequence[Span]) -> list[Facing]:
    """The changes of a sentence that repeats one of the evidence, and last the sentence as a whole; empty where it repeats none.

    Args:
        sentence: the sentence of the claim.
        found: (source, sentence) of the evidence for each of its figures that was found: all must be the repeated one.
        settled: the ranges of these figures in the claim.
    """
    wanted = pairs(atoms(sentence.claim.text, *sentence.claim_part))
    if len(wanted) < _SHORTEST:
        return []
    best: tuple[float, Facing, list[Difference]] | None = None
    for source, reading in enumerate(sentence.readings):
        for number, _ in nearest(wanted, reading.index)[:2]:
            stated = reading.sentences[number]
            if stated.asks or any(place != (source, number) for place in found):
                continue
            here = replace(sentence, source=source, sentence=number, stated_part=(stated.start, stated.end))
            share, differences = _differences(here)
            if share >= _NEAR and (best is None or share > best[0]):
                best = (share, here, differences)
    if best is None:
        return []
    _, whole, differences = best
    changes = [change for one in differences if (change := _change(whole, one, settled)) is not None]
    return [*changes, replace(whole, kind="repeated")]


def _differences(facing: Facing) -> tuple[float, list[Difference]]:
    """How far the claim repeats the stated sentence (the share of atoms in common, in the same order, of what
    lies between the first and the last of them), and what differs."""
    mine = atoms(facing.claim.text, *facing.claim_part)
    theirs = atoms(facing.reading.text, *facing.stated_part)
    keys = [atom.key for atom in mine], [atom.key for atom in theirs]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return 0.0, []
    between = blocks[-1].b + blocks[-1].size - blocks[0].b
    share = sum(block.size for block in blocks) / max(len(mine), between)
    return share, [
        Difference(_range(mine, a, b), _range(theirs, c, d), a == 0)
        for tag, a, b, c, d in matcher.get_opcodes()
        # what stands before or behind the repeated stretch was left out, not changed
        if tag != "equal" and not (tag == "insert" and (a == 0 or a == len(mine)))
    ]


def _range(found: Sequence[Atom], start: int, end: int) -> Span:
    if start == end:
        place = found[start].start if start < len(found) else found[-1].end
        return (place, place)
    return (found[start].start, found[end - 1].end)


def _change(whole: Facing, one: Difference, settled: Sequence[Span]) -> Facing | None:
    """A difference as a part of the claim with what it faces; None where it changes nothing or other rules judge it."""
    claim, reading = whole.claim, whole.reading
    start, end = one.where
    theirs = reading.text[slice(*one.stated)]
    change = replace(
        whole, kind="change", claim_part=one.where, stated_part=one.stated, leads=one.leads,
        settled=bool(settled),
    )  # fmt: skip
    if _same_period(change) or (settled and any(p.start < end and start < p.end for p in claim.periods)):
        return None  # the figure's period was judged with the figure
    part = next(other.part for other in reading.sentences if other.end > one.stated[0])
    about = reading.heads[part] if settled and _NO_SUBJECT.fullmatch(theirs) else reading.name_keys
    if start < end and coverage(claim.text, atoms(claim.text, start, end), about).share >= 0.99:
        return None  # the company by its name
    if opposed(change.words, theirs):
        return change
    if any(a < end and start < b for a, b in settled) or (settled and is_report_word(change.words)):
        return None
    if (settled and one.leads) or _SUBJECT.search(theirs):
        return replace(change, stated_part=(one.stated[0], one.stated[0]))  # a subject by its name
    return change


def _same_period(change: Facing) -> bool:
    """5月8日 for 2025年5月8日: one day, written otherwise."""
    (start, end), (first, last) = change.claim_part, change.stated_part
    mine = [period for period in change.claim.periods if period.start < end and start < period.end]
    theirs = [period for period in change.reading.periods if period.start < last and first < period.end]
    covered = sum(period.end - period.start for period in mine)
    if mine and not theirs and covered >= end - start - 1:
        theirs = list(change.reading.periods)
    return bool(mine and theirs) and all(any(agree(one, other) for other in theirs) for one in mine)
