"""Names of subsidiaries, learned from the questions that a library holds: 东莞硅翔 is asked of 高澜股份 only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.listed import everyday_names, listing
from rag.company_aliases import foreign_names, generic_words

# So many questions have to name it, all of one company.
LEAST = 5
LENGTHS = (2, 3)  # characters of a name
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
# Tags of words that stand between things: particles, prepositions, conjunctions, adverbs, numbers, measures, pronouns, places, tone.
_BETWEEN = frozenset("upcdmqrfy")


def subsidiaries(questions: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Codes by names that stand behind a place (东莞硅翔), are no word, and occur in one company's questions only.

    Args:
        questions: of a library, each with its company's code.
    """
    counts: dict[str, int] = defaultdict(int)
    for _, question in questions:
        for name in set(_behind_places(question)):
            counts[name] += 1
    codes: dict[str, set[str]] = {name: set() for name, count in counts.items() if count >= LEAST}
    # One pass over all questions for all names: there may be a million of the ones and thousands of the others.
    for code, question in questions if codes else ():
        for length in LENGTHS:
            for at in range(len(question) - length + 1):
                if (named := codes.get(question[at : at + length])) is not None:
                    named.add(code)
    known = _known()
    return {name: min(codes[name]) for name in sorted(codes) if len(codes[name]) == 1 and name not in known}


def _behind_places(question: str) -> Iterator[str]:
    import rjieba

    words = list(rjieba.tag(question, hmm=False))
    for at, (place, tag) in enumerate(words):
        if tag != "ns" or len(place) < 2:
            continue
        name = ""
        for word, sort in words[at + 1 : at + 4]:
            if not _CHARACTER.fullmatch(word) or sort[:1] in _BETWEEN:
                break
            name += word
        if len(name) in LENGTHS:
            yield name


def _known() -> frozenset[str]:
    """Names that have another meaning already: another company, a word of many names."""
    return frozenset(
        listing().by_name.keys() | foreign_names().keys() | generic_words() | everyday_names()["halves"]
    )
