"""The passages of records: their texts one after another, where words stand in them, and the sentences around."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from ingest.language.sentences import sentence_spans
from ingest.library.library import Library, RecordSummary
from ingest.records import Record, Span
from rag.views.words import Word

Part = Literal["pair", "statement", "form"]
Where = Literal["question", "answer", "statement", "form"]
PARTS: tuple[Part, ...] = ("pair", "statement", "form")

TEXTS_AT_ONCE = 32  # texts of source files in memory at the same time
LONGEST_SENTENCE = (
    300  # characters; of a longer one (a list of visitors) what stands around the words is quoted
)
_STOPS = "；;、，,\n。 "


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence in which words stand: `record.text[start:end] == quote`; `page` counts from 1, None in unpaged formats.

    `words` says how many of the words stand in it.
    """

    where: Where
    quote: str
    start: int
    end: int
    page: int | None
    words: int = 0


def texts(library: Library, records: Sequence[RecordSummary]) -> Iterator[tuple[str, list[RecordSummary]]]:
    """The canonical text of each source file and those of the records that stand in it, a few texts in memory."""
    # A record's id begins with 16 digits of its source's hash: the records of one csv share them.
    groups = [
        (source, list(group))
        for source, group in groupby(sorted(records, key=lambda one: one.id), key=lambda one: one.id[:16])
    ]
    for start in range(0, len(groups), TEXTS_AT_ONCE):
        some = dict(groups[start : start + TEXTS_AT_ONCE])
        marks = ",".join("?" * len(some))
        rows = library.catalogue.rows(
            "SELECT DISTINCT substr(records.id, 1, 16) AS source, body FROM texts JOIN records USING (sha256)"
            f" JOIN sources USING (sha256) WHERE state = 'ready' AND sha256 IN (SELECT sha256 FROM records WHERE id IN ({marks}))",
            [group[0].id for group in some.values()],
        )
        for row in sorted(rows, key=lambda row: str(row["source"])):
            yield zlib.decompress(row["body"]).decode("utf-8", "surrogatepass"), some[row["source"]]


def passages(
    record: Record, parts: Sequence[Part]
) -> Iterator[tuple[Part, int, str, tuple[tuple[Where, Span], ...]]]:
    """The passages of a record: kind, number, question or title, and where their parts stand."""
    taken: list[Span] = []
    for pair in record.pairs:
        taken += [pair.question_span, pair.answer_span]
        if "pair" in parts:
            spans: tuple[tuple[Where, Span], ...] = (
                ("question", pair.question_span),
                ("answer", pair.answer_span),
            )
            yield "pair", pair.number, pair.question, spans
    for statement in record.statements:
        taken.append(statement.span)
        if "statement" in parts:
            yield "statement", 0, statement.title, (("statement", statement.span),)
    # In a table all text belongs to its rows; what is left of it are columns of no record. The id of one of several
    # records of a source goes on behind a hyphen.
    if "form" in parts and "-" not in record.id and record.format not in ("csv", "xlsx"):
        yield "form", 0, "", tuple(("form", span) for span in _left(record.text, taken))


def _left(text: str, taken: Sequence[Span]) -> Iterator[Span]:
    at = 0
    for span in sorted(taken):
        if span.start > at:
            yield Span(at, span.start)
        at = max(at, span.end)
    if at < len(text):
        yield Span(at, len(text))


def within(word: Word, text: str, spans: Iterable[tuple[Where, Span]]) -> Iterator[Span]:
    for _, span in spans:
        for place in word.places(span.of(text)):
            yield Span(span.start + place.start, span.start + place.end)


def places(
    record: Record, spans: Sequence[tuple[Where, Span]], found: Sequence[Sequence[Span]]
) -> Iterator[Place]:
    """The sentences in which the words stand, each once, in order; `found` are the places of each word."""
    every = sorted({place for places in found for place in places})
    for where, whole in spans:
        inside = [place for place in every if whole.contains(place)]
        quoted: list[Span] = []
        sentences = sentence_spans(record.text, whole.start, whole.end) if inside else []
        for place in inside:
            around = [one for one in sentences if one.start < place.end and place.start < one.end]
            span = _shortened(record.text, Span(around[0].start, around[-1].end), place)
            if quoted and span.start < quoted[-1].end:
                quoted[-1] = Span(quoted[-1].start, max(quoted[-1].end, span.end))
            else:
                quoted.append(span)
        for span in quoted:
            held = sum(any(span.contains(place) for place in places) for places in found)
            yield place_of(record, where, span, held)


def place_of(record: Record, where: Where, span: Span, words: int = 0) -> Place:
    """A span of a record's text as a place that can be cited; so many of the words stand in it."""
    return Place(where, span.of(record.text), span.start, span.end, record.page_of(span.start), words)


def _shortened(text: str, sentence: Span, place: Span) -> Span:
    """The sentence, or of a long one what stands around the place, cut at marks where there are some."""
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    room = (LONGEST_SENTENCE - len(place)) // 2
    start, end = max(sentence.start, place.start - room), min(sentence.end, place.end + room)
    if start > sentence.start:
        start = next((at + 1 for at in range(start, place.start) if text[at] in _STOPS), start)
    if end < sentence.end:
        end = next((at for at in range(end, place.end, -1) if text[at] in _STOPS), end)
    while text[start].isspace() and start < place.start:
        start += 1
    return Span(start, end)
