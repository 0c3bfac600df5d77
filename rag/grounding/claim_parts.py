"""A claim cut into the parts that are judged, each with the part of the evidence that it faces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rag.grounding.alignment import atoms, coverage, is_soft, keys_of, nearest, pairs
from rag.grounding.binding import Bound, Match, bind, token_weights
from rag.grounding.clauses import Sentence
from rag.grounding.facing import Facing, Span
from rag.grounding.period_fit import is_base
from rag.grounding.quotes import quotations
from rag.grounding.reading import Reading
from rag.grounding.standing import standing
from rag.grounding.words import pattern

_TELLS: Final = re.compile(
    r"^(?:据[^，]{0,12}(?:披露|介绍|公告)，?|(?:公司|董秘|管理层)(?:表示|称|指出|介绍|回复)(?:说|称)?[，:]?)"
)
_CLAUSE: Final = re.compile(r"[^，。；！？:\n]+")
_STATED_CLAUSE: Final = re.compile(
    r"[^，。；！？:()\n]+"
)  # what stands in brackets does not turn the rest round
_CANDIDATES: Final = 3
_SHORT_CLAUSE: Final = 4


def figures(claim: Reading, readings: Sequence[Reading]) -> list[Facing]:
    """Every figure of the claim, bound to the evidence; `share` is its score."""
    weights = token_weights(readings)
    bounds = [bind(figure, readings, weights) for figure in claim.figures]
    return [
        Facing(
            "figure", claim, tuple(readings), (bound.claimed.figure.start, bound.claimed.figure.end),
            share=standing(bound, togetherness(bounds, number)), figures=(bound,),
        )
        for number, bound in enumerate(bounds)
    ]  # fmt: skip


def togetherness(bounds: Sequence[Bound], number: int) -> float:
    """The share of a claim's other figures that stand in the same sentence of the evidence; 0.5 where it has none."""
    best = bounds[number].best
    if len(bounds) == 1 or best is None:
        return 0.5
    others = [other.best for index, other in enumerate(bounds) if index != number and other.best is not None]
    if not others:
        return 0.0
    place = (best.source, best.stated.sentence)
    return sum((other.source, other.stated.sentence) == place for other in others) / len(others)


def sentences(claim: Reading, readings: Sequence[Reading], bound: Sequence[Bound]) -> Iterator[Facing]:
    """The sentences that assert something (no courtesies, no question that an answer follows), with their figures."""
    told = [
        (number, one)
        for number, one in enumerate(claim.sentences)
        if not pattern("sentence.courtesy").search(claim.text[one.start : one.end].strip())
    ]
    asked: Sentence | None = None
    for number, one in told:
        text = claim.text[one.start : one.end]
        if text.rstrip().endswith("？") and len(told) > 1:
            asked = one  # "Who won? Ann Lee.": the question says what the answer is about
            continue
        opening = None if quotations(claim) else _TELLS.match(text)
        span = (one.start + (opening.end() if opening else 0), one.end)
        here = tuple(item for item in bound if item.claimed.sentence == number)
        periods = tuple(period for period in claim.periods if one.start <= period.start < one.end)
        yield (
            Facing(
                "sentence",
                claim,
                tuple(readings),
                span,
                figures=here,
                periods=periods,
                asked=asked,
            )
        )


def clauses(sentence: Facing, masked: Sequence[Span]) -> Iterator[Facing]:
    """The clauses of a sentence that say more than what is masked; one with a figure faces the place of that figure."""
    claim = sentence.claim
    for span in clauses_of(claim, *sentence.claim_part):
        inside = [item for item in sentence.figures if span[0] <= item.claimed.figure.start < span[1]]
        rest = [atom for atom in atoms(claim.text, *span) if not any(a <= atom.start < b for a, b in masked)]
        if not inside and is_soft("".join(claim.text[atom.start : atom.end] for atom in rest)):
            continue
        part = replace(sentence, kind="clause", claim_part=span, figures=tuple(inside), masked=tuple(masked))
        if part.match is not None:
            yield _figured(part, part.match)
        elif not inside:
            periods = [one for one in claim.periods if sentence.claim_part[0] <= one.start < span[1]]
            yield aligned(
                replace(part, periods=tuple(one for one in periods if not is_base(claim.text, one)))
            )


