"""Findings on figures: what was claimed, what the evidence has there, and of what and when it is."""

from __future__ import annotations

from rag.grounding.binding import Bound, Match
from rag.grounding.dates import Period, agree
from rag.grounding.facing import Facing
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.verdicts import Finding, Verdict
from rag.grounding.wording import shortened


def likeliest(bound: Bound) -> Match:
    """Of the evidence's figures of the claimed value, the one whose label fits best; there is one."""
    return max(bound.same, key=lambda match: match.fit)


def printed(reading: Reading, bound: BoundFigure) -> str:
    """The figure as the text prints it."""
    return reading.text[bound.figure.start : bound.figure.end].strip()


def found(
    facing: Facing, match: Match, verdict: Verdict, rule: str, strength: float, **values: str
) -> Finding:
    """A finding on a claimed figure held against one of the evidence; `values` override what is told of both."""
    claimed, stated = facing.figures[0].claimed, match.stated
    told = {
        "figure": printed(facing.claim, claimed),
        "stated": printed(match.reading, stated),
        "label": _label(match.reading, stated),
        "claimed": _label(facing.claim, claimed),
    } | values  # fmt: skip
    there = facing.at(match.source, stated.figure.start, stated.figure.end)
    return there.finding(verdict, rule, strength, **told)


def stated_period(match: Match, *, dated: bool = False) -> str:
    """The period that a figure of the evidence is of, as printed (`dated`: with its year); empty where none is named."""
    part = match.reading.sentences[match.stated.sentence].part
    near = [*match.stated.own, *match.stated.governing[:1], *match.reading.part_periods[part][:1]]
    return _as_printed(match.reading, near[0], dated) if near else ""


def claimed_period(facing: Facing, match: Match, *, dated: bool = False) -> str:
    """The period of the claim that the evidence's figure is not of, as printed (`dated`: with its year)."""
    claimed = facing.figures[0].claimed
    wanted = [*claimed.own[::-1], *claimed.governing]
    near = [*match.stated.own, *match.stated.governing]
    missed = [period for period in wanted if not any(agree(period, other) for other in near)] or wanted
    return _as_printed(facing.claim, missed[0], dated) if missed else ""


def _as_printed(reading: Reading, period: Period, dated: bool) -> str:
    words = reading.text[period.start : period.end]
    return f"{words}（{period.year}）" if dated and period.year is not None else words


def _label(reading: Reading, bound: BoundFigure) -> str:
    """The words in front of a figure, as printed, from the last break."""
    if bound.name:
        return shortened(bound.name, 30)
    sentence = reading.sentences[bound.sentence]
    text = reading.text[sentence.start : bound.figure.start]
    for stop in ("，", "、", "；", "。", ":"):
        text = text.rstrip(stop).rpartition(stop)[2] or text
    return shortened(text.strip("，、；:。 \n"), 30)
