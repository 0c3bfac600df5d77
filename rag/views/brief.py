"""One record in brief: its form, who came, each question with the sentence that answers it, and what is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.errors import RecordUnknown
from ingest.library.library import Library, RecordSummary
from ingest.records import Record, Span
from rag.answers import Claim
from rag.views.answering import answering_sentence
from rag.views.novelty import History, News
from rag.views.words import plain
from rag.writing.quoting import cite, judged

INSTITUTIONS_SHOWN = 5
NAMES_IN_AN_ERROR = 5


@dataclass(frozen=True, slots=True)
class Line:
    """A question (or a statement's title) with the sentence that answers it, verbatim and cited.

    `pair` is 0 for a statement. `claim` is None where there is no answer, or the gate does not let its words stand as
    the company's. `news` is None for statements and where there is nothing earlier to compare with.
    """

    pair: int
    question: str
    claim: Claim | None
    news: News | None


@dataclass(frozen=True, slots=True)
class Brief:
    """One record, as short as it can be told.

    `institutions` and `people` count those of the form, `first_institutions` names the first few. `compared` is the
    number of the company's earlier records, `compared_from` and `compared_to` when the first and last were published.
    """

    record_id: str
    source_file: str
    code: str | None
    short_name: str | None
    company: str | None
    number: str | None
    published_on: date | None
    held_on: tuple[date, date] | None
    place: str | None
    categories: tuple[str, ...]
    institutions: int
    people: int
    first_institutions: tuple[str, ...]
    hosts: tuple[str, ...]
    statements: tuple[Line, ...]
    questions: tuple[Line, ...]
    compared: int
    compared_from: date | None
    compared_to: date | None
    superseded_by: str | None = None

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims in the order of the record."""
        return tuple(line.claim for line in (*self.statements, *self.questions) if line.claim)

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu brief --json` prints."""
        return {
            "record_id": self.record_id,
            "source_file": self.source_file,
            "code": self.code,
            "short_name": self.short_name,
            "company": self.company,
            "number": self.number,
            "published_on": _day(self.published_on),
            "held_on": [day.isoformat() for day in self.held_on] if self.held_on else None,
            "place": self.place,
            "categories": list(self.categories),
            "institutions": self.institutions,
            "people": self.people,
            "first_institutions": list(self.first_institutions),
            "hosts": list(self.hosts),
            "superseded_by": self.superseded_by,
            "compared": {
                "records": self.compared,
                "from": _day(self.compared_from),
                "to": _day(self.compared_to),
            },
            "statements": [_line_as_json(line) for line in self.statements],
            "questions": [_line_as_json(line) for line in self.questions],
        }


def brief_of(library: Library, summary: RecordSummary, records: Sequence[RecordSummary]) -> Brief:
    """One record in brief.

    Args:
        library: that holds it.
        summary: of the record.
        records: those that it may be compared with; only earlier ones of the same company are.
    """
    record = library.record(summary.id)
    earlier = _earlier(summary, records)
    history = History(library, record, earlier) if earlier else None
    form = record.form
    institutions = tuple(dict.fromkeys(each.institution for each in form.participants))
    mark = 0
    statements: list[Line] = []
    for statement in record.statements:
        claim = _claim(record, summary, 0, statement.title, statement.span, mark + 1)
        mark += claim is not None
        statements.append(Line(0, statement.title, claim, None))
    questions: list[Line] = []
    for pair in record.pairs:
        claim = _claim(record, summary, pair.number, pair.question, pair.answer_span, mark + 1)
        mark += claim is not None
        questions.append(Line(pair.number, pair.question, claim, history.news(pair) if history else None))
    days = [one.published_on for one in earlier if one.published_on]
    return Brief(
        record_id=record.id,
        source_file=record.source_file,
        code=summary.code,
        short_name=summary.short_name,
        company=summary.company,
        number=form.number,
        published_on=record.published_on,
        held_on=form.held_on,
        place=form.place,
        categories=form.categories,
        institutions=len(institutions),
        people=sum(len(each.people) for each in form.participants),
        first_institutions=institutions[:INSTITUTIONS_SHOWN],
        hosts=form.hosts,
        statements=tuple(statements),
        questions=tuple(questions),
        compared=len(earlier),
        compared_from=min(days, default=None),
        compared_to=max(days, default=None),
        superseded_by=summary.superseded_by,
    )


def record_meant(name: str, records: Sequence[RecordSummary]) -> RecordSummary:
    """The record that a name means: an id, a file name, or a part of one that fits no other record.

    Raises:
        RecordUnknown: none, or more than one.
    """
    wanted = plain(name)
    if not wanted:
        raise RecordUnknown(
            "name a record by its id, its file name or a part of it: jupilu records lists all"
        )
    for fits in (
        [one for one in records if name in (one.id, one.source_file)],
        [one for one in records if one.id.startswith(name)],
        [one for one in records if wanted in plain(one.source_file)],
        [
            one
            for one in records
            if one.number and wanted in (plain(one.number), plain(f"{one.code}{one.number}"))
        ],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            some = "、".join(f"{one.id} {one.source_file}" for one in fits[:NAMES_IN_AN_ERROR])
            more = " …" if len(fits) > NAMES_IN_AN_ERROR else ""
            raise RecordUnknown(f"{len(fits)} records go by {name}: name one by its id ({some}{more})")
    raise RecordUnknown(f"no record goes by {name}: jupilu records lists all")


def latest_of(records: Sequence[RecordSummary]) -> RecordSummary | None:
    """The newest record of some: the latest activity where forms say when, else the latest publication."""
    spoken = [one for one in records if one.pairs + one.statements and not one.superseded_by]
    held = [one for one in spoken if one.held_on]
    return max(
        held or spoken,
        key=lambda one: (one.held_on or (), str(one.published_on or ""), one.id),
        default=None,
    )


def _earlier(summary: RecordSummary, records: Sequence[RecordSummary]) -> list[RecordSummary]:
    """The company's records that were published before one, earlier versions of itself left out."""
    day = summary.published_on
    if day is None or not (summary.code or summary.short_name):
        return []
    return [
        one
        for one in records
        if one.published_on is not None
        and one.published_on < day
        and (one.code == summary.code if summary.code else one.short_name == summary.short_name)
        and one.superseded_by != summary.id
    ]


def _claim(
    record: Record, summary: RecordSummary, pair: int, question: str, whole: Span, mark: int
) -> Claim | None:
    span = answering_sentence(question, record.text, whole)
    if span is None:
        return None
    return next(judged([cite(record, summary, span, mark, pair=pair, question=question)]), None)


def _line_as_json(line: Line) -> dict[str, Any]:
    citation = line.claim.citations[0] if line.claim else None
    news = line.news
    return {
        "pair": line.pair,
        "question": line.question,
        "quote": citation.quote if citation else None,
        "start": citation.start if citation else None,
        "end": citation.end if citation else None,
        "page": citation.page if citation else None,
        "news": {
            "state": news.state,
            "figures": list(news.figures),
            "earlier": {
                "record_id": news.earlier.record_id,
                "published_on": news.earlier.published_on.isoformat(),
                "pair": news.earlier.pair,
                "question": news.earlier.question,
            }
            if news.earlier
            else None,
        }
        if news
        else None,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
