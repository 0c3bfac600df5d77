"""Which sentences of an answer tell what is asked: one fitted judgement over `rag.writing.sentence_signals`.

A logistic curve over fourteen signals, fitted by `python -m eval.studies.training.telling` on answers of public filings
whose telling sentences were marked by readers. docs/decisions/0013-sentences.md has its figures out of fold and what was
left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ingest.embedding.e5_words import WordPieces
from ingest.language.courtesy import substance
from ingest.language.folding import nfkc
from ingest.language.sentences import sentence_spans
from ingest.records import Span
from rag.data_files import trained
from rag.finding.declining import Declining
from rag.writing.sentence_signals import announces, sentence_signals

FILE = "telling.json"
_FIGURE = re.compile(r"\d")
_CONTRASTS = re.compile(r"^\W*(?:但|不过|然而|只是)")


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence of an answer (or a table in it): how likely it tells what is asked, and whether it leads."""

    span: Span
    likely: float
    leads: bool


@dataclass(frozen=True, slots=True)
class Telling:
    """The fitted judgement.

    `names` are the signals it reads, with a weight, a mean and a deviation each. A sentence leads from `tells_from` on (at
    most `most` of them); where the best is less likely than `unsure_below`, the whole answer does. An answer of
    `short` characters leads whole.
    """

    names: tuple[str, ...]
    weights: tuple[float, ...]
    means: tuple[float, ...]
    deviations: tuple[float, ...]
    bias: float
    tells_from: float
    unsure_below: float
    most: int
    short: int
    words: WordPieces = field(default_factory=WordPieces, compare=False)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Telling:
        """From the document that the trainer writes."""

        def row(name: str) -> tuple[float, ...]:
            return tuple(map(float, document[name]))

        return cls(
            names=tuple(document["signals"]),
            weights=row("weights"),
            means=row("means"),
            deviations=row("deviations"),
            bias=float(document["bias"]),
            tells_from=float(document["tells_from"]),
            unsure_below=float(document["unsure_below"]),
            most=int(document["most"]),
            short=int(document["short"]),
        )

    def probabilities(self, question: str, sentences: Sequence[str]) -> list[float]:
        """How likely each sentence tells what is asked, 0..1, to six digits."""
        found: list[float] = []
        for signals in sentence_signals(question, sentences, self.words.near):
            total = self.bias + sum(
                weight * (signals[name] - mean) / deviation
                for name, weight, mean, deviation in zip(
                    self.names, self.weights, self.means, self.deviations, strict=True
                )
            )
            found.append(round(1 / (1 + math.exp(-total)), 6))
        return found

    def read(self, question: str, text: str, whole: Span, declining: Declining) -> list[Told]:
        """The sentences of `text[whole]` that say something, in order; those lead that tell what is asked.

        What a sentence announces leads with it, and so does the next one where it limits what was said (但, a refusal).

        Args:
            question: what is looked for, without greeting and company names.
            text: a record's canonical text.
            whole: where the answer stands in it.
            declining: reads refusals.
        """
        spoken = spoken_sentences(text, whole)
        if len(spoken) < 2:
            return [Told(one, 1.0, True) for one in spoken]
        sentences = [one.of(text) for one in spoken]
        likely = self.probabilities(question, sentences)
        leads = self._leading(sentences, likely, declining)
        return [Told(one, likely[at], at in leads) for at, one in enumerate(spoken)]

    def briefly(self, question: str, text: str, whole: Span, declining: Declining) -> list[Told]:
        """The likeliest sentence alone, with what belongs to it; none where there is no text. Arguments as of `read`."""
        spoken = spoken_sentences(text, whole)
        if not spoken:
            return []
        sentences = [one.of(text) for one in spoken]
        likely = self.probabilities(question, sentences) if len(spoken) > 1 else [1.0]
        best = max(range(len(spoken)), key=lambda at: (likely[at], -at))
        return [
            Told(spoken[at], likely[at], True) for at in sorted(_with_belonging({best}, sentences, declining))
        ]

    def _leading(self, sentences: Sequence[str], likely: Sequence[float], declining: Declining) -> set[int]:
        count = len(sentences)
        order = sorted(range(count), key=lambda at: (-likely[at], at))
        if sum(map(len, sentences)) <= self.short or likely[order[0]] < self.unsure_below:
            return set(range(count))
        leads = {order[0], *(at for at in order[1 : self.most] if likely[at] >= self.tells_from)}
        return _with_belonging(leads, sentences, declining)


def _with_belonging(leads: set[int], sentences: Sequence[str], declining: Declining) -> set[int]:
    """The places of sentences with those of what can't be left out after them."""
    every = set(leads)
    for at in sorted(leads):
        while at + 1 < len(sentences) and _belongs(sentences[at], sentences[at + 1], declining):
            at += 1
            every.add(at)
    return every


def spoken_sentences(text: str, whole: Span) -> list[Span]:
    """The sentences of `text[whole]` that say something; all of them where courtesy is all there is."""
    every = _with_tables_whole(text, sentence_spans(text, whole.start, whole.end))
    return [one for one in every if substance(one.of(text)) or _FIGURE.search(one.of(text))] or every


def _with_tables_whole(text: str, spans: Sequence[Span]) -> list[Span]:
    """Neighbouring rows of cells (lines with tabs) as one span: half a table misleads."""
    joined: list[Span] = []
    for span in spans:
        if joined and "\t" in span.of(text) and "\t" in joined[-1].of(text):
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def leading(told: Sequence[Told], limit: int) -> tuple[Span, ...]:
    """The most likely of these sentences, in the text's order, of about `limit` characters; at least one."""
    chosen: list[Told] = []
    used = 0
    for one in sorted(told, key=lambda one: (-one.likely, one.span.start)):
        if not chosen or used + len(one.span) <= limit:
            chosen.append(one)
            used += len(one.span)
    return tuple(sorted((one.span for one in chosen), key=lambda span: span.start))


def _belongs(sentence: str, following: str, declining: Declining) -> bool:
    """Whether the following sentence can't be left out after the one before it."""
    return (
        announces(sentence)
        or bool(_CONTRASTS.search(nfkc(following)))
        or (declining.degree(following) > 0 and declining.degree(sentence) <= 0)
    )


@lru_cache(maxsize=1)
def bundled_telling() -> Telling:
    """The model that comes with the program.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    return Telling.of(trained(FILE))
