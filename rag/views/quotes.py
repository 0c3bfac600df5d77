"""The quotes of a view: each with its citation and the gate's verdict."""

from __future__ import annotations

from typing import Any

from ingest.records import Span
from rag.answers import Claim
from rag.finding.topics import Topic
from rag.views.measures import figures_of
from rag.views.said import Said
from rag.writing.quoting import cite, judged, runs


def quoted(said: Said) -> str:
    """The quoted sentences of a statement in one text."""
    return "\n".join(span.of(said.record.text) for span in said.spans)


def likeliest(said: Said, topic: Topic) -> tuple[bool, bool, float, tuple[str, int, int]]:
    """By which the statements of one day are put in order: with figures of the topic, real answers, by how much of the
    topic they speak and how likely the judgement finds them."""
    near = topic.share(quoted(said)) + said.score
    return not figures_of(said, topic), said.declined, -near, said.key


def judged_quotes(said: Said, holding: Span | None = None) -> list[Claim]:
    """The quotes of a statement with the gate's verdict; one that it does not support is left out.

    Args:
        said: the statement.
        holding: only the sentences around this stretch of the record's text.
    """
    spans = runs(said.spans, said.record.text)
    kept = [span for span in spans if holding is None or span.contains(holding)]
    return list(judged([cite(said.record, said.passage, span, 1) for span in kept], said.record.text))


def claim_as_json(claim: Claim) -> dict[str, Any]:
    """A quote with its verdict and where it stands."""
    citation = claim.citations[0]
    return {
        "quote": claim.text,
        "verdict": claim.verdict,
        "mark": citation.mark,
        "record_id": citation.record_id,
        "source_file": citation.source_file,
        "number": citation.number,
        "published_on": str(citation.published_on) if citation.published_on else None,
        "pair": citation.pair,
        "question": citation.question,
        "start": citation.start,
        "end": citation.end,
        "page": citation.page,
    }


def source_of(claim: Claim) -> str:
    """Where a quote stands, in one cell of a table: file, page, number of the pair."""
    citation = claim.citations[0]
    place = [f"第{citation.page}页"] if citation.page else []
    place += [f"问答{citation.pair}"] if citation.pair else []
    return " ".join([citation.source_file, *place])
