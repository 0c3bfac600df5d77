"""The days that a form's cell names: with inner spaces, ranges, and years left out after the first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ingest.language.folding import nfkc
from ingest.language.numerals import plain_dates
from ingest.language.period_words import Named, named_periods

# 9月2日-4日、9日: a day of the month that the one before it names; 9:30日 is none.
_BARE_DAY = re.compile(r"(?<![\d:])(?P<day>[0-3]?\d)\s*日")
_NUMERIC = re.compile(r"\d+[./]\d+")
_INNER_GAP = re.compile(r"(?<=\b[0-3])\s(?=\d\s*[月日])")
_NEAR = 3  # characters between the days of a range


def find_dates(text: str, year: int | None = None) -> list[date]:
    """All days that `text` names, in reading order; a missing year or month is that of the day before it.

    Impossible days (2月30日) are left out. A later date without a year that falls before the first one
    by months (12月22日—1月11日) is read as of the following year. `year` is that of a first date without one.
    """
    plain = plain_dates(_INNER_GAP.sub("", nfkc(text)))
    found: list[date] = []
    month: int | None = None
    end = -_NEAR - 1
    for named in _days(plain):
        if named.year is None and _NUMERIC.fullmatch(named.text) and not _in_style(plain, named, end):
            continue
        end = named.end
        if named.year is not None:
            year = named.year
        elif named.first and month is not None and year is not None and month - named.first >= 9:
            year += 1
        month = named.first or month
        if year is None or month is None or named.day is None:
            continue
        try:
            found.append(date(year, month, named.day))
        except ValueError:
            continue
    return found


def _in_style(plain: str, named: Named, end: int) -> bool:
    """Whether 5.10 is a day in the style of one that ended at `end` (2024.5.8-5.10); 9.30-11.30 may be hours."""
    near = 1 <= named.start - end <= _NEAR and "月" not in plain[:end]
    return near and plain[named.end : named.end + 1] != ":"


def _days(plain: str) -> Iterator[Named]:
    """The days that a text names, and those that it names without a month (month 0), in order."""
    days = [one for one in named_periods(plain) if one.day is not None]
    bare = [
        Named(match.start(), match.end(), match.group(), "day", None, None, 0, 0, int(match["day"]))
        for match in _BARE_DAY.finditer(plain)
        if not any(one.start <= match.start() < one.end for one in days)
    ]
    yield from sorted([*days, *bare], key=lambda one: one.start)


def date_range(text: str, year: int | None = None) -> tuple[date, date] | None:
    """The first and the last day that `text` names, or None."""
    found = find_dates(text, year)
    return (min(found), max(found)) if found else None


# `…20240829.pdf` and `…2024-08-29….pdf` are how archives name the day of publication. A date in words
# (2024年10月29日投资者关系活动记录表) is the activity's own day and says nothing about publication.
_FILE_NAME_DATE = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def published_in_name(name: str) -> date | None:
    """The publication date that a file name carries as `20240829` or `2024-08-29`; the last one counts."""
    for match in reversed(list(_FILE_NAME_DATE.finditer(nfkc(name)))):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None
