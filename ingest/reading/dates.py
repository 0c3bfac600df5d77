"""Dates as Chinese records print them: with inner spaces, ranges, and years left out after the first."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

# White space may stand between digits and signs ("2024 年 9 月 30日"), within a number only where its sign
# follows: "2024-8-2 9:30" is the second.
_YEAR = r"2\s?0\s?\d\s?\d"
_MONTH = r"(?:[01]\s\d(?=\s*月)|[01]?\d)"
_DAY = r"(?:[0-3]\s\d(?=\s*日)|[0-3]?\d)(?!\d)"
_SEPARATOR = r"[、,;及和与\-—–~至]"
_DATE = re.compile(
    rf"(?P<year>{_YEAR})\s*[年\-/.—–]\s*(?P<month>{_MONTH})\s*[月\-/.—–]\s*(?P<day>{_DAY})\s*日?"
    r"|(?<!\d)(?P<compact>20\d\d[01]\d[0-3]\d)(?!\d)"
    rf"|(?P<month_only>{_MONTH})\s*月\s*(?P<day_after>{_DAY})\s*日?"
    rf"|(?<![\d:])(?P<day_only>{_DAY})\s*日"
    # "2024.5.8-5.10", "2024/9/2-9/13": a day in the style of the one before it
    rf"|(?<={_SEPARATOR})\s*(?P<month_numeric>{_MONTH})[./](?P<day_numeric>{_DAY})(?![.:/])"
    # "10月29、30日", "10月29-31日": a bare day between separators
    rf"|(?<={_SEPARATOR})\s*(?P<day_listed>[0-3]?\d)(?=\s*{_SEPARATOR}\s*[0-3]?\d\s*(?:日|{_SEPARATOR}))"
)
_CHINESE_DATE = re.compile(
    r"[〇○零一二三四五六七八九]{4}\s?年\s?[一二三四五六七八九十]{1,2}\s?月\s?[一二三四五六七八九十]{1,3}\s?日"
)


def find_dates(text: str, year: int | None = None) -> list[date]:
    """All days that `text` names, in reading order; a missing year or month is that of the day before it.

    Impossible days (2月30日) are left out. A later date without a year that falls before the first one
    by months (12月22日—1月11日) is read as of the following year. `year` is that of a first date without one.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = _CHINESE_DATE.sub(_arabic, plain)
    found: list[date] = []
    month: int | None = None
    end = -1
    for match in _DATE.finditer(plain):
        part = {key: int(re.sub(r"\s", "", value)) for key, value in match.groupdict().items() if value}
        if "compact" in part:
            year, rest = divmod(part["compact"], 10000)
            month, day = divmod(rest, 100)
        elif "year" in part:
            year, month, day = part["year"], part["month"], part["day"]
        elif "month_numeric" in part:
            if not 0 <= match.start() - end <= 3 or "月" in plain[:end]:
                continue  # "9.30-11.30" may be hours
            if month is not None and year is not None and month - part["month_numeric"] >= 9:
                year += 1
            month, day = part["month_numeric"], part["day_numeric"]
        elif "month_only" in part:
            if month is not None and year is not None and month - part["month_only"] >= 9:
                year += 1
            month, day = part["month_only"], part["day_after"]
        else:
            day = part.get("day_only", part.get("day_listed", 0))
        end = match.end()
        if year is None or month is None:
            continue
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return found


def _arabic(match: re.Match[str]) -> str:
    def number(text: str) -> int:
        if "十" not in text:
            return int(text.translate(_CHINESE_DIGITS))
        tens, ones = text.split("十")
        return int((tens or "一").translate(_CHINESE_DIGITS)) * 10 + int(
            (ones or "零").translate(_CHINESE_DIGITS)
        )

    year, month, day = re.split("[年月日]", re.sub(r"\s", "", match.group()))[:3]
    return f"{number(year)}年{number(month)}月{number(day)}日"


def date_range(text: str, year: int | None = None) -> tuple[date, date] | None:
    """The first and the last day that `text` names, or None."""
    found = find_dates(text, year)
    return (min(found), max(found)) if found else None


# `…20240829.pdf` and `…2024-08-29….pdf` are how archives name the day of publication. A date in words
# (2024年10月29日投资者关系活动记录表) is the activity's own day and says nothing about publication.
_FILE_NAME_DATE = re.compile(r"(?<!\d)(20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


def published_in_name(name: str) -> date | None:
    """The publication date that a file name carries as `20240829` or `2024-08-29`; the last one counts."""
    for match in reversed(list(_FILE_NAME_DATE.finditer(unicodedata.normalize("NFKC", name)))):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            continue
    return None
