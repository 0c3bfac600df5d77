"""Days, months, parts of years and years that a text names, and how well two texts agree on them.

Read with the grammar of `ingest.language.periods`. Unlike `find_periods` nothing is resolved: a question that
says 9月底 and an answer that says 2021年9月30日 agree, because what only one of them says cannot be in conflict.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ingest.language.folding import nfkc
from ingest.language.numerals import plain_dates
from ingest.language.period_words import Named, named_periods

_PLAIN_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """Something like 9月30日, 2021年8月 or 上半年; `year` is None where the text leaves it out.

    `first` and `last` are months, `day` is None unless a day is meant.
    """

    year: int | None
    first: int
    last: int
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Moments:
    """All moments of a text, and all years that it names."""

    moments: frozenset[Moment]
    years: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.moments or self.years)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a passage agrees with a question on days, months (or parts of years) and years.

    Each is 1 where one of the question's is met, -1 where the passage names only others, and 0
    where one of the two names none.
    """

    day: float = 0.0
    month: float = 0.0
    year: float = 0.0


def moments(text: str, published_on: date | None = None) -> Moments:
    """The days, months, parts of years and years that a text names.

    Args:
        text: a question or a passage.
        published_on: of the passage; 今年 and 去年 are read from it, and so is a missing year, unless
            the month had not yet come by then.
    """
    plain = plain_dates(nfkc(text))
    found: set[Moment] = set()
    for named in named_periods(plain):
        found.update(_moments(named, published_on))
    if published_on is not None:
        found = {_dated(moment, published_on) for moment in found}
    years = {int(year) for year in _PLAIN_YEAR.findall(plain)} | {m.year for m in found if m.year is not None}
    return Moments(frozenset(found), frozenset(years))


def agreement(asked: Moments, said: Moments) -> Agreement:
    """How well what a passage says agrees with what a question asks, on moments and years."""
    if not asked or not said:
        return Agreement()
    return Agreement(
        day=_days(asked, said),
        month=_overlap(asked, said),
        year=0.0 if not asked.years or not said.years else 1.0 if asked.years & said.years else -1.0,
    )


def _days(asked: Moments, said: Moments) -> float:
    wanted = [moment for moment in asked.moments if moment.day is not None]
    given = [moment for moment in said.moments if moment.day is not None]
    if not wanted or not given:
        return 0.0
    met = any(
        (one.first, one.day) == (other.first, other.day) and _same_year(one, other)
        for one in wanted
        for other in given
    )
    return 1.0 if met else -1.0


def _overlap(asked: Moments, said: Moments) -> float:
    if not asked.moments or not said.moments:
        return 0.0
    met = any(
        one.first <= other.last and other.first <= one.last and _same_year(one, other)
        for one in asked.moments
        for other in said.moments
    )
    return 1.0 if met else -1.0


def _same_year(one: Moment, other: Moment) -> bool:
    return one.year is None or other.year is None or one.year == other.year


def _dated(moment: Moment, published_on: date) -> Moment:
    if moment.year is not None or moment.first > published_on.month:
        return moment
    return replace(moment, year=published_on.year)


def _moments(named: Named, published_on: date | None) -> Iterator[Moment]:
    """The moments that a named period stands for: the period, and its last day where its end is meant."""
    if named.kind in ("since", "quarter_ago", "years_back"):
        return
    year = named.year
    if named.shift is not None and published_on is not None:
        year = published_on.year + named.shift
    last_day = monthrange(year or 2023, named.last)[1]
    if named.day is not None:
        yield Moment(year, named.first, named.last, min(named.day, last_day))
        return
    if named.kind == "month" and named.closing:
        yield Moment(year, named.first, named.last, last_day)
        return
    if named.kind != "year" or (named.shift is not None and year is not None) or named.closing:
        yield Moment(year, named.first, named.last)
    if named.closing:
        yield Moment(year, named.last, named.last, last_day)
