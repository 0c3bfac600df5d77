"""What a figure is a figure of: its metric in comparable words, its direction and what it is compared with."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal

from rag.grounding.words import alternatives, exact_pattern, table

Basis = Literal["", "同比", "环比"]

_WINDOW: Final = re.compile(
    r"(?:过去|最近|前|近)(?=[\d一二三四五六七八九十]{1,3}个?(?:交易日|日|天|周|月|季度|年))"
)
_REACH: Final = re.compile(
    r"(?:近|最近|过去|前|连续|滚动)(?P<count>\d+|[一二两三四五六七八九十]+)个?(?P<unit>交易日|日|天|周|月|季度|年)"
    r"|(?P<year>今年以来|年初至今|年初以来|年内)|(?P<start>(?:成立|上市)(?:以来|至今))|(?P<last>[上本](?:周|月|季度?))|(?P<long>52周)"
)
_COUNTS: Final = {numeral: count for count, numeral in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_RISES: Final = re.compile(
    r"(?<!涨跌)(?:增长|上升|上涨|提升|增加|提高|大增|增产|增幅|涨幅|升幅|同增|涨(?!跌|停)|增(?![值持资发减]))(?:[率幅了]|幅度)?(?:接近|超过|[超逾近约])?"
)
_FALLS: Final = re.compile(
    r"(?:下降|下滑|减少|降低|回落|下跌|减产|跌幅(?<!涨跌幅)|降幅|减幅|同减|(?<!涨)跌(?!停)|降(?![低本准])|减(?![值持资]))(?:[率幅了]|幅度)?(?:接近|超过|[超逾近约])?"
)
_YEAR_ON_YEAR: Final = re.compile(
    r"同比|[较比](?:去年|上年|上一?年度?)(?:同期|同月|末|度)?|year[- ]on[- ]year|year[- ]over[- ]year|\byoy\b",
    re.IGNORECASE,
)
_PERIOD_ON_PERIOD: Final = re.compile(
    r"环比|[较比](?:上|前)(?:一)?(?:个)?(?:季度?|月|周|期|交易日)|quarter[- ]on[- ]quarter|\bqoq\b|month[- ]on[- ]month|\bmom\b|sequential",
    re.IGNORECASE,
)
_FUNCTION: Final = re.compile(r"实现|录得|约为|达到|分别|截至|截止|[为是的了在与和及于]|达(?=$)")
_WORD: Final = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[一-龥]+")


def comparable(label: str) -> str:
    """The label with the names of one metric, and all words for rise or fall, written one way."""
    label = _WINDOW.sub("近", label)
    for names, name in _same_metric():
        label = names.sub(name, label)
    return _FALLS.sub("的减的", _RISES.sub("的增的", label))


@cache
def _same_metric() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(names), name) for names, name in table("label.same"))


@cache
def _directions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word for rise or fall that points to the figure behind it, and one that points to the figure before it."""
    points = rf"(?:(?P<none>涨跌幅?|涨跌额|升降|增减)|(?P<up>{alternatives('label.up')})|(?P<down>{alternatives('label.down')}))"
    linked = r"(?:[率幅度了额数为达至到约接近超过逾已将:]|比例|金额|数量|人民币|累计|by|of|to|about|over|nearly|-|\(|\s)"
    return (
        re.compile(rf"{points}{linked}{{0,6}}$", re.IGNORECASE),
        re.compile(rf"(?:的|数|以上的?|左右的?|个股|股票|品种|板块|\s)*{points}", re.IGNORECASE),
    )


def direction(label: str, tail: str = "") -> int:
    """+1 where the words next to a figure say that something rises, -1 where it falls, 0 for neither.

    Args:
        label: what stands before the figure; only a word at its end points to the figure.
        tail: what stands behind it (5%的增长, a 5% increase).
    """
    before, behind = _directions()
    match = before.search(label) or behind.match(tail)
    if match is None or match["none"]:
        return 0
    return 1 if match["up"] else -1


def reach(label: str) -> str:
    """How far back a metric looks, as its label says (近一周, 今年以来, 成立以来); empty where it does not say."""
    found = list(_REACH.finditer(label))
    if not found:
        return ""
    match = found[-1]
    if match["count"]:
        count = (
            match["count"] if match["count"].isdigit() else str(_COUNTS.get(match["count"], match["count"]))
        )
        return "近" + count + {"交易日": "日", "天": "日"}.get(match["unit"], match["unit"])
    return match["last"] or match["long"] or ("今年以来" if match["year"] else "成立以来")


def basis(text: str) -> Basis:
    """What a change is measured against; the last word counts."""
    last_year = max((match.end() for match in _YEAR_ON_YEAR.finditer(text)), default=-1)
    last_period = max((match.end() for match in _PERIOD_ON_PERIOD.finditer(text)), default=-1)
    if last_year == last_period:
        return ""
    return "同比" if last_year > last_period else "环比"


def tokens(text: str) -> frozenset[str]:
    """Character bigrams of Chinese runs (single characters of runs of one), words, numbers; without particles."""
    found: set[str] = set()
    for match in _WORD.finditer(text):
        word = match.group()
        if word[0].isascii():
            found.add(word.lower())
            continue
        for run in _FUNCTION.split(word):
            if len(run) == 1:
                found.add(run)
            for index in range(len(run) - 1):
                found.add(run[index : index + 2])
    return frozenset(found)


def is_elliptic(head: str) -> bool:
    """Whether a label names no metric of its own (同比增长, 占): it is then about the metric before it."""
    if head.startswith("占"):
        return True
    rest = _FUNCTION.sub("", exact_pattern("label.elliptic").sub("", head.replace("涨跌幅", "价")))
    return not re.search(r"[一-龥A-Za-z]", rest)
