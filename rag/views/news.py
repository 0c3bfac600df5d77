"""What came into a library: records, questions that were never asked before, statements that changed, new visitors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from ingest.language.courtesy import substance
from ingest.library.library import Library, RecordSummary
from ingest.records import Form, Participant, QAPair, Record, Span
from rag.answers import Citation
from rag.finding.declining import bundled_declining
from rag.overtaking.superseded import Reason
from rag.views.about_records import form_row
from rag.views.answering import answering_sentence
from rag.views.institutions import Institutions, is_one
from rag.views.looks import Looks
from rag.views.news_changes import changes_of
from rag.views.standing import SHAREHOLDERS, Known, PairVectors
from rag.views.visitors import places_of
from rag.writing.quoting import cite

MOST_COMPARED: Final = 200
"""So many new records, the newest, are held against the earlier ones; older ones are only listed."""
TABLES: Final = frozenset(["csv", "xlsx", "json"])
FIRST_LOOK: Final = 30
"""Days before the newest publication that a first look goes back."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record that came in.

    `institutions` counts those of its form. `superseded_by` is the later version in whose place it does not stand any
    more, `corrects` are the earlier versions in whose place it stands.
    """

    record_id: str
    source_file: str
    number: str | None
    published_on: date | None
    held_on: tuple[date, date] | None
    categories: tuple[str, ...]
    is_table: bool
    """Whether it is a day of a table of questions, and no activity with a form."""
    pairs: int
    statements: int
    institutions: int
    superseded_by: str | None
    corrects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question that was not asked of the company before.

    The citation is the sentence that answers it; where there is none, the question itself. `declines`: the answer reads as
    a refusal, or is courtesy alone.
    """

    citation: Citation
    declines: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A statement of which the company now says otherwise, and how (`rag/overtaking/superseded.py` has the reasons)."""

    reason: Reason
    old: Citation
    new: Citation


@dataclass(frozen=True, slots=True)
class NewVisitor:
    """An institution that is in no earlier form of the company; the citation is its place in this one."""

    institution: str
    people: tuple[str, ...]
    citation: Citation


@dataclass(frozen=True, slots=True)
class CompanyNews:
    """What came in of one company.

    `compared` counts the records that it is held against, `compared_from` and `compared_to` are their first and last days;
    those that came in are held against each other, too, in the order of their days. In the very first record of a
    company nothing is called new. `asked_before` counts questions of the new records that were
    asked before, `repeated` those of them whose answers say what an earlier one says.
    """

    code: str | None
    short_name: str | None
    compared: int
    compared_from: date | None
    compared_to: date | None
    records: tuple[NewRecord, ...]
    questions: tuple[NewQuestion, ...] = ()
    asked_before: int = 0
    repeated: int = 0
    changes: tuple[Change, ...] = ()
    institutions: tuple[NewVisitor, ...] = ()

    @property
    def newest(self) -> date:
        """The newest day of its records."""
        return max((one.published_on for one in self.records if one.published_on), default=date.min)


@dataclass(frozen=True, slots=True)
class NewsReport:
    """What came in since a day (`since`), or since the last look (`looked_at`).

    On a first look there is no last one: `since` is then some weeks before the newest record. `undated` counts records
    without a day of publication, which a day leaves out. `quiet` counts the companies that were looked at and have
    nothing new; `uncompared` counts new records that are only listed, for there are too many; `watched` are the codes that the look was limited to by the watch list.
    """

    since: date | None
    looked_at: datetime | None
    is_first_look: bool
    companies: tuple[CompanyNews, ...]
    quiet: int
    undated: int
    uncompared: int = 0
    watched: tuple[str, ...] = ()
    looked: frozenset[str] = frozenset()
    """The ids of all records of the companies that were looked at."""

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu news --json` prints."""
        told = {
            "since": self.since,
            "looked_at": self.looked_at.isoformat(timespec="seconds") if self.looked_at else None,
            "first_look": self.is_first_look,
            "watched": self.watched,
            "quiet": self.quiet,
            "undated": self.undated,
            "uncompared": self.uncompared,
            "companies": [asdict(one) for one in self.companies],
        }
        plain: dict[str, Any] = json.loads(json.dumps(told, default=str, ensure_ascii=False))
        return plain


