"""The vocabulary of everything above: what a source file becomes once it has been read.

All types are frozen and know nothing of files, databases or frameworks. Offsets are half-open
character (code point) ranges in the canonical text of the source file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ingest.language.folding import folded

SourceFormat = Literal["pdf", "docx", "doc", "html", "txt", "csv", "md", "json", "xlsx"]
PublishedBasis = Literal["given", "sidecar", "source", "file_name", "signed_on", "held_on"]
PassageKind = Literal["pair", "statement"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range `[start, end)` of characters in a canonical text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters that this span covers."""
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        return self.start <= other.start and other.end <= self.end

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged source file and the canonical characters that stand on it.

    `number` counts from 1; `width` and `height` are in PDF points (1/72 inch).
    """

    number: int
    span: Span
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in PDF points, with the origin at the page's top left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Row:
    """One Q&A of a tabular source (csv): where its fields stand in the canonical text."""

    question: Span
    answer: Span
    code: str | None
    short_name: str | None
    company: str | None
    asked_on: date | None
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class SourceText:
    """What a reader gives: the canonical text of a source file and how it maps to the original.

    `labels` are hints: spans of text that the layout shows to be a form label (the left column of
    the form's table), in reading order; `bold` are the stretches that are printed bold, as
    questions often are; a reader that cannot know gives none. `rows` is for tabular sources only.
    `warnings` are one-line remarks about what was doubtful.
    """

    format: SourceFormat
    text: str
    pages: tuple[Page, ...] = ()
    labels: tuple[Span, ...] = ()
    rows: tuple[Row, ...] = ()
    warnings: tuple[str, ...] = ()
    bold: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Participant:
    """An institution that took part, with the people it sent (perhaps none named)."""

    institution: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of the activity form; `None` or empty where the record does not say."""

    code: str | None = None
    short_name: str | None = None
    company: str | None = None
    number: str | None = None
    categories: tuple[str, ...] = ()
    held_on: tuple[date, date] | None = None
    signed_on: date | None = None
    participants: tuple[Participant, ...] = ()
    hosts: tuple[str, ...] = ()
    place: str | None = None


@dataclass(frozen=True, slots=True)
class QAPair:
    """One investor question and the company's answer: the unit of retrieval.

    `number` counts from 1 through the source file, whatever the printed numbers do.
    `question == text[question_span]` and `answer == text[answer_span]`, always.
    `page` is where the question starts, None in unpaged formats.
    """

    number: int
    question: str
    answer: str
    question_span: Span
    answer_span: Span
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """Management remarks or a section that is no answer; `text == canonical[span]`."""

    title: str
    text: str
    span: Span
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One disclosure after reading.

    `id` is the first 16 hex digits of the source file's SHA-256; where a source file holds several
    records (csv) `-CODE-YYYYMMDD` follows. `text` is the canonical text of the source file.
    """

    id: str
    source_file: str
    sha256: str
    format: SourceFormat
    text: str
    pages: tuple[Page, ...]
    form: Form
    pairs: tuple[QAPair, ...]
    statements: tuple[Statement, ...]
    published_on: date | None
    published_on_basis: PublishedBasis | None
    warnings: tuple[str, ...] = field(default=())

    def page_of(self, position: int) -> int | None:
        """The number of the page on which a character of the text stands; None in unpaged formats."""
        return page_at(self.pages, position)


def page_at(pages: Sequence[Page], position: int) -> int | None:
    """The number of the page on which a character stands."""
    return next((one.number for one in pages if one.span.start <= position < one.span.end), None)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is embedded: a pair (or statement), or a slice of a long one.

    `text == record.text[span]` is quotable; `context` (company, code, date, question) is only
    indexed in front of it. `number` is the pair's number, 0 for a statement; `unit` counts the
    statements of a record from 0 (always 0 for pairs); `slice` counts the slices from 0.
    """

    id: str
    record_id: str
    kind: PassageKind
    number: int
    unit: int
    slice: int
    context: str
    question: str
    text: str
    span: Span
    code: str | None
    short_name: str | None
    published_on: date | None

    @property
    def indexed_text(self) -> str:
        """The context line and the quotable text, as embedded and as indexed for words: radicals folded."""
        return folded(f"{self.context}\n{self.text}")
