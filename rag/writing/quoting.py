"""Quotes: stretches of a record's text as they stand, cited, and judged by the gate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ingest.library.summaries import RecordSummary
from ingest.records import Passage, Record, Span
from rag.answers import Citation, Claim
from rag.grounding import check


def runs(sentences: Sequence[Span], text: str) -> list[Span]:
    """Neighbouring sentences joined: each run is one stretch of `text` that can be quoted unbroken."""
    joined: list[Span] = []
    for span in sentences:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def cite(
    record: Record,
    of: Passage | RecordSummary,
    span: Span,
    mark: int = 1,
    *,
    pair: int = 0,
    question: str = "",
) -> Citation:
    """The citation of a span of a record, printed as `mark`: of a passage's pair, else of the pair given, else of the form."""
    if isinstance(of, Passage):
        pair, question = of.number, of.question
    return Citation(
        mark=mark,
        record_id=record.id,
        source_file=record.source_file,
        code=of.code,
        short_name=of.short_name,
        number=record.form.number,
        published_on=of.published_on,
        pair=pair,
        question=question,
        quote=span.of(record.text),
        start=span.start,
        end=span.end,
        page=record.page_of(span.start),
    )


def judged(citations: Iterable[Citation], text: str | None = None) -> Iterator[Claim]:
    """Each citation as a claim with the gate's verdict; what the gate doesn't support is left out.

    Args:
        citations: of one record.
        text: the record's text, held against what is asserted. Without it, only that these are the words is judged: a row of a
            form asserts nothing.
    """
    for citation in citations:
        stands = text[citation.start : citation.end] if text is not None else citation.quote
        result = check(citation.quote, stands) if text is not None else None
        if (
            result is None or result.verdict == "not_checkable"
        ):  # courtesy asserts nothing; that it was said can be checked
            result = check(f"“{citation.quote}”", stands)
        if result.verdict == "supported":
            yield Claim(citation.quote, result.verdict, result.reasons, (citation,))