def clauses_of(claim: Reading, start: int, end: int) -> list[Span]:
    """The clauses of a sentence; a very short one goes with what follows it."""
    found: list[Span] = []
    waiting: int | None = None
    for match in _CLAUSE.finditer(claim.text, start, end):
        begin = match.start() if waiting is None else waiting
        if match.end() - begin < _SHORT_CLAUSE and match.end() < end - 1:
            waiting = begin
            continue
        found.append((begin, match.end()))
        waiting = None
    return found if waiting is None else [*found, (waiting, end)]


def _figured(part: Facing, match: Match) -> Facing:
    """A clause facing the clause of the figure that it was bound to; `residue` is what that part of the evidence lacks."""
    reading, claim = match.reading, part.claim
    sentence = reading.sentences[match.stated.sentence]
    before = reading.text.rfind("，", sentence.start, match.stated.figure.start) + 1 or sentence.start
    behind = reading.text.find("，", match.stated.figure.end)
    there = (before, behind if 0 <= behind < sentence.end else sentence.end)
    said = frozenset().union(*(one.company_keys | one.investor_keys for one in part.readings))
    near = frozenset().union(
        reading.investor_keys, reading.name_keys,
        *(keys for other, keys in zip(reading.sentences, reading.sentence_keys, strict=True) if other.part == sentence.part),
    )  # fmt: skip
    found = atoms(claim.text, *part.claim_part)
    return replace(
        part, kind="figured", source=match.source, sentence=match.stated.sentence, stated_part=there, share=1.0,
        residue=coverage(claim.text, found, near, part.masked).residue,
        absent=coverage(claim.text, found, said, part.masked).residue,
    )  # fmt: skip


def candidates(part: Facing) -> list[tuple[int, int]]:
    """The sentences of the evidence that share most with a part of the claim: (source, sentence); no questions."""
    wanted = _wanted(part)
    chosen: list[tuple[int, int]] = []
    for source, reading in enumerate(part.readings):
        said = [item for item in nearest(wanted, reading.index) if not reading.sentences[item[0]].asks]
        chosen += [(source, sentence) for sentence, _ in said[:_CANDIDATES]]
    return chosen


def aligned(part: Facing) -> Facing:
    """A part with the clause of the evidence that it comes nearest to; without a source where nothing is shared.

    `share` and `residue` are held against that clause's sentence, its neighbours and its heading."""
    claim, readings = part.claim, part.readings
    found = atoms(claim.text, *part.claim_part)
    best: tuple[float, int, int] | None = None
    for source, sentence in candidates(part):
        keys = readings[source].sentence_keys[sentence]
        share = coverage(claim.text, found, keys, part.masked).share
        if best is None or share > best[0] + 1e-9:
            best = (share, source, sentence)
    if best is None:
        return replace(part, source=None, share=0.0, residue=(), absent=())
    _, source, sentence = best
    reading = readings[source]
    own = reading.sentences[sentence].part
    window = reading.sentence_keys[sentence] | reading.heads[own]
    for neighbour in (sentence - 1, sentence + 1):
        if 0 <= neighbour < len(reading.sentences):
            other = reading.sentences[neighbour]
            if not other.asks and other.part == own:
                window = window | reading.sentence_keys[neighbour]
    everything = frozenset().union(*(one.company_keys for one in readings))
    near = coverage(claim.text, found, window, part.masked)
    return replace(
        part, source=source, sentence=sentence, stated_part=_stated_clause(set(_wanted(part)), reading, sentence),
        share=near.share, residue=near.residue,
        absent=coverage(claim.text, found, everything, part.masked).residue,
    )  # fmt: skip


def _wanted(part: Facing) -> list[str]:
    found = atoms(part.claim.text, *part.claim_part)
    return pairs(found) or [atom.key for atom in found]


def _stated_clause(wanted: set[str], reading: Reading, sentence: int) -> Span:
    whole = reading.sentences[sentence]
    best, chosen = -1.0, (whole.start, whole.end)
    for match in _STATED_CLAUSE.finditer(reading.text, whole.start, whole.end):
        keys = keys_of(reading.text, match.start(), match.end())
        shared = len(keys & wanted)
        score = shared - 0.001 * len(keys)
        if shared and score > best:
            best, chosen = score, (match.start(), match.end())
    return chosen
