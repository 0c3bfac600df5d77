"""Which passages are the same statement, repeated in another record."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from ingest.library.index_words import fold

SHINGLE = 4
# So much of the shorter text must stand in the longer one (and of both together in each other), and
# no figure may differ: a company often repeats itself word for word with one number changed.
CONTAINED = 0.82
ALIKE = 0.6
SIMILAR_LENGTH = 0.5
# A shorter text is too easily contained in another.
SHORTEST = 12

_COURTESY = re.compile(
    r"(?:尊敬的)?(?:各位)?(?:投资者|股东)?(?:朋友)?[,，]?(?:您|你|大家)好[,，!！。:：\s]*|(?:非常)?感谢您?(?:对(?:我们)?公司)?的?(?:关注|支持|提问|建议)[^。！!]{0,12}[。！!]?|谢谢[您!！。]*"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_NOT_WORDS = re.compile(r"[\W_]+")


class Fingerprint:
    """What of a passage is compared: its shingles and its figures, courtesies left out.

    >>> Fingerprint("毛利率为30%，保持稳定。").same_statement(Fingerprint("您好！毛利率为30%，保持稳定。"))
    True
    """

    def __init__(self, text: str) -> None:
        plain = _COURTESY.sub("", fold(text))
        self.figures = tuple(sorted(_FIGURE.findall(plain)))
        self.letters = _NOT_WORDS.sub("", plain)

    @cached_property
    def shingles(self) -> frozenset[str]:
        last = max(1, len(self.letters) - SHINGLE + 1)
        return frozenset(self.letters[at : at + SHINGLE] for at in range(last))

    def same_statement(self, other: Fingerprint) -> bool:
        """Whether both say the same: nearly the same words and exactly the same figures."""
        if self.letters == other.letters:
            return True
        shorter, longer = sorted((self, other), key=lambda one: len(one.letters))
        if self.figures != other.figures or len(shorter.letters) < SHORTEST:
            return False
        if len(shorter.letters) < SIMILAR_LENGTH * len(longer.letters):
            return False  # no need to look: too little can be shared
        shared = len(shorter.shingles & longer.shingles)
        return shared >= CONTAINED * len(shorter.shingles) and shared >= ALIKE * len(
            shorter.shingles | longer.shingles
        )


@lru_cache(maxsize=4096)
def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of a text, kept for the next question."""
    return Fingerprint(text)
