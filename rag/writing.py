"""From evidence to an answer without a language model: quotes, each with its citation; the telling sentence first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.records import Passage, Record, Span
from rag.answers import Citation, Outcome
from rag.declining import Declining
from rag.judgement import any_of
from rag.question import Question
from rag.relevance import MOST_OVER_TIME, MOST_SHOWN, Relevant
from rag.telling import Told
from rag.trained import Trained

MOST_CHARACTERS = 2000  # quoted of one answer; of a longer one the sentences nearest to the leading ones
AS_WELL = 0.6  # of the best score
# Further passages are folded once one of those shown is so likely to answer; chosen on questions written for training
# (docs/decisions/0013-sentences.md): what is shown stays short.
ENOUGH = 0.25


@dataclass(frozen=True, slots=True)
class Section:
    """What is quoted from one passage: each draft claim is a sentence's text and its citation.

    `told` says of each citation, in the same order, how likely its sentence tells what is asked, and whether it leads.
    A `folded` section is behind another that answers the same.
    """

    relevant: Relevant
    record: Record
    citations: tuple[Citation, ...]
    told: tuple[Told, ...]
    folded: bool = False

    def leads(self, citation: Citation) -> bool:
        """Whether a citation of this section belongs to what is shown first."""
        return not self.folded and any(one.leads and one.span.start == citation.start for one in self.told)


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer would say if every claim stands."""

    outcome: Outcome
    sections: tuple[Section, ...]


def draft_verbatim(
    asked: Question,
    groups: Sequence[tuple[Trained, Sequence[Relevant]]],
    record_of: Callable[[str], Record],
) -> Draft:
    """Choose what to quote from the evidence.

    Args:
        asked: the question, understood.
        groups: relevant evidence, best first, with the parts that found it; one group a company.
        record_of: gives the record with an id.
    """
    sections: list[Section] = []
    evaded = True
    for trained, group in groups:
        shown: list[float] = []
        for item in _chosen(asked, group):
            folded = any_of(shown) >= ENOUGH and not asked.asks_change
            shown += [] if folded else [item.evidence.score]
            sections.append(_section(asked, item, len(sections) + 1, trained, record_of, folded))
            evaded = evaded and item.evasive
    if not sections:
        return Draft("not_found", ())
    return Draft("evaded" if evaded else "answered", tuple(sections))


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
    asked: Question,
    item: Relevant,
    mark: int,
    trained: Trained,
    record_of: Callable[[str], Record],
    folded: bool,
) -> Section:
    passage = item.evidence.passage
    record = record_of(passage.record_id)
    # A slice is what was found, but its sentences are chosen from the whole answer.
    whole = next((p.answer_span for p in record.pairs if p.number == passage.number), passage.span)
    told = trained.telling.read(asked.search_text, record.text, whole, trained.declining)
    if item.evasive:
        told = _refusing(told, record.text, whole, trained.declining)
    told = _bounded(told)
    return Section(
        item, record, tuple(cite(record, passage, one.span, mark) for one in told), tuple(told), folded
    )


def _refusing(told: Sequence[Told], text: str, whole: Span, declining: Declining) -> list[Told]:
    """Of an answer that declines, the sentences that decline lead; all of them where none does by itself."""
    places = [(whole.start + start, whole.start + end) for start, end in declining.refusals(whole.of(text))]
    refuses = [any(one.span.start < end and start < one.span.end for start, end in places) for one in told]
    if not any(refuses):
        return [Told(one.span, one.likely, True) for one in told]
    return [Told(one.span, one.likely, leads) for one, leads in zip(told, refuses, strict=True)]


def _bounded(told: Sequence[Told]) -> list[Told]:
    """All sentences of an answer; of a very long one the leading ones and their neighbours."""
    leading = [at for at, one in enumerate(told) if one.leads] or [0]
    kept: set[int] = set()
    left = MOST_CHARACTERS
    for at in sorted(range(len(told)), key=lambda at: (min(abs(at - lead) for lead in leading), at)):
        if not kept or len(told[at].span) <= left:
            kept.add(at)
            left -= len(told[at].span)
    return [told[at] for at in sorted(kept)]


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
