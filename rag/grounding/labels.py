"""What a figure is a figure of: its metric in comparable words, its direction and what it is compared with."""

from __future__ import annotations

import re
from typing import Final, Literal

Basis = Literal["", "同比", "环比"]

# Names of one and the same line of a Chinese report; nothing that differs in accounting is joined here.
_SAME_METRIC: Final = (
    (
        re.compile(
            r"归属于?(?:上市公司|母公司|本公司|公司)?(?:普通股)?(?:的)?(?:股东|所有者)的?(?=扣非|扣除|净利)"
        ),
        "归母",
    ),
    (re.compile(r"归母的?净利润?|归母净利(?!润)"), "归母净利润"),
    (re.compile(r"扣除非经常性损益后?的?|扣非后的?"), "扣非"),
    (re.compile(r"归母扣非(?:归母)?(?:净利润|净利)"), "扣非净利润"),
    (re.compile(r"扣非归母净利润"), "扣非净利润"),
    (re.compile(r"营业收入|主营收入|营收(?!占)|营业收益"), "营业收入"),
    (re.compile(r"报收于|报收|收报|收于|收盘于|收盘价?报|收盘价"), "收盘价"),
    (re.compile(r"当前股价|当前价格?|最新股价|最新价|现价|现报|报价|(?<![收盘])报(?=[于约]?$)"), "股价"),
    (re.compile(r"股价(?=累计|盘[中前后]|涨|跌|上涨|下跌|升|降)"), ""),
    (re.compile(r"净利(?!润|率)"), "净利润"),
    (re.compile(r"成交金额|交易额|成交额达?|成交(?=[约达了近超]{0,2}$)"), "成交额"),
    (re.compile(r"净买入"), "净流入"),
    (re.compile(r"净卖出"), "净流出"),
    (re.compile(r"研发费用|研发支出"), "研发投入"),
)
_WINDOW: Final = re.compile(
    r"(?:过去|最近|前|近)(?=[\d一二三四五六七八九十]{1,3}个?(?:交易日|日|天|周|月|季度|年))"
)
_REACH: Final = re.compile(
    r"(?:近|最近|过去|前|连续|滚动)(?P<count>\d+|[一二两三四五六七八九十]+)个?(?P<unit>交易日|日|天|周|月|季度|年)"
    r"|(?P<year>今年以来|年初至今|年初以来|年内)|(?P<start>(?:成立|上市)(?:以来|至今))|(?P<last>[上本](?:周|月|季度?))|(?P<long>52周)"
)
_UP: Final = (
    "增长|上升|上涨|提升|增加|提高|扩大|上调|走高|攀升|大增|增幅|涨幅|升幅|净流入|流入|净增|增产|盈利|回升|反弹|新增|净买入|买入|涨|增|升|"
    r"\b(?:rose|rises?|rising|grew|grows?|growth|growing|increased?|increases|increasing|up|gain(?:ed|s)?|higher|climbed|jumped|profit)\b"
)
_DOWN: Final = (
    "下降|下滑|减少|降低|回落|下跌|下调|走低|跌幅|降幅|减幅|净流出|流出|净减|减产|收窄|缩减|萎缩|缩水|亏损|亏|净卖出|卖出|跌|降|减|"
    r"\b(?:fell|falls?|falling|decreas(?:ed?|es|ing)|declin(?:ed?|es|ing)|dropp?(?:ed|s)?|drop|down|lower|lost|loss|losses|shrank|slid)\b"
)
_COUNTS: Final = {
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_POINTS: Final = rf"(?:(?P<none>涨跌幅?|涨跌额|升降|增减)|(?P<up>{_UP})|(?P<down>{_DOWN}))"
_DIRECTION_BEFORE: Final = re.compile(
    rf"{_POINTS}(?:[率幅度了额数为达至到约接近超过逾已将:]|比例|金额|数量|人民币|累计|by|of|to|about|over|nearly|-|\(|\s){{0,6}}$",
    re.IGNORECASE,
)
_DIRECTION_AFTER: Final = re.compile(
    rf"(?:的|数|以上的?|左右的?|个股|股票|品种|板块|\s)*{_POINTS}", re.IGNORECASE
)
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
_ELLIPTIC: Final = re.compile(
    r"同比|环比|[较比](?:去年|上年|上|前)?(?:同期|年末|年|期|月|季度?|周)?|占比?|增长率?|增速|增幅|变动|变化|幅度|上升|上涨|上浮|提升|增加|提高|下降|下滑|减少|降低|回落|"
    r"下跌|涨幅|降幅|跌幅|扩大|收窄|涨|跌|升|降|增|减|大幅|小幅|继续|进一步|其中|同期|末|期|比例|比重|率|同|比|较"
)
_WORD: Final = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[一-龥]+")


def comparable(label: str) -> str:
    """The label with the names of one metric, and all words for rise or fall, written one way."""
    label = _WINDOW.sub("近", label)
    for pattern, name in _SAME_METRIC:
        label = pattern.sub(name, label)
    return _FALLS.sub("的减的", _RISES.sub("的增的", label))


def direction(label: str, tail: str = "") -> int:
    """+1 where the words next to a figure say that something rises, -1 where it falls, 0 for neither.

    Args:
        label: what stands before the figure; only a word at its end points to the figure.
        tail: what stands behind it (5%的增长, a 5% increase).
    """
    before = _DIRECTION_BEFORE.search(label)
    match = before or _DIRECTION_AFTER.match(tail)
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
    rest = _FUNCTION.sub("", _ELLIPTIC.sub("", head.replace("涨跌幅", "价")))
    return not re.search(r"[一-龥A-Za-z]", rest)
