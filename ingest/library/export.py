"""Records as the JSON document that `jupilu parse FILE --json` prints."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ingest.records import QAPair, Record, Span, Statement


def record_as_json(records: Sequence[Record]) -> dict[str, Any]:
    """One document for all records of one source file.

    The form fields are those of the first record. A csv holds several: then all pairs stand in one
    list (their numbers run through the file), form fields that differ between the records are null,
    and `records` says which record has which pairs.
    """
    documents = [_document(record) for record in records]
    document = documents[0]
    if len(records) == 1:
        return document
    merged: dict[str, Any] = {
        key: value if all(each[key] == value for each in documents) else None
        for key, value in document.items()
        if key not in ("pairs", "statements", "warnings")
    }
    for key in ("categories", "participants", "hosts"):
        merged[key] = merged[key] or []
    for key in ("pairs", "statements", "warnings"):
        merged[key] = [item for each in documents for item in each[key]]
    merged["pairs"] = sorted(merged["pairs"], key=lambda pair: pair["number"])
    merged["records"] = [
        {
            "id": record.id,
            "code": record.form.code,
            "short_name": record.form.short_name,
            "company": record.form.company,
            "published_on": _day(record.published_on),
            "published_on_basis": record.published_on_basis,
            "pairs": [pair.number for pair in record.pairs],
        }
        for record in records
    ]
    return merged


def _document(record: Record) -> dict[str, Any]:
    form = record.form
    return {
        "code": form.code,
        "short_name": form.short_name,
        "company": form.company,
        "number": form.number,
        "categories": list(form.categories),
        "held_on": [_day(day) for day in form.held_on] if form.held_on else None,
        "signed_on": _day(form.signed_on),
        "published_on": _day(record.published_on),
        "published_on_basis": record.published_on_basis,
        "participants": [
            {"institution": each.institution, "people": list(each.people)} for each in form.participants
        ],
        "hosts": list(form.hosts),
        "place": form.place,
        "pairs": [_pair(pair) for pair in record.pairs],
        "statements": [_statement(statement) for statement in record.statements],
        "warnings": list(record.warnings),
    }


def _pair(pair: QAPair) -> dict[str, Any]:
    return {
        "number": pair.number,
        "question": pair.question,
        "answer": pair.answer,
        "question_span": _span(pair.question_span),
        "answer_span": _span(pair.answer_span),
        "page": pair.page,
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "title": statement.title,
        "text": statement.text,
        "span": _span(statement.span),
        "page": statement.page,
    }


def _span(span: Span) -> list[int]:
    return [span.start, span.end]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
