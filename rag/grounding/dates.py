"""The periods of a text as the gate compares them, with the years that they may be of where the text leaves it open.

What is a period is read by `ingest.language.period_words`, the grammar of questions and of the search.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from ingest.language.period_words import Named, named_periods

# 9-30 is a range more often than a day; 四季, 年中 and 年报 alone are no period in particular.
_NO_PERIOD: Final = re.compile(r"\d{1,2}[-/.]\d{1,2}|[一二三四1-4]季|年中|年报|年度报告")
_MORE_OF_IT: Final = re.compile(r"(?:的|度|同期)+")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days as a text gives it: months and days from `first` to `last`, the year perhaps open.

    `first` and `last` are (month, day). `year` is None where neither text nor record tells it. `guesses` are
    other years that it may be of, where the text names none at this place. `relative` is -1 for 去年. `closing`:
    it is the last day of something longer (9月底, 三季度末, 2024年末).
    """

    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]
    start: int
    end: int
    relative: int | None = None
    guesses: frozenset[int] = frozenset()
    closing: bool = False

    @property
    def is_day(self) -> bool:
        return self.first == self.last

    @property
    def is_year(self) -> bool:
        return self.first == (1, 1) and self.last == (12, 31)

    def same_days(self, other: Period) -> bool:
        return self.first == other.first and self.last == other.last

    @property
    def is_open(self) -> bool:
        """Whether its year is a guess."""
        return self.year is None or bool(self.guesses)

    def years(self) -> frozenset[int]:
        """All years that it may be of; none where it may be of any."""
        return self.guesses if self.year is None else self.guesses | {self.year}


def agree(claimed: Period, stated: Period) -> bool:
    """Whether what is stated of one period may be claimed of the other.

    Equal periods agree, where they may be of one year; a report date (31 March, 30 June…) agrees with the
    period that ends on it, a year with the dates in it.
    """
    mine, theirs = claimed.years(), stated.years()
    if mine and theirs and not mine & theirs:
        return False
    if claimed.same_days(stated):
        return True
    if claimed.is_year and not claimed.is_open:
        return True
    if claimed.is_day or stated.is_day:
        return claimed.last == stated.last and not (claimed.is_day and stated.is_day)
    return False


def inside(claimed: Period, stated: Period) -> bool:
    """Whether a claimed day lies in a stated year, so that the one may be the day of a report on the other."""
    return (
        claimed.is_day
        and stated.is_year
        and (not claimed.years() or not stated.years() or bool(claimed.years() & stated.years()))
    )


def periods(text: str) -> list[Period]:
    """All dates and periods of a normalised text, in order, without overlaps."""
    return [period for named in named_periods(text) if (period := _period(named, text)) is not None]


def _period(named: Named, text: str) -> Period | None:
    """A named period as days of a year; None for what the gate doesn't date: windows, and days that don't exist."""
    if named.kind in ("quarter_ago", "years_back") or _NO_PERIOD.fullmatch(named.text):
        return None
    if named.kind == "since" and named.year is None:
        return None  # how far back it looks, part of a metric's name
    first, last = named.days
    if named.day is not None:
        try:
            date(named.year or 2024, *last)
        except ValueError:
            return None
    more = _MORE_OF_IT.match(text, named.end) if named.kind == "year" else None
    return Period(
        named.year,
        first,
        last,
        named.start,
        more.end() if more else named.end,
        named.shift,
        closing=named.closing,
    )


def resolve(
    found: list[Period], known_year: int | None, parts: Sequence[tuple[int, int]] = ()
) -> list[Period]:
    """Give periods without a year the years that they may be of, and bare days ("5日") the month before them.

    A period without a year is of the last year that its part of the text names, or of the year in which the
    part was published (that of the first day that it names); a later month, or a whole year, also of the year before that.

    Args:
        found: the periods of a text, in order.
        known_year: the year that 今年 means where a part names none.
        parts: ranges of the parts (documents, turns) of the text.
    """
    year: int | None = None
    published: Period | None = None
    month: int | None = None
    named = False  # a year other than that of the publication
    told: dict[tuple[tuple[int, int], tuple[int, int]], int] = {}  # years of the stretches named so far
    part = -1
    resolved: list[Period] = []
    for period in found:
        while part + 1 < len(parts) and period.start >= parts[part + 1][0]:
            part += 1
            year, published, named = None, None, False
            told = {}
        if period.first[0] == 0:
            if month is None:
                continue
            period = replace(period, first=(month, period.first[1]), last=(month, period.last[1]))
        if period.year is not None:
            year = period.year
            if published is None or (period.is_day and not published.is_day):
                published = period
            named = named or not period.is_day
            if not period.is_day:
                told[period.first, period.last] = period.year
        elif period.relative is None and not period.is_year and (period.first, period.last) in told:
            period = replace(period, year=told[period.first, period.last])
        elif period.is_year and period.relative is None and named and year is not None:
            period = replace(period, year=year)  # 全年 is of the year that is talked about
        else:
            period = _guessed(period, year, published, known_year)
        month = period.last[0] if not period.is_year else month
        resolved.append(period)
    return resolved


def _guessed(period: Period, year: int | None, published: Period | None, known_year: int | None) -> Period:
    written = published.year if published is not None else known_year
    if written is None:
        return period
    if period.relative is not None:
        return replace(period, year=written + period.relative, guesses=frozenset({written + period.relative}))
    if period.is_day and published is not None:
        guesses = {written}
    else:
        guesses = {written, year if year is not None else written}
    if period.is_year or (published is not None and period.first > published.last):
        guesses.add(written - 1)
    return replace(period, year=year if year is not None else written, guesses=frozenset(guesses))
