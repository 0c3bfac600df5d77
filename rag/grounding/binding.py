"""Which figure of the evidence a claimed figure is, by metric, period, company, unit and direction."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from rag.grounding.dates import Period, agree
from rag.grounding.figures import rounded, same_unit, same_value, within_bound
from rag.grounding.period_fit import Conflict, PeriodFit, Place, all_named, period_fit
from rag.grounding.polarity import metrics_opposed
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.synonyms import canonical


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
    def part(self) -> tuple[int, int]:
        """Which part of which evidence it stands in."""
        return self.source, self.reading.sentences[self.stated.sentence].part

    @property
    def fit(self) -> float:
        """Both directions of the labels together."""
        return (self.recall + self.precision) / 2

    @property
    def quality(self) -> float:
        """Labels and period together: what the best match and its rivals are chosen by."""
        return (
            self.fit
            + 0.5 * self.core_recall
            + _PLACE_QUALITY[self.period[0]]
            - _CONFLICT_QUALITY[self.period[1]]
        )


def token_weights(readings: Sequence[Reading]) -> Weights:
    """How much each label token tells: rare ones tell figures apart."""
    if len(readings) == 1:
        return Weights(readings[0].label_counts)
    counts: Counter[str] = Counter()
    for reading in readings:
        counts.update(reading.label_counts)
    return Weights(counts)


def fit(
    claimed: BoundFigure, stated: BoundFigure, part: frozenset[str], weights: Weights
) -> tuple[float, float, float]:
    """How well two labels name the same thing: how much of the claimed one is found with the stated one,
    and of the stated one with the claimed one; both in [0, 1]."""
    wanted = claimed.head | claimed.chain
    around = claimed.lead
    own = stated.head | stated.chain
    gained = total = 0.0
    for token in wanted:
        weight = weights[token]
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
        weight = weights[token]
        total += weight
        if token in wanted:
            gained += weight
        elif token in around:
            gained += 0.7 * weight
    precision = gained / total if total else 0.5
    gained = total = 0.0
    zone = stated.head | stated.chain | stated.beside
    for token in claimed.core:
        weight = weights[token]
        total += weight
        if token in zone:
            gained += weight
    return recall, precision, gained / total if total else 1.0


class Weights(dict[str, float]):
    """How much a label token tells, by how often it stands in the evidence; numbers tell twice as much."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._counts = counts

    def __missing__(self, token: str) -> float:
        weight = 1.0 / sqrt(max(1, self._counts.get(token, 0)))
        self[token] = 2.0 * weight if token[0].isdigit() else weight
        return self[token]


