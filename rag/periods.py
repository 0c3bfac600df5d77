"""Periods of time as people write them: 2024年上半年, 去年三季度, Q3 2024, 2024-08."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_RELATIVE_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
_YEAR = r"(?P<year>20\d{2})\s*(?:年度|财年|年|-|/|\.)?|(?P<relative>今年|本年|去年|上年|前年|明年|后年)(?:度|全年)?"
_PART = (
    r"(?P<half>上半年|下半年|半年度|H[12])|(?P<nine>前三季度|前3季度|三季报)"
    r"|第?(?P<quarter>[一二三四1-4])季度|(?P<latin>Q[1-4])|(?P<report>一季报|中报|半年报|年报)"
    r"|(?P<month>1[0-2]|0?[1-9])\s*(?:月份?|(?=-))(?:\s*-?\s*(?P<day>[12]\d|3[01]|0?[1-9])\s*日?)?"
)
_WHOLE = re.compile(
    rf"(?:{_YEAR})\s*的?\s*(?:{_PART})?|(?<![\d一二三四])(?:{_PART.replace('?P<', '?P<only_')})", re.I
)
_ENGLISH = re.compile(
    r"(?:(?P<q>Q[1-4])|(?P<h>H[12]|first half|second half)|(?P<o>first|second|third|fourth) quarter)"
    r"(?:\s+of)?(?:\s+FY)?\s+(?P<y>20\d{2})|(?:\bin|\bfor|\bduring|\bFY)\s*(?P<only>20\d{2})\b",
    re.I,
)
_SHORT_YEAR = re.compile(r"(?<!\d)(1[5-9]|2\d|3[0-5])年(?!前|来|内|的?历史)")
_NUMERIC_MONTH = re.compile(r"(20\d{2})[-/.](1[0-2]|0?[1-9])(?![\d%])(?:[-/.](?=\d))?")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_AS_OF = re.compile(
    r"(?:站在|as of|as at|before|until|up to)\s*(?P<a>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)"
    r"|(?P<b>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)月?底?\s*(?:之前|以前|为止|前|那时|当时)(?!三)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and the words that named it."""

    first: date
    last: date
    text: str


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def find_periods(text: str, reference: date) -> list[Period]:
    """The periods named in `text`, in order; a part of a year alone (上半年) says not which and names none.

    Words such as 去年 are read from `reference`: the as-of day, or the publication of the newest
    record that is searched. That keeps the answer to a question the same on every day on which the
    library is the same. In 2023年…前三季度 the year holds for what follows.
    """
    text = _SHORT_YEAR.sub(r"20\1年", _NUMERIC_MONTH.sub(r"\1年\2月", text))
    periods: list[Period] = []
    for match in _ENGLISH.finditer(text):
        year = int(match["y"] or match["only"])
        if match["q"] or match["o"]:
            quarter = int(match["q"][1]) if match["q"] else _ORDINALS[match["o"].lower()]
            periods.append(_months(year, 3 * quarter - 2, 3 * quarter, match.group()))
        elif match["h"]:
            second = match["h"].lower() in ("h2", "second half")
            periods.append(_months(year, 7 if second else 1, 12 if second else 6, match.group()))
        else:
            periods.append(_months(year, 1, 12, match.group()))
    if periods:
        return periods
    year = 0
    for match in _WHOLE.finditer(text):
        groups = {name.removeprefix("only_"): value for name, value in match.groupdict().items() if value}
        if "year" in groups:
            year = int(groups["year"])
        elif "relative" in groups:
            year = reference.year + _RELATIVE_YEARS[groups["relative"]]
        elif not year or not {"half", "nine", "quarter", "latin", "report"} & groups.keys():
            continue  # no year to which it belongs, or a month alone, which may be a count
        period = _period(year, groups, match.group())
        if period:
            periods.append(period)
    return periods


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


def _period(year: int, groups: dict[str, str], text: str) -> Period | None:
    half = groups.get("half", "").upper()
    report = groups.get("report", "")
    if half in ("上半年", "半年度", "H1") or report in ("中报", "半年报"):
        return _months(year, 1, 6, text)
    if half in ("下半年", "H2"):
        return _months(year, 7, 12, text)
    if "nine" in groups:
        return _months(year, 1, 9, text)
    if report == "一季报":
        return _months(year, 1, 3, text)
    if "quarter" in groups or "latin" in groups:
        quarter = _CHINESE_DIGITS[groups["quarter"]] if "quarter" in groups else int(groups["latin"][1])
        return _months(year, 3 * quarter - 2, 3 * quarter, text)
    if "month" in groups:
        month = int(groups["month"])
        if "day" in groups:
            day = int(groups["day"])
            if day > calendar.monthrange(year, month)[1]:
                return None
            return Period(date(year, month, day), date(year, month, day), text)
        return _months(year, month, month, text)
    return _months(year, 1, 12, text)


def _months(year: int, first: int, last: int, text: str) -> Period:
    return Period(date(year, first, 1), last_day(year, last), text)
