"""What a claim changes in a sentence of the evidence that it otherwise repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.alignment import Atom, atoms, coverage, is_report_word, is_soft
from rag.grounding.dates import agree
from rag.grounding.entities import specific
from rag.grounding.modality import certainty, conditional, exclusive, extent
from rag.grounding.polarity import negations, opposed
from rag.grounding.reading import Reading
from rag.grounding.synonyms import interchangeable
from rag.grounding.verdicts import Verdict

NEAR: Final = 0.7  # share of the claim's atoms that stand in the sentence in the same order
SHORTEST: Final = 5
_ONE_COUNTRY: Final = frozenset("我全中本")  # 我国, 全国, 中国, 本国
_WILL: Final = frozenset(["将", "会", "将会"])
_SUBJECT: Final = re.compile(r"(?:公司|集团|本行|我行|我们|该股|该基金|该经理|其|显示|表示|认为)$")
_COPULA: Final = re.compile(r"[是为:，；\s]")
_FIELD: Final = 6  # characters that can hardly meet by chance
_NO_SUBJECT: Final = re.compile(
    r"(?:公司|集团|本行|我行|该股|其|当[天日]|今[天日]|区间|期间|期内|全年|同时|其中|连续\d+个交易日|新|又|再|实现|录得|共|累计|表现\w{2}|[\s，、的在])*"
)
_GREETING: Final = re.compile(r"(?:尊敬的)?(?:投资者|您好|你好|谢谢|感谢您?的?关注)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One stretch that the claim has instead of another, as printed; one of the two may be empty.

    `where` is its range in the claim's normalised text; `leads` where the claim begins with it.
    """

    claimed: str
    stated: str
    where: tuple[int, int]
    stated_where: tuple[int, int]
    leads: bool = False


def differences(
    claim: Reading, span: tuple[int, int], reading: Reading, stated: tuple[int, int]
) -> tuple[float, list[Difference]]:
    """How far the claim repeats the stated stretch (the share of atoms in common, in the same order, of what
    lies between the first and the last of them), and what differs."""
    mine, theirs = atoms(claim.text, *span), atoms(reading.text, *stated)
    if not mine or not theirs:
        return 0.0, []
    matcher = SequenceMatcher(
        None, [atom.key for atom in mine], [atom.key for atom in theirs], autojunk=False
    )
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if not blocks:
        return 0.0, []
    repeated = blocks[-1].b + blocks[-1].size - blocks[0].b
    share = sum(block.size for block in blocks) / max(len(mine), repeated)
    found: list[Difference] = []
    if share >= 0.5:
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag == "equal" or (tag == "insert" and (a == 0 or a == len(mine))):
                continue  # what stands before or behind the repeated stretch was left out, not changed
            found.append(
                Difference(_printed(claim.text, mine[a:b]), _printed(reading.text, theirs[c:d]),
                           _range(mine, a, b), _range(theirs, c, d), a == 0)
            )  # fmt: skip
    return share, found


def _printed(text: str, found: Sequence[Atom]) -> str:
    return text[found[0].start : found[-1].end] if found else ""


def _range(found: Sequence[Atom], start: int, end: int) -> tuple[int, int]:
    if start == end:
        place = found[start].start if start < len(found) else found[-1].end
        return (place, place)
    return (found[start].start, found[end - 1].end)


