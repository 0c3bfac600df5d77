"""What came in as plain text and as the rows of a table, in either language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from rag.answers import Citation
from rag.asking.companies import source_label
from rag.asking.question import Language
from rag.views.news import FIRST_LOOK, Change, CompanyNews, NewQuestion, NewRecord, NewsReport, NewVisitor
from rag.writing.wording import say

SHOWN: Final = 8
"""Of each kind for a company, where not all are wanted."""
QUESTION: Final = 90
"""Characters of a question; the whole stands in JSON and tables."""
Cell = str | int | date | None


def as_text(report: NewsReport, language: Language = "zh", *, everything: bool = False) -> str:
    """The counts, then company by company: records, changes, new questions, first visits; each with its source."""
    parts = [_head(report, language)]
    if report.watched:
        parts[0] += "\n" + say(language, "news_watched", codes="、".join(report.watched))
    most = None if everything else SHOWN
    for one in report.companies:
        parts.append("\n".join(_company(one, language, most)))
    notes = [
        say(language, f"news_{name}", **{key: count})
        for name, key, count in (
            ("uncompared", "count", report.uncompared),
            ("undated", "undated", report.undated),
            ("quiet", "quiet", report.quiet),
        )
        if count
    ]
    if notes:
        parts.append("\n".join(notes))
    return "\n\n".join(parts)


def shown(report: NewsReport, *, everything: bool = False) -> list[Citation]:
    """The citations whose marks stand in the text, in their order."""
    most = None if everything else SHOWN
    found: list[Citation] = []
    for one in report.companies:
        for change in one.changes[:most]:
            found += [change.old, change.new]
        found += [asked.citation for asked in one.questions[:most]]
    return found


def header(language: Language = "zh") -> list[str]:
    """The columns of `rows`."""
    return say(language, "news_columns").split("|")


def rows(report: NewsReport, language: Language = "zh") -> list[list[Cell]]:
    """A row for each record, changed statement, new question and first visit."""
    found: list[list[Cell]] = []
    for one in report.companies:
        company: list[Cell] = [one.short_name, one.code]
        for record in one.records:
            found.append(
                [
                    *company,
                    record.published_on,
                    record.number,
                    say(language, "news_row_record"),
                    *[None] * 5,
                    record.source_file,
                    None,
                    None,
                    record.record_id,
                ]
            )
        for change in one.changes:
            reason = say(language, f"news_reason_{change.reason}")
            before: list[Cell] = [change.old.published_on, change.old.quote, None]
            found.append([*company, *_row(change.new, reason, before)])
        for asked in one.questions:
            found.append([*company, *_row(asked.citation, say(language, "news_row_question"), [None] * 3)])
        for visitor in one.institutions:
            who: list[Cell] = [None, None, visitor.institution]
            found.append([*company, *_row(visitor.citation, say(language, "news_row_visitor"), who)])
    return found


def _row(at: Citation, what: str, between: Sequence[Cell]) -> list[Cell]:
    return [
        at.published_on,
        at.number,
        what,
        at.question,
        at.quote,
        *between,
        at.source_file,
        at.pair or None,
        at.page,
        at.record_id,
    ]


def _head(report: NewsReport, language: Language) -> str:
    if report.is_first_look:
        scope = say(language, "news_first", days=FIRST_LOOK, since=report.since)
    elif report.since:
        scope = say(language, "news_since", since=report.since)
    else:
        looked = report.looked_at.astimezone().strftime("%Y-%m-%d %H:%M") if report.looked_at else "?"
        scope = say(language, "news_looked", looked=looked)
    if not report.companies:
        return say(language, "news_none", scope=scope)
    return say(
        language,
        "news_head",
        scope=scope,
        companies=len(report.companies),
        records=sum(len(one.records) for one in report.companies),
        questions=sum(len(one.questions) for one in report.companies),
        changes=sum(len(one.changes) for one in report.companies),
        institutions=sum(len(one.institutions) for one in report.companies),
    )


def _company(one: CompanyNews, language: Language, most: int | None) -> Iterator[str]:
    name = source_label(one.short_name, one.code)
    if one.compared:
        yield say(
            language,
            "news_compared",
            company=name,
            records=one.compared,
            first=one.compared_from,
            last=one.compared_to,
        )
    else:
        several = say(language, "news_several") if len(one.records) > 1 else ""
        yield say(language, "news_alone", company=name, several=several)
    yield from (f"  {_record(record, language)}" for record in one.records[:most])
    yield from _more(one.records, most, language)
    if one.changes:
        yield f"  {say(language, 'news_changes', count=len(one.changes))}"
        for change in one.changes[:most]:
            yield from _change(change, language)
        yield from _more(one.changes, most, language)
    if one.questions or one.asked_before:
        repeated = say(language, "news_repeated", repeated=one.repeated) if one.repeated else ""
        rest = say(language, "news_rest", asked=one.asked_before, repeated=repeated)
        rest = rest if one.asked_before else ""
        yield f"  {say(language, 'news_questions', count=len(one.questions), rest=rest)}"
        for asked in one.questions[:most]:
            yield from _question(asked, language)
        yield from _more(one.questions, most, language)
    if one.institutions:
        yield f"  {say(language, 'news_visitors', count=len(one.institutions))}"
        yield from _visitors(one.institutions, language)


def _more(items: Sequence[object], most: int | None, language: Language) -> Iterator[str]:
    if most is not None and len(items) > most:
        yield f"    {say(language, 'news_more', count=len(items) - most)}"


def _record(one: NewRecord, language: Language) -> str:
    told = say(
        language,
        "news_record",
        day=one.published_on or say(language, "unknown_day"),
        number=f"{one.number} " if one.number else "",
        kind="、".join(one.categories) or say(language, "news_table" if one.is_table else "news_activity"),
        pairs=one.pairs,
        institutions=say(language, "news_institutions", count=one.institutions) if one.institutions else "",
        file=one.source_file,
    )
    if one.corrects:
        told += say(language, "news_corrects", records="、".join(one.corrects))
    if one.superseded_by:
        told += say(language, "news_superseded", record=one.superseded_by)
    return told


def _change(one: Change, language: Language) -> Iterator[str]:
    reason = say(language, f"news_reason_{one.reason}")
    yield f"    〔{reason}〕{_short(one.new.question)}"
    for key, at in (("news_old", one.old), ("news_new", one.new)):
        yield f"      {say(language, key, day=at.published_on, quote=_line(at.quote), mark=at.mark)}"


def _question(one: NewQuestion, language: Language) -> Iterator[str]:
    at = one.citation
    day = at.published_on or say(language, "unknown_day")
    yield f"    {say(language, 'news_question', day=day, pair=at.pair, question=_short(at.question))}"
    declined = say(language, "news_declined") if one.declines else ""
    yield f"      {declined}“{_line(at.quote)}” [{at.mark}]"


def _visitors(visitors: Sequence[NewVisitor], language: Language) -> Iterator[str]:
    """The names of each record in one line."""
    groups: dict[str, list[NewVisitor]] = {}
    for one in visitors:
        groups.setdefault(one.citation.record_id, []).append(one)
    for group in groups.values():
        at = group[0].citation
        yield "    " + say(
            language,
            "news_visits",
            day=at.published_on or say(language, "unknown_day"),
            names="、".join(_line(one.institution) for one in group),
            file=at.source_file,
        )


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(question: str) -> str:
    line = _line(question)
    return line if len(line) <= QUESTION else f"{line[:QUESTION]}…"
