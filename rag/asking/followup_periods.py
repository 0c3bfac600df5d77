"""The period of a follow-up in place of that of the question before: 去年同期, 那2023年呢, 三季报呢."""

from __future__ import annotations

import re

from ingest.language.period_words import Named, named_periods

SAME_PERIOD = re.compile(r"(?:去年|上年)(?:的)?同期|上年同期")
COMPARED = re.compile(
    r"^(?:那)?(?:跟|和|与|同|比)(?P<period>\S{2,10}?)(?:相)?比(?:较|起来)?(?:呢|怎么样|如何|有?什么变化)?[？?。\s]*$"
)
_YEAR = re.compile(r"(?:20\d\d|\d\d(?=年|[QH]))年?度?的?|大前年|今年|本年|去年|上年|前年|明年|后年", re.I)
_NOW = re.compile(r"目前|现在|最新的?|当前")


def first_period(text: str) -> str:
    """The first period that a text names, as it is printed; empty where there is none."""
    named = _first(text)
    return text[named.start : named.end].strip() if named else ""


def is_period(text: str) -> bool:
    """Whether a text is nothing but a period."""
    return bool(text) and first_period(text) == text


def without_periods(text: str) -> str:
    """A text without the periods that it names."""
    for named in reversed(named_periods(text)):
        text = text[: named.start] + text[named.end :]
    return text


def with_period(period: str, before: str) -> str:
    """`before` about another period; a part of a year keeps the year that was named, a year the part."""
    known = first_period(before)
    if not known:
        return f"{period}{_NOW.sub('', before, count=1)}"
    year = _YEAR.match(known)
    part = known[year.end() :].lstrip("年的") if year else known
    new = period
    if not _YEAR.match(period) and year and not re.match(r"\d[QH]\d|FY", period, re.I):
        told = year.group().rstrip("的度年")
        new = f"{told}年{period}" if told[0] in "12" else f"{told}{period}"
    elif part and _YEAR.fullmatch(period) and part != "全年":
        new = f"{period}{part}"
    return before.replace(known, new, 1)


def same_period(rest: str, before: str) -> str:
    """去年同期 of the period of `before`, a year earlier; of `rest`, where that asks for something itself."""
    period = first_period(before)
    base = rest.lstrip("的，,") or before
    earlier = _earlier_by_a_year(period) if period else "去年同期"
    return base.replace(period, earlier, 1) if period and period in base else f"{earlier}{base}"


def _first(text: str) -> Named | None:
    kinds = ("since", "quarter_ago", "years_back")
    return next((one for one in named_periods(text) if one.kind not in kinds), None)


def _earlier_by_a_year(period: str) -> str:
    year = re.match(r"(?:20)?\d{2}(?=年|[QH]|$)", period, re.I)
    if year:
        return f"{int(year.group()) - 1}{period[year.end() :]}"
    for later, earlier in (("今年", "去年"), ("去年", "前年"), ("上年", "前年"), ("明年", "今年")):
        if later in period:
            return period.replace(later, earlier)
    return f"去年{period}"
