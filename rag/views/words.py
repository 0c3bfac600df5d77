"""The words that a list looks for, and where they stand in a text as it was printed.

A word is found whatever its width, case, radicals or traditional characters, and across the line ends and spaces
that a page puts between characters. What begins or ends in a Latin letter or a digit is found whole: AI not in
SAIC, 6T not in 1.6T.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.language.folding import folded
from ingest.records import Span

_GAP = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*"
_LINE_END = r"(?:[ \t\u200b]*\n[ \t\u200b]*)?"
_THOUSANDS = r"(?:[,，](?=\d{3}))?"
_PHRASE = re.compile(r"“([^”]+)”|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』|＂([^＂]+)＂")
_PARTED = re.compile(r"[\s、，,；;]+")
_LONGEST_COMPATIBLE = 4  # characters that one compatibility character such as ㎏ or ℃ stands for


@dataclass(frozen=True, slots=True)
class Word:
    """A word or phrase that is looked for; `also` are words that count in its place."""

    text: str
    also: tuple[str, ...] = ()

    def places(self, text: str) -> Iterator[Span]:
        """Where the word stands in a text, in order."""
        for found in _pattern((self.text, *self.also)).finditer(text):
            yield Span(found.start(), found.end())

    def stands_in(self, text: str) -> bool:
        """Whether the word stands in a text at all."""
        return _pattern((self.text, *self.also)).search(text) is not None


def words_of(text: str) -> tuple[Word, ...]:
    """The words that a person typed: parted by spaces and commas, except within quotation marks.

    >>> [word.text for word in words_of('液冷 "Meta AI"')]
    ['Meta AI', '液冷']

    Raises:
        ValueError: there is no word.
    """
    phrases = [next(filter(None, found.groups())) for found in _PHRASE.finditer(text)]
    single = _PARTED.split(_PHRASE.sub(" ", text))
    found = dict.fromkeys(word.strip() for word in (*phrases, *single) if plain(word))
    if not found:
        raise ValueError("no word to look for: name at least one, such as 液冷")
    return tuple(Word(text) for text in found)


def plain(text: str) -> str:
    """The one form in which words are compared: one width and case, simplified, without white space or marks at the ends."""
    table = _one_for_one()
    one = "".join(table.get(c, c) for c in unicodedata.normalize("NFKC", folded(text)).lower())
    return re.sub(r"\s+", "", one).strip("“”\"'「」『』《》?？。")


@lru_cache(maxsize=512)
def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """A pattern over texts as printed for any of some words."""
    return re.compile("|".join(_of_word(plain(word)) for word in sorted(words, key=len, reverse=True)))


def _of_word(word: str) -> str:
    _, compatible = _printed()
    parts: list[str] = []
    at = 0
    while at < len(word):
        if at:
            parts.append(_between(word[at - 1], word[at]))
        one, taken = _spelled(word[at]), 1
        for length in range(_LONGEST_COMPATIBLE, 1, -1):
            if whole := compatible.get(word[at : at + length]):
                one, taken = f"(?:{_spelled(word[at : at + length])}|[{re.escape(whole)}])", length
                break
        parts.append(one)
        at += taken
    return f"{_before(word[0])}{''.join(parts)}{_behind(word)}"


def _spelled(characters: str) -> str:
    """A pattern for some characters, each as it may be printed, with what may stand between them."""
    printed, _ = _printed()
    pattern = ""
    for at, one in enumerate(characters):
        pattern += _between(characters[at - 1], one) if at else ""
        pattern += f"[{''.join(map(re.escape, printed.get(one, one)))}]"
    return pattern


def _between(one: str, other: str) -> str:
    if one.isdigit() and other.isdigit():
        return _THOUSANDS
    if one.isascii() and one.isalpha() and other.isascii() and other.isalpha():
        return _LINE_END
    return _GAP


def _letters() -> str:
    printed, _ = _printed()
    return "".join(re.escape(c) for letter in "abcdefghijklmnopqrstuvwxyz" for c in printed[letter])


def _before(first: str) -> str:
    if first.isdigit():
        return r"(?<!\d)(?<!\d[.．])"
    return f"(?<![{_letters()}])" if first.isascii() and first.isalpha() else ""


def _behind(word: str) -> str:
    if word[-1].isdigit():
        return r"(?!\d)(?![.．]\d)"
    if not (word[-1].isascii() and word[-1].isalpha()):
        return ""
    plural = "[sS]?" if len(word) > 2 and word.isalpha() else ""
    return f"{plural}(?![{_letters()}])"


@lru_cache(maxsize=1)
def _one_for_one() -> dict[str, str]:
    """Each traditional character with the simplified one."""
    from rag.asking.question import simplified

    characters = [chr(code) for code in range(0x3400, 0xA000)]
    plain_ones = simplified("\n".join(characters)).split("\n")
    return {
        one: other
        for one, other in zip(characters, plain_ones, strict=True)
        if one != other and len(other) == 1
    }


@lru_cache(maxsize=1)
def _printed() -> tuple[dict[str, str], dict[str, str]]:
    """What is printed for a compared character, and the single characters printed for several (℃ for °c)."""
    table = _one_for_one()
    printed: dict[str, str] = {}
    compatible: dict[str, str] = {}
    for code in range(0x21, 0x10000):
        one = chr(code)
        if 0xD800 <= code < 0xE000:
            continue
        same = unicodedata.normalize("NFKC", folded(one)).lower()
        if len(same) == 1:
            same = table.get(same, same)
            printed[same] = printed.get(same, "") + one
        elif 1 < len(same) <= _LONGEST_COMPATIBLE and " " not in same:
            compatible[same] = compatible.get(same, "") + one
    return printed, compatible
