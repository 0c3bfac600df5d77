"""Quotes: stretches of a record's text as they stand."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.records import Span


def runs(sentences: Sequence[Span], text: str) -> list[Span]:
    """Neighbouring sentences joined: each run is one stretch of `text` that can be quoted unbroken."""
    joined: list[Span] = []
    for span in sentences:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
