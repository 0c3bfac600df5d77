"""A topic over time: what one company said of it on which day, and what is different each time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ingest.library.library import RecordSummary
from rag.answers import Citation, Claim
from rag.asking.companies import source_label
from rag.asking.question import Question
from rag.finding.repeats import fingerprint
from rag.finding.topics import Topic
from rag.overtaking.superseded import Statement, superseded
from rag.views.changes import Change, Told, changes, told_of
from rag.views.measures import TopicFigure, figures_of, same_value
from rag.views.quotes import claim_as_json, judged_quotes, likeliest, quoted
from rag.views.said import Said

MOST_A_DAY = 3  # statements quoted of one day
SHOWN = 6  # entries in the answer to a question; `jupilu track` shows all


@dataclass(frozen=True, slots=True)
class Gap:
    """Records of the company between two entries that say nothing on the topic, and how many days lie between."""

    records: int
    days: int

    def as_json(self) -> dict[str, int]:
        return {"records": self.records, "days": self.days}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said on one day.

    `day` is the day of publication. `claims` are the quotes, each judged and cited. `changes` are against the entries before; the oldest has none.
    `repeated_on` are earlier days on which the same was said, newest first. `gap` is what lies between this entry and the next
    older one. `declined`: asked, and no real answer. `overtaken_by` is the day of the later entry that corrects, ends or replaces
    all of this one.
    """

    day: date | None
    claims: tuple[Claim, ...]
    figures: tuple[TopicFigure, ...]
    changes: tuple[Change, ...]
    repeated_on: tuple[date, ...] = ()
    gap: Gap | None = None
    declined: bool = False
    overtaken_by: date | None = None

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(citation for claim in self.claims for citation in claim.citations)

    def as_json(self) -> dict[str, Any]:
        """The entry as plain values."""
        return {
            "day": str(self.day) if self.day else None,
            "declined": self.declined,
            "quotes": [claim_as_json(claim) for claim in self.claims],
            "figures": [figure.as_json() for figure in self.figures],
            "changes": [change.as_json() for change in self.changes],
            "repeated_on": [str(day) for day in self.repeated_on],
            "gap": self.gap.as_json() if self.gap else None,
            "overtaken_by": str(self.overtaken_by) if self.overtaken_by else None,
        }


@dataclass(frozen=True, slots=True)
class Timeline:
    """A topic over time, newest entry first.

    `records` were searched, published from `first` to `last`; `silent_since` counts those newer than the newest entry.
    """

    topic: str
    company: str
    code: str | None
    as_of: date | None
    entries: tuple[Entry, ...]
    records: int
    first: date | None
    last: date | None
    silent_since: int = 0

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All quotes, newest first."""
        return tuple(claim for entry in self.entries for claim in entry.claims)

    @property
    def outcome(self) -> str:
        """answered, evaded where the company only declined, not_found where it said nothing."""
        if not self.entries:
            return "not_found"
        return "evaded" if all(entry.declined for entry in self.entries) else "answered"

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu track --json` prints."""
        return {
            "topic": self.topic,
            "company": self.company,
            "code": self.code,
            "as_of": str(self.as_of) if self.as_of else None,
            "outcome": self.outcome,
            "order": "newest first",
            "searched": {
                "records": self.records,
                "from": str(self.first) if self.first else None,
                "to": str(self.last) if self.last else None,
            },
            "silent_since": self.silent_since,
            "entries": [entry.as_json() for entry in self.entries],
        }


def timeline(
    asked: Question, about: Topic, said: Sequence[Said], records: Sequence[RecordSummary], *, topic: str = ""
) -> Timeline:
    """The timeline of one company.

    Args:
        asked: the topic or question, understood; it is about one company.
        about: what it is about.
        said: the company's statements on it.
        records: all of that company that may be searched.
        topic: as it was asked for; empty for a question that stands above the answer anyway.
    """
    entries = _gapped(_collapsed(_entries(said, about, asked.search_text)), records)
    days = [record.published_on for record in records if record.published_on]
    newest = entries[-1].day if entries else None
    company = asked.companies[0] if asked.companies else None
    return Timeline(
        topic=topic,
        company=source_label(company.short_name or company.company, company.code) if company else "",
        code=company.code if company else None,
        as_of=asked.as_of,
        entries=_numbered(entries[::-1]),
        records=len(records),
        first=min(days, default=None),
        last=max(days, default=None),
        silent_since=sum(day > newest for day in days) if newest else 0,
    )


