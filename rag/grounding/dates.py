"""Dates and periods in a text: 2020年8月18日, 20200818, 上半年, Q1, 前三季度, 去年, March 2024."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

_NUMERALS: Final = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH_NAMES: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_RELATIVE_YEARS: Final = {
    "今年": 0, "本年度": 0, "本年": 0, "当年": 0, "去年": -1, "上年度": -1, "上年": -1, "上一年度": -1, "上一年": -1,
    "前年": -2, "明年": 1, "次年": 1, "后年": 2,
}  # fmt: skip
_PART: Final = (
    r"(?P<half>[上下]半年|[Hh][12](?![\w]))"
    r"|(?P<firstq>前[一二三1-3]个?季度|前[一二三1-3]季|首[一二三1-3]季度?)"
    r"|(?P<quarter>第?[一二三四1-4]个?季(?:度|报)|[Qq][1-4](?!\d|\s(?:of\s)?(?:19|20)\d\d))"
    r"|(?P<quarters>[一二三1-3]、?至?-?[二三四2-4]季度)"
    r"|(?P<firstm>前(?:[二两三四五六七八九十]|\d{1,2})个?月)"
    r"|(?P<report>年初至今|(?<!盘)中报(?!价)|半年报|半年度|年报|全年|年度|(?<=年)[末底]|期末|财年)"
)
_CHINESE: Final = re.compile(
    r"(?P<compact>(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
    r"|(?P<iso>(?<!\d)(?P<iy>(?:19|20)\d{2})[-/.](?P<im>0?[1-9]|1[0-2])[-/.](?P<id>0?[1-9]|[12]\d|3[01])日?(?![\d]))"
    r"|(?P<isom>(?<![\d.])(?P<imy>(?:19|20)\d{2})[-/](?P<imm>0?[1-9]|1[0-2])(?![\d年%]))"
    r"|(?:(?P<year>(?<!\d)(?:(?:19|20)\d{2}|(?<![近去过第共达超满计约逾内的])(?:1[5-9]|2\d|3[0-5])(?=年(?![期以来内间多左后前])|[QqHh][1-4](?!\w))|[一二三四五六七八九零〇]{4}(?=年))(?:年|财年(?=第?[一二三四1-4]个?季|[上下前]|[QqHh][1-4]))?|"
    + "|".join(_RELATIVE_YEARS)
    + r")(?:度|的|同期)?)?"
    r"(?:(?P<m1>(?<!\d)(?:1[0-2]|0?[1-9])|十[一二]?|[一二三四五六七八九])(?:月份?)?(?:至|到|-|~)"
    r"(?P<m2>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d]*[日号])"
    r"|(?P<month>(?<!\d)(?:1[0-2]|0?[1-9])|十[一二]?|[一二三四五六七八九])月份?(?:底|末|初)?"
    r"(?:(?P<day>(?:[12]\d|3[01]|0?[1-9]))[日号])?"
    r"|" + _PART + r")?"
)
# 近三月, 过去四个季度, 今年以来: how far back a metric looks, part of its name
_WINDOW: Final = re.compile(
    r"(?:近|过去|最近|每|个)(?:[一二三四五六七八九十\d]+个?(?:月|季度|年))|今年以来|(?<!\d)年以来"
)
_DAY_ONLY: Final = re.compile(r"(?<=[日号][、和至到\-~])(?P<day>[12]\d|3[01]|0?[1-9])[日号]")
_ENGLISH: Final = re.compile(
    rf"\b(?:(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?P<month>{_MONTH_NAMES})\b\.?"
    r"(?:\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?(?!\d|%))?(?:(?:，|,)?\s*(?:of\s+)?(?P<year>(?:19|20)\d{2}))?"
    r"|\b(?P<q>[Qq][1-4]|(?:first|second|third|fourth) quarter)\s*(?:of\s+)?(?:fiscal\s+)?(?P<qyear>(?:19|20)\d{2})?"
    r"|\b(?P<h>(?:first|second) half)\s*(?:of\s+)?(?P<hyear>(?:19|20)\d{2})?"
    r"|(?:\bFY\s?)?(?<![\w.,$€£¥])(?P<only>(?:19|20)\d{2})(?![\w%]|[.,]\d)",
    re.IGNORECASE,
)
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days as a text gives it: months and days from `first` to `last`, the year perhaps open.

    `first` and `last` are (month, day). `year` is None where neither text nor record tells it. `guesses` are
    other years that it may be of, where the text names none at this place. `relative` is -1 for 去年.
    """

    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]
    start: int
    end: int
    relative: int | None = None
    guesses: frozenset[int] = frozenset()

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
    found: list[Period] = []
    for match in _CHINESE.finditer(text):
        if match.end() == match.start():
            continue
        period = _chinese(match)
        if period is not None and not _WINDOW.search(text, max(0, period.start - 2), period.end + 2):
            found.append(period)
    for match in _DAY_ONLY.finditer(text):
        day = (0, int(match["day"]))
        found.append(Period(None, day, day, match.start(), match.end()))
    if re.search(r"[A-Za-z]", text):
        taken = [(period.start, period.end) for period in found]
        for match in _ENGLISH.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in taken):
                inside = [p for p in found if match.start() <= p.start and p.end <= match.end()]
                if not inside or any(p.end - p.start >= match.end() - match.start() for p in inside):
                    continue
                for period in inside:
                    found.remove(period)
            period = _english(match)
            if period is not None:
                found.append(period)
    found.sort(key=lambda period: period.start)
    return found


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


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if len(text) == 2 and text[0] == "十":
        return 10 + _NUMERALS[text[1]]
    return _NUMERALS[text]


