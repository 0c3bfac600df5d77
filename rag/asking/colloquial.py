"""Investors' everyday words in the records' language: 老美加税 asks about 美国 and 关税."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.data_files import lexicon


def formal_terms(text: str) -> dict[str, tuple[str, ...]]:
    """The everyday words of `text`, in order, each with the terms in which records speak of it.

    The longest everyday word at each place counts.
    """
    words, pattern = _lexicon()
    return {match.group(): tuple(words[match.group()].split()) for match in pattern.finditer(text)}


def everyday_words() -> re.Pattern[str]:
    """Matches every everyday word that the lexicon knows, the longest at each place."""
    return _lexicon()[1]


@lru_cache(maxsize=1)
def _lexicon() -> tuple[dict[str, str], re.Pattern[str]]:
    words: dict[str, str] = lexicon("colloquial.json")
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return words, re.compile("|".join(map(re.escape, ordered)))
