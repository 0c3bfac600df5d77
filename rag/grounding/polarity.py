"""Negation and opposites: 未 and 不 turn a sentence round, 增长 is not 下降."""

from __future__ import annotations

import re
from typing import Final

# Words in which 不, 无, 非, 未 deny nothing; 不排除 and 不低于 are judged as modality and as bounds.
_NOT_NEGATION: Final = re.compile(
    r"不断|不仅|不但|不光|不单|不同|不少|不锈|不管|不论|不动产|不限于|不良|不低于|不超过|不高于|不少于|不大于|不小于|不排除|不到|不足|不得不|"
    r"不可或缺|不可分割|不无|无不|不可避免|不妨|不禁|不愧|不及|不由|不过(?![来去])|不久|不时|不一|不愿意不|不乏|不外乎|不约而同|不遗余力|莫不|不见得不|"
    r"无论|无线|无人|无锡|无锂|无机|无菌|无纺|无缝|无损|无形|无尘|无刷|无源|无疑|无障碍|无铅|无卤|无氧|无限|无边|"
    r"未来|未必不|没收|没落|否则|与否|是否|能否|可否|否定之否定|差不多|了不起|对不起|不好意思|"
    r"not only|no longer than|no less than|no more than|no\.|notable|note|whether or not",
    re.IGNORECASE,
)
_NEGATION: Final = re.compile(
    r"不|未|没有?|无|[并绝]非|勿|莫|拒绝|否认|停止|取消|避免|缺乏|缺少|除外|从不|"
    r"\b(?:not|no|never|none|neither|nor|without|cannot|denie[sd]|deny|refus\w+|fail(?:ed|s)? to|lack(?:s|ed)?)\b|n't\b",
    re.IGNORECASE,
)
_EXCEPT: Final = re.compile(
    r"除了?(?P<what>[^，。；]{1,12}?)(?:之外|以外|外)?，(?P<rest>[^。；]*(?:都|均|全)[^。；]*)"
)
_OPPOSITES: Final = (
    ("增长|增加|上升|上涨|提升|提高|扩大|走高|上调|回升|升高|升|涨|增", "下降|减少|下跌|降低|缩小|收窄|走低|下调|回落|下滑|降|跌|减"),
    ("盈利|盈余|利润|赚", "亏损|赔"),
    ("净流入|流入|买入|买进|增持|收购|进口|内销|购买", "净流出|流出|卖出|减持|出售|出口|外销|售卖"),
    ("高于|超过|超出|多于|优于|领先|高|多|大|强|快|好|早|长|远|新|重|宽|深|厚|热|易|贵|胖", "低于|不及|少于|劣于|落后|低|少|小|弱|慢|差|晚|短|近|旧|轻|窄|浅|薄|冷|难|便宜|瘦"),
    ("同意|支持|赞成|批准|通过|允许|接受|欢迎|喜欢", "反对|否决|驳回|禁止|拒绝|抵制|讨厌"),
    ("成功|胜利|赢|获胜", "失败|输|落败"),
    ("境内|国内|内部|城市|城镇|室内", "境外|国外|海外|外部|农村|乡村|室外"),
    ("上游|上半|上市|上任|前|首次|第一次|开始|启动|开工|开放|打开|进入|加入|开", "下游|下半|退市|卸任|后|再次|最后一次|结束|终止|停工|关闭|退出|离开|关"),
    ("加快|加速|加强|充足|充裕|饱满|紧张|乐观|看好|积极|有利|利好|改善|好转|供不应求", "放缓|减速|减弱|不足|短缺|低迷|宽松|悲观|看淡|消极|不利|利空|恶化|转差|供过于求"),
    ("男|父亲|儿子|爸爸|先生|他", "女|母亲|女儿|妈妈|女士|她"),
    ("东|南|左|上", "西|北|右|下"),
    ("白天|早上|早晨|上午", "夜里|晚上|夜晚|下午"),
    ("全部|所有|都|总是|必须|一定", "部分|个别|从不|很少|不必|未必"),
    ("直接|主动|公开|自主|长期|固定|正", "间接|被动|秘密|外购|短期|浮动|负"),
    (r"increase[sd]?|rose|rises?|grew|grows?|gain(?:s|ed)?|up|higher|more|above|profit|won|win|largest|biggest|highest|first|accept(?:ed)?|approved?|before|north|east|male|good|true|opened?|hired|bought|bigger",
     r"decrease[sd]?|fell|falls?|declined?|los(?:es|t|e)|down|lower|less|below|loss|lost|lose|smallest|least|lowest|last|reject(?:ed)?|denied|after|south|west|female|bad|false|closed?|fired|sold|smaller"),
)  # fmt: skip
_OPPOSITE_PATTERNS: Final = tuple(
    (
        re.compile(one if "?" not in one else rf"\b(?:{one})\b", re.IGNORECASE),
        re.compile(other if "?" not in one else rf"\b(?:{other})\b", re.IGNORECASE),
    )
    for one, other in _OPPOSITES
)


_METRICS: Final = (
    ("流入", "流出"), ("买入", "卖出"), ("上涨", "下跌"), ("最高", "最低"), ("涨停", "跌停"), ("境内", "境外"), ("国内", "海外"), ("国内", "国外"),
    ("省内", "省外"), ("增持", "减持"), ("进口", "出口"), ("内销", "外销"), ("直销", "经销"), ("线上", "线下"), ("开盘", "收盘"), ("短期", "长期"),
    ("资产", "负债"), ("盈利", "亏损"), ("上半年", "下半年"), ("流动资产", "非流动"), ("上限", "下限"), ("大单", "小单"), ("新增", "减少"),
    ("涨幅", "跌幅"), ("增幅", "降幅"), ("融资", "融券"),
)  # fmt: skip


def metrics_opposed(one: str, other: str) -> bool:
    """Whether two labels name the two sides of one thing: 净流入 and 净流出, 最高 and 最低."""
    return any(
        (left in one and right not in one and right in other and left not in other)
        or (right in one and left not in one and left in other and right not in other)
        for left, right in _METRICS
    )


def negations(text: str) -> int:
    """How many times the text denies."""
    return len(_NEGATION.findall(_NOT_NEGATION.sub("", text)))


def denies(text: str) -> bool:
    """Whether the text as a whole denies: an odd number of negations."""
    return negations(text) % 2 == 1


def excepted(stated: str, claimed: str) -> bool | None:
    """Whether a claim speaks of what a sentence leaves out (除了甲，大家都去了): True where it says of it what the
    sentence says of the rest, False where it says the opposite, None where nothing is left out."""
    match = _EXCEPT.search(stated)
    if match is None or match["what"] not in claimed:
        return None
    return denies(claimed) == denies(match["rest"])


def opposed(one: str, other: str) -> bool:
    """Whether two words (or short stretches) put for each other turn a sentence into its opposite."""
    for left, right in _OPPOSITE_PATTERNS:
        if (
            left.search(one) and right.search(other) and not right.search(one) and not left.search(other)
        ) or (right.search(one) and left.search(other) and not left.search(one) and not right.search(other)):
            return True
    return False
