"""Names of subsidiaries, learned from the questions that a library holds: 东莞硅翔 is asked of 高澜股份 only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from ingest.language.listed import everyday_names, listing
from rag.asking.company_aliases import foreign_names, generic_words

QuestionsWith = Callable[[str, int], Sequence[tuple[str, str]]]
"""Gives questions with their companies' codes in which a word stands, of so many passages at most."""

# So many questions have to name it, all of one company.
LEAST = 5
LENGTHS = (2, 3)  # characters of a name
# A word of several companies shows in the first few questions; one that stands in so many is no name of a subsidiary.
FEW, MANY = 30, 2000
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_CHARACTERS = re.compile(r"[\u4e00-\u9fff]+")
# Tags of words that stand between things: particles, prepositions, conjunctions, adverbs, numbers, measures, pronouns, places, tone.
_BETWEEN = frozenset("upcdmqrfy")


def names_in(text: str) -> list[str]:
    """All stretches of a text that may be a subsidiary's name."""
    return sorted(
        {
            run.group()[at : at + length]
            for run in _CHARACTERS.finditer(text)
            for length in LENGTHS
            for at in range(len(run.group()) - length + 1)
        }
        - _known()
    )


def subsidiary(name: str, questions: QuestionsWith) -> str | None:
    """The code of the company whose subsidiary goes by a name: one that stands behind a place (东莞硅翔), is no word,
    and occurs in one company's questions only; None where it is none.

    Args:
        name: two or three characters.
        questions: of a library.
    """
    first = questions(name, FEW)
    if not first or len({code for code, _ in first}) > 1:
        return None
    found = questions(name, MANY)
    codes = {code for code, _ in found}
    if len(codes) > 1 or not LEAST <= len(found) < MANY:
        return None
    behind = sum(name in _behind_places(question) for _, question in found)
    return codes.pop() if behind >= LEAST else None


@lru_cache(maxsize=50_000)
def _behind_places(question: str) -> frozenset[str]:
    import rjieba

    words = list(rjieba.tag(question, hmm=False))
    found: set[str] = set()
    for at, (place, tag) in enumerate(words):
        if tag != "ns" or len(place) < 2:
            continue
        name = ""
        for word, sort in words[at + 1 : at + 4]:
            if not _CHARACTER.fullmatch(word) or sort[:1] in _BETWEEN:
                break
            name += word
        if len(name) in LENGTHS:
            found.add(name)
    return frozenset(found)


@cache
def _known() -> frozenset[str]:
    """Names that have another meaning already: another company, a word of many names."""
    return frozenset(
        listing().by_name.keys() | foreign_names().keys() | generic_words() | everyday_names()["halves"]
    )