def gathered(
    library: Library,
    records: Sequence[RecordSummary],
    since: date | None,
    looks: Looks,
    watched: tuple[str, ...] = (),
) -> NewsReport:
    """What came in since a day, else since the last look.

    Args:
        library: that holds the records.
        records: of the companies that are looked at, the newest first.
        since: the first day of publication; None for what the last look had not seen.
        looks: what was looked at so far.
        watched: what the watch list limited the companies to.
    """
    is_first_look = since is None and looks.looked_at is None
    if is_first_look and (days := [one.published_on for one in records if one.published_on]):
        since = max(days) - timedelta(days=FIRST_LOOK)
    new = [one for one in records if _came_in(one, since, looks)]
    ids = frozenset(one.id for one in new)
    compared = frozenset(one.id for one in new[:MOST_COMPARED])
    groups: dict[str, list[RecordSummary]] = {}
    for one in records:
        groups.setdefault(_company(one), []).append(one)
    active = [groups[key] for key in dict.fromkeys(map(_company, new))]
    vectors = PairVectors.of(library, [one.id for group in active for one in group])
    found = [_company_news(library, group, ids, compared, vectors) for group in active]
    found.sort(key=lambda one: (-one.newest.toordinal(), one.code or one.short_name or ""))
    return NewsReport(
        since=since,
        looked_at=None if since else looks.looked_at,
        is_first_look=is_first_look,
        companies=_numbered(found),
        quiet=len(groups) - len(active),
        undated=sum(one.published_on is None for one in records) if since else 0,
        uncompared=len(ids - compared),
        watched=watched,
        looked=frozenset(one.id for one in records),
    )


def _came_in(record: RecordSummary, since: date | None, looks: Looks) -> bool:
    if since is not None:
        return record.published_on is not None and record.published_on >= since
    return record.id not in looks.seen


def _company(record: RecordSummary) -> str:
    return record.code or record.short_name or record.id


def _company_news(
    library: Library,
    group: Sequence[RecordSummary],
    new: AbstractSet[str],
    compared: AbstractSet[str],
    vectors: PairVectors,
) -> CompanyNews:
    """What is new of one company.

    Args:
        library: that holds its records.
        group: all its records.
        new: the ids of those that came in; the others are what they are held against.
        compared: the ids of those that are; the rest of the new ones is only listed.
        vectors: of the pairs of all of them.
    """
    came = sorted(
        (one for one in group if one.id in new), key=lambda one: (str(one.published_on or ""), one.id)
    )
    # an earlier version of a record that came in says what it says: it is nothing to hold it against
    replaced = {one.id for one in group if one.superseded_by in new}
    before = sorted(
        (one for one in group if one.id not in new and one.id not in replaced and one.published_on),
        key=lambda one: (str(one.published_on), one.id),
    )
    work = _Work(library, Known(vectors), Institutions())
    for one in before:
        work.know(library.record(one.id))
    days = [one.published_on for one in before if one.published_on]
    for one in came:
        work.look(one, compare=one.id in compared)
    corrects: dict[str, list[str]] = {}
    for one in group:
        if one.superseded_by:
            corrects.setdefault(one.superseded_by, []).append(one.id)
    return CompanyNews(
        code=came[0].code,
        short_name=came[-1].short_name,
        compared=len(before),
        compared_from=min(days, default=None),
        compared_to=max(days, default=None),
        records=tuple(
            _record(one, work.forms[one.id], tuple(corrects.get(one.id, ()))) for one in reversed(came)
        ),
        questions=tuple(sorted(work.questions, key=lambda one: (one.declines, *_newest_first(one)))),
        asked_before=work.asked_before,
        repeated=work.repeated,
        changes=tuple(_distinct(work.changes)),
        institutions=tuple(sorted(work.visitors, key=_newest_first)),
    )


