"""The one sentence of an answer that a view shows."""

from __future__ import annotations

from ingest.records import Span
from rag.finding.declining import bundled_declining
from rag.writing.quoting import runs
from rag.writing.telling import bundled_telling


def answering_sentence(question: str, text: str, whole: Span) -> Span | None:
    """The sentence of `text[whole]` that most likely answers a question, with what belongs to it (如下：…, 但…).

    Args:
        question: the investor's.
        text: a record's canonical text.
        whole: where the answer stands in it.

    Returns:
        None where there is no answer.
    """
    told = bundled_telling().briefly(question, text, whole, bundled_declining())
    chosen = runs([one.span for one in told], text)
    return chosen[0] if chosen else None
