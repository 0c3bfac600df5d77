"""Sentences of a text with their exact spans."""

from __future__ import annotations

import re

from ingest.records import Span

# A sentence ends at 。！？ or at a paragraph's end; a closing quote or bracket belongs to it. A Latin full
# stop ends one only before white space, so that 3.5 and 1.6T stay whole.
_END = re.compile(r"[。！？!?]+[”’」』）)\"]*|\.(?=\s)|\n+")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Spans of the sentences of `text[start:end]`, without the white space around them.

    Together they cover every character that is not white space.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    at = start
    for match in _END.finditer(text, start, end):
        spans.append(Span(at, match.end()))
        at = match.end()
    spans.append(Span(at, end))
    return [trimmed for span in spans if (trimmed := trim(text, span)).end > trimmed.start]


def trim(text: str, span: Span) -> Span:
    """`span` without white space at its ends."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
