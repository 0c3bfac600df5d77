"""From evidence to an answer without a language model: quotes, each with its citation; the telling sentence first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.records import Record, Span
from rag.answers import Citation, Outcome, SupersededBy
from rag.asking.question import Question
from rag.finding.declining import Declining
from rag.finding.judgement import any_of
from rag.finding.newest_first import Placed
from rag.finding.relevance import Relevant
from rag.finding.retrieval import answer_of
from rag.finding.trained import Trained
from rag.writing.quoting import cite
from rag.writing.telling import Told

MOST_CHARACTERS = 2000  # quoted of one answer; of a longer one the sentences nearest to the leading ones
# Further passages are folded once one of those shown is so likely to answer; chosen on questions written for training
# (docs/decisions/0013-sentences.md): what is shown stays short.
ENOUGH = 0.25


@dataclass(frozen=True, slots=True)
class Section:
    """What is quoted from one passage: each draft claim is a sentence's text and its citation.

    `told` says of each citation, in the same order, how likely its sentence tells what is asked, and whether it leads.
    A `folded` section is behind another that answers the same; `later` is what overtakes it; one that `contradicts` says
    otherwise than the question takes for granted.
    """

    relevant: Relevant
    record: Record
    citations: tuple[Citation, ...]
    told: tuple[Told, ...]
    folded: bool = False
    later: SupersededBy | None = None
    contradicts: bool = False

    def leads(self, citation: Citation) -> bool:
        """Whether a citation of this section belongs to what is shown first."""
        return not self.folded and any(one.leads and one.span.start == citation.start for one in self.told)

    def superseded_by(self, citation: Citation) -> SupersededBy | None:
        """What overtakes a sentence of this section: the one that says it, or all that lead where that one is not quoted."""
        later = self.later
        if later is None:
            return None
        said = [c for c in self.citations if c.start < later.end and later.start < c.end]
        said = said or [c for c, one in zip(self.citations, self.told, strict=True) if one.leads]
        return later if citation in said else None


@dataclass(frozen=True, slots=True)
class Draft:
    """What the answer would say if every claim stands."""

    outcome: Outcome
    sections: tuple[Section, ...]


def draft_verbatim(
    asked: Question,
    groups: Sequence[tuple[Trained, Sequence[Placed]]],
    record_of: Callable[[str], Record],
) -> Draft:
    """Choose what to quote from the evidence.

    Args:
        asked: the question, understood.
        groups: relevant evidence in the order in which it is shown, with the parts that found it; one group a company.
        record_of: gives the record with an id.
    """
    sections: list[Section] = []
    for trained, group in groups:
        shown: list[float] = []
        marks: dict[str, int] = {}
        for one in group:
            folded = bool(shown) and not asked.asks_change and (asked.asks_newest or any_of(shown) >= ENOUGH)
            shown += [] if folded else [one.item.evidence.score]
            mark = marks[one.item.evidence.passage.id] = len(sections) + 1
            section = _section(asked, one, mark, trained, record_of)
            sections.append(replace(section, folded=folded, later=_later(one, marks, record_of)))
    if not sections:
        return Draft("not_found", ())
    evaded = all(section.relevant.evasive for section in sections)
    return Draft("evaded" if evaded else "answered", tuple(sections))


def _later(one: Placed, marks: Mapping[str, int], record_of: Callable[[str], Record]) -> SupersededBy | None:
    """By what a statement is overtaken, as the answer tells it."""
    if one.overtaken is None or one.later is None:
        return None
    passage = one.later.passage
    return SupersededBy(
        mark=marks[passage.id],
        reason=one.overtaken.reason,
        record_id=passage.record_id,
        pair=passage.number,
        published_on=passage.published_on,
        quote=one.overtaken.new.of(record_of(passage.record_id).text),
        start=one.overtaken.old.start,
        end=one.overtaken.old.end,
    )


def _section(
    asked: Question,
    one: Placed,
    mark: int,
    trained: Trained,
    record_of: Callable[[str], Record],
) -> Section:
    item, passage = one.item, one.item.evidence.passage
    record = record_of(passage.record_id)
    # A slice is what was found, but its sentences are chosen from the whole answer.
    whole = answer_of(passage, record)
    told = trained.telling.read(asked.search_text, record.text, whole, trained.declining)
    if item.evasive:
        told = _refusing(told, record.text, whole, trained.declining)
    place = one.contradicts
    if place:
        told = [Told(t.span, t.likely, t.span.start < place.end and place.start < t.span.end) for t in told]
    told = _bounded(told)
    return Section(
        item,
        record,
        tuple(cite(record, passage, t.span, mark) for t in told),
        tuple(told),
        contradicts=place is not None,
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
