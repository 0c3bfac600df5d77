"""Words that may stand for each other, written one way; every character keeps its place."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.data_files import word_lines


@lru_cache(maxsize=1)
def _groups() -> dict[str, str]:
    """Each word with the one that stands for it."""
    first: dict[str, str] = {}
    for words in word_lines("synonyms.txt"):
        first.update(dict.fromkeys(words, words[0]))
    return first


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    alike = [word for word, first in _groups().items() if word != first and len(word) == len(first)]
    return re.compile("|".join(sorted(alike, key=len, reverse=True)))


@lru_cache(maxsize=2048)
def canonical(text: str) -> str:
    """The text with one word for each group of rag/data/synonyms.txt where it is as long; as long as before."""
    return _pattern().sub(lambda match: _groups()[match.group()], text)


def interchangeable(one: str, other: str) -> bool:
    """Whether two words stand in one group of rag/data/synonyms.txt."""
    group = _groups().get(one)
    return group is not None and group == _groups().get(other)


def synonyms(word: str) -> tuple[str, ...]:
    """The other words of the group of rag/data/synonyms.txt in which a word stands, in its order."""
    first = _groups().get(word)
    return tuple(other for other, head in _groups().items() if first and head == first and other != word)