def _year(text: str) -> tuple[int | None, int | None]:
    text = text.rstrip("同期的度")
    if text in _RELATIVE_YEARS or text + "度" in _RELATIVE_YEARS:
        return None, _RELATIVE_YEARS.get(text, _RELATIVE_YEARS.get(text + "度", 0))
    digits = text.rstrip("财年")
    if not digits.isdigit():
        digits = "".join(str(_NUMERALS.get(character, 0)) for character in digits)
    return (int(digits) if len(digits) == 4 else 2000 + int(digits)), None


def _month_end(year: int | None, month: int) -> tuple[int, int]:
    return (month, monthrange(year or 2023, month)[1])


def _chinese(match: re.Match[str]) -> Period | None:
    start, end = match.span()
    if match["compact"]:
        digits = match["compact"]
        return _day(int(digits[:4]), int(digits[4:6]), int(digits[6:]), start, end)
    if match["iso"]:
        return _day(int(match["iy"]), int(match["im"]), int(match["id"]), start, end)
    if match["isom"]:
        month = int(match["imm"])
        return Period(int(match["imy"]), (month, 1), _month_end(int(match["imy"]), month), start, end)
    year, relative = _year(match["year"]) if match["year"] else (None, None)
    if match["m1"]:
        first, last = _number(match["m1"]), _number(match["m2"])
        if first > last:
            return None
        return Period(year, (first, 1), _month_end(year, last), start, end, relative)
    if match["month"]:
        month = _number(match["month"])
        if match["day"]:
            return _day(year, month, int(match["day"]), start, end, relative)
        return Period(year, (month, 1), _month_end(year, month), start, end, relative)
    bounds = _part(match)
    if bounds is None:
        if match["year"] is None:
            return None
        if (
            year is not None
            and not match["year"].endswith(("年", "度", "同期", "的"))
            and not _stands_alone(match)
        ):
            return None
        bounds = ((1, 1), (12, 31))
    return Period(year, bounds[0], bounds[1], start, end, relative)


def _stands_alone(match: re.Match[str]) -> bool:
    text, end = match.string, match.end()
    before = text[match.start() - 1 : match.start()]
    after = text[end : end + 1]
    return not ((before.isalnum() and before.isascii()) or before in {".", "-", "+"}) and not (
        (after.isalnum() and after.isascii())
        or after in {".", "%", "万", "亿", "元", "家", "人", "个", "台", "股", "套", ","}
    )


def _part(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int]] | None:
    if match["half"]:
        return (
            ((1, 1), (6, 30))
            if match["half"][0] == "上" or match["half"].endswith("1")
            else ((7, 1), (12, 31))
        )
    for name, cumulative in (("firstq", True), ("quarter", False)):
        if match[name]:
            digit = re.search(r"[一二三四1-4](?!个?季?度?.*[一二三四1-4])", match[name])
            quarter = _number(digit.group()) if digit else 1
            return ((1, 1) if cumulative else (3 * quarter - 2, 1)), _month_end(None, 3 * quarter)
    if match["quarters"]:
        first, last = (
            _number(character) for character in re.findall(r"[一二三四1-4]", match["quarters"])[:2]
        )
        return (3 * first - 2, 1), _month_end(None, 3 * last)
    if match["firstm"]:
        number = re.search(r"\d+|[二两三四五六七八九十]", match["firstm"])
        last = _number(number.group()) if number else 1
        return ((1, 1), _month_end(None, last)) if last <= 12 and match["year"] else None
    if match["report"]:
        if match["year"] is None and match["report"] not in {"半年度", "中报", "半年报", "全年"}:
            return None
        if match["report"] in {"中报", "半年报", "半年度"}:
            return (1, 1), (6, 30)
        if match["report"] in {"末", "底", "期末"}:
            return (12, 31), (12, 31)
        return (1, 1), (12, 31)
    return None


def _day(
    year: int | None, month: int, day: int, start: int, end: int, relative: int | None = None
) -> Period | None:
    try:
        date(year or 2024, month, day)
    except ValueError:
        return None
    return Period(year, (month, day), (month, day), start, end, relative)


def _english(match: re.Match[str]) -> Period | None:
    start, end = match.span()
    if match["month"]:
        if match["month"].lower() == "may" and not (match["day1"] or match["day2"] or match["year"]):
            return None  # the verb
        month = _MONTHS[match["month"].lower()]
        year = int(match["year"]) if match["year"] else None
        day = match["day1"] or match["day2"]
        if day:
            return _day(year, month, int(day), start, end)
        return Period(year, (month, 1), _month_end(year, month), start, end)
    if match["q"]:
        word = match["q"].split()[0].lower()
        quarter = int(word[1]) if word[0] == "q" and len(word) == 2 else _ORDINALS[word]
        year = int(match["qyear"]) if match["qyear"] else None
        return Period(year, (3 * quarter - 2, 1), _month_end(None, 3 * quarter), start, end)
    if match["h"]:
        first = match["h"].lower().startswith("first")
        year = int(match["hyear"]) if match["hyear"] else None
        return Period(year, (1, 1) if first else (7, 1), (6, 30) if first else (12, 31), start, end)
    return Period(int(match["only"]), (1, 1), (12, 31), start, end)
