"""What a list of records or companies shows, without reading their texts."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.language.listed import listed_name
from ingest.library.catalogue import day_of
from ingest.records import PublishedBasis, SourceFormat


@dataclass(frozen=True, slots=True)
class RecordSummary:
    """One line about a record; `pairs` and `statements` are counts.

    `short_name` is the record's own, else the name under which its code is listed.
    `superseded_by` is the id of the version of the same record that stands in its place, if there is one.
    `categories` are the kinds of activity that its form ticks; records with one `sha256` came from one file.
    """

    id: str
    source_file: str
    format: SourceFormat
    code: str | None
    short_name: str | None
    company: str | None
    number: str | None
    held_on: tuple[date, date] | None
    published_on: date | None
    published_on_basis: PublishedBasis | None
    pairs: int
    statements: int
    warnings: tuple[str, ...]
    superseded_by: str | None = None
    categories: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """A company of which the library has records; its names are those of its newest record."""

    code: str | None
    short_name: str | None
    company: str | None
    records: int


def summary(row: sqlite3.Row) -> RecordSummary:
    """A summary of a row of `records`, joined with its source's format and counts."""
    form = json.loads(row["form"])  # without its participants, of whom a record may have hundreds
    held = form["held_on"]
    return RecordSummary(
        id=row["id"],
        source_file=row["source_file"],
        format=row["format"],
        code=form["code"],
        short_name=form["short_name"] or listed_name(form["code"]),
        company=form["company"],
        number=form["number"],
        held_on=(date.fromisoformat(held[0]), date.fromisoformat(held[1])) if held else None,
        published_on=day_of(row["published_on"]),
        published_on_basis=row["published_on_basis"],
        pairs=row["pairs"],
        statements=row["statements"],
        warnings=tuple(json.loads(row["warnings"])),
        categories=form.categories,
        sha256=row["sha256"],
    )


def companies_of(records: Sequence[RecordSummary]) -> list[Company]:
    """The companies of some records, by code; records without a code go by their name.

    Args:
        records: newest first, since a company has the names of its newest record.
    """
    groups: dict[tuple[str, str], list[RecordSummary]] = {}
    for record in records:
        if record.code or record.short_name or record.company:
            name = "" if record.code else record.short_name or record.company or ""
            groups.setdefault((record.code or "", name), []).append(record)
    return [
        Company(
            code=code or None,
            short_name=next((one.short_name for one in group if one.short_name), None),
            company=next((one.company for one in group if one.company), None),
            records=len(group),
        )
        for (code, _), group in sorted(groups.items())
    ]
