"""A statement read for what may be overtaken: its clauses and figures, each with subject, time and certainty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rag.grounding.alignment import keys_of
from rag.grounding.dates import Period
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure
from rag.grounding.modality import certainty
from rag.grounding.normalise import normalise
from rag.grounding.polarity import denies
from rag.grounding.reading import BoundFigure, Reading, read

# What is counted in these is when or how long, not how much.
_LENGTHS: Final = frozenset(
    ["年", "个月", "天", "日", "周", "小时", "分钟", "秒", "个季度", "岁", "点", "号", "时", "次", "届", "期", "页", "代", "分"]
)  # fmt: skip
_CLAUSE: Final = re.compile(r"[^，。；！？:\n]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of what the company says: its range in the normalised text, its sentence, its keys."""

    start: int
    end: int
    sentence: int
    text: str
    keys: frozenset[str]
    certainty: int
    denies: bool
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A statement with its reading; `asked` are the keys of the question."""

    reading: Reading
    clauses: tuple[Clause, ...]
    figures: tuple[BoundFigure, ...]
    asked: frozenset[str]


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
            text = match.group()
            clauses.append(Clause(match.start(), match.end(), number, text, keys_of(reading.text, *match.span()),
                                  certainty(text), denies(text), inside))  # fmt: skip
    figures = tuple(f for f in reading.figures if not reading.sentences[f.sentence].asks and counted(f.figure))
    return Told(reading, tuple(clauses), figures, keys_of(normalise(piece.question).text))


def counted(figure: Figure) -> bool:
    """Whether a figure says how much or how many of something."""
    return bool(figure.unit) and figure.unit not in _LENGTHS
