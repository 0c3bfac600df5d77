"""The words of a verbatim answer: the telling sentence, then one short line of where it stands; the rest is folded."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Passage, Span
from rag.answers import Citation, Claim
from rag.asking.companies import source_label
from rag.asking.question import Question
from rag.writing.quoting import runs
from rag.writing.verbatim_answer import Draft, Section
from rag.writing.wording import say


def compose(asked: Question, draft: Draft, claims: Sequence[Claim], *, everything: bool = False) -> str:
    """The answer's text from the claims that stand, in the draft's order; empty where none does.

    Args:
        asked: the question, understood.
        draft: what was chosen to quote.
        claims: those of it that stand; a section all of whose claims fell is left out.
        everything: also what is folded: the other sentences of an answer, and further passages.
    """
    standing = {(citation.mark, citation.start): claim for claim in claims for citation in claim.citations}
    parts: list[str] = []
    for section in draft.sections:
        kept = [c for c in section.citations if (c.mark, c.start) in standing]
        if not everything:
            kept = [c for c in kept if not standing[c.mark, c.start].folded]
        if kept:
            parts.append(_section(asked, section, kept, everything=everything))
    if not parts:
        return ""
    if draft.outcome == "evaded":
        names = dict.fromkeys(_company(section.relevant.evidence.passage) for section in draft.sections)
        parts.insert(0, say(asked.language, "evaded", company="、".join(names)))
    elif asked.asks_change and len(parts) > 1:
        parts.insert(0, say(asked.language, "changes"))
    folded = "" if everything else _folded(asked, claims)
    return "\n\n".join([*parts, folded] if folded else parts)


def _section(asked: Question, section: Section, kept: Sequence[Citation], *, everything: bool) -> str:
    text = section.record.text
    mark = kept[0].mark
    quotes = [f"“{run.of(text)}” [{mark}]" for run in runs([Span(c.start, c.end) for c in kept], text)]
    lines = [*quotes, _source(asked, section, kept[0])]
    if section.later:
        lines.append(
            say(
                asked.language,
                "superseded_by",
                why=say(asked.language, f"superseded_{section.later.reason}"),
                date=section.later.published_on,
                mark=section.later.mark,
            )
        )
    if section.contradicts:
        lines.insert(0, say(asked.language, "premise"))
    question = " ".join(section.relevant.evidence.passage.question.split())
    if everything and question:
        lines.insert(0, say(asked.language, "was_asked", question=question))
    return "\n".join(lines)


def _source(asked: Question, section: Section, citation: Citation) -> str:
    """One short line: company, day, record, page, and in how many records the same stands."""
    passage = section.relevant.evidence.passage
    language = asked.language
    parts = [
        passage.short_name or _company(passage),
        str(passage.published_on or say(language, "unknown_date")),
    ]
    if section.record.form.number:
        parts.append(say(language, "record_number", number=section.record.form.number))
    if citation.page:
        parts.append(say(language, "on_page", page=citation.page))
    same = (passage, *section.relevant.evidence.repeats)
    days = sorted(one.published_on for one in same if one.published_on)
    records = len({one.record_id for one in same})
    if records > 1 and days:
        parts.append(say(language, "repeated", count=records, first=days[0]))
    return say(language, "source", parts=say(language, "comma").join(parts))


def _folded(asked: Question, claims: Sequence[Claim]) -> str:
    """What is folded: further passages by their marks, those that are overtaken said so, and sentences of those shown."""
    shown = {claim.citations[0].mark for claim in claims if not claim.folded}
    overtaken = {claim.citations[0].mark for claim in claims if claim.superseded_by}
    behind = dict.fromkeys(
        claim.citations[0].mark for claim in claims if claim.citations[0].mark not in shown
    )
    parts = ["".join(f"[{mark}]" for mark in behind if mark not in overtaken)]
    gone = "".join(f"[{mark}]" for mark in behind if mark in overtaken)
    parts.append(say(asked.language, "folded_superseded", marks=gone) if gone else "")
    sentences = sum(claim.folded and claim.citations[0].mark in shown for claim in claims)
    parts.append(say(asked.language, "folded_sentences", sentences=sentences) if sentences else "")
    told = say(asked.language, "list_comma").join(filter(None, parts))
    return say(asked.language, "folded", parts=told) if told else ""


def _company(passage: Passage) -> str:
    return source_label(passage.short_name, passage.code)
