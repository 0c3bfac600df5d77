"""A timeline told: its lines, what is different each time in words, its table."""

from __future__ import annotations

from rag.asking.question import Language
from rag.views.changes import Change
from rag.views.timeline import Entry, Timeline
from rag.writing.wording import say


def as_text(view: Timeline, language: Language = "zh", *, left_out: int = 0) -> str:
    """The timeline as a few lines an entry, newest first; Markdown and a terminal show it alike. `left_out` entries are
    told of in one line."""
    lines = head_lines(view, language, left_out=left_out)
    for entry in view.entries:
        lines += ["", *entry_lines(entry, language)]
    if left_out:
        lines += ["", say(language, "more", entries=left_out)]
    return "\n".join(lines)


def head_lines(view: Timeline, language: Language, *, left_out: int = 0) -> list[str]:
    """Whose timeline it is, what was searched, and whether nothing newer was found."""
    key = "track_head" if view.entries else "track_nothing"
    about = say(language, "about", topic=view.topic) if view.topic else ""
    lines = [
        say(
            language,
            key,
            company=view.company,
            about=about,
            records=view.records,
            first=view.first or "?",
            last=view.last or "?",
            entries=len(view.entries) + left_out,
        )
    ]
    if view.silent_since:
        lines.append(say(language, "track_silent_since", records=view.silent_since, last=view.last))
    return lines


def entry_lines(entry: Entry, language: Language) -> list[str]:
    """One entry: the day and what is different, each quote, then the gap below it."""
    head, notes = str(entry.day or say(language, "unknown_day")), entry_notes(entry, language)
    lines = [head + (f" {'；'.join(notes) if language == 'zh' else '; '.join(notes)}" if notes else "")]
    lines += [f"“{' '.join(claim.text.split())}” [{claim.citations[0].mark}]" for claim in entry.claims]
    gap = gap_line(entry, language)
    return [*lines, gap] if gap else lines


def entry_notes(entry: Entry, language: Language) -> list[str]:
    """What is different in an entry, and what is to be known of it."""
    notes = [change_as_text(change, language) for change in entry.changes if change.what != "reworded"]
    if entry.repeated_on:
        notes.append(
            say(language, "repeated_before", count=len(entry.repeated_on), first=entry.repeated_on[-1])
        )
    if entry.declined:
        notes.append(say(language, "declined"))
    if entry.overtaken_by:
        notes.append(say(language, "overtaken", day=entry.overtaken_by))
    return notes


def gap_line(entry: Entry, language: Language) -> str:
    """The records below an entry that say nothing; empty where there are none."""
    if not entry.gap or not entry.gap.records:
        return ""
    return say(language, "gap", records=entry.gap.records, days=entry.gap.days)


def change_as_text(change: Change, language: Language) -> str:
    """What is different, in a few words."""
    return say(
        language,
        f"change_{change.what}",
        since=change.since or "?",
        measure=change.measure,
        old=_with_period(change.old, change.old_period),
        new=_with_period(change.new, change.new_period),
    )


def _with_period(printed: str, period: str) -> str:
    return f"{period} {printed}" if period else printed


def header(language: Language = "zh") -> list[str]:
    """The head of `rows`."""
    return say(language, "track_columns").split("|")


def rows(view: Timeline, language: Language = "zh") -> list[list[str]]:
    """A table of the timeline, newest first, one row a quote, under `header`."""
    table: list[list[str]] = []
    for entry in view.entries:
        figures = "；".join(one.as_text() for one in entry.figures)
        differs = "；".join(change_as_text(change, language) for change in entry.changes)
        for at, claim in enumerate(entry.claims):
            citation = claim.citations[0]
            first = at == 0
            table.append(
                [
                    str(entry.day or ""),
                    " ".join(claim.text.split()),
                    figures if first else "",
                    differs if first else "",
                    str(len(entry.repeated_on)) if first else "",
                    str(entry.gap.records) if first and entry.gap else "",
                    citation.source_file,
                    str(citation.pair),
                    str(citation.page or ""),
                ]
            )
    return table
