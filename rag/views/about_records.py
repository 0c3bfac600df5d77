"""Questions about the library itself (库里有哪些公司) and about one record's form (最近一次调研是哪天，谁参加了)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest.library.summaries import RecordSummary
from ingest.records import Record, Span
from rag.answers import Claim, Outcome
from rag.asking.companies import source_label
from rag.asking.kinds import asks_about_library, asks_for_secretary, rows_asked
from rag.asking.question import Question
from rag.writing.quoting import cite, judged
from rag.writing.wording import say

NAMES_SHOWN = 60
QUOTED = 400  # characters of one row of a form
_IS_SECRETARY = re.compile(r"董\s*秘|董\s*事\s*会\s*秘\s*书")
LOOKED_THROUGH = 20  # records, for one that names the secretary
_LABELS = {
    "who": r"参\s*与\s*单\s*位\s*名\s*称\s*及?\s*(?:人\s*员\s*姓\s*名)?(?:\s*[（(][^）)]{0,30}[）)])?|参\s*会\s*单\s*位\S{0,8}|来访单位\S{0,8}",
    "when": r"(?:活\s*动\s*|会\s*议\s*|接\s*待\s*)?时\s*间",
    "where": r"(?:活\s*动\s*|会\s*议\s*|接\s*待\s*)?地\s*点",
    "host": r"(?:上\s*市\s*)?公\s*司\s*(?:参\s*会|接\s*待|参\s*与)\s*人\s*员\s*(?:姓\s*名)?|接\s*待\s*人\s*员(?:\s*姓\s*名)?",
}
_ANY_LABEL = re.compile(
    r"(?:^|\n)\s*(?:(?P<who>" + _LABELS["who"] + r")|(?P<when>" + _LABELS["when"] + r")|(?P<where>" + _LABELS["where"]
    + r")|(?P<host>" + _LABELS["host"] + r")|投\s*资\s*者\s*关\s*系\s*活|活\s*动\s*(?:主\s*要\s*)?内\s*容|附\s*件|编\s*号|日\s*期)\s*[:：]?\s*"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """An answer that needs no search: its text, the rows of a form that it quotes, and how a page may lay it out."""

    text: str
    claims: tuple[Claim, ...] = ()
    outcome: Outcome = "answered"
    view: Mapping[str, Any] | None = None


def about_library(asked: Question, records: Sequence[RecordSummary]) -> Told | None:
    """What the library holds, where that is the question; None for another one.

    Args:
        asked: the question, understood.
        records: those that it is about: of the companies named, published in time.
    """
    if not asks_about_library(asked):
        return None
    names = list(dict.fromkeys(source_label(r.short_name or r.company, r.code) for r in records))
    days = [record.published_on for record in records if record.published_on]
    newest = max((r for r in records if r.published_on), key=lambda r: (r.published_on, r.id), default=None)
    unknown = say(asked.language, "unknown_date")
    shown = "、".join(sorted(names)[:NAMES_SHOWN]) + ("……" if len(names) > NAMES_SHOWN else "")
    return Told(
        say(
            asked.language,
            "library_holds",
            companies=len(names),
            records=len(records),
            first=min(days, default=unknown),
            last=max(days, default=unknown),
            newest=newest.source_file if newest else "-",
            names=shown,
        )
    )


def about_record(
    asked: Question, records: Sequence[RecordSummary], record_of: Callable[[str], Record]
) -> Told | None:
    """The rows of the form of the record that is asked about: of the day named, else of the newest activity.

    Who the secretary is stands in the newest form that names one.
    """
    if asks_for_secretary(asked):
        for one in sorted(_held(records), key=when, reverse=True)[:LOOKED_THROUGH]:
            record = record_of(one.id)
            if any(_IS_SECRETARY.search(span.of(record.text)) for span in form_row(record, "host")):
                return _rows_told(asked, one, record, ("host",))
    rows = rows_asked(asked)
    found = meant(asked, records) if rows else None
    if found is None:
        return None
    return _rows_told(asked, found, record_of(found.id), rows)


def _rows_told(asked: Question, found: RecordSummary, record: Record, rows: Sequence[str]) -> Told | None:
    claims = tuple(judged(cite(record, found, span) for row in rows for span in form_row(record, row)))
    if not claims:
        return None
    heading = say(
        asked.language,
        "form_says",
        company=source_label(found.short_name, found.code),
        date=found.published_on or say(asked.language, "unknown_date"),
        number=record.form.number or "",
    )
    return Told("\n".join([heading, *(f"“{claim.text}” [1]" for claim in claims)]), claims)


def form_row(record: Record, row: str) -> Iterator[Span]:
    """Where the value of a row of the form stands; nothing where it cannot be told."""
    starts = [pair.question_span.start for pair in record.pairs[:1]] + [
        s.span.start for s in record.statements[:1]
    ]
    head = record.text[: min(starts, default=len(record.text))]
    labels = list(_ANY_LABEL.finditer(head))
    for at, label in enumerate(labels):
        if not label.groupdict().get(row):
            continue
        end = labels[at + 1].start() if at + 1 < len(labels) else head.find("\n", label.end())
        value = head[label.end() : end if end > 0 else len(head)].rstrip()
        if len(value) > QUOTED:
            value = value[: max(value.rfind(mark, 0, QUOTED) for mark in "；;、，\n") + 1] or value[:QUOTED]
        if value.strip():
            yield Span(label.end(), label.end() + len(value))
            return


def meant(asked: Question, records: Sequence[RecordSummary]) -> RecordSummary | None:
    """The record that a question means: of the day it names, else of the newest activity."""
    dated = _held(records)
    days = [p for p in asked.periods if (p.last - p.first).days <= 31]
    if days:
        dated = [
            r
            for r in dated
            if r.held_on and any(p.first <= r.held_on[1] and r.held_on[0] <= p.last for p in days)
        ]
    return max(dated, key=when, default=None)


def _held(records: Sequence[RecordSummary]) -> list[RecordSummary]:
    return [record for record in records if record.held_on and record.pairs + record.statements]


def when(record: RecordSummary) -> tuple[tuple[date, date] | tuple[()], str]:
    """By which records are put in the order of their activities."""
    return record.held_on or (), record.id
