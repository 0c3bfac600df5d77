"""How the period of a claim meets that of a figure, or of a sentence, of the evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from ingest.language.period_words import last_day_of
from rag.grounding.dates import Period, agree, inside

Place = Literal["governs", "inside", "dateline", "sentence", "part", "undated", "elsewhere", "nowhere"]
Conflict = Literal["free", "carried", "sentence", "own"]
PeriodFit = tuple[Place, Conflict]
"""Where the claim's period stands, seen from the stated figure, and what stands in its place there.

`governs`: it is the figure's own period; `inside`: a day of the figure's year; `dateline`: the day on which the
part was published; `sentence`, `part`, `elsewhere`: named in the same sentence, part or evidence; `undated`: the
newest day on which a part was published, for a figure whose part names no day; `nowhere`.
What excludes the claim's period there: another one next to the figure (`own`), in its sentence (`sentence`) or in
one before (`carried`); nothing (`free`).
"""

_COMPARED: Final = re.compile(r"[较比与同]$|相比$|较之$|than$|than in$")
_DATELINE: Final = re.compile(
    r"(?:发布(?:时间|日期)|公告日期|报告日期|日期|时间|date)[:：]?\s*$", re.IGNORECASE
)


def is_base(text: str, period: Period) -> bool:
    """Whether a period is only what something is compared with: 较去年同期, 与上年持平, than in 2030."""
    before = _COMPARED.search(text, max(0, period.start - 4), period.start)
    if before is None:
        return False
    return before.group() not in {"与", "同"} or (period.relative or 0) < 0


def datelines(
    text: str, parts: Sequence[tuple[int, int]], found: Sequence[Period]
) -> tuple[tuple[Period, ...], ...]:
    """The days on which the parts of a text were published: what follows 发布时间, else the first day of a part."""
    told: list[tuple[Period, ...]] = []
    for start, end in parts:
        days = [period for period in found if start <= period.start < end and period.is_day]
        named = [day for day in days if _DATELINE.search(text, max(start, day.start - 8), day.start)]
        told.append(tuple(named[:1] or days[:1]))
    return tuple(told)


def period_fit(
    wanted: Sequence[Period],
    own: Sequence[Period],
    sentence: Sequence[Period],
    carried: Sequence[Period],
    part: Sequence[Period],
    dateline: Sequence[Period],
    *,
    named: bool,
    published: Sequence[Period],
) -> PeriodFit:
    """How the claim's periods meet those of a stated figure or sentence; see PeriodFit.

    Args:
        wanted: the claim's periods, nearest to its figure first.
        own: the periods next to the stated figure, nearest first.
        sentence: those that its sentence names before it, nearest first.
        carried: those of the sentences before, where its own names none.
        part: all periods of the part that it stands in.
        dateline: the day on which that part was published.
        named: whether the evidence names all periods of the claim somewhere.
        published: the days on which its parts were published.
    """
    if not wanted:
        return "governs", "free"
    if not named:
        return "nowhere", "free"
    claimed = wanted[0]
    near = [*own, *sentence, *carried]
    if not claimed.is_day:
        near = [other for other in near if other not in dateline]  # when it was told, not what it tells of
    decides = next((other for other in near if agree(claimed, other) or alike(claimed, other)), None)
    if decides is not None and agree(claimed, decides):
        return "governs", "free"
    conflict: Conflict = (
        "free"
        if decides is None
        else "own"
        if decides in own
        else "sentence"
        if decides in sentence
        else "carried"
    )
    if any(inside(claimed, other) for other in near[:1]):
        return "inside", conflict
    if claimed.is_day and any(agree(claimed, other) for other in dateline):
        return "dateline", conflict  # told on the day of the report, whatever day or period it reports on
    if any(agree(claimed, other) for other in (*own, *sentence)):
        return "sentence", conflict
    # a year is not the period of a figure only because the text was published in it
    if any(agree(claimed, other) for other in part if not (claimed.is_year and other.is_day)):
        return "part", conflict
    if conflict == "free" and not dateline and published and claimed.is_day:
        newest = max(published, key=lambda day: (day.year or 0, day.first))
        if agree(claimed, newest):
            return "undated", "free"
    return "elsewhere", conflict


def all_named(wanted: Sequence[Period], everywhere: Sequence[Period]) -> bool:
    """Whether all periods of a claim are named among those of the evidence."""
    return all(any(agree(one, other) for other in everywhere) for one in wanted)


def alike(one: Period, other: Period) -> bool:
    """Whether a figure of the one can't be meant where the other is named: both are days, years or stretches of
    months; or the other is of another year (the day of a report may be of any). What is told as of 3月末 may be told
    on any day after it."""
    if not one.is_day and not one.is_open and not other.is_open:
        return True
    if one.is_day and other.closing and not (one.closing or _ends_a_month(one)):
        return False
    return (one.is_day, one.is_year) == (other.is_day, other.is_year)


def _ends_a_month(day: Period) -> bool:
    return day.last[1] == last_day_of(day.year, day.last[0])
