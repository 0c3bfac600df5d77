"""The one sentence of an answer that a view shows: the place to change when sentences are chosen otherwise."""

from __future__ import annotations

from ingest.records import Span
from rag.verbatim import choose_sentences, runs

ONE_SENTENCE = 1  # characters that may be taken beyond the best sentence: none


def answering_sentence(question: str, text: str, whole: Span) -> Span | None:
    """The sentence of `text[whole]` that best answers a question, with what it announces (如下：…).

    Args:
        question: the investor's.
        text: a record's canonical text.
        whole: where the answer stands in it.

    Returns:
        None where there is no answer.
    """
    chosen = runs(choose_sentences(question, text, whole, ONE_SENTENCE), text)
    return chosen[0] if chosen else None
