"""Negation and opposites: 未 and 不 turn a sentence round, 增长 is not 下降."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rag.grounding.words import pattern, table

_CLAUSE_END: Final = re.compile(r"[，。；！？:]")


@cache
def _opposites() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Both sides of each pair; English words (the one pattern with a `?`) stand alone."""

    def compiled(words: str, english: bool) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{words})\b" if english else words, re.IGNORECASE)

    pairs = table("polarity.opposites")
    return tuple((compiled(one, "?" in one), compiled(other, "?" in one)) for one, other in pairs)


def metrics_opposed(one: str, other: str) -> bool:
    """Whether two labels name the two sides of one thing: 净流入 and 净流出, 最高 and 最低."""
    return any(
        (left in one and right not in one and right in other and left not in other)
        or (right in one and left not in one and left in other and right not in other)
        for left, right in table("polarity.metrics")
    )


def negations(text: str) -> int:
    """How many times the text denies."""
    return len(pattern("polarity.negation").findall(pattern("polarity.no_negation").sub("", text)))


def denied(text: str, longest: int) -> str:
    """What a text denies: as many characters behind its denials, within their clauses."""
    plain = pattern("polarity.no_negation").sub("，", text)
    behind = (plain[match.end() :] for match in pattern("polarity.negation").finditer(plain))
    return "，".join(_CLAUSE_END.split(words)[0][:longest] for words in behind)


def denies(text: str) -> bool:
    """Whether the text as a whole denies: an odd number of negations."""
    return negations(text) % 2 == 1


def opposed(one: str, other: str) -> bool:
    """Whether two words (or short stretches) put for each other turn a sentence into its opposite."""
    for left, right in _opposites():
        if (
            left.search(one) and right.search(other) and not right.search(one) and not left.search(other)
        ) or (right.search(one) and left.search(other) and not left.search(one) and not right.search(other)):
            return True
    return False
