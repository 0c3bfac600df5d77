"""What comes in from outside, made fit to be worked with before any work is done: no half characters, no endless text."""

from __future__ import annotations

import re
from typing import Final

from ingest.errors import QuestionTooLong

LONGEST_QUESTION: Final = 5_000
LONGEST_NAME: Final = 200
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text with each half of a surrogate pair, which no file or stream can hold, replaced by U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def fit_question(text: str) -> str:
    """A question as it can be worked with.

    Raises:
        QuestionTooLong: it has more characters than anybody asks.
    """
    return without_surrogates(_within(text, LONGEST_QUESTION, "the question"))


def fit_name(text: str | None) -> str | None:
    """A company's name or code as it can be worked with.

    Raises:
        QuestionTooLong: no company is called so long.
    """
    return None if text is None else without_surrogates(_within(text, LONGEST_NAME, "the company's name"))


def _within(text: str, most: int, what: str) -> str:
    if len(text) > most:
        raise QuestionTooLong(f"{what} has {len(text)} characters, at most {most} are read: shorten it")
    return text
