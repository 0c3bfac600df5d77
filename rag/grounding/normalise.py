"""Two writings of one text made equal: NFKC, white space, zero-width characters; every character traceable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ingest.language.folding import nfkc

_INVISIBLE: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
_SPECIAL: Final = {
    "‘": "'", "’": "'", "“": '"', "”": '"', "「": '"', "」": '"', "『": '"', "』": '"', "〝": '"', "〞": '"',
    "—": "-", "–": "-", "−": "-", "－": "-", "‐": "-", "‑": "-", "﹣": "-", "～": "~", "〜": "~", "∼": "~",
    "，": "，", "；": "；", "？": "？", "！": "！", ";": "；", "?": "？", "!": "！", "：": ":",
}  # fmt: skip
_SENTENCE_END: Final = frozenset("。！？；.…:")
_NEW_PART: Final = re.compile(
    r"(?:[（(]?\s*[一二三四五六七八九十\d]{1,3}\s*[)）、.．]|[#\-*•●]|(?:问|答|提问|回答|回复|投资者|公司|[QqAa])\s*\d{0,3}\s*[:：])"
)


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text and, for every character of it, where it came from in the text as given.

    `gaps` are the places where white space was dropped: tables part their fields with nothing else.
    """

    text: str
    origins: tuple[int, ...]
    gaps: frozenset[int] = frozenset()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the given text that the range `[start, end)` of the normalised text came from."""
        if start >= end or not self.origins:
            return (0, 0)
        return (self.origins[start], self.origins[min(end, len(self.origins)) - 1] + 1)


def _is_wide(character: str) -> bool:
    return ord(character) >= 0x2E80


def normalise(text: str) -> Normal:
    """NFKC with one width of punctuation; white space stays only between words of an alphabet, and a
    line break only where one sentence has ended or a new part begins.

    Args:
        text: any text; offsets of the result refer to it.
    """
    characters: list[str] = []
    origins: list[int] = []
    gaps: list[int] = []
    pending: str = ""
    for position, character in enumerate(text):
        if character.isspace():
            if character in "\n\r\u2028\u2029":
                pending += "\n"
            else:
                pending += " "
            continue
        if character in _INVISIBLE:
            continue
        if pending:
            kept = _kept_space(characters, pending, text, position)
            if not kept:
                gaps.append(len(characters))
            else:
                characters.append(kept)
                origins.append(position - 1)
            pending = ""
        plain = _SPECIAL.get(character)
        if plain is None:
            plain = _plain(character)
            if character == "," and not _groups_digits(text, position):
                plain = "，"  # a comma inside 1,234 is part of the number, any other parts clauses
        for part in plain:
            if not part.isspace():
                characters.append(part)
                origins.append(position)
    return Normal("".join(characters), tuple(origins), frozenset(gaps))


def _plain(character: str) -> str:
    if character < "\x80" or "①" <= character <= "⓿" or "❶" <= character <= "➓":
        return character  # NFKC would glue ① to the digits that follow it
    return nfkc(character)


def _groups_digits(text: str, position: int) -> bool:
    return (
        0 < position < len(text) - 3
        and text[position - 1].isdigit()
        and text[position + 1 : position + 4].isdigit()
        and not text[position + 4 : position + 5].isdigit()
    )


def _kept_space(before: list[str], white: str, text: str, position: int) -> str:
    if not before:
        return ""
    last = before[-1]
    if "\n" in white and (white.count("\n") > 1 or last in _SENTENCE_END or _NEW_PART.match(text, position)):
        return "\n"
    following = text[position]
    if _is_wide(last) or _is_wide(following):
        return ""
    return " "


def is_chinese(text: str) -> bool:
    """Whether a person who wrote this reads Chinese: then the reasons are in Chinese too."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
