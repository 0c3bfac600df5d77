"""Figures and periods read without the gate: digits, scale and unit by one pattern each.

Mutations are drawn with this reader, so that what the gate can't read is changed too and counts against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_FIGURE: Final = re.compile(
    r"(?<![A-Za-z0-9_.])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<scale>万亿|[十百千]?[万亿])?"
    r"(?P<unit>个?百分点|个?基点|%|‰|[美欧日港]?元|倍|成|[A-Za-zμ℃]+|[一-龥])?"
)
_PERIOD: Final = re.compile(
    r"(?:19|20)\d{2}(?:年(?:\d{1,2}月(?:\d{1,2}[日号])?|[上下]半年|[一二三四前]{1,2}季度|末|底)?|-\d{1,2}-\d{1,2})"
)
_NOT_FIGURES: Final = frozenset("年月日号时点分秒期届第")


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure or a period as printed: its place, text, unit (or kind) and bare number."""

    start: int
    end: int
    text: str
    unit: str
    number: str


def figures(text: str) -> list[Printed]:
    """All figures outside dates, in order."""
    taken = [(match.start(), match.end()) for match in _PERIOD.finditer(text)]
    return [
        Printed(match.start(), match.end(), match.group(), match["unit"] or "", match["number"])
        for match in _FIGURE.finditer(text)
        if (match["unit"] or "") not in _NOT_FIGURES
        and not any(start < match.end() and match.start() < end for start, end in taken)
        and not (
            len(match["number"]) == 6 and match["number"].isdigit() and not match["unit"]
        )  # a stock code
    ]


def periods(text: str) -> Iterator[Printed]:
    """All periods that name their year, in order; the unit is their shape (2031年N月N日)."""
    for match in _PERIOD.finditer(text):
        shape = re.sub(r"\d+", "N", match.group())
        yield Printed(match.start(), match.end(), match.group(), shape, match.group()[:4])