class _Work:
    """The records of a company, one after another as they were published, each held against those before."""

    def __init__(self, library: Library, known: Known, institutions: Institutions) -> None:
        self.library = library
        self.known, self.institutions = known, institutions
        self.forms: dict[str, Form] = {}
        self.questions: list[NewQuestion] = []
        self.changes: list[Change] = []
        self.visitors: list[NewVisitor] = []
        self.asked_before = self.repeated = 0

    def know(self, record: Record) -> None:
        """What the record holds is no news any more."""
        self.known.add(record)
        for each in record.form.participants:
            self.institutions.add(each.institution)

    def look(self, summary: RecordSummary, *, compare: bool) -> None:
        """What is new in a record, where there is an earlier one to hold it against; it is known then."""
        record = self.library.record(summary.id)
        self.forms[summary.id] = record.form
        compare = compare and not summary.superseded_by
        if compare and len(self.known):
            standing = self.known.standing(record)
            changes = [
                Change(reason, old, new)
                for reason, old, new in changes_of(self.library, self.known, record, summary, standing)
            ]
            self.changes += changes
            # what is told as changed was spoken of before, whatever the words of the question
            changed = {change.new.pair for change in changes}
            for pair in record.pairs:
                state = standing[pair.number][0]
                if state == "new" and pair.number not in changed:
                    self.questions.append(_question(record, summary, pair))
                else:
                    self.asked_before += 1
                    self.repeated += state == "same"
        if compare and len(self.institutions):
            self.visitors += self._visitors(record, summary)
        self.know(record)

    def _visitors(self, record: Record, summary: RecordSummary) -> Iterator[NewVisitor]:
        met = Institutions()
        for each in record.form.participants:
            name = each.institution
            if not is_one(each) or name in self.institutions or name in met:
                continue
            met.add(name)
            place = _place(record, each)
            if place is not None:
                yield NewVisitor(name, each.people, cite(record, summary, place))


def _place(record: Record, each: Participant) -> Span | None:
    """Where the form names an institution; where its name is broken up, the row of those who came."""
    return next(places_of(record, each), None) or next(form_row(record, "who"), None)


def _question(record: Record, summary: RecordSummary, pair: QAPair) -> NewQuestion:
    fitted = bundled_declining()
    span = answering_sentence(pair.question, record.text, pair.answer_span)
    declines = (
        span is None
        or not substance(span.of(record.text))
        or fitted.probability(pair.question, pair.answer) >= fitted.evades_from
    )
    span = span or pair.question_span
    return NewQuestion(cite(record, summary, span, pair=pair.number, question=pair.question), declines)


def _record(one: RecordSummary, form: Form, corrects: tuple[str, ...]) -> NewRecord:
    return NewRecord(
        record_id=one.id,
        source_file=one.source_file,
        number=one.number,
        published_on=one.published_on,
        held_on=one.held_on,
        categories=form.categories,
        is_table=one.format in TABLES,
        pairs=one.pairs,
        statements=one.statements,
        institutions=len({each.institution for each in form.participants if is_one(each)}),
        superseded_by=one.superseded_by,
        corrects=corrects,
    )


def _newest_first(one: NewQuestion | NewVisitor) -> tuple[int, str, int, int]:
    at = one.citation
    return (-(at.published_on or date.min).toordinal(), at.record_id, at.pair, at.start)


def _distinct(changes: Sequence[Change]) -> Iterator[Change]:
    """Each change once, the newest first, numbers of shareholders last: what is said anew in several answers is told against the newest of the old,
    and what is replaced by several sentences of a record by the first."""
    ordered = sorted(
        changes,
        key=lambda one: (
            bool(SHAREHOLDERS.search(one.new.quote)),  # the number of shareholders is asked for all the time
            -(one.new.published_on or date.min).toordinal(),
            -(one.old.published_on or date.min).toordinal(),
            one.new.record_id,
            one.new.pair,
            one.old.pair,
        ),
    )
    told: set[str] = set()
    for one in ordered:
        said = "".join(one.new.quote.split())
        replaced = f"{one.new.record_id}{''.join(one.old.quote.split())}"
        if said not in told and replaced not in told:
            told |= {said, replaced}
            yield one


def _numbered(companies: Sequence[CompanyNews]) -> tuple[CompanyNews, ...]:
    """The same with citations numbered through, in the order in which they are told."""
    count = 0

    def marked(citation: Citation) -> Citation:
        nonlocal count
        count += 1
        return replace(citation, mark=count)

    return tuple(
        replace(
            one,
            changes=tuple(replace(each, old=marked(each.old), new=marked(each.new)) for each in one.changes),
            questions=tuple(replace(each, citation=marked(each.citation)) for each in one.questions),
            institutions=tuple(replace(each, citation=marked(each.citation)) for each in one.institutions),
        )
        for one in companies
    )
