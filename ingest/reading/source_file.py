"""From the bytes of a source file to its records: read, form, dialogue, day of publication.

from ingest.reading.source_file import read_records
records = read_records(path.read_bytes(), path.name, Settings())
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ingest.errors import NotARecord
from ingest.readers import read
from ingest.reading.dates import published_in_name
from ingest.reading.dialogue import read_dialogue
from ingest.reading.form import is_form, read_form
from ingest.reading.pages import read_page
from ingest.reading.speakers import speaks_in_turns
from ingest.records import Form, PublishedBasis, QAPair, Record, Row, SourceText
from ingest.settings import Settings

_FIRST_DAY = date(2000, 1, 1)
_BASIS_WORDS: dict[PublishedBasis, str] = {
    "given": "the given publication date",
    "sidecar": "the sidecar's publication date",
    "source": "the source's answer date",
    "file_name": "the file name's date",
    "signed_on": "the form's date",
    "held_on": "the activity's last day",
}


def read_records(
    data: bytes,
    name: str,
    settings: Settings,
    *,
    published_on: date | None = None,
    basis: PublishedBasis = "given",
    today: date | None = None,
) -> list[Record]:
    """All records in one source file: one, but for a csv of investor Q&As, one per company and answer day.

    Args:
        data: the file's bytes.
        name: the file's name; it may carry the code and the publication date.
        settings: the limits on size and pages.
        published_on: the publication date where it is known from elsewhere.
        basis: where `published_on` comes from, "given" or "sidecar".
        today: publication dates after it are refused; the clock's day by default.

    Raises:
        SourceError: unreadable; NotARecord where there is neither a form nor a question and answer.
    """
    source = read(data, name, settings)
    digest = hashlib.sha256(data).hexdigest()
    known: list[tuple[PublishedBasis, date | None]] = [(basis, published_on)]
    latest = today or date.today()
    if source.rows:
        return _records_of_rows(source, name, digest, known, latest)
    reading = read_form(source, name)
    page = None if is_form(reading.rows) else _as_page(source, name)
    if page is not None:
        return _records_of_rows(page[0], name, digest, known, latest, page[1])
    pairs, statements, doubts = read_dialogue(source, reading.body)
    if not pairs and not is_form(reading.rows):
        raise NotARecord(f"{name}: no activity form and no questions and answers in it; not a record")
    warnings = [*source.warnings, *reading.warnings, *doubts]
    form = reading.form
    known += [
        ("file_name", published_in_name(name)),
        ("signed_on", form.signed_on),
        ("held_on", form.held_on[1] if form.held_on else None),
    ]
    published, found_basis = _published(known, form, latest, warnings)
    return [
        Record(
            id=digest[:16],
            source_file=name,
            sha256=digest,
            format=source.format,
            text=source.text,
            pages=source.pages,
            form=form,
            pairs=tuple(pairs),
            statements=tuple(statements),
            published_on=published,
            published_on_basis=found_basis,
            warnings=tuple(warnings),
        )
    ]


def _as_page(source: SourceText, name: str) -> tuple[SourceText, date | None] | None:
    """What is no form with the rows of a page of investors' questions, and the activity's day; None where it is no such page."""
    page = read_page(source, name)
    if page is not None:
        return replace(source, rows=page.rows, warnings=(*source.warnings, *page.warnings)), page.held_on
    if speaks_in_turns(source.text):
        raise NotARecord(
            f"{name}: a call's transcript with speakers as headings; question and answer aren't marked in it, so it"
            " can't be told who says what; the company's own record of the call is read"
        )
    return None


def _published(
    known: Sequence[tuple[PublishedBasis, date | None]], form: Form, latest: date, warnings: list[str]
) -> tuple[date | None, PublishedBasis | None]:
    """The first plausible date; what is passed over leaves a warning, for a wrong one would break as-of."""
    for basis, day in known:
        if day is None:
            continue
        fault = _implausible(day, form, latest)
        if fault is None:
            return day, basis
        warnings.append(f"{_BASIS_WORDS[basis]} {day.isoformat()} {fault}; passed over")
    warnings.append("no publication date; give one to ask as of a day")
    return None, None


def _implausible(day: date, form: Form, latest: date) -> str | None:
    if day < _FIRST_DAY:
        return "is before 2000"
    if day > latest:
        return "is in the future"
    if form.held_on and day < form.held_on[1]:
        return f"is before the activity's last day {form.held_on[1].isoformat()}"
    return None


def _records_of_rows(
    source: SourceText,
    name: str,
    digest: str,
    known: Sequence[tuple[PublishedBasis, date | None]],
    latest: date,
    held_on: date | None = None,
) -> list[Record]:
    """Group the rows of a csv by company and answer day, in the order of their first row."""
    held = (held_on, held_on) if held_on else None
    groups: dict[tuple[str | None, date | None], list[tuple[int, Row]]] = {}
    for number, row in enumerate(source.rows, 1):
        groups.setdefault((row.code, row.answered_on), []).append((number, row))
    records: list[Record] = []
    for (code, answered_on), rows in groups.items():
        first = rows[0][1]
        warnings = list(source.warnings) if not records else []
        form = Form(code=code, short_name=first.short_name, company=first.company, held_on=held)
        candidates = [*known, ("source", answered_on), ("file_name", published_in_name(name))]
        # An answer can't have been published before it was given.
        answered = Form(held_on=(answered_on, answered_on)) if answered_on else form
        published, basis = _published(candidates, answered, latest, warnings)
        day = answered_on.strftime("%Y%m%d") if answered_on else "undated"
        single = len(groups) == 1 and code is None and answered_on is None
        records.append(
            Record(
                id=digest[:16] if single else f"{digest[:16]}-{code or 'nocode'}-{day}",
                source_file=name,
                sha256=digest,
                format=source.format,
                text=source.text,
                pages=source.pages,
                form=form,
                pairs=tuple(_pair(number, row, source) for number, row in rows),
                statements=(),
                published_on=published,
                published_on_basis=basis,
                warnings=tuple(warnings),
            )
        )
    return records


def _pair(number: int, row: Row, source: SourceText) -> QAPair:
    text, at = source.text, row.question.start
    page = next((page.number for page in source.pages if page.span.start <= at < page.span.end), None)
    return QAPair(number, row.question.of(text), row.answer.of(text), row.question, row.answer, page)
