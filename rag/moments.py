"""Days, months, parts of years and years that a text names, and how well two texts agree on them.

Unlike `rag.periods` nothing is resolved: a question that says 9月底 and an answer that says
2021年9月30日 agree, because what only one of them says cannot be in conflict.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ingest.folding import nfkc

Grain = Literal["day", "month", "part"]

_HAN_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_HAN_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+(?=[年月日号])")
_GAP = re.compile(r"(?<=[\d年月])\s+(?=[\d年月日号底末初])")
_DAY = re.compile(
    r"(?<![\d.])(?P<compact>20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?<![\d.])(?:(?P<year>20[0-3]\d|[12]\d(?=年))[年\-/.])?(?P<month>1[0-2]|0?[1-9])"
    r"(?:[月\-/.](?P<day>3[01]|[12]\d|0?[1-9])(?:日|号|(?![\d.%\-/亿万千百元倍个米点]))|月(?P<end>份?[底末])?)"
)
_PART = re.compile(
    r"(?:(?<!\d)(?P<year>20[0-3]\d|[12]\d(?=年))年?(?:度|的)?)?"
    r"(?:(?P<first_half>上半年|半年度|半年报|中报|中期)|(?P<second_half>下半年)|(?P<nine>前三季度|前3季度)"
    r"|第?(?P<quarter>[一二三四1-4])季|Q(?P<latin>[1-4])(?!\d)|(?P<annual>年报|年度报告|全年|年底|年末))(?:度?(?P<end>末|底))?",
    re.I,
)
_PLAIN_YEAR = re.compile(r"(?<!\d)20[0-3]\d(?!\d)")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_RELATIVE_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "明年": 1}


@dataclass(frozen=True, slots=True)
class Moment:
    """Something like 9月30日, 2021年8月 or 上半年; `year` is None where the text leaves it out.

    `first` and `last` are months, `day` is None unless a day is meant.
    """

    year: int | None
    first: int
    last: int
    day: int | None = None

    @property
    def grain(self) -> Grain:
        if self.day is not None:
            return "day"
        return "month" if self.first == self.last else "part"


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
    plain = _GAP.sub("", nfkc(text))
    plain = _HAN_NUMBER.sub(_arabic, plain)
    found: set[Moment] = set()
    for match in _DAY.finditer(plain):
        compact, year, month, day = match.group("compact", "year", "month", "day")
        if compact:
            found.add(Moment(int(compact[:4]), int(compact[4:6]), int(compact[4:6]), int(compact[6:])))
            continue
        number = int(month)
        known = _year(year)
        last = monthrange(known or 2023, number)[1]
        if day is None and match["end"] is None:
            found.add(Moment(known, number, number))
        else:
            found.add(Moment(known, number, number, min(int(day or last), last)))
    for match in _PART.finditer(plain):
        known = _year(match["year"])
        first, last = _months(match)
        closing = match["end"] or (match["annual"] in ("年底", "年末"))
        found.add(Moment(known, first, last))
        if closing:
            found.add(Moment(known, last, last, monthrange(known or 2023, last)[1]))
    if published_on is not None:
        found = {_dated(moment, published_on) for moment in found}
        found |= {
            Moment(published_on.year + shift, 1, 12)
            for word, shift in _RELATIVE_YEARS.items()
            if word in plain
        }
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


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if len(text) == 4 else 2000 + int(text)


def _months(match: re.Match[str]) -> tuple[int, int]:
    if match["first_half"]:
        return 1, 6
    if match["second_half"]:
        return 7, 12
    if match["nine"]:
        return 1, 9
    if match["annual"]:
        return 1, 12
    quarter = _QUARTERS[match["quarter"] or match["latin"]]
    return 3 * quarter - 2, 3 * quarter


def _arabic(match: re.Match[str]) -> str:
    digits = match.group()
    if "十" in digits:
        tens, _, units = digits.partition("十")
        if len(tens) > 1 or len(units) > 1:
            return digits
        return str(10 * _HAN_DIGITS.get(tens, 1) + _HAN_DIGITS.get(units, 0))
    return "".join(str(_HAN_DIGITS[digit]) for digit in digits)
