"""Does the library speak of a thing at all? 氦气产能 is not answered by records that never mention 氦气.

Similarity cannot tell: an embedding finds the record on 特气产能 very near. So the question's own
nouns are looked up: one of them that no record in scope contains, in no everyday wording either,
means that the question is not answered there. Measured in docs/decisions/0006-not-found.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.index import Index
from ingest.records import Passage
from ingest.where import Where
from rag.colloquial import everyday_words
from rag.word_lists import word_list

# Tags of the segmenter: nouns, names of people, places, organisations, works; verbal nouns; abbreviations.
_NOUN_TAGS = frozenset({"n", "nr", "ns", "nt", "nz", "vn", "l", "an", "eng", "j", "nrfg", "nrt"})
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]+")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MEASURES = frozenset("率量额数价费")
LOOKED_AT = 12  # passages per word


def topics(question: str) -> list[str]:
    """The nouns and Latin words of a Chinese question that say what it is about, everyday words left out.

    Words that fit any company (收入, 客户, 情况) say nothing of that kind and are left out too.
    """
    if not _CHINESE.search(question):
        return []
    import rjieba

    general = word_list("general_words")
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


def missing_topics(
    question: str,
    formal: dict[str, tuple[str, ...]],
    index: Index,
    passages: Callable[[list[str]], list[Passage]],
    where: Where,
) -> list[str]:
    """The topics of `question` of which no passage in scope speaks.

    Args:
        question: without company names.
        formal: the question's everyday words, each with the records' terms for it.
        index: where to look.
        passages: gives passages by id.
        where: the scope.
    """

    def spoken_of(word: str) -> bool:
        hits = index.lexical(word, where, LOOKED_AT)
        texts = [passage.indexed_text.lower() for passage in passages([hit[0] for hit in hits])]
        return any(_contains(text, word.lower()) for text in texts)

    lacking = [word for word in topics(question) if not spoken_of(word)]
    lacking += [
        word
        for word, terms in formal.items()
        if not spoken_of(word) and not any(spoken_of(term) for term in terms)
    ]
    return lacking


def _contains(text: str, word: str) -> bool:
    """Whether `word` stands in `text`; a long Chinese word also when most of its neighbouring pairs do."""
    if word in text:
        return True
    if len(word) < 3 or not _CHINESE.search(word):
        return False
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    return 2 * sum(pair in text for pair in pairs) > len(pairs)
