"""Who came: which companies an institution or a person visited (高毅调研过哪些公司), who visited a company."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ingest.library.library import RecordSummary
from ingest.records import Participant, Record, Span
from rag.answers import Claim
from rag.asking.companies import source_label
from rag.asking.company_aliases import folded
from rag.asking.kinds import visits_asked
from rag.asking.question import Question
from rag.views.about_records import Told, when
from rag.writing.answer_notes import names_of_all, notes
from rag.writing.quoting import cite, judged
from rag.writing.wording import say

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Visit:
    """An institution in the form of a record."""

    record: RecordSummary
    participant: Participant


def about_visitors(
    asked: Question,
    records: Sequence[RecordSummary],
    participants: Mapping[str, tuple[Participant, ...]],
    record_of: Callable[[str], Record],
) -> Told | None:
    """The forms' own words on who took part; None where no form says, or another thing is asked.

    Args:
        asked: the question, understood.
        records: those that it is about.
        participants: of each record, by its id.
        record_of: gives the record with an id.
    """
    visits = visits_asked(asked)
    if visits is None:
        return None
    known = [record for record in records if participants.get(record.id) and _in_the_periods(asked, record)]
    came = [
        Visit(record, each)
        for record in sorted(known, key=when, reverse=True)
        for each in participants[record.id]
    ]
    if visits.who:
        met, word = [visit for visit in came if _is(visits.who, visit.participant)], ""
    else:
        met, word = [visit for visit in came if visits.word in visit.participant.institution], visits.word
        met, word = (met, word) if met else (came, "")
    if not met:
        scope = names_of_all(asked.companies) or say(asked.language, "all_companies")
        who = visits.who or say(asked.language, "institutions")
        text = say(asked.language, "visits_none", scope=scope, records=len(known), who=who)
        return Told("\n\n".join([text, *notes(asked, (), records)]), outcome="not_found")
    if visits.who:
        return _of_a_visitor(asked, visits.who, met, known, record_of)
    return _of_a_company(asked, word, met, known, record_of)


def _in_the_periods(asked: Question, record: RecordSummary) -> bool:
    held = record.held_on
    return not asked.periods or (
        held is not None and any(p.first <= held[1] and held[0] <= p.last for p in asked.periods)
    )


def _is(who: str, each: Participant) -> bool:
    """Whether a participant is meant: its name holds the one asked for, or a person has just that name."""
    return folded(who) in folded(each.institution) or who in each.people


def _of_a_visitor(
    asked: Question,
    who: str,
    met: Sequence[Visit],
    known: Sequence[RecordSummary],
    record_of: Callable[[str], Record],
) -> Told | None:
    """Each record of the one company asked about, else the newest of each company."""
    groups: dict[str, list[Visit]] = {}
    for visit in met:
        one = visit.record
        key = one.id if asked.companies else one.code or one.short_name or one.id
        groups.setdefault(key, []).append(visit)
    heading = say(
        asked.language,
        "visits_of",
        who=who,
        records=len(known),
        found=len({visit.record.id for visit in met}),
        companies=len({visit.record.code or visit.record.short_name for visit in met}),
    )

    def row(group: Sequence[Visit], quote: str, mark: int) -> str:
        newest = group[0].record
        return say(
            asked.language,
            "visit_row" if asked.companies else "visits_row",
            company=source_label(newest.short_name, newest.code),
            date=_day(asked, newest),
            count=len({visit.record.id for visit in group}),
            quote=quote,
            mark=mark,
        )

    return _told(asked, heading, list(groups.values()), row, record_of)


def _of_a_company(
    asked: Question,
    word: str,
    met: Sequence[Visit],
    known: Sequence[RecordSummary],
    record_of: Callable[[str], Record],
) -> Told | None:
    """Those that came most often (their names hold `word`), each from the newest record that names it."""
    groups: dict[str, list[Visit]] = {}
    for visit in met:
        groups.setdefault(visit.participant.institution, []).append(visit)
    heading = say(
        asked.language,
        "visitors_of",
        company=names_of_all(asked.companies),
        records=len(known),
        found=len(groups),
        named=say(asked.language, "named", word=word) if word else "",
    )

    def row(group: Sequence[Visit], quote: str, mark: int) -> str:
        return say(
            asked.language,
            "visitor_row",
            who=group[0].participant.institution,
            count=len({visit.record.id for visit in group}),
            date=_day(asked, group[0].record),
            quote=quote,
            mark=mark,
        )

    often = sorted(
        groups.values(), key=lambda g: (-len({visit.record.id for visit in g}), g[0].participant.institution)
    )
    return _told(asked, heading, often, row, record_of)


def _told(
    asked: Question,
    heading: str,
    groups: Sequence[Sequence[Visit]],
    row: Callable[[Sequence[Visit], str, int], str],
    record_of: Callable[[str], Record],
) -> Told | None:
    """The first of each group quoted from its form; None where the forms' text gives nothing to quote."""
    lines: list[str] = [heading]
    claims: list[Claim] = []
    for group in groups[:MOST_SHOWN]:
        record = record_of(group[0].record.id)
        spans = places_of(record, group[0].participant)
        mark = len(claims) + 1
        claim = next(judged(cite(record, group[0].record, span, mark) for span in spans), None)
        if claim:
            claims.append(claim)
            lines.append(row(group, " ".join(claim.text.split()), mark))
    if len(groups) > MOST_SHOWN:
        lines.append(say(asked.language, "first_shown", shown=len(claims), count=len(groups)))
    if asked.periods:
        lines += ["", *notes(asked, claims, ())]
    return Told("\n".join(lines), tuple(claims)) if claims else None


def places_of(record: Record, each: Participant) -> Iterator[Span]:
    """Where a form names a participant: with the first of its people where they stand together, else alone."""
    people = rf"[\s：:（(/／—–-]{{1,4}}{_loose(each.people[0])}" if each.people else ""
    for pattern in dict.fromkeys((_loose(each.institution) + people, _loose(each.institution))):
        if found := re.search(pattern, record.text):
            yield Span(found.start(), found.end())
            return


def _loose(name: str) -> str:
    """A pattern for a name that line ends and spaces may break."""
    return r"\s*".join(re.escape(character) for character in name if not character.isspace())


def _day(asked: Question, record: RecordSummary) -> object:
    return (record.held_on or (None,))[0] or record.published_on or say(asked.language, "unknown_date")
