"""Another figure of the same measure and the same time: what two statements of one company give for one thing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

from rag.grounding.binding import basis_conflict, reach_conflict
from rag.grounding.dates import Period, agree
from rag.grounding.figures import Figure, printed, rounded, same_value, within_bound
from rag.grounding.modality import certainty
from rag.grounding.polarity import metrics_opposed
from rag.grounding.reading import BoundFigure
from rag.overtaking.telling import SENTENCE, Told, Topic

Time = Literal["period", "state"]

_ONE_UNIT: Final = (frozenset("户人名"), frozenset("家个"), frozenset("件项"), frozenset("台套"))
ALIKE: Final = 0.72  # Dice of the two labels
# Labels that are less alike than that are of one measure where they name so much of the topic alike.
LEAST, NAMED = 0.35, 0.2
_STANDS: Final = re.compile(r"目前|现有|当前|现在|现阶段|截[至止]|累计|总数|共有|拥有|在手|已有|已经?(?!于)")
# Of the period that the record reports on, which its text need not name.
_REPORTED: Final = re.compile("报告期|本期|期内|当期")
# 上年同期 is as long as the period beside it, which may be named in another clause.
_SAME_SPAN: Final = re.compile("同期")


@dataclass(frozen=True, slots=True)
class SameMeasure:
    """Two figures of one measure that differ.

    `time` is "period" where both are of one named period, "state" where each is of the day on which it was told (在手订单,
    人数 at one day and at a later one).
    """

    earlier: Told
    later: Told
    old: BoundFigure
    new: BoundFigure
    time: Time
    label: float

    @property
    def planned(self) -> bool:
        """Whether the old figure was a plan or a forecast."""
        return certainty(_label(self.earlier, self.old)) < 2

    @property
    def of_a_later_day(self) -> bool:
        """Whether both name their days, and the new figure's is the later one."""
        one, other = _time(self.old), _time(self.new)
        return self.time == "state" and _is_older(one, other) and not _is_older(other, one)

    @property
    def words(self) -> tuple[str, str, str, str, str]:
        """The measure, the new figure and its time, the old figure and its time, as printed."""
        return (
            _label(self.later, self.new),
            printed(self.later.reading.text, self.new.figure),
            _period_words(self.later, self.new),
            printed(self.earlier.reading.text, self.old.figure),
            _period_words(self.earlier, self.old),
        )

    @property
    def old_place(self) -> tuple[int, int]:
        return self.earlier.reading.normal.original(self.old.figure.start, self.old.figure.end)


def same_measure(earlier: Told, later: Told, topic: Topic | None = None) -> list[SameMeasure]:
    """For each figure of the earlier statement the figure that the later one gives for the same measure and time instead.

    A figure that the later statement repeats anywhere (or splits in two) is none of these, and neither is one that
    two figures fit equally well.

    Args:
        earlier, later: the statements.
        topic: only figures in sentences that speak of it are compared; all where absent.
    """  # fmt: skip
    found: list[SameMeasure] = []
    kept = [one.figure for one in later.figures]
    known = [one.figure for one in earlier.figures]
    fresh = [one for one in later.figures if not any(_consistent(one.figure, other) for other in known)]
    if topic is not None:
        near, far = topic.sentences(earlier), topic.sentences(later)
        fresh = [one for one in fresh if one.sentence in far]
    for old in earlier.figures:
        if topic is not None and old.sentence not in near:
            continue
        if any(_consistent(old.figure, other) for other in kept) or _split(old.figure, kept):
            continue
        fitting = [pair for new in fresh if (pair := _paired(earlier, later, old, new, topic)) is not None]
        fitting.sort(key=lambda one: -one.label)
        if fitting and (len(fitting) == 1 or fitting[0].label > fitting[1].label):
            found.append(fitting[0])
    return found


def come_true(earlier: Told, later: Told, topic: Topic) -> list[SameMeasure]:
    """For each forecast of the earlier statement the figure that the later one gives for the same period, where it fits it."""
    near, far = topic.sentences(earlier), topic.sentences(later)
    found: list[SameMeasure] = []
    for old in earlier.figures:
        if old.sentence not in near or old.figure.high is None:
            continue
        for new in later.figures:
            if (
                new.sentence not in far
                or new.figure.high is not None
                or not _consistent(old.figure, new.figure)
            ):
                continue
            pair = _paired(earlier, later, old, new, topic)
            if (
                pair is not None
                and pair.time == "period"
                and pair.planned
                and certainty(_label(later, new)) >= 2
            ):
                found.append(pair)
    return found


def _consistent(one: Figure, other: Figure) -> bool:
    """Whether two figures may both be true of one thing: equal, rounded, or within each other's bounds."""
    if one.unit != other.unit:
        return False
    if same_value(one, other) or same_value(other, one) or rounded(one, other):
        return True
    if within_bound(one, other) or within_bound(other, one):
        return True
    low, high = _ends(one)
    least, most = _ends(other)
    return low <= most and least <= high and (one.high is not None or other.high is not None)


def _split(whole: Figure, parts: Sequence[Figure]) -> bool:
    """Whether two of the figures add up to the first: 25 tonnes, told as 5 and 20."""
    like = [one.value for one in parts if one.unit == whole.unit]
    return any(one + other == whole.value for one, other in combinations(like, 2))


