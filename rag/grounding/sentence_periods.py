"""Of which period a sentence of the evidence speaks."""

from __future__ import annotations

from collections.abc import Sequence

from rag.grounding.dates import Period
from rag.grounding.period_fit import PeriodFit, all_named, is_base, period_fit
from rag.grounding.reading import Reading


def named_before(reading: Reading, number: int, end: int | None = None) -> list[Period]:
    """The periods that a sentence names before `end` (else behind it), nearest first; where it names none, the
    last one that its part names before it. What it only compares with is left out."""
    sentence = reading.sentences[number]
    stop = sentence.end if end is None else end
    told = [period for period in reading.periods if not is_base(reading.text, period)]
    inside = [period for period in told if sentence.start <= period.start < sentence.end]
    if inside:
        before = [period for period in inside if period.start < stop]
        return before[::-1] + [period for period in inside if period.start >= stop]
    start = reading.parts[sentence.part][0]
    return [period for period in told if start <= period.start < sentence.start][-1:]


def period_of_sentence(
    wanted: Sequence[Period],
    readings: Sequence[Reading],
    source: int,
    number: int,
    end: int | None = None,
) -> PeriodFit:
    """How the periods of a claim, the deciding one first, meet those of a sentence; see PeriodFit."""
    reading = readings[source]
    sentence = reading.sentences[number]
    near = named_before(reading, number, end)
    its_own = [period for period in near if period.start >= sentence.start]
    return period_fit(
        wanted,
        (),
        its_own,
        () if its_own else near,
        reading.part_periods[sentence.part],
        reading.datelines[sentence.part],
        named=all_named(wanted, [period for one in readings for period in one.periods]),
        published=[day for one in readings for days in one.datelines for day in days],
    )
