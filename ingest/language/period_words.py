"""The words by which texts name periods: one grammar for questions, passages, forms and the gate.

`named_periods` reads what a text names without deciding a year that it leaves out: 2024年上半年, 去年三季度, 24Q3,
1H24, 7-9月, FY24, Q3 2024, 2024-08, 9月底. `ingest.language.periods` resolves that to days.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from ingest.language.numerals import number, traced_dates

Kind = Literal["day", "month", "part", "report", "year", "since", "quarter_ago", "years_back"]

RELATIVE_YEARS: Final = {
    "今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "上一年": -1, "前年": -2, "大前年": -3, "明年": 1, "次年": 1,
    "后年": 2, "this year": 0, "last year": -1, "next year": 1,
}  # fmt: skip
OF_THE_YEAR_NAMED: Final = frozenset(("当年", "次年"))  # 2023年…当年, not the year in which it is said
_ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_MONTHS: Final = {
    name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)
}
_MONTH_NAMES: Final = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec"
)
# What makes a number beside it no year, month or day: 2024万元, 9月20吨.
_UNITS: Final = r"[万亿元家户人股台套吨项个倍%]"
# A year of two digits needs 年 or a part of a year behind it, and is no count (10年来, 20年历史).
_YEAR: Final = (
    rf"(?:(?P<year>(?<!\d)(?:19\d\d(?=年)|19[4-9]\d|20\d\d)(?!\d|\s?{_UNITS}|[.,]\d))\s*"
    r"(?:财年(?!度?报)|年?年度(?!报告)|年(?![报末底])|年(?=年[报末底])|[-/.](?=\s*[QH前上下全]))?"
    r"|(?:FY\s?'?|财年)(?P<fiscal>20[0-3]\d|[0-3]\d)(?!\d)"
    r"|(?<![\d.近去过第共达超满计约逾])(?P<short>(?:1[5-9]|2\d|3[0-5])(?:年度?(?!前(?![三3九9六6])|来|内|以|间|期|左|后|的?历史|多|[报中末底](?!国)))"
    r"|[0-3]\d(?=\s?[QH][1-4](?!\d)|年[中报末底]|年?[一二三]季|年?[中年]报|年?半年报|年?[上下]半年|年?前三季)(?:年(?=第?[一二三四]季|中报|年报|半年报|[上下]半年|前三季))?)"
    r"|(?P<relative>大前年|上一年|今年|本年|去年|上年|前年|明年|后年|当年|次年)(?:度(?!报告)|全年)?)"
)
_DAY_ENDS: Final = r"(?=$|[\s，,。；;、？?）)的股至到前止~—–-])"  # 9月30股东户数, not 9月30台
_PART: Final = (
    r"(?P<since>以来|年初至今|至今)"
    r"|(?P<half>上半年度?|下半年度?|(?<![下上])半年度(?!报告)|年中(?![国报期标试央东小高长美低医部文关心])|H[12](?![A-Za-z0-9])|[12]H(?![a-z0-9])|头半年)"
    r"|(?P<nine>三季报|第?三季度报告|9M(?![a-z0-9]))"
    r"|(?:前|首)(?P<first_quarters>[二两三2-3]个?季度?|一季度|季度?)"
    r"|[前头首](?P<first_months>1[0-2]|[1-9])个?月"
    r"|第?(?P<quarter_from>[一二三1-3])\s?[、至到~-]?\s?(?P<quarter_to>[二三四2-4])季度"
    r"|第?(?P<quarter>[一二三四1-4])(?:(?:(?<=第[一二三四1-4])个)?季度(?!报告)|季(?![度报]))|(?P<latin>Q[1-4](?!\d)|(?<!\d)[1-4]Q(?![a-z0-9]))"
    r"|(?P<report>一季报|第?一季度报告|[二四]季报|第?[二四]季度报告|年?(?<!盘)中报(?!价)|中期报告?|半年报|半年度报告|年报|年度报告)"
    r"|(?P<closing>年?[末底](?![期层部])|年?期末)|(?P<whole>全年|整年|年全年|一整年)"
    r"|(?P<from>1[0-2]|0?[1-9])月?份?\s*[-~至到—–]\s*(?P<to>1[0-2]|0?[1-9])月份?(?!\s*\d{1,2}[日号])"
    r"|(?P<month>1[0-2]|0?[1-9])\s*月(?!季报)(?:份?(?P<month_end>[底末])|份?初|份"
    rf"|\s*(?P<day>3[01]|[12]\d|0?[1-9])(?:\s*[日号]|(?![\d.%]){_DAY_ENDS}))?"
)
_WITH_YEAR: Final = re.compile(
    rf"{_YEAR}(?:\s*的?\s*(?:同期)?(?:{_PART}))?(?P<end>[末底](?![期层部]))?", re.I
)
_ALONE: Final = re.compile(
    rf"(?<!\d(?=\d))(?<!\d\.(?=\d))(?<![一二三四第])(?:{_PART})(?P<end>[末底](?![期层部]))?", re.I
)
_NUMERIC: Final = re.compile(
    r"(?<![\d.])(?:(?P<compact>(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?!\d)"
    r"|(?P<year>(?:19|20)\d\d)\s*[-/.]\s*(?P<month>1[0-2]|0?[1-9])(?:\s*[-/.]\s*(?P<day>3[01]|[12]\d|0?[1-9])日?|(?![./]\d))(?![\d年]|\s?"
    rf"{_UNITS})"
    r"|(?P<bare_month>1[0-2]|0?[1-9])[-/.](?P<bare_day>3[01]|[12]\d|0?[1-9])(?![\d.%\-/亿万千百元倍个米点月TtGgKkMm年季Q]|\s*[%亿万]))"
)
_OF_YEAR: Final = (
    r"(?:\s+of)?(?:\s+(?:FY|fiscal(?: year)?))?[\s-]*(?:(?P<{0}>(?:19|20)\d\d)|'?(?P<{1}>[0-3]\d))(?!\d)"
)
_ENGLISH: Final = re.compile(
    rf"(?:(?P<q>Q[1-4](?!\d)|[1-4]Q)|(?P<h>H[12](?!\d)|[12]H)|(?P<m>9M)|(?P<whole>full[- ]year|fiscal(?: year)?|FY|end[- ]of|end-|year-end )){_OF_YEAR.format('y', 'yy')}"
    rf"|\b(?:(?P<o>first|second|third|fourth) quarter|(?P<half>first|second) half|(?P<nine>(?:first )?(?:nine|9) months))(?:{_OF_YEAR.format('oy', 'oyy')})?"
    rf"|(?:\b(?P<d1>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?)?\b(?P<name>{_MONTH_NAMES})\b\.?(?:\s+(?P<d2>[0-3]?\d)(?:st|nd|rd|th)?(?!\d|%))?"
    r"(?:[，,]?\s*(?:of\s+)?(?P<ny>(?:19|20)\d\d))?"
    r"|\b(?P<said>this year|last year|next year)\b",
    re.I,
)
_AGO: Final = re.compile(
    r"(?P<quarter>上(?:一个?|个)?季度?(?!报))|(?P<now>本季度?|这个季度|当季)|(?:近|最近|过去)(?P<years>[两二三四五2-5])年|(?P<since>年初至今|今年以来|年初以来)"
)
# 近三月, 过去四个季度, 每季度: how far back something looks, or how often
_WINDOW: Final = re.compile(r"(?:近|过去|最近|每)$")
# 10月29、30日 and 10月29-31日: a day of the month before it
_LISTED_DAY: Final = re.compile(
    r"\s*[、,;及和与至到~—–-]\s*(?P<day>3[01]|[12]\d|0?[1-9])(?:\s*[日号]|(?=\s*[、,;及和与至到~—–-]\s*[0-3]?\d\s*[日号、,;及和与至到~—–-]))"
)
_LATIN_BEFORE: Final = re.compile(r"[A-Za-z0-9]$")


@dataclass(frozen=True, slots=True)
class Named:
    """A period as a text names it; `first` and `last` are months, `start` and `end` places in the text.

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

    @property
    def days(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """The first and the last day, as month and day; 9月末 and 2024年末 are the last day alone.

        A February without a year has 28 days."""
        if self.day is not None:
            return (self.first, self.day), (self.first, self.day)
        last = (self.last, last_day_of(self.year, self.last))
        return (last, last) if self.closing else ((self.first, 1), last)


def last_day_of(year: int | None, month: int) -> int:
    """The number of days of a month."""
    return monthrange(year or 2023, month)[1]


def named_periods(text: str) -> list[Named]:
    """All periods that `text` names, in order, none inside another."""
    plain, origins = traced_dates(text)
    found: list[Named] = []
    taken = 0
    for named in sorted(_all_named(plain), key=lambda one: (one.start, -one.end)):
        if named.start >= taken:
            found.append(named)
            found += _listed_days(plain, named)
            taken = found[-1].end
    if origins is None:
        return found
    return [replace(one, start=origins[one.start], end=origins[one.end - 1] + 1) for one in found]


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


def _listed_days(text: str, named: Named) -> Iterator[Named]:
    """The further days of 10月29、30日."""
    while named.kind == "day" and "月" in text[: named.end] and (match := _LISTED_DAY.match(text, named.end)):
        named = replace(
            named,
            start=match.start("day"),
            end=match.end(),
            text=match.group().strip(),
            day=int(match["day"]),
        )
        yield named


def _in_a_year(match: re.Match[str]) -> Named | None:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = said.get("year") or said.get("fiscal") or re.sub(r"\D", "", said.get("short", ""))
    of = (int(year) if len(year) == 4 else 2000 + int(year)) if year else None
    shift = RELATIVE_YEARS[said["relative"]] if "relative" in said else None
    if "since" in said:
        return _named(match, "since", of, shift)
    part = _part(said)
    if part is None:
        if said.get("year") and match.group().strip() == said["year"] and not _stands_alone(match):
            return None
        return _named(match, "year", of, shift, closing="end" in said)
    return _with_part(match, part, said, of, shift)


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether four digits are a year: no part of a code, a sum or an amount."""
    before, after = match.string[: match.start()][-6:], match.string[match.end("year") :][:1]
    if re.search(r"[A-Za-z0-9.+$€£¥-]$|\d,$", before) and not re.search(r"(?:19|20)\d\d\s?-$", before):
        return False
    return not (after.isascii() and after.isalnum())


def _alone(match: re.Match[str]) -> Named | None:
    said = {name: value for name, value in match.groupdict().items() if value}
    part = _part(said)
    if part is None or said.keys() & {"since", "closing"}:
        return None
    if re.match(r"[QH]|[1-4][QH]|9M", match.group(), re.I) and _LATIN_BEFORE.search(
        match.string, max(0, match.start() - 1), match.start()
    ):
        return None
    if said.get("first_months") in ("1", "2"):
        return None  # 前两个月 may be the last two
    if _WINDOW.search(match.string, max(0, match.start() - 2), match.start()):
        return None
    return _with_part(match, part, said, None, None)


def _with_part(
    match: re.Match[str],
    part: tuple[Kind, int, int, int | None],
    said: dict[str, str],
    year: int | None,
    shift: int | None,
) -> Named:
    kind, first, last, day = part
    closing = bool(said.keys() & {"end", "closing", "month_end"})
    return Named(
        match.start(), match.end(), match.group().strip(), kind, year, shift, first, last, day, closing
    )


def _part(said: dict[str, str]) -> tuple[Kind, int, int, int | None] | None:
    """Kind, first and last month, day of what a match says beside the year; None for nothing."""
    if "half" in said:
        second = "下" in said["half"] or said["half"].upper() in ("H2", "2H")
        return ("part", 7, 12, None) if second else ("part", 1, 6, None)
    if "nine" in said:
        return "part", 1, 9, None
    if "first_quarters" in said:
        counted = re.match(r"[一二两三123]", said["first_quarters"])
        return "part", 1, 3 * (number(counted.group()) if counted else 1), None
    if "first_months" in said:
        return "part", 1, int(said["first_months"]), None
    if "quarter_from" in said:
        first, last = number(said["quarter_from"]), number(said["quarter_to"])
        return ("part", 3 * first - 2, 3 * last, None) if first < last else None
    if "quarter" in said or "latin" in said:
        at = number(said["quarter"]) if "quarter" in said else int(re.sub(r"\D", "", said["latin"]))
        return "part", 3 * at - 2, 3 * at, None
    if "report" in said:
        if quarter := re.search(r"[二四](?=季)", said["report"]):
            return "report", 3 * number(quarter.group()) - 2, 3 * number(quarter.group()), None
        last = 3 if "一" in said["report"] else 6 if re.search("[中半]", said["report"]) else 12
        return "report", 1, last, None
    if "closing" in said or "whole" in said:
        return "part", 1, 12, None
    if "from" in said and int(said["from"]) < int(said["to"]):
        return "part", int(said["from"]), int(said["to"]), None
    if "month" in said:
        month = int(said["month"])
        return ("day", month, month, int(said["day"])) if "day" in said else ("month", month, month, None)
    return None


def _numeric(match: re.Match[str]) -> Named | None:
    if compact := match["compact"]:
        return _named(match, "day", int(compact[:4]), None, int(compact[4:6]), int(compact[6:]))
    if match["bare_month"]:
        return _named(match, "day", None, None, int(match["bare_month"]), int(match["bare_day"]))
    day = match["day"]
    kind: Kind = "day" if day else "month"
    return _named(match, kind, int(match["year"]), None, int(match["month"]), int(day) if day else None)


def _english(match: re.Match[str]) -> Named | None:
    if match["said"]:
        return _named(match, "year", None, RELATIVE_YEARS[match["said"].lower()])
    if match["name"]:
        digits = match["d2"] or match["d1"]
        if match["name"].lower() in ("may", "march") and not (
            digits or match["ny"] or match["name"] == "March"
        ):
            return None  # the verbs
        day = int(digits) if digits else None
        if day is not None and not 1 <= day <= 31:
            return None
        year = int(match["ny"]) if match["ny"] else None
        return _named(match, "day" if day else "month", year, None, _MONTHS[match["name"][:3].lower()], day)
    whole, short = match["y"] or match["oy"], match["yy"] or match["oyy"]
    year = int(whole) if whole else 2000 + int(short) if short else None
    first, last = 1, 12
    if match["q"] or match["o"]:
        at = int(re.sub(r"\D", "", match["q"])) if match["q"] else _ORDINALS[match["o"].lower()]
        first, last = 3 * at - 2, 3 * at
    elif match["h"] or match["half"]:
        second = "2" in (match["h"] or "") or (match["half"] or "").lower() == "second"
        first, last = (7, 12) if second else (1, 6)
    elif match["m"] or match["nine"]:
        first, last = 1, 9
    closing = bool(match["whole"]) and "end" in match["whole"].lower()
    kind: Kind = "year" if (first, last) == (1, 12) else "part"
    return Named(match.start(), match.end(), match.group(), kind, year, None, first, last, None, closing)


def _ago(match: re.Match[str]) -> Named | None:
    if match["years"]:
        count = number(match["years"])
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
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    return Named(start, start + len(text), text, kind, year, shift, month or 1, month or 12, day, closing)
