"""The views of a library: whom a topic is asked of, where it is searched, and the view as an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.errors import CompanyUnknown
from ingest.library.library import Company, RecordSummary
from ingest.records import Record, Span
from rag.answers import Claim
from rag.asking.companies import CompanyNames
from rag.asking.kinds import kind_of
from rag.asking.question import Question
from rag.finding.relevance import Relevant
from rag.finding.retrieval import Evidence, Found, whole_of
from rag.finding.topics import Topic
from rag.finding.trained import Trained
from rag.views import comparison_text as side_by_side
from rag.views import timeline_text as over_time
from rag.views.comparison import Comparison, Side, comparison
from rag.views.layouts import comparison_layout, timeline_layout
from rag.views.said import Said, said_on
from rag.views.timeline import Timeline, shortened, timeline
from rag.writing.answer_notes import which_company
from rag.writing.telling import Told
from rag.writing.verbatim_answer import Draft, Section
from rag.writing.wording import say

LEAST_ENTRIES = 2  # of one day there is nothing to be seen over time


@dataclass(frozen=True, slots=True)
class Viewed:
    """A view as an answer: its text, its judged quotes, the draft that they were chosen for, and its layout."""

    text: str
    claims: tuple[Claim, ...]
    draft: Draft
    layout: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Views:
    """Makes views.

    `candidates` gives, for a question and one of its companies, the candidates and the parts that judge; `scope` the records
    that may be searched; `record_of` a record by its id.
    """

    candidates: Callable[[Question, Company], tuple[Trained, Sequence[Found]]]
    scope: Callable[[Question], Sequence[RecordSummary]]
    record_of: Callable[[str], Record]

    def track(self, asked: Question, topic: str = "") -> Timeline:
        """The timeline of the one company asked about."""
        about = Topic.of(asked)
        return timeline(
            asked, about, self._said(asked, about, asked.companies[0]), self.scope(asked), topic=topic
        )

    def compare(self, asked: Question, topic: str = "") -> Comparison:
        """The companies asked about, side by side."""
        about = Topic.of(asked)
        return comparison(asked, about, self._sides(asked, about), topic=topic)

    def answering(self, asked: Question, draft: Draft) -> Viewed | None:
        """The view that answers a question of change or comparison; None for another, where nothing answers, and where
        there is one day only.

        Args:
            asked: the question, understood.
            draft: what would answer without a view: the view quotes all of it, and what else it finds.
        """
        kind = kind_of(asked)
        if draft.outcome != "answered" or kind not in ("change", "comparison"):
            return None
        about = Topic.of(asked)
        chosen = [_of_section(section) for section in draft.sections]
        if kind == "comparison":
            sides = self._sides(asked, about)
            of_each = [[one for one in chosen if _is_of(one, side.company)] for side in sides]
            table = comparison(asked, about, sides, chosen=of_each)
            said = [*chosen, *(one for side in sides for one in side.said)]
            layout = comparison_layout(table, asked.language)
            return _viewed(side_by_side.as_text(table, asked.language), table.claims, said, layout)
        if len(asked.companies) != 1:
            return None
        found = {one.key: one for one in self._said(asked, about, asked.companies[0])}
        found |= {one.key: one for one in chosen}
        line = timeline(asked, about, list(found.values()), self.scope(asked))
        if len(line.entries) < LEAST_ENTRIES:
            return None
        shown = shortened(line, {(one.record.id, one.passage.number) for one in chosen})
        left_out = len(line.entries) - len(shown.entries)
        text = over_time.as_text(shown, asked.language, left_out=left_out)
        layout = timeline_layout(shown, asked.language, left_out=left_out)
        return _viewed(text, shown.claims, list(found.values()), layout)

    def _sides(self, asked: Question, about: Topic) -> list[Side]:
        return [
            Side(company, self._said(asked, about, company), self.scope(replace(asked, companies=(company,))))
            for company in asked.companies
        ]

    def _said(self, asked: Question, about: Topic, company: Company) -> list[Said]:
        trained, found = self.candidates(asked, company)
        records = self.scope(replace(asked, companies=(company,)))
        return said_on(asked, about, found, records, trained, self.record_of)


def one_company(asked: Question, names: CompanyNames) -> Question:
    """The question where it is about one company of the library.

    Raises:
        CompanyUnknown: it is about none, or several, or it cannot be told which.
    """
    unclear = which_company(asked, names)
    if unclear:
        raise CompanyUnknown(" ".join(unclear.split()))
    if len(asked.companies) != 1:
        raise CompanyUnknown(say(asked.language, "view_needs_one"))
    return asked


def of_companies(asked: Question, each: Sequence[Question]) -> Question:
    """The question about the companies of `each` and those that it names itself, in this order.

    Raises:
        CompanyUnknown: fewer than two are named.
    """
    companies = dict.fromkeys(company for one in (*each, asked) for company in one.companies)
    if len(companies) < 2:
        raise CompanyUnknown(say(asked.language, "view_needs_two"))
    return replace(asked, companies=tuple(companies))


def _of_section(section: Section) -> Said:
    """What a draft quotes from one passage."""
    passage = section.relevant.evidence.passage
    spans = tuple(one.span for one in section.told if one.leads)
    whole = whole_of(passage, section.record)
    return Said(
        passage, section.record, whole, spans, section.relevant.evidence.score, section.relevant.evasive
    )


def _is_of(said: Said, company: Company) -> bool:
    passage = said.passage
    return passage.code == company.code and (bool(passage.code) or passage.short_name == company.short_name)


def _viewed(text: str, claims: Sequence[Claim], said: Sequence[Said], layout: Mapping[str, Any]) -> Viewed:
    """With one section a mark, in the order of the marks."""
    by_mark: dict[int, list[Claim]] = {}
    for claim in claims:
        by_mark.setdefault(claim.citations[0].mark, []).append(claim)
    sections: list[Section] = []
    for mark in sorted(by_mark):
        citations = tuple(citation for claim in by_mark[mark] for citation in claim.citations)
        first = citations[0]
        one = next(
            each
            for each in said
            if each.record.id == first.record_id and each.whole.start <= first.start < each.whole.end
        )
        evidence = Evidence(one.passage, one.score, {})
        told = tuple(Told(Span(c.start, c.end), 1.0, True) for c in citations)
        sections.append(Section(Relevant(evidence, one.declined), one.record, citations, told))
    drafted = Draft("answered", tuple(sections))
    return Viewed(text, tuple(claims), drafted, {**layout, "length": len(text)})
