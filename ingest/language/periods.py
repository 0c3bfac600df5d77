"""The periods that a text names, resolved to days, and in one spelling; the words are read by `period_words`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ingest.language.numerals import plain_dates
from ingest.language.period_words import OF_THE_YEAR_NAMED, Named, last_day_of, named_periods

_AS_OF = re.compile(
    r"(?:站在|as of|as at|before|until|up to)\s*(?P<a>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)"
    r"|(?P<b>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)月?底?\s*(?:之前|以前|为止|前|那时|当时)(?!三)",
    re.I,
)
_LOOSE = re.compile(r"年中|^[一二三四1-4]季$")  # 年中, 一季比一季: no period in particular
_JOINS = re.compile(r"\s*(?:到|至|-|~|—|–|一直到|讲到)\s*")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and the words that named it.

    `assumed`: the words leave the year out, and the newest such part of a year that had ended was taken.
    """

    first: date
    last: date
    text: str
    assumed: bool = False


def find_periods(text: str, reference: date, *, newest: bool = False) -> list[Period]:
    """The periods named in `text`, in order; a part of a year alone (上半年) says not which and names none,
    unless `newest`: then, where no year is named at all, it is the newest that had ended by `reference`.

    Words such as 去年 are read from `reference`: the as-of day, or the publication of the newest
    record that is searched. That keeps the answer to a question the same on every day on which the
    library is the same. In 2023年…前三季度 the year holds for what follows; 2022年到2024年 is one period.
    """
    plain = plain_dates(text)
    periods: list[Period] = []
    before: Named | None = None
    all_named = list(with_years(named_periods(plain), reference))
    assumes = newest and all(named.year is None for named in all_named)
    for named in all_named:
        period = resolved(named, reference)
        if period is None and assumes:
            period = _newest(named, reference)
        if period is None:
            continue
        joined = (
            before and _JOINS.fullmatch(plain[before.end : named.start]) and periods[-1].first < period.first
        )
        if before and joined:
            words = plain[before.start : named.end]
            periods[-1] = Period(periods[-1].first, max(period.last, periods[-1].last), words)
        else:
            periods.append(period)
        before = named
    return periods


def stated_periods(text: str, published_on: date) -> list[Period]:
    """The periods that a text published on a day may speak of: a part of a year, a month or a day without a year is of
    that day's year or of the one before."""
    found: list[Period] = []
    for named in with_years(named_periods(text), published_on):
        years = (named.year,) if named.year is not None else (published_on.year, published_on.year - 1)
        periods = [resolved(replace(named, year=year), published_on) for year in years]
        found += [period for period in periods if period is not None]
    return found


def with_years(named: Sequence[Named], reference: date) -> Iterator[Named]:
    """The same with relative years read from `reference`, and a year that holds for the parts behind it."""
    year: int | None = None
    for one in named:
        if one.shift is not None:
            base = year if year is not None and one.text in OF_THE_YEAR_NAMED else reference.year
            one = replace(one, year=base + one.shift, shift=None)
        if one.year is not None:
            year = one.year
        elif year is not None and one.kind in ("part", "report"):
            one = replace(one, year=year)
        yield one


def resolved(named: Named, reference: date) -> Period | None:
    """The days of a period; None where its year is not known, or there is no such day."""
    if named.kind == "quarter_ago":
        months = 12 * reference.year + 3 * ((reference.month - 1) // 3) + named.first
        return _months(months // 12, months % 12 + 1, months % 12 + 3, named.text)
    if named.kind == "since":
        first = date(named.year or reference.year, 1, 1)
        return Period(first, max(reference, first), named.text)
    if named.kind == "years_back":
        return Period(date(reference.year - named.first, 1, 1), reference, named.text)
    if named.year is None:
        return None
    if named.day is not None:
        if named.day > last_day_of(named.year, named.first):
            return None
        day = date(named.year, named.first, named.day)
        return Period(day, day, named.text)
    if named.closing and named.kind != "year":  # 三季度末 is 9月30日
        day = last_day(named.year, named.last)
        return Period(day, day, named.text)
    return _months(named.year, named.first, named.last, named.text)


def _newest(named: Named, reference: date) -> Period | None:
    """A part of a year, of the newest year in which it had ended by then; None for days, months and whole years."""
    if (
        named.kind not in ("part", "report")
        or (named.first, named.last) == (1, 12)
        or _LOOSE.search(named.text)
    ):
        return None
    year = reference.year - (last_day(reference.year, named.last) > reference)
    return replace(_months(year, named.first, named.last, named.text), assumed=True)


def canonical(text: str, reference: date | None) -> str:
    """`text` with every period in one spelling, so that the same meaning searches for the same words.

    24Q3, 2024年第三季度 and 2024年7-9月 become 2024年三季度; 去年 becomes a year where `reference` is given.
    """
    plain = plain_dates(text)
    named = named_periods(plain)
    dated = list(with_years(named, reference)) if reference else named
    for one, said in sorted(zip(dated, named, strict=True), key=lambda pair: -pair[0].start):
        spelled = _spelled(replace(one, year=said.year if said.shift is None else one.year), reference)
        if spelled:
            plain = plain[: one.start] + spelled + plain[one.end :]
    return plain


def find_as_of(text: str) -> date | None:
    """The day in phrases such as 2024年6月30日之前 or "as of 2024-06-30"; a month means its last day."""
    match = _AS_OF.search(text)
    if not match:
        return None
    numbers = [int(n) for n in re.findall(r"\d+", match["a"] or match["b"])]
    try:
        return date(*numbers) if len(numbers) == 3 else last_day(numbers[0], numbers[1])
    except ValueError:
        return None


def without_as_of(text: str) -> str:
    """`text` without the words that set an as-of day: that day is no period that is asked about."""
    return _AS_OF.sub("", text).lstrip("，, ") if find_as_of(text) else text


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, last_day_of(year, month))


def _spelled(one: Named, reference: date | None) -> str:
    """The one spelling of a period; nothing where it is best left as it stands."""
    if one.kind in ("since", "quarter_ago", "years_back"):
        period = resolved(one, reference) if reference and one.kind == "quarter_ago" else None
        return f"{period.first.year}年{_PARTS[period.first.month, period.last.month]}" if period else ""
    if one.year is None and (one.shift is not None or one.kind == "report"):
        return ""
    year = f"{one.year}年" if one.year is not None else ""
    if one.kind == "year" or (one.first, one.last) == (1, 12):
        return f"{year}末" if one.closing and year else year
    if one.day is not None:
        return f"{year}{one.first}月{one.day}日"
    if one.closing:
        return f"{year}{one.last}月{last_day(one.year or 2023, one.last).day}日"
    if one.first == one.last:
        return f"{year}{one.first}月"
    part = _PARTS.get((one.first, one.last), f"{one.first}-{one.last}月")
    return f"{year}{part}"


_PARTS = {
    (1, 3): "一季度", (4, 6): "二季度", (7, 9): "三季度", (10, 12): "四季度",
    (1, 6): "上半年", (7, 12): "下半年", (1, 9): "前三季度",
}  # fmt: skip


def _months(year: int, first: int, last: int, text: str) -> Period:
    return Period(date(year, first, 1), last_day(year, last), text)
