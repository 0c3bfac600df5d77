"""Lists in which several names share several figures: 甲、乙分别为1%、2%, each name with its own figure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from rag.grounding.figures import Figure

_RESPECTIVELY: Final = re.compile(r"分别|各自|依次")
_BETWEEN: Final = re.compile(r"\s?(?:、|/|，|和|与|及|以及)\s?(?:约|近|超|逾)?")
_PARTED: Final = re.compile(r"、|/|以及|和|与|及")
_CLAUSE: Final = re.compile(r"[，:；。()\n]")
_YEARS: Final = re.compile(r"(?:20)?(\d{2})年?\s?[-~至到]\s?(?:20)?(\d{2})年")
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
_SUFFIX: Final = (
    2  # characters by which a last name must outgrow the one before it to carry a metric behind it
)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a figure of a list is a figure of: its own name with the words that all names share, the names of
    the others, and its year where the names are years."""

    label: str
    others: str
    year: int | None = None


def listed(text: str, start: int, here: Sequence[Figure]) -> tuple[list[Figure], dict[int, Listed]]:
    """The figures of a sentence, those of a list with the unit that the last of them prints; and what each of a
    list is a figure of, by where it starts.

    Args:
        text: the normalised text.
        start: where the sentence starts.
        here: its figures, in order.
    """
    if len(here) < 2 or _RESPECTIVELY.search(text, start, here[-1].start) is None:
        return list(here), {}
    figures = list(here)
    found: dict[int, Listed] = {}
    names: list[str] = []
    years: list[int] = []
    index = 0
    while index < len(figures):
        last = index
        while last + 1 < len(figures) and _BETWEEN.fullmatch(
            text, figures[last].end, figures[last + 1].start
        ):
            last += 1
        count = last - index + 1
        since = figures[index - 1].end if index else start
        cues = list(_RESPECTIVELY.finditer(text, since, figures[index].start))
        if count >= 2 and cues:
            cue = cues[-1]
            told = _names(text[since : cue.start()], count)
            spanned = _years(text[start : cue.start()], count)
            if told:
                names, years = told, []
            elif spanned:
                names, years = [], spanned
            metric = text[cue.end() : figures[index].start]
            for place in range(count):
                figure = figures[index + place]
                figures[index + place] = _with_unit(figure, figures[last], text)
                if len(names) == count:
                    others = "，".join(name for other, name in enumerate(names) if other != place)
                    found[figure.start] = Listed(names[place] + metric, others)
                elif len(years) == count:
                    found[figure.start] = Listed(text[since : cue.start()] + metric, "", years[place])
        index = last + 1
    return figures, found


def _with_unit(figure: Figure, last: Figure, text: str) -> Figure:
    """10和35个基点: the unit is printed once."""
    bare = figure.unit in {"", "个"} and figure.unit != last.unit and last.is_rate
    number = _DIGITS.search(text, last.start, last.end)
    if not bare or number is None or not last.value:
        return figure
    part = last.value / (Decimal(number.group()) * last.scale)  # 35个基点 are 0.35 percentage points
    return replace(
        figure, unit=last.unit, value=figure.value * abs(part), scale=last.scale, places=last.places
    )


def _names(before: str, count: int) -> list[str]:
    """The last `count` names before 分别, each with the words that all share; none where they can't be told."""
    for clause in reversed(_CLAUSE.split(before)[-3:]):
        pieces = [piece.strip() for piece in _PARTED.split(clause)]
        if len(pieces) < count or not all(pieces[-count:]):
            continue
        pieces = pieces[-count:]
        beyond = len(pieces[-1]) - len(pieces[-2])
        suffix = pieces[-1][len(pieces[-2]) :] if beyond >= _SUFFIX else ""
        ahead = len(pieces[0]) - len(pieces[1]) if count > 1 and not suffix else 0
        prefix = pieces[0][:ahead] if ahead >= _SUFFIX else ""
        return [
            (prefix if place else "") + piece + (suffix if place < count - 1 else "")
            for place, piece in enumerate(pieces)
        ]
    return []


def _years(before: str, count: int) -> list[int]:
    spans = _YEARS.findall(before)
    if not spans:
        return []
    first, last = (2000 + int(year) for year in spans[-1])
    return list(range(first, last + 1)) if last - first + 1 == count else []