def _ends(figure: Figure) -> tuple[float, float]:
    ends = [float(figure.value), float(figure.high if figure.high is not None else figure.value)]
    return min(ends), max(ends)


def _paired(
    earlier: Told, later: Told, old: BoundFigure, new: BoundFigure, topic: Topic | None
) -> SameMeasure | None:
    """The two figures, where they are of one measure and one time."""
    if not _same_unit(old.figure.unit, new.figure.unit) or old.figure.each != new.figure.each:
        return None
    mine, theirs = _label_keys(old), _label_keys(new)
    if not mine or not theirs:
        return None
    if (
        old.basis != new.basis
        or basis_conflict(old, new)
        or reach_conflict(old, new)
        or metrics_opposed(old.zone, new.zone)
    ):
        return None
    label = 2 * len(mine & theirs) / (len(mine) + len(theirs))
    named = topic.share(mine & theirs) if topic is not None else 0.0
    if _REPORTED.search(old.zone) or _REPORTED.search(new.zone):
        return None
    alike = label >= ALIKE and bool(old.core & new.core)
    if not (alike or (label >= LEAST and named >= NAMED) or _asked_for(earlier, later, old, new, topic)):
        return None
    if _is_base(earlier, old) or _is_base(later, new):
        return None
    if _SAME_SPAN.search(_period_words(earlier, old) + _period_words(later, new)):
        return None
    time = _same_time(_time(old), _time(new))
    if time == "state" and _is_older(_time(new), _time(old)):
        return None  # told later, of an earlier day
    if time == "state" and not (_is_state(earlier, old) and _is_state(later, new)):
        return None
    if time is None or (time == "state" and old.direction and old.figure.is_rate):
        return None  # by how much something grew is of a period, named or not
    return SameMeasure(earlier, later, old, new, time, max(label, named))


def _is_base(told: Told, bound: BoundFigure) -> bool:
    """Whether a figure is only what others are counted on: 以总股本…股为基数."""
    return told.reading.text.startswith(("为基数", "为基准"), bound.figure.end)


def _asked_for(earlier: Told, later: Told, old: BoundFigure, new: BoundFigure, topic: Topic | None) -> bool:
    """Whether the topic asks how many of what both count (几款, 多少家), and both count it once where they speak of it."""
    if topic is None or not re.search(rf"(?:几|多少){re.escape(old.figure.unit)}", topic.text):
        return False
    for told, bound in ((earlier, old), (later, new)):
        near = topic.sentences(told)
        if bound.sentence not in near or topic.share(told.reading.sentence_keys[bound.sentence]) < SENTENCE:
            return False
        if sum(one.figure.unit == bound.figure.unit for one in told.figures if one.sentence in near) != 1:
            return False
    return True


def _is_state(told: Told, bound: BoundFigure) -> bool:
    """Whether a figure is of how things stood on a day, and no amount of a period that goes unnamed."""
    if any(period.is_day for period in bound.own):
        return True
    text = told.reading.text
    sentence = told.reading.sentences[bound.sentence]
    return _STANDS.search(text, sentence.start, bound.figure.end) is not None


def _same_unit(one: str, other: str) -> bool:
    return one == other or any({one, other} <= units for units in _ONE_UNIT)


def _label_keys(bound: BoundFigure) -> frozenset[str]:
    return bound.head | bound.chain | bound.beside


def _time(bound: BoundFigure) -> tuple[Period, ...]:
    """The period that a figure is of. A day that only stands before it in its sentence may be of another figure."""
    return (bound.own[::-1] or bound.governing[:1])[:1]


def _same_time(one: Sequence[Period], other: Sequence[Period]) -> Time | None:
    if not one or not other:
        return "state" if all(period.is_day for period in (*one, *other)) else None
    if one[0].is_day != other[0].is_day:
        return None
    if agree(one[0], other[0]) and agree(other[0], one[0]):
        return "period"
    return "state" if one[0].is_day else None


def _is_older(one: Sequence[Period], other: Sequence[Period]) -> bool:
    """Whether one day is certainly before the other, or the same."""
    if not one or not other or one[0].year is None or other[0].year is None:
        return False
    return (one[0].year, one[0].first) <= (other[0].year, other[0].first)


def _period_words(told: Told, bound: BoundFigure) -> str:
    return "".join(told.reading.text[one.start : one.end] for one in _time(bound))


def _label(told: Told, bound: BoundFigure) -> str:
    """The words in front of a figure, from the last break, without its period."""
    sentence = told.reading.sentences[bound.sentence]
    before = [f.figure.end for f in told.reading.figures if f.figure.end <= bound.figure.start]
    start = max([sentence.start, *before])
    text = told.reading.text[start : bound.figure.start]
    for period in _time(bound):
        text = text.replace(told.reading.text[period.start : period.end], "")
    for stop in ("，", "；", "。", ":"):
        text = text.rstrip(stop).rpartition(stop)[2] or text
    return re.sub(r"^截[至止]|(?:约?为|是|约|达到?|共|有)+$", "", text.strip("，、；:。 \n"))
