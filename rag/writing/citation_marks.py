"""Reads what a model writes, as it comes: finished sentences, each with the evidence it cites."""

from __future__ import annotations

import re
from dataclasses import dataclass

_OPEN, _CLOSE = r"[\[［【]", r"[\]］】]"
_LIST = r"\d{1,3}(?:\s*[,，、;；\-–~－]\s*\d{1,3})*"
_MARK = rf"{_OPEN}\s*\^?(?:资料|来源|证据|source|evidence)?\s*{_LIST}\s*{_CLOSE}"
_TERMINATOR = r"(?:[。！？!?]+|\.(?=\s|[\[［【])|\n+)[”’」』）)\"]*"
# A sentence is finished when something follows it that can neither belong to it nor to its marks.
_FINISHED = re.compile(
    rf"(?P<words>.*?{_TERMINATOR})(?P<marks>(?:\s*{_MARK})*)[。.]?\s*(?=[^\s\[［【。.！？!?”’」』）)\"])",
    re.S | re.I,
)
_MARKS = re.compile(rf"\s*({_MARK})", re.I)
_NUMBERS = re.compile(r"(\d{1,3})(?:\s*[\-–~－]\s*(\d{1,3}))?")
_BULLET = re.compile(r"^\s*(?:[-*•·]\s+|#{1,6}\s+|\d{1,2}(?:[.)）]\s+|、))+")
_EMPHASIS = re.compile(r"\*{2,}|`+|__")
_PREAMBLE = re.compile(r"^(?:答案?|回答|回复|answer)\s*[:：]\s*", re.I)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that a model wrote, without its marks.

    `marks` are the numbers of the evidence that it cites, each once, in order; `invented` are
    numbers that it wrote though no evidence has them.
    """

    text: str
    marks: tuple[int, ...]
    invented: tuple[int, ...] = ()


class Sentences:
    """A parser that is fed pieces of a stream and gives sentences as they are finished.

    Marks may stand before or after the full stop, as [1], 【1】, ［1］, [1][2], [1,2] or [1-3]. A
    partial mark is held back: nothing of a sentence is given before it and its marks are whole.

    >>> sentences = Sentences(2)
    >>> sentences.feed("收入增长41%[1"), sentences.feed("]。毛利"), sentences.finish()
    ([], [Sentence(text='收入增长41%。', marks=(1,), invented=())], [Sentence(text='毛利', marks=(), invented=())])
    """

    def __init__(self, evidence: int) -> None:
        """`evidence` is how many pieces of evidence there are: marks go from 1 to it."""
        self._evidence = evidence
        self._held = ""

    def feed(self, piece: str) -> list[Sentence]:
        """The sentences that `piece` finishes."""
        self._held += piece
        found: list[Sentence] = []
        while match := _FINISHED.match(self._held):
            found.extend(self._read(match.group()))
            self._held = self._held[match.end() :]
        return found

    def finish(self) -> list[Sentence]:
        """What is left when the stream has ended."""
        rest, self._held = self._held, ""
        return self._read(rest)

    def _read(self, written: str) -> list[Sentence]:
        marks: list[int] = []
        for mark in _MARKS.finditer(written):
            for first, last in _NUMBERS.findall(mark.group(1)):
                low, high = int(first), int(last or first)
                marks.extend(range(low, min(high, low + 20) + 1))
        # A mark that was cut off at the stream's end goes with the marks.
        words = re.sub(rf"{_OPEN}[^\]］】]{{0,12}}$", "", _MARKS.sub("", written))
        words = _PREAMBLE.sub("", _EMPHASIS.sub("", _BULLET.sub("", words)))
        text = " ".join(words.split()).strip()
        text = re.sub(r"\s+(?=[。，！？；：])", "", text)
        if not any(character.isalnum() for character in text):
            return []
        unique = tuple(dict.fromkeys(marks))
        known = tuple(mark for mark in unique if 1 <= mark <= self._evidence)
        return [Sentence(text, known, tuple(mark for mark in unique if mark not in known))]
