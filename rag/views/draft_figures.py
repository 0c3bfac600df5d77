"""A sentence in English held against records in Chinese: by its figures, their periods and the terms of its measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.asking.glossary import translate_terms
from rag.grounding.dates import Period, agree
from rag.grounding.figures import printed, rounded, same_unit, same_value
from rag.grounding.labels import comparable, tokens
from rag.grounding.reading import BoundFigure, Reading
from rag.overtaking.telling import counted


@dataclass(frozen=True, slots=True)
class FigureTold:
    """A figure of the sentence beside that of a passage: the same, or another one of the same measure and period.

    `source` counts the readings from 0; `start` and `end` are places in the text of that reading's passage.
    """

    same: bool
    source: int
    start: int
    end: int
    measure: str
    figure: str
    period: str
    stated: str
    stated_period: str


Told = Literal["supported", "contradicts", "new"]


def figures_told(claim: Reading, readings: Sequence[Reading]) -> tuple[Told, list[FigureTold]]:
    """Whether all figures of a sentence stand in the records with the sentence's measure and period.

    `new` where it has no figure with a period, or the glossary knows no term of it: its words can't be compared.
    """
    terms = [tokens(comparable(word)) for word in translate_terms(claim.text).split()]
    found: list[FigureTold] = []
    for figure in claim.figures:
        period = _period(figure)
        if not counted(figure.figure) or period is None:
            return "new", []
        told = [
            one
            for source, reading in enumerate(readings)
            for stated in reading.figures
            if (one := _told(claim, figure, period, source, reading, stated, terms)) is not None
        ]
        if not told:
            return "new", []
        found.append(max(told, key=lambda one: one.same))
    if not found:
        return "new", []
    return ("supported" if all(one.same for one in found) else "contradicts"), found


def _told(
    claim: Reading,
    figure: BoundFigure,
    period: Period,
    source: int,
    reading: Reading,
    stated: BoundFigure,
    terms: Sequence[frozenset[str]],
) -> FigureTold | None:
    own = _period(stated)
    if reading.sentences[stated.sentence].asks or own is None or not same_unit(figure.figure, stated.figure):
        return None
    if not (agree(period, own) and agree(own, period)):
        return None
    label = stated.head | stated.chain | stated.beside
    named = next((term for term in terms if term and term <= label), None)
    same = same_value(figure.figure, stated.figure) or rounded(figure.figure, stated.figure)
    # Another value counts only where the label names the measure and nothing else.
    if named is None or (not same and (label - named - tokens("公司") or stated.direction)):
        return None
    return FigureTold(
        same, source, *reading.normal.original(stated.figure.start, stated.figure.end), translate_terms(claim.text),
        printed(claim.text, figure.figure), claim.text[period.start : period.end],
        printed(reading.text, stated.figure), reading.text[own.start : own.end],
    )  # fmt: skip


def _period(bound: BoundFigure) -> Period | None:
    periods = bound.own[::-1] or bound.governing[:1]
    return periods[0] if periods else None
