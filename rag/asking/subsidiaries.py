"""Names of subsidiaries, learned from the questions that a library holds: 东莞硅翔 is asked of 高澜股份 only."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ingest.language.listed import everyday_names, listing
from rag.asking.company_aliases import foreign_names, generic_words

# So many questions have to name it, all of one company.
LEAST = 5
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
    found: dict[str, str] = {}
    for name in sorted(name for name, count in counts.items() if count >= LEAST):
        codes = {code for code, question in questions if name in question}
        if len(codes) == 1 and not _is_known(name):
            found[name] = codes.pop()
    return found


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
        if 2 <= len(name) <= 3:
            yield name


def _is_known(name: str) -> bool:
    """Whether a name has another meaning already: another company, a word of many names."""
    known = listing().by_name.keys() | foreign_names().keys() | generic_words() | everyday_names()["halves"]
    return name in known
