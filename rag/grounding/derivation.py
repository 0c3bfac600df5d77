"""Figures that the evidence does not print but that follow from two that it does: sums, differences, growth, shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Final

from rag.grounding.labels import tokens
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.words import pattern

_LEADS_TO: Final = re.compile(r"^[至到为]+$")
_NEAREST: Final = 24  # figures considered: a computation over more would find any number


@dataclass(frozen=True, slots=True)
class Derivation:
    """How a figure was computed, and where the figures stand that it was computed from."""

    text: str
    source: int
    start: int
    end: int


def derivation(claimed: BoundFigure, readings: Sequence[Reading]) -> Derivation | None:
    """The computation that gives the claimed figure, None where the claim announces none or none gives it.

    The two figures must stand in one piece of evidence, share a unit, and each share words with the claim.
    """
    before = _before(claimed, readings)
    if before is not None:
        return before
    label = claimed.label
    percent = claimed.figure.unit == "%"
    if not (
        pattern("derived.share").search(label) or pattern("derived.growth").search(label)
        if percent
        else pattern("derived.sum").search(label) or pattern("derived.difference").search(label)
    ):
        return None
    wanted = claimed.head | claimed.lead | claimed.chain
    for source, reading in enumerate(readings):
        usable = [
            bound
            for bound in reading.figures
            if not bound.figure.is_rate and bound.figure.high is None and bound.figure.value > 0
            and len(tokens(bound.label) & wanted) >= 2 and not reading.sentences[bound.sentence].asks
        ][:_NEAREST]  # fmt: skip
        for one, other in combinations(usable, 2):
            if one.figure.unit != other.figure.unit or one.figure.value == other.figure.value:
                continue
            text = _computed(claimed, reading, one, other)
            if text is not None:
                return Derivation(text, source, one.figure.start, other.figure.end)
    return None


def _before(claimed: BoundFigure, readings: Sequence[Reading]) -> Derivation | None:
    """A value before its change (52.3%，同比上升3.7个百分点: 48.6% the year before), or a whole by its part
    (2.1GWh，占64%: 3.3GWh)."""
    sentence = claimed.label + "".join(sorted(claimed.lead))
    earlier = bool(pattern("derived.before").search(sentence)) or any(p.relative for p in claimed.own)
    whole = bool(pattern("derived.whole").search(claimed.label))
    wanted = claimed.head | claimed.lead | claimed.chain
    for source, reading in enumerate(readings):
        for one, other in pairwise(reading.figures):
            if one.sentence != other.sentence or reading.sentences[one.sentence].asks:
                continue
            value, change = (
                (other, one)
                if _LEADS_TO.search(reading.text[one.figure.end : other.figure.start])
                else (one, other)
            )
            if (
                value.figure.unit != claimed.figure.unit
                or not tokens(f"{value.label} {value.zone} {change.label}") & wanted
            ):
                continue
            for result, text in _reversed(value, change, reading, earlier=earlier, whole=whole):
                if abs(result - abs(claimed.figure.value)) <= _tolerance(claimed, result):
                    return Derivation(text, source, one.figure.start, other.figure.end)
    return None


def _reversed(
    value: BoundFigure, change: BoundFigure, reading: Reading, *, earlier: bool, whole: bool
) -> Iterator[tuple[Decimal, str]]:
    one, other = value.figure, change.figure
    first, second = (reading.text[bound.start : bound.end].strip() for bound in (one, other))
    points = one.unit == "%" and other.unit == "百分点"
    share = other.unit == "%" and pattern("derived.share").search(change.label) is not None
    if whole and share and not one.is_rate and other.value:
        yield one.value / other.value * 100, f"{first} ÷ {second}"
    if not earlier or not change.direction or share:
        return
    if points or (one.unit == other.unit and not one.is_rate):
        yield (
            one.value - change.direction * other.value,
            f"{first} {'-' if change.direction > 0 else '+'} {second}",
        )
    if other.unit == "%" and not one.is_rate and change.direction * other.value > -100:
        yield (
            one.value / (1 + change.direction * other.value / 100),
            f"{first} ÷ (1 {'+' if change.direction > 0 else '-'} {second})",
        )


def _tolerance(claimed: BoundFigure, result: Decimal) -> Decimal:
    loose = abs(result) * Decimal("0.01") if claimed.figure.bound == "about" else Decimal(0)
    return max(claimed.figure.step / 2, loose)


def _computed(claimed: BoundFigure, reading: Reading, one: BoundFigure, other: BoundFigure) -> str | None:
    a, b = one.figure.value, other.figure.value
    first, second = (reading.text[bound.figure.start : bound.figure.end].strip() for bound in (one, other))
    wanted, step = abs(claimed.figure.value), claimed.figure.step
    label = claimed.label
    if claimed.figure.unit == "%":
        if not _alike(one, other) and not pattern("derived.share").search(label):
            return None
        options: list[tuple[Decimal, str]] = []
        if pattern("derived.share").search(label):
            small, large = sorted(((a, first), (b, second)))
            options.append((small[0] / large[0] * 100, f"{small[1]} ÷ {large[1]}"))
        elif (
            pattern("derived.growth").search(label)
            and one.own + one.governing[:1] != other.own + other.governing[:1]
        ):
            options += [
                ((a / b - 1) * 100, f"{first} ÷ {second} - 1"),
                ((b / a - 1) * 100, f"{second} ÷ {first} - 1"),
            ]
        for value, text in options:
            sense = claimed.direction or (1 if claimed.figure.value > 0 else -1)
            if abs(abs(value) - wanted) <= step / 2 and value * sense >= 0:
                return f"{text} = {value.quantize(step) if step < 1 else round(value)}%"
        return None
    if claimed.figure.unit and one.figure.unit and claimed.figure.unit != one.figure.unit:
        return None
    if pattern("derived.sum").search(label) and abs(a + b - wanted) <= step / 2:
        return f"{first} + {second}"
    if (
        pattern("derived.difference").search(label)
        and _alike(one, other)
        and abs(abs(a - b) - wanted) <= step / 2
    ):
        return f"{second} - {first}" if b > a else f"{first} - {second}"
    return None


def _alike(one: BoundFigure, other: BoundFigure) -> bool:
    """Whether two figures are of one metric: their labels share half of the shorter one's words."""
    left, right = one.head | one.chain, other.head | other.chain
    return bool(left) and bool(right) and 2 * len(left & right) >= min(len(left), len(right))