def judged(
    difference: Difference, claim: Reading, reading: Reading, settled: Sequence[tuple[int, int]], share: float
) -> tuple[Verdict, str] | None:
    """What a difference does to the claim, None where it does nothing.

    Args:
        difference: the difference.
        claim, reading: the claim and the evidence.
        settled: ranges of the claim with figures that were found equal in the evidence.
        share: how far the claim repeats the evidence.
    """
    mine, theirs = difference.claimed, difference.stated
    start, end = difference.where
    if _same_period(difference, claim, reading):
        return None
    if settled and any(p.start < end and start < p.end for p in claim.periods):
        return None  # the figure's period was judged with the figure
    part = next(one.part for one in reading.sentences if one.end > difference.stated_where[0])
    about = reading.heads[part] if settled and _NO_SUBJECT.fullmatch(theirs) else reading.name_keys
    if mine and coverage(claim.text, atoms(claim.text, start, end), about).share >= 0.99:
        return None  # the company by its name
    if opposed(mine, theirs):
        return "contradicted", "replaced"
    if any(a < end and start < b for a, b in settled):
        return None
    if (settled and difference.leads) or _SUBJECT.search(theirs):
        theirs = ""  # the subject by a name that the evidence must have too
    if settled and is_report_word(mine):
        return None
    if mine and theirs:
        if certainty(mine) == 4 and certainty(theirs) < 3:
            return "contradicted", "replaced"
        if {mine, theirs} <= _WILL or interchangeable(mine, theirs):
            return None
        if (is_soft(mine) and is_soft(theirs)) or _GREETING.search(theirs) or {mine, theirs} <= _ONE_COUNTRY:
            return None
        if certainty(mine) < 2 and (is_soft(theirs) or len(theirs) <= 2 or difference.leads):
            return None  # less sure than the evidence
        if is_soft(mine) and (settled or not specific(theirs)):
            return _left_out(theirs, claim)
        if _is_field(mine, reading, part):
            return None
        if _elsewhere(mine, claim, reading, difference):
            return "not_checkable", "order"
        sure = specific(mine) or specific(theirs)
        return "contradicted" if sure else "unsupported", "replaced"
    words = mine or theirs
    if negations(words) % 2:
        return "contradicted", "negation"
    if mine:
        if exclusive(mine) or extent(mine) == 3:
            return "unsupported", "extent"
        if len(mine) == 1 or is_soft(mine) or certainty(mine) < 2:
            return None
        known = coverage(claim.text, atoms(claim.text, start, end), reading.company_keys)
        return ("unsupported", "words_absent") if known.residue else None
    return _left_out(theirs, claim)


def _left_out(words: str, claim: Reading) -> tuple[Verdict, str] | None:
    """What leaving these words out does."""
    if negations(words) % 2:
        return "contradicted", "negation"
    if certainty(words) < 2 <= certainty(claim.text):
        return "contradicted", "overclaimed"
    if extent(words) == 0:
        return "unsupported", "extent"
    return ("unsupported", "condition") if conditional(words) else None


def _is_field(words: str, reading: Reading, part: int) -> bool:
    """Whether the words are one field of a list in the same part (基金简称：甲 for 基金简称是甲)."""
    plain = _COPULA.sub("", words)
    return len(plain) >= _FIELD and plain in _COPULA.sub("", reading.text[slice(*reading.parts[part])])


def _elsewhere(words: str, claim: Reading, reading: Reading, difference: Difference) -> bool:
    """Whether the evidence has the same words a little before or after: told in another order."""
    start, end = difference.stated_where
    around = {atom.key for atom in atoms(reading.text, max(0, start - 40), end + 40)}
    return not specific(words) and all(atom.key in around for atom in atoms(words)) and len(words) > 1


def _same_period(difference: Difference, claim: Reading, reading: Reading) -> bool:
    """5月8日 for 2025年5月8日: one day, written otherwise."""
    mine = [p for p in claim.periods if p.start < difference.where[1] and difference.where[0] < p.end]
    theirs = [
        p
        for p in reading.periods
        if p.start < difference.stated_where[1] and difference.stated_where[0] < p.end
    ]
    if mine and theirs:
        return all(any(agree(one, other) for other in theirs) for one in mine)
    covered = sum(p.end - p.start for p in mine) if mine else 0
    if mine and covered >= len(difference.claimed) - 1:
        return all(any(agree(one, other) for other in reading.periods) for one in mine)
    return False
