"""Which figure of the evidence a claimed figure is, by metric, period, company, unit and direction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from rag.grounding.dates import Period, agree, inside
from rag.grounding.figures import same_unit, same_value, within_bound
from rag.grounding.polarity import metrics_opposed
from rag.grounding.reading import BoundFigure, Reading

PeriodFit = Literal["governs", "part", "part_but_other", "elsewhere", "elsewhere_but_other", "nowhere"]
"""How a claim's period meets a stated figure: its own period governs the figure; it is the date of the part
that the figure stands in (with another period next to the figure, or none); it is only elsewhere in the
evidence (again); or nowhere."""


@dataclass(frozen=True, slots=True)
class Match:
    """One figure of the evidence held against a claimed one."""

    reading: Reading
    source: int
    stated: BoundFigure
    recall: float
    precision: float
    core_recall: float
    period: PeriodFit

    @property
    def fit(self) -> float:
        """Both directions of the labels together."""
        return (self.recall + self.precision) / 2

    @property
    def quality(self) -> float:
        """Labels and period together: what the best match and its rivals are chosen by."""
        return self.fit + 0.5 * self.core_recall + _PERIOD_QUALITY[self.period]


def token_counts(readings: Sequence[Reading]) -> Counter[str]:
    """How often each label token stands in the evidence: rare ones tell figures apart."""
    if len(readings) == 1:
        return readings[0].label_counts
    counts: Counter[str] = Counter()
    for reading in readings:
        counts.update(reading.label_counts)
    return counts


def fit(
    claimed: BoundFigure, stated: BoundFigure, part: frozenset[str], counts: Mapping[str, int]
) -> tuple[float, float, float]:
    """How well two labels name the same thing: how much of the claimed one is found with the stated one,
    and of the stated one with the claimed one; both in [0, 1]."""
    wanted = claimed.head | claimed.chain
    around = claimed.lead
    own = stated.head | stated.chain
    gained = total = 0.0
    for token in wanted:
        weight = _weight(token, counts)
        total += weight
        if token in stated.head:
            gained += weight
        elif token in stated.chain:
            gained += 0.9 * weight
        elif token in stated.beside:
            gained += 0.8 * weight
        elif token in stated.lead:
            gained += 0.6 * weight
        elif token in part:
            gained += 0.5 * weight
    recall = gained / total if total else 0.5
    gained = total = 0.0
    for token in own:
        weight = _weight(token, counts)
        total += weight
        if token in wanted:
            gained += weight
        elif token in around:
            gained += 0.7 * weight
    precision = gained / total if total else 0.5
    gained = total = 0.0
    zone = stated.head | stated.chain | stated.beside
    for token in claimed.core:
        weight = _weight(token, counts)
        total += weight
        if token in zone:
            gained += weight
    return recall, precision, gained / total if total else 1.0


def _weight(token: str, counts: Mapping[str, int]) -> float:
    weight = 1.0 / sqrt(max(1, counts.get(token, 0)))
    return 2.0 * weight if token[0].isdigit() else weight


def period_fit(
    claimed: BoundFigure, stated: BoundFigure, part: Sequence[Period], *, named: bool
) -> PeriodFit:
    """How the claim's periods meet those of a stated figure; see PeriodFit.

    Args:
        claimed, stated: the figures.
        part: the periods of the part that the stated figure stands in.
        named: whether the evidence names all periods of the claim somewhere.
    """
    wanted = [*claimed.own[::-1], *claimed.governing]
    if not wanted:
        return "governs"
    near = stated.own if stated.own else stated.governing[:1]
    if not named:
        return "nowhere"
    if any(agree(wanted[0], other) for other in near):
        return "governs"
    if any(inside(wanted[0], other) for other in near):
        return "part"
    if wanted[0].is_day and any(agree(wanted[0], other) for other in part[:2]):
        return "part"  # told on the day of the report, whatever day or period it reports on
    conflict = not stated.carried and any(_alike(wanted[0], other) for other in near)
    # a year is not the period of a figure only because the text was published in it
    dated = [other for other in part if not (wanted[0].is_year and other.is_day)]
    if any(agree(wanted[0], other) for other in [*stated.governing, *dated]):
        return "part_but_other" if conflict else "part"
    conflict = conflict or any(_alike(wanted[0], other) for other in [*near, *part])
    return "elsewhere_but_other" if conflict else "elsewhere"


def _alike(one: Period, other: Period) -> bool:
    """Whether a figure of the one can't be meant where the other is named: both are days, years or stretches of
    months; or the other is of another year (the day of a report may be of any)."""
    if not one.is_day and not one.is_open and not other.is_open:
        return True
    return (one.is_day, one.is_year) == (other.is_day, other.is_year)


def direction_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether one says rise and the other fall, signs and words taken together."""
    if claimed.direction == stated.direction == -1:
        return False  # 下降率为-5% and 下降5% are one; the sign repeats the word
    return _sense(claimed) != _sense(stated)