def same_base(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether both are compared with one period; where the evidence names none, with the year before."""
    if not claimed.against:
        return True
    if stated.against:
        one, other = _base(claimed), _base(stated)
        return agree(one, other)
    year, base = _year(claimed), claimed.against[-1]
    return year is None or base.year is None or base.is_day or base.year == year - 1


def _base(bound: BoundFigure) -> Period:
    """What a figure is compared with; 上年 counts from the figure's own year."""
    base, year = bound.against[-1], _year(bound)
    if base.relative is None or year is None:
        return base
    return replace(base, year=year + base.relative, guesses=frozenset())


def _year(bound: BoundFigure) -> int | None:
    return next((period.year for period in (*bound.own, *bound.governing) if period.year is not None), None)


def direction_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether one says rise and the other fall, signs and words taken together."""
    if claimed.direction == stated.direction == -1:
        return False  # 下降率为-5% and 下降5% are one; the sign repeats the word
    return _sense(claimed) != _sense(stated)


def direction_unsaid(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether one of the two says neither rise nor fall, by word or by sign."""
    return any(not one.direction and not one.figure.signed for one in (claimed, stated))


def _sense(bound: BoundFigure) -> int:
    sign = -1 if bound.figure.value < 0 else 1
    return bound.direction * sign if bound.direction else sign


def matches(claimed: BoundFigure, readings: Sequence[Reading], weights: Weights) -> list[Match]:
    """All figures of the evidence that could be meant (of a like unit, with the metric or the value), best
    fit first; none from a question."""
    found: list[Match] = []
    everywhere = [period for reading in readings for period in reading.periods]
    everywhere += [
        period for reading in readings for one in reading.figures if one.name for period in one.own
    ]
    wanted = [*claimed.own[::-1], *claimed.governing]
    named = all_named(wanted, everywhere)
    published = [day for reading in readings for days in reading.datelines for day in days]
    for source, reading in enumerate(readings):
        for stated in reading.figures:
            sentence = reading.sentences[stated.sentence]
            if sentence.asks or not same_unit(claimed.figure, stated.figure):
                continue
            if not claimed.core & (stated.head | stated.chain | stated.beside) and not holds(claimed, stated):
                continue  # neither the metric nor the value: no match and no rival
            labels = fit(claimed, stated, reading.part_tokens[sentence.part], weights)
            before = stated.governing
            other_base = not same_base(claimed, stated)
            # what one piece of evidence says may follow, in one sentence, what another says of a period
            follows = bool(claimed.governing) and not claimed.own and not reading.periods
            period: PeriodFit = (
                ("elsewhere", "own")
                if other_base
                else ("undated", "free")
                if follows
                else period_fit(
                    wanted,
                    stated.own[::-1],
                    () if stated.carried else before,
                    before if stated.carried else (),
                    reading.part_periods[sentence.part],
                    reading.datelines[sentence.part],
                    named=named,
                    published=published,
                )
            )
            found.append(Match(reading, source, stated, *labels, period))
    found.sort(key=lambda match: -match.quality)
    return found


def holds(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether the stated value bears the claimed one."""
    return same_value(claimed.figure, stated.figure) or within_bound(claimed.figure, stated.figure)


def basis_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether one is 同比 and the other 环比."""
    return bool(claimed.basis and stated.basis and claimed.basis != stated.basis)


def reach_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether both say how far back they look, and differ: 近一周 and 近一月."""
    return bool(claimed.reach and stated.reach and claimed.reach != stated.reach)


_SHARE_OF: Final = re.compile(
    r"占(?P<base>[^，,；;。、占]{2,}?)的?(?:比例|比重|份额|比率)?(?:约|达到?|为|近|超过?|在|接近|大约)*$"
)
_SHARE_TAKEN: Final = re.compile(
    r"(?P<part>[^，,；;。、占]{2,}?)的?(?:占比|比例|比重|份额|比率)(?:约|达到?|为|近|超过?|在|接近|大约)*$"
)
# Words of a whole that say no more than that it is the whole.
_OF_THE_WHOLE: Final = re.compile(
    r"公司|整体|总体|全部|整个|总|合计|全年|上半年|下半年|当期|同期|本期|当年|的|我们|其|年度|期内|营业|主营|业务"
)


def share_conflict(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether both are shares of a whole, and one whole is a part of the other: 占MLCC产品营收 and 占公司营收; or the claim tells
    as a part what the evidence tells as the whole: 原材料成本占比70% for 铜占原材料成本的70%."""
    one, other = _whole(claimed), _whole(stated)
    part = _SHARE_TAKEN.search(canonical(claimed.label)) if other and not one else None
    if part is not None:
        taken = _OF_THE_WHOLE.sub("", part["part"])
        return len(taken) > 1 and taken in other and taken not in canonical(stated.label).partition("占")[0]
    if not one or not other or one == other:
        return False
    shorter, longer = sorted((one, other), key=len)
    return shorter in longer and len(longer) - len(shorter) > 1


def _whole(bound: BoundFigure) -> str:
    found = _SHARE_OF.search(canonical(bound.label)) if bound.figure.unit == "%" else None
    return _OF_THE_WHOLE.sub("", found["base"]) if found else ""


@dataclass(frozen=True, slots=True)
class Bound:
    """A claimed figure with the figure of the evidence that it is taken to be, and its strongest rival, anywhere
    and in the same part.

    `same` are all figures of the evidence with the claimed value, whatever they are figures of.
    """

    claimed: BoundFigure
    best: Match | None
    rival: Match | None
    rival_here: Match | None
    same: tuple[Match, ...]
    all: tuple[Match, ...]


def bind(claimed: BoundFigure, readings: Sequence[Reading], weights: Weights) -> Bound:
    """Find what a claimed figure is in the evidence."""
    found = matches(claimed, readings, weights)
    same = tuple(match for match in found if holds(claimed, match.stated))
    fitting = [
        match
        for match in same
        if match.period[0] != "nowhere"
        and not direction_conflict(claimed, match.stated)
        and not basis_conflict(claimed, match.stated)
        and not reach_conflict(claimed, match.stated)
        and not share_conflict(claimed, match.stated)
        and not metrics_opposed(claimed.zone, match.stated.zone)
    ]
    rivals = [
        match
        for match in found
        if match.period[0] in _RIVAL_PERIODS
        and match.period[1] in {"free", "carried"}
        and not holds(claimed, match.stated)
        and not reach_conflict(claimed, match.stated)
        and not rounded(claimed.figure, match.stated.figure)
    ]
    best = next(iter(fitting), None)
    here = [match for match in rivals if best is not None and match.part == best.part]
    return Bound(claimed, best, next(iter(rivals), None), next(iter(here), None), same, tuple(found))


_PLACE_QUALITY: Final[dict[Place, float]] = {
    "governs": 0.3, "inside": 0.25, "dateline": 0.25, "sentence": 0.2, "part": 0.1, "undated": 0.0, "elsewhere": -0.1, "nowhere": -1.0,
}  # fmt: skip
_CONFLICT_QUALITY: Final[dict[Conflict, float]] = {"free": 0.0, "carried": 0.1, "sentence": 0.3, "own": 0.5}
_RIVAL_PERIODS: Final = frozenset({"governs", "inside", "dateline", "sentence"})
