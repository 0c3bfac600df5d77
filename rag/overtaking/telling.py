"""A statement read for what may be overtaken, and which of its sentences speak of the topic."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.grounding.alignment import keys_of
from rag.grounding.dates import Period
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure
from rag.grounding.labels import comparable
from rag.grounding.normalise import normalise
from rag.grounding.reading import BoundFigure, Reading, read

# What is counted in these is when or how long, not how much.
_LENGTHS: Final = frozenset(
    ["年", "个月", "天", "日", "周", "小时", "分钟", "秒", "个季度", "岁", "点", "号", "时", "次", "届", "期", "页", "代", "分"]
)  # fmt: skip
_CLAUSE: Final = re.compile(r"(?:[^，。；！？:\n]|(?<=\d):(?=\d))+")
# Of the best sentence's share of the topic, so much makes another sentence speak of it too; at most so many do.
NEAR, MOST = 0.5, 2
SENTENCE: Final = 0.25  # share of the topic from which a sentence is surely about it


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of what the company says: its range in the normalised text, its sentence."""

    start: int
    end: int
    sentence: int
    text: str
    periods: tuple[Period, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Its keys (see `alignment`)."""
        return keys_of(self.text)


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with its reading: the clauses and the figures of what the company says in it.

    `asked` are the keys of the investor's question.
    """

    reading: Reading
    clauses: tuple[Clause, ...]
    figures: tuple[BoundFigure, ...]
    asked: frozenset[str]

    def place(self, sentence: int) -> tuple[int, int]:
        """Where a sentence stands in the statement's text."""
        one = self.reading.sentences[sentence]
        return self.reading.normal.original(one.start, one.end)


@lru_cache(maxsize=512)
def told(piece: EvidenceText) -> Told:
    """Read a statement once; the same statement is compared with several."""
    reading = read(piece)
    clauses: list[Clause] = []
    for number, sentence in enumerate(reading.sentences):
        if sentence.asks:
            continue
        for match in _CLAUSE.finditer(reading.text, sentence.start, sentence.end):
            inside = tuple(p for p in reading.periods if match.start() <= p.start < match.end())
            clauses.append(Clause(match.start(), match.end(), number, match.group(), inside))
    figures = tuple(
        one for one in reading.figures if not reading.sentences[one.sentence].asks and counted(one.figure)
    )
    return Told(reading, tuple(clauses), figures, keys_of(normalise(piece.question).text))


def counted(figure: Figure) -> bool:
    """Whether a figure says how much or how many of something."""
    return bool(figure.unit) and figure.unit not in _LENGTHS


class Topic:
    """What is asked about, seen from some statements: those of its words that they use, rarer ones weighing more."""

    def __init__(self, words: str, statements: Sequence[Told]) -> None:
        """Weighs the words.

        Args:
            words: the question, or a few words.
            statements: all that are compared.
        """
        self.text = normalise(words).text
        asked = keys_of(self.text) | keys_of(comparable(self.text))
        spread: Counter[str] = Counter()
        sentences = 0
        for one in statements:
            for sentence, keys in zip(one.reading.sentences, one.reading.sentence_keys, strict=True):
                if not sentence.asks:
                    spread.update(keys & asked)
                    sentences += 1
        self._weights: Mapping[str, float] = {
            key: math.log(1 + sentences / spread[key]) for key in sorted(spread)
        }
        self._total = sum(self._weights.values()) or 1.0
        self._near = {id(one): self._nearest(one) for one in statements}

    def share(self, keys: frozenset[str]) -> float:
        """How much of the topic some keys name, 0..1."""
        return sum(weight for key, weight in self._weights.items() if key in keys) / self._total

    def sentences(self, statement: Told) -> tuple[int, ...]:
        """The sentences of one of the statements that speak of the topic, the nearest one first; none where none does."""
        return self._near[id(statement)]

    def _nearest(self, statement: Told) -> tuple[int, ...]:
        shares = [
            (-self.share(keys), number)
            for number, (sentence, keys) in enumerate(
                zip(statement.reading.sentences, statement.reading.sentence_keys, strict=True)
            )
            if not sentence.asks
        ]
        shares.sort()
        return tuple(number for share, number in shares[:MOST] if share < 0 and share <= NEAR * shares[0][0])