def _sense(bound: BoundFigure) -> int:
    sign = -1 if bound.figure.value < 0 else 1
    return bound.direction * sign if bound.direction else sign


def matches(claimed: BoundFigure, readings: Sequence[Reading], counts: Mapping[str, int]) -> list[Match]:
    """All figures of the evidence that could be meant (of a like unit, with the metric or the value), best
    fit first; none from a question."""
    found: list[Match] = []
    everywhere = [period for reading in readings for period in reading.periods]
    named = all(
        any(agree(period, other) for other in everywhere) for period in (*claimed.own, *claimed.governing)
    )
    for source, reading in enumerate(readings):
        for stated in reading.figures:
            sentence = reading.sentences[stated.sentence]
            if sentence.asks or not same_unit(claimed.figure, stated.figure):
                continue
            if not claimed.core & (stated.head | stated.chain | stated.beside) and not holds(claimed, stated):
                continue  # neither the metric nor the value: no match and no rival
            labels = fit(claimed, stated, reading.part_tokens[sentence.part], counts)
            period = period_fit(claimed, stated, reading.part_periods[sentence.part], named=named)
            found.append(Match(reading, source, stated, *labels, period))
    found.sort(key=lambda match: -match.quality)
    return found


def holds(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether the stated value bears the claimed one."""
    return same_value(claimed.figure, stated.figure) or within_bound(claimed.figure, stated.figure)


def basis_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether one is 同比 and the other 环比."""
    return bool(claimed.basis and stated.basis and claimed.basis != stated.basis)


@dataclass(frozen=True, slots=True)
class Bound:
    """A claimed figure with the figure of the evidence that it is taken to be, and its strongest rival.

    `same` are all figures of the evidence with the claimed value, whatever they are figures of.
    """

    claimed: BoundFigure
    best: Match | None
    rival: Match | None
    same: tuple[Match, ...]
    all: tuple[Match, ...]


def bind(claimed: BoundFigure, readings: Sequence[Reading], counts: Mapping[str, int]) -> Bound:
    """Find what a claimed figure is in the evidence."""
    found = matches(claimed, readings, counts)
    same = tuple(match for match in found if holds(claimed, match.stated))
    fitting = [
        match
        for match in same
        if match.period != "nowhere"
        and not direction_conflict(claimed, match.stated)
        and not basis_conflict(claimed, match.stated)
        and not metrics_opposed(claimed.zone, match.stated.zone)
    ]
    rivals = [
        match for match in found if match.period in {"governs", "part"} and not holds(claimed, match.stated)
    ]
    return Bound(claimed, next(iter(fitting), None), next(iter(rivals), None), same, tuple(found))


def standing(bound: Bound, together: float) -> float:
    """How well a bound figure stands: positive where true statements lie, negative where swapped ones do.

    A linear score of how well the labels meet, the period, the lead over the best rival of another value and
    whether the claim's other figures stand in the same sentence (`together`, 0 to 1); its weights were fitted
    on the tuning part of the FinEval mutations (see docs/grounding.md).
    """
    best = bound.best
    if best is None:
        return -9.0
    lag = max(-0.5, (bound.rival.quality if bound.rival is not None else 0.0) - best.quality)
    return (
        1.36 * best.recall
        + 1.17 * best.precision
        + 0.14 * best.core_recall
        + _PERIOD_WEIGHTS[best.period]
        - 3.58 * lag
        - 2.24 * max(0.0, lag)
        + 2.02 * together
        - 1.85
    )


_PERIOD_WEIGHTS: Final[dict[PeriodFit, float]] = {
    "governs": 0.84, "part": 0.26, "elsewhere": 0.0, "part_but_other": -9.0, "elsewhere_but_other": -9.0, "nowhere": -9.0,
}  # fmt: skip
_PERIOD_QUALITY: Final[dict[PeriodFit, float]] = {
    "governs": 0.3, "part": 0.25, "elsewhere": 0.0, "part_but_other": -0.3, "elsewhere_but_other": -0.6, "nowhere": -1.0,
}  # fmt: skip
