"""A part of a claim, and the part of the evidence that it faces: all that a rule may look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from rag.grounding.binding import Bound, Match
from rag.grounding.clauses import Sentence
from rag.grounding.dates import Period
from rag.grounding.reading import Reading
from rag.grounding.verdicts import DecidingSpan, Finding, Verdict
from rag.grounding.wording import shortened

Span = tuple[int, int]
Kind = Literal[
    "sentence",
    "quotation",
    "figure",
    "figured",
    "clause",
    "change",
    "repeated",
    "date",
    "dates_only",
    "worded",
]
SURE: Final = 0.6  # share of a clause that must be found before it is said to be contradicted


@dataclass(frozen=True, slots=True)
class Facing:
    """One part of a claim with the part of the evidence that it comes nearest to.

    Args:
        kind: `sentence` (a whole one), `quotation`, `figure`; `clause`, or `figured` (a clause with a figure that was
            found); `change` (what a sentence has instead of what one of the evidence has that it otherwise repeats,
            either side may be empty) and `repeated` (such a sentence as a whole); `date` and `dates_only`; `worded` (a sentence
            of which all parts stand).
        claim, readings: both texts as read.
        claim_part: range of the claim.
        source, sentence, stated_part: where in the evidence; `source` is None where nothing of it is shared.
        share: how much of the claim's part is found there, in [0, 1]; of a figure, its score (see `standing`).
        residue, absent: ranges of the claim that are not found near there, or nowhere in what the company says.
        figures: the figures in the part, as bound to the evidence.
        periods: those of the claim that govern the part, in order.
        masked: ranges that other facings hold.
        asked: the question that the claim puts before an answer.
        begins: where the sentence of a clause begins in the claim; `told`: all figures of that sentence.
        leads: whether a change begins its sentence; `settled`: whether its sentence has a figure that was found.
    """

    kind: Kind
    claim: Reading
    readings: tuple[Reading, ...]
    claim_part: Span
    source: int | None = None
    sentence: int = 0
    stated_part: Span = (0, 0)
    share: float = 0.0
    residue: tuple[Span, ...] = ()
    absent: tuple[Span, ...] = ()
    figures: tuple[Bound, ...] = ()
    periods: tuple[Period, ...] = ()
    masked: tuple[Span, ...] = ()
    asked: Sentence | None = None
    begins: int = 0
    told: tuple[Bound, ...] = ()
    leads: bool = False
    settled: bool = False

    @property
    def words(self) -> str:
        """The claim's part."""
        return self.claim.text[slice(*self.claim_part)]

    @property
    def stated(self) -> str:
        """The evidence's part."""
        return "" if self.source is None else self.reading.text[slice(*self.stated_part)]

    @property
    def reading(self) -> Reading:
        """The piece of evidence that is faced."""
        return self.readings[self.source or 0]

    @property
    def whole(self) -> Sentence:
        """The sentence of the evidence that is faced."""
        return self.reading.sentences[self.sentence]

    @property
    def whole_text(self) -> str:
        return self.reading.text[self.whole.start : self.whole.end]

    @property
    def match(self) -> Match | None:
        """The figure of the evidence that the part's first figure with one was bound to."""
        return next((item.best for item in self.figures if item.best is not None), None)

    def at(self, source: int, start: int, end: int) -> Facing:
        """The same part facing another place of the evidence."""
        sentences = self.readings[source].sentences
        number = next((index for index, one in enumerate(sentences) if one.end > start), len(sentences) - 1)
        return replace(self, source=source, sentence=number, stated_part=(start, end))

    def printed(self, spans: tuple[Span, ...]) -> Iterator[str]:
        """Ranges of the claim as text."""
        return (self.claim.text[start:end] for start, end in spans)

    def finding(self, verdict: Verdict, rule: str, strength: float, **values: str) -> Finding:
        """A finding on this part; `quote` is the sentence faced unless given."""
        here = self.claim.normal.original(*self.claim_part)
        if self.source is None:
            return Finding(verdict, rule, tuple(values.items()), strength, DecidingSpan(*here))
        values = {"quote": shortened(self.whole_text)} | values
        there = self.reading.normal.original(*self.stated_part)
        return Finding(
            verdict, rule, tuple(values.items()), strength, DecidingSpan(*here, self.source, *there)
        )
