"""From evidence to an answer without a language model: quotes, each with its citation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.records import Passage, Record, Span
from rag.answers import Citation, Claim, Outcome
from rag.companies import source_label
from rag.question import Question
from rag.relevance import MOST_OVER_TIME, MOST_SHOWN, Relevant
from rag.sentences import sentence_spans
from rag.verbatim import choose_sentences, runs
from rag.wording import say

FIRST_LIMIT, NEXT_LIMIT = 600, 300  # characters quoted from the best passage and from each further one
AS_WELL = 0.6  # of the best score


@dataclass(frozen=True, slots=True)
class Section:
    """What is quoted from one passage: each draft claim is a sentence's text and its citation."""

    relevant: Relevant
    record: Record
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer would say if every claim stands."""

    outcome: Outcome
    sections: tuple[Section, ...]


def draft_verbatim(
    asked: Question, groups: Sequence[Sequence[Relevant]], record_of: Callable[[str], Record]
) -> Draft:
    """Choose what to quote from the evidence.

    Args:
        asked: the question, understood.
        groups: relevant evidence, best first; one group a company.
        record_of: gives the record with an id.
    """
    chosen = [item for group in groups for item in _chosen(asked, group)]
    if not chosen:
        return Draft("not_found", ())
    evaded = all(item.evasive for item in chosen)
    sections: list[Section] = []
    for item in chosen:
        limit = FIRST_LIMIT if not sections or len(groups) > 1 else NEXT_LIMIT
        sections.append(_section(asked, item, len(sections) + 1, limit, record_of))
    return Draft("evaded" if evaded else "answered", tuple(sections))


def compose(asked: Question, draft: Draft, claims: Sequence[Claim]) -> str:
    """The answer's text from the claims that stand, in the draft's order.

    A section all of whose claims fell is left out.
    """
    standing = {(citation.mark, citation.start) for claim in claims for citation in claim.citations}
    parts: list[str] = []
    for section in draft.sections:
        kept = [c for c in section.citations if (c.mark, c.start) in standing]
        if not kept:
            continue
        passage = section.relevant.evidence.passage
        lines = [_heading(asked, section)]
        text = section.record.text
        lines += [
            f"“{run.of(text)}” [{kept[0].mark}]" for run in runs([Span(c.start, c.end) for c in kept], text)
        ]
        repeats = section.relevant.evidence.repeats
        if repeats:
            days = sorted(p.published_on for p in (passage, *repeats) if p.published_on)
            if days:
                lines.append(
                    say(asked.language, "repeated", count=len(repeats) + 1, first=days[0], last=days[-1])
                )
        parts.append("\n".join(lines))
    if not parts:
        return ""
    if draft.outcome == "evaded":
        names = dict.fromkeys(_company(section.relevant.evidence.passage) for section in draft.sections)
        parts.insert(0, say(asked.language, "evaded", company="、".join(names)))
    elif asked.asks_change and len(parts) > 1:
        parts.insert(0, say(asked.language, "changes"))
    return "\n\n".join(parts)


def _chosen(asked: Question, group: Sequence[Relevant]) -> list[Relevant]:
    """Real answers if there are any, else evasions; over time oldest first, otherwise the newest of the best."""
    spoken = [item for item in group if not item.evasive]
    if group and group[0].evasive and (not spoken or not _same_topic(group[0], spoken[0])):
        spoken = [item for item in group if item.evasive]
    elif not spoken:
        return []
    if asked.asks_change:
        return sorted(spoken[:MOST_OVER_TIME], key=_age)
    shown = spoken[:MOST_SHOWN]
    if asked.periods and not asked.asks_newest:
        return shown
    # Among statements that answer about as well, what was said last stands first: so, too, for 今年目前….
    rivals = [item for item in shown if item.evidence.score >= AS_WELL * shown[0].evidence.score]
    return [*sorted(rivals, key=_age, reverse=True), *shown[len(rivals) :]]


def _same_topic(first: Relevant, second: Relevant) -> bool:
    """Whether the second is about as near to the question as the first."""
    return second.evidence.score >= 0.9 * first.evidence.score


def _age(item: Relevant) -> tuple[str, str]:
    passage = item.evidence.passage
    return (passage.published_on.isoformat() if passage.published_on else "", passage.id)


def _section(
    asked: Question, item: Relevant, mark: int, limit: int, record_of: Callable[[str], Record]
) -> Section:
    passage = item.evidence.passage
    record = record_of(passage.record_id)
    # A slice is what was found, but its sentences are chosen from the whole answer.
    whole = next((p.answer_span for p in record.pairs if p.number == passage.number), passage.span)
    spans = choose_sentences(
        asked.search_text, record.text, whole, limit, best=passage.span, asks_figure=asked.asks_figure
    )
    if item.refusals:
        spans = _with_refusals(spans, record.text, whole, item.refusals)
    citations = tuple(cite(record, passage, span, mark) for span in spans)
    return Section(item, record, citations)


def _with_refusals(
    spans: Sequence[Span], text: str, whole: Span, refusals: Sequence[tuple[int, int]]
) -> tuple[Span, ...]:
    """The sentences chosen and those of `text[whole]` in which the company declines: these are always quoted."""
    places = [(whole.start + start, whole.start + end) for start, end in refusals]
    declining = [
        span
        for span in sentence_spans(text, whole.start, whole.end)
        if any(span.start < end and start < span.end for start, end in places)
    ]
    found = {(span.start, span.end): span for span in (*spans, *declining)}
    return tuple(found[key] for key in sorted(found))


def cite(record: Record, passage: Passage, span: Span, mark: int) -> Citation:
    """The citation of a span of a passage's record, printed as `mark`."""
    page = next((page.number for page in record.pages if page.span.start <= span.start < page.span.end), None)
    return Citation(
        mark=mark,
        record_id=record.id,
        source_file=record.source_file,
        code=passage.code,
        short_name=passage.short_name,
        number=record.form.number,
        published_on=passage.published_on,
        pair=passage.number,
        question=passage.question,
        quote=span.of(record.text),
        start=span.start,
        end=span.end,
        page=page,
    )


def _heading(asked: Question, section: Section) -> str:
    passage = section.relevant.evidence.passage
    key = "source" if passage.kind == "pair" else "statement"
    return say(
        asked.language,
        key,
        company=_company(passage),
        date=passage.published_on or say(asked.language, "unknown_date"),
        number=section.record.form.number or "",
        question=" ".join(passage.question.split()),
    )


def _company(passage: Passage) -> str:
    return source_label(passage.short_name, passage.code)
