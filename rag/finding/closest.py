"""What stands nearest to a question that nothing answers: shown as near, never as an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ingest.records import Record, Span
from rag.answers import Answer, Citation
from rag.asking.companies import source_label
from rag.asking.question import Question
from rag.finding.retrieval import Evidence
from rag.finding.trained import Trained
from rag.writing.quoting import cite, runs
from rag.writing.telling import leading
from rag.writing.wording import say

MOST, LIMIT = 3, 120  # passages, and characters quoted from each


def closest(
    asked: Question, groups: Sequence[tuple[Trained, Sequence[Evidence]]], record_of: Callable[[str], Record]
) -> tuple[Citation, ...]:
    """Up to three passages near the question, nearest first, of each company in turn.

    Args:
        asked: the question, understood.
        groups: the evidence of each company, best first, under the question's own filters, and the parts that found it.
        record_of: gives the record with an id.
    """
    turns = [
        (trained, item)
        for rank in range(MOST)
        for trained, group in groups
        for item in group[rank : rank + 1]
    ]
    found: list[Citation] = []
    for mark, (trained, item) in enumerate(turns[:MOST], 1):
        passage = item.passage
        record = record_of(passage.record_id)
        told = trained.telling.read(asked.search_text, record.text, passage.span, trained.declining)
        spans = leading(told, LIMIT)
        if spans:
            found.append(cite(record, passage, _nearest_run(spans, record.text), mark))
    return tuple(found)


def with_closest(asked: Question, answer: Answer) -> str:
    """The text of a *not found* with the closest passages below it."""
    if not answer.closest:
        return answer.text
    lines = [
        say(
            asked.language,
            "closest_one" if citation.question.strip() else "closest_statement",
            mark=citation.mark,
            company=source_label(citation.short_name, citation.code),
            date=citation.published_on or say(asked.language, "unknown_date"),
            question=" ".join(citation.question.split()),
            quote=" ".join(citation.quote.split()),
        )
        for citation in answer.closest
    ]
    return "\n".join([answer.text, "", say(asked.language, "closest"), *lines])


def _nearest_run(spans: Sequence[Span], text: str) -> Span:
    """The first unbroken stretch of the sentences chosen."""
    return runs(spans, text)[0]
