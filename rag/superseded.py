"""Which of a company's statements on one topic a later one corrects, ends or replaces.

A statement is overtaken where a later one of the same company says otherwise of the same thing and the same time:
another figure of one measure, another day on which something is expected, what was planned and is done by now, what
was planned or done and has ended. What is told of another period, product or actor stands beside it and is left alone;
in doubt nothing is marked (docs/decisions/0011-superseded.md has what each rule is worth).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.records import Span
from rag.grounding.evidence import EvidenceText
from rag.grounding.reading import Reading, read
from rag.overtaking.events import ended, happened, moved
from rag.overtaking.measures import other_figure
from rag.overtaking.telling import Told, told
from rag.repeats import fingerprint

Reason = Literal["corrected", "ended", "happened", "figure", "date"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What a company said on a topic: the answer of a pair, a slice of it, or a section of remarks.

    `key` names it among the statements that it is compared with; `start` is where `text` begins in the record's
    canonical text; `question` is the investor's, empty for remarks.
    """

    key: str
    text: str
    published_on: date | None
    question: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Overtaken:
    """By which later statement, why, and the sentences of both (in the canonical texts of their records)."""

    by: str
    reason: Reason
    old: Span
    new: Span
