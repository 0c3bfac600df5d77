"""Periods of time as people write them: 2024年上半年, 去年三季度, 24Q3, 1H24, 7-9月, FY24, Q3 2024, 2024-08.

One grammar for questions, for the search and for what passages say: `named_periods` reads what a text
names without deciding a year that it leaves out; `find_periods` resolves that to days.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from ingest.language.numerals import arabic_dates

Kind = Literal["day", "month", "part", "report", "year", "since", "quarter_ago", "years_back"]

RELATIVE_YEARS = {
    "今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2, "大前年": -3, "明年": 1, "后年": 2,
    "this year": 0, "last year": -1, "next year": 1,
}  # fmt: skip
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4, "首": 1}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}

# A year of two digits needs 年 or a part of a year behind it, and is no count (10年来, 20年历史).
_YEAR = (
    r"(?:(?P<year>(?<!\d)20[0-3]\d(?!\d|\s?[万亿元家户人股台套吨项%]|\.\d))\s*(?:财年|年度(?!报告)|年(?![报末底])|年(?=年[报末底])|[-/.](?=\s*[QH前上下全]))?"
    r"|(?:FY\s?'?|财年)(?P<fiscal>20[0-3]\d|[0-3]\d)(?!\d)"
    r"|(?<![\d.])(?P<short>[0-3]\d)(?:年度?(?!前(?![三3九9六6])|来|内|以|间|期|的?历史|多|[报中末底](?!国))|(?=\s?[QH][1-4](?!\d)|年[中报末底]|[一二三]季|[中年]报|半年报|[上下]半年|前三季))"
    r"|(?P<relative>大前年|今年|本年|去年|上年|前年|明年|后年)(?:度|全年)?)"
)
_PART = (
    r"(?P<since>以来|年初至今|至今)"
    r"|(?P<half>上半年度?|下半年度?|(?<![下上])半年度(?!报告)|年中(?![国报期])|H[12](?!\d)|[12]H(?![a-z0-9])|头半年)"
    r"|(?P<nine>前三季度?|前3季度?|前9个?月|三季报|三季度报告?|9M(?![a-z0-9]))"
    r"|第?(?P<quarter>[一二三四1-4])季度?(?!报)|(?P<first>首季度?|头3个月|前3个月)|(?P<six>前6个?月|头6个月)|(?P<latin>Q[1-4](?!\d)|(?<!\d)[1-4]Q(?![a-z0-9]))"
    r"|(?P<report>一季报|一季度报告?|年?中报|中期报告?|半年报|半年度报告|年报|年度报告)"
    r"|(?P<closing>年?[末底])|(?P<whole>全年|整年|年全年|一整年)"
    r"|(?P<from>1[0-2]|0?[1-9])月?份?\s*[-~至到—–]\s*(?P<to>1[0-2]|0?[1-9])月(?!\s*\d{1,2}[日号])"
    r"|(?P<month>1[0-2]|0?[1-9])\s*月(?!季)(?:份?(?P<month_end>[底末])|份|\s*(?P<day>3[01]|[12]\d|0?[1-9])\s*[日号]?(?![\d.%万亿家个人次]))?"
)
_WITH_YEAR = re.compile(rf"{_YEAR}\s*的?\s*(?:{_PART})?(?P<end>末|底)?", re.I)
_ALONE = re.compile(rf"(?<![\d一二三四第.])(?:{_PART})(?P<end>末|底)?", re.I)
_NUMERIC = re.compile(
    r"(?<![\d.])(?:(?P<compact>20[0-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?P<year>20[0-3]\d)\s*[-/.]\s*(?P<month>1[0-2]|0?[1-9])(?:\s*[-/.]\s*(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d%])"
    r"|(?P<bare_month>1[0-2]|0?[1-9])[-/.](?P<bare_day>3[01]|[12]\d|0?[1-9])(?![\d.%\-/亿万千百元倍个米点月TtGgKkMm年季Q]|\s*[%亿万]))"
)
_ENGLISH = re.compile(
    r"(?:(?:(?P<q>Q[1-4]|[1-4]Q)|(?P<h>H[12]|[12]H|first half|second half)|(?P<o>first|second|third|fourth) quarter"
    r"|(?P<nine>(?:first )?(?:nine|9) months|9M)|(?P<whole>full[- ]year|fiscal(?: year)?|FY|end[- ]of|end-|year-end ))"
    r"(?:\s+of)?(?:\s+FY)?[\s-]*(?:(?P<y>20[0-3]\d)|'?(?P<yy>[0-3]\d))(?!\d))"
    r"|(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?\s+(?:(?P<nd>[0-3]?\d),?\s+)?(?P<ny>20[0-3]\d)"
    r"|\b(?P<said>this year|last year|next year)\b",
    re.I,
)
_AGO = re.compile(
    r"(?P<quarter>上(?:一个?|个)?季度?(?!报))|(?P<now>本季度?|这个季度|当季)|(?:近|最近|过去)(?P<years>[两二三四五2-5])年|(?P<since>年初至今|今年以来|年初以来)"
)
_AS_OF = re.compile(
    r"(?:站在|as of|as at|before|until|up to)\s*(?P<a>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)"
    r"|(?P<b>20\d{2}[-/.年]\s*\d{1,2}(?:[-/.月]\s*\d{1,2}日?)?)月?底?\s*(?:之前|以前|为止|前|那时|当时)(?!三)",
    re.I,
)
_LOOSE = re.compile(r"年中|^[一二三四1-4]季$")  # 年中, 一季比一季: no period in particular
_JOINS = re.compile(r"\s*(?:到|至|-|~|—|–|一直到|讲到)\s*")
_GAP = re.compile(r"(?<=[\d年月])\s+(?=[\d年月日号底末初])|(?<=\d)\s+(?=年)")


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and the words that named it.

    `assumed`: the words leave the year out, and the newest such part of a year that had ended was taken.
    """

    first: date
    last: date
    text: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A period as a text names it; `first` and `last` are months.

    `year` is None where the text leaves it out; `shift` counts years from the day on which a relative
    word (去年: -1) is read. `day` is None unless a day is meant. `closing`: the end of it is meant.
    """

    start: int
    end: int
    text: str
    kind: Kind
    year: int | None = None
    shift: int | None = None
    first: int = 1
    last: int = 12
    day: int | None = None
    closing: bool = False


def plain_dates(text: str) -> str:
    """`text` with digits in its dates and no white space inside them: what the grammar reads."""
    return _GAP.sub("", arabic_dates(text))


def named_periods(text: str) -> list[Named]:
    """All periods that `text` (of `plain_dates`) names, in order, none inside another."""
    found: list[Named] = []
    taken = 0
    for named in sorted(_all_named(text), key=lambda one: (one.start, -one.end)):
        if named.start >= taken:
            found.append(named)
            taken = named.end
    return found


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


def with_years(named: Sequence[Named], reference: date) -> Iterator[Named]:
    """The same with relative years read from `reference`, and a year that holds for the parts behind it."""
    year: int | None = None
    for one in named:
        if one.shift is not None:
            one = replace(one, year=reference.year + one.shift, shift=None)
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
        return Period(date(reference.year, 1, 1), max(reference, date(reference.year, 1, 1)), named.text)
    if named.kind == "years_back":
        return Period(date(reference.year - named.first, 1, 1), reference, named.text)
    if named.year is None:
        return None
    if named.day is not None:
        if named.day > calendar.monthrange(named.year, named.first)[1]:
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
    return date(year, month, calendar.monthrange(year, month)[1])


def _all_named(text: str) -> Iterator[Named]:
    readers: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Named | None]]] = [
        (_ENGLISH, _english),
        (_NUMERIC, _numeric),
        (_AGO, _ago),
        (_WITH_YEAR, _in_a_year),
        (_ALONE, _alone),
    ]
    for pattern, read in readers:
        for match in pattern.finditer(text):
            named = read(match)
            if named:
                yield named


def _in_a_year(match: re.Match[str]) -> Named | None:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = said.get("year") or said.get("fiscal") or said.get("short")
    number = (int(year) if len(year) == 4 else 2000 + int(year)) if year else None
    shift = RELATIVE_YEARS[said["relative"]] if "relative" in said else None
    if "since" in said:
        return _named(match, "since") if shift == 0 else None
    part = _part(said)
    if part is None:
        return _named(match, "year", number, shift, closing="end" in said)
    kind, first, last, day = part
    closing = "end" in said or "closing" in said or "month_end" in said
    return Named(
        match.start(), match.end(), match.group().strip(), kind, number, shift, first, last, day, closing
    )


def _alone(match: re.Match[str]) -> Named | None:
    said = {name: value for name, value in match.groupdict().items() if value}
    part = _part(said)
    if part is None or said.keys() & {"since"} or match["closing"] in ("末", "底"):
        return None
    kind, first, last, day = part
    closing = "end" in said or "closing" in said or "month_end" in said
    return Named(match.start(), match.end(), match.group(), kind, None, None, first, last, day, closing)


def _part(said: dict[str, str]) -> tuple[Kind, int, int, int | None] | None:
    """Kind, first and last month, day of what a match says beside the year; None for nothing."""
    if "half" in said:
        second = "下" in said["half"] or said["half"].upper() in ("H2", "2H")
        return ("part", 7, 12, None) if second else ("part", 1, 6, None)
    if "six" in said:
        return "part", 1, 6, None
    if "nine" in said:
        return "part", 1, 9, None
    if "first" in said:
        return "part", 1, 3, None
    if "quarter" in said or "latin" in said:
        number = _QUARTERS[said["quarter"]] if "quarter" in said else int(re.sub(r"\D", "", said["latin"]))
        return "part", 3 * number - 2, 3 * number, None
    if "report" in said:
        last = 3 if "一" in said["report"] else 6 if re.search("[中半]", said["report"]) else 12
        return "report", 1, last, None
    if "closing" in said or "whole" in said:
        return "part", 1, 12, None
    if "from" in said and int(said["from"]) < int(said["to"]):
        return "part", int(said["from"]), int(said["to"]), None
    if "month" in said:
        month = int(said["month"])
        return (
            ("day" if "day" in said else "month"),
            month,
            month,
            int(said["day"]) if "day" in said else None,
        )
    return None


def _numeric(match: re.Match[str]) -> Named | None:
    if compact := match["compact"]:
        return _named(match, "day", int(compact[:4]), None, int(compact[4:6]), int(compact[6:]))
    if match["bare_month"]:
        return _named(match, "day", None, None, int(match["bare_month"]), int(match["bare_day"]))
    day = match["day"]
    return _named(
        match,
        "day" if day else "month",
        int(match["year"]),
        None,
        int(match["month"]),
        int(day) if day else None,
    )


def _english(match: re.Match[str]) -> Named | None:
    if match["said"]:
        return _named(match, "year", None, RELATIVE_YEARS[match["said"].lower()])
    if match["name"]:
        month = _MONTHS[match["name"][:3].lower()]
        day = int(match["nd"]) if match["nd"] else None
        return _named(match, "day" if day else "month", int(match["ny"]), None, month, day)
    year = int(match["y"]) if match["y"] else 2000 + int(match["yy"])
    first, last = 1, 12
    if match["q"] or match["o"]:
        number = int(re.sub(r"\D", "", match["q"])) if match["q"] else _ORDINALS[match["o"].lower()]
        first, last = 3 * number - 2, 3 * number
    elif match["h"]:
        first, last = (7, 12) if match["h"].lower() in ("h2", "2h", "second half") else (1, 6)
    elif match["nine"]:
        first, last = 1, 9
    closing = bool(match["whole"]) and "end" in match["whole"].lower()
    kind: Kind = "year" if (first, last) == (1, 12) else "part"
    return Named(match.start(), match.end(), match.group(), kind, year, None, first, last, None, closing)


def _ago(match: re.Match[str]) -> Named | None:
    if match["years"]:
        count = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5}.get(match["years"]) or int(match["years"])
        return Named(match.start(), match.end(), match.group(), "years_back", first=count)
    if match["since"]:
        return Named(match.start(), match.end(), match.group(), "since")
    quarters = -3 if match["quarter"] else 0
    return Named(match.start(), match.end(), match.group(), "quarter_ago", first=quarters)


def _named(
    match: re.Match[str],
    kind: Kind,
    year: int | None = None,
    shift: int | None = None,
    month: int | None = None,
    day: int | None = None,
    *,
    closing: bool = False,
) -> Named:
    text = match.group().strip()
    return Named(
        match.start(),
        match.start() + len(text),
        text,
        kind,
        year,
        shift,
        month or 1,
        month or 12,
        day,
        closing,
    )


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