def _entries(said: Sequence[Said], topic: Topic, words: str) -> list[Entry]:
    """One entry a day, oldest first; quotes that the gate does not let through are left out.

    An entry is overtaken where later statements overtake all that it quotes.
    """
    gone = _overtaken(said, words)
    by_day: dict[date | None, list[Said]] = {}
    for one in said:
        by_day.setdefault(one.passage.published_on, []).append(one)
    entries: list[Entry] = []
    earlier: list[Told] = []
    for day in sorted(by_day, key=lambda day: (day is not None, day or date.min)):
        kept = _of_a_day(by_day[day], topic)
        claims = tuple(claim for one in kept for claim in judged_quotes(one))
        if not claims:
            continue
        figures = _distinct(figure for one in kept for figure in figures_of(one, topic))
        told = told_of(kept, figures, day)
        entries.append(
            Entry(
                day,
                claims,
                figures,
                changes(told, earlier),
                declined=all(one.declined for one in kept),
                overtaken_by=max(gone[one.key] for one in kept)
                if all(one.key in gone for one in kept)
                else None,
            )
        )
        earlier.insert(0, told)
    return entries


def _overtaken(said: Sequence[Said], words: str) -> dict[tuple[str, int, int], date]:
    """By their keys the statements that a later one overtakes, with that one's day."""
    known = {str(one.key): one for one in said}
    found = superseded(
        [
            Statement(
                key,
                one.whole.of(one.record.text),
                one.passage.published_on,
                one.passage.question,
                one.whole.start,
            )
            for key, one in known.items()
        ],
        words,
    )
    days = {known[key].key: known[overtaken.by].passage.published_on for key, overtaken in found.items()}
    return {key: day for key, day in days.items() if day is not None}


def _distinct(figures: Iterable[TopicFigure]) -> tuple[TopicFigure, ...]:
    """Each figure once: two statements of one day often give the same."""
    found: list[TopicFigure] = []
    for figure in figures:
        if not any(
            same_value(figure, one)
            and (figure.when.first, figure.when.last) == (one.when.first, one.when.last)
            and (figure.unit, figure.change) == (one.unit, one.change)
            for one in found
        ):
            found.append(figure)
    return tuple(found)


def _of_a_day(said: Sequence[Said], topic: Topic) -> list[Said]:
    """The statements quoted of one day: those with figures of the topic first, then the likeliest; none twice."""
    ordered = sorted(said, key=lambda one: likeliest(one, topic))
    kept: list[Said] = []
    for one in ordered:
        quote = fingerprint(quoted(one))
        if not any(quote.same_statement(fingerprint(quoted(other))) for other in kept):
            kept.append(one)
    return kept[:MOST_A_DAY]


def _collapsed(entries: Sequence[Entry]) -> list[Entry]:
    """Entries in a row that say the same, word for word but for courtesy, are one: the newest."""
    kept: list[Entry] = []
    for entry in entries:
        if kept and _same(kept[-1], entry) and _same(entry, kept[-1]):
            before = kept.pop()
            days = (*((before.day,) if before.day else ()), *before.repeated_on)
            first = replace(entry, repeated_on=days, changes=before.changes)
            entry = first
        told = next((one for one in reversed(kept) if one.day and _same(one, entry)), None)
        if told is not None:
            entry = replace(entry, changes=(Change("repeated", told.day),))
        kept.append(entry)
    return kept


def _same(before: Entry, entry: Entry) -> bool:
    """Whether an entry says nothing that the one before did not."""
    known = [fingerprint(claim.text) for claim in before.claims]
    return before.declined == entry.declined and all(
        any(fingerprint(claim.text).same_statement(one) for one in known) for claim in entry.claims
    )


def _gapped(entries: Sequence[Entry], records: Sequence[RecordSummary]) -> list[Entry]:
    """Each with the records and days between it and the next older one."""
    days = sorted(record.published_on for record in records if record.published_on)
    gapped: list[Entry] = []
    for at, entry in enumerate(entries):
        older = entries[at - 1].day if at else None
        start = min((entry.day, *entry.repeated_on), key=str) if entry.day else None
        if older is None or start is None:
            gapped.append(entry)
            continue
        silent = sum(older < day < start for day in days)
        gapped.append(replace(entry, gap=Gap(silent, (start - older).days)))
    return gapped


def _numbered(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """With marks that count the statements in the order in which they are shown."""
    marks: dict[tuple[str, int, str], int] = {}
    numbered: list[Entry] = []
    for entry in entries:
        claims: list[Claim] = []
        for claim in entry.claims:
            citation = claim.citations[0]
            key = (citation.record_id, citation.pair, citation.question)
            mark = marks.setdefault(key, len(marks) + 1)
            claims.append(replace(claim, citations=(replace(citation, mark=mark),)))
        numbered.append(replace(entry, claims=tuple(claims)))
    return tuple(numbered)


def shortened(view: Timeline, chosen: Collection[tuple[str, int]]) -> Timeline:
    """The newest entries and those that quote one of the pairs `chosen` (a record's id and the pair's number)."""
    kept = [
        entry
        for at, entry in enumerate(view.entries)
        if at < SHOWN or any((c.record_id, c.pair) in chosen for c in entry.citations)
    ]
    return replace(view, entries=_numbered(kept))
