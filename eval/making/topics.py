"""The nouns of a question, for making test cases: what a case is about, and what a library never mentions."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from rag.asking.colloquial import everyday_words

# Tags of the segmenter: nouns, names of people, places, organisations, works; verbal nouns; abbreviations.
_NOUN_TAGS = frozenset({"n", "nr", "ns", "nt", "nz", "vn", "l", "an", "eng", "j", "nrfg", "nrt"})
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MEASURES = frozenset("率量额数价费")


def topics(question: str) -> list[str]:
    """The nouns and Latin words of a Chinese question that say what it is about, everyday words left out.

    Words that fit any company (收入, 客户, 情况) say nothing of that kind and are left out too.
    """
    if not _CHINESE.search(question):
        return []
    import rjieba

    general = general_words()
    found: dict[str, None] = {}
    tagged = [*rjieba.tag(everyday_words().sub("，", question), hmm=False), ("", "")]
    for at, (word, tag) in enumerate(tagged[:-1]):
        before, behind = tagged[at - 1] if at else ("", ""), tagged[at + 1]
        if _LATIN.fullmatch(word) or (tag in _NOUN_TAGS and len(word) > 1 and word not in general):
            found[word] = None
        # What is one thing the segmenter parts: 离职|率, 碳|排放|数据.
        elif (
            word in _MEASURES and before[1] == "v" and len(before[0]) == 2 and before[0] not in general
        ) or (tag == "v" and before[1] == "n" and len(before[0]) == 1 and behind[1] == "n"):
            found[before[0] + word] = None
    return list(found)


@cache
def general_words() -> frozenset[str]:
    """Words that fit any company and say nothing of a question's topic."""
    text = resources.files("eval").joinpath("data/general_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
