"""The words around a name that tell a company from a topic, a word, or another company."""

from __future__ import annotations

import re

_BEFORE = (
    r"(?:请问|请教|想问一下|想问|问一下|一下|了解|了解下|查一下|帮我查|帮我|介绍|说说|讲讲|看看|比较|对比|比一下|关于|最近|目前|现在|今年|去年|前年|那么?|截至|站在"
    r"|董秘您好|董秘你好|您好|你好|领导好?|[^\s，,。；;：:、？?！!]{0,6}(?:提问|求证|备答用|做模型用|想请教|想了解)|20\d\d年?|\d\d年|[一二三四]季度|上半年|下半年|[QH][1-4]|年报|中报)*"
)
_OPENS = re.compile(
    rf"(?:^|[，,。；;：:、？?！!\s（(“\"])\s*{_BEFORE}\s*$|(?:和|与|跟|同|及|以及|比|比起|相较|较|VS\.?)\s*$",
    re.I,
)
_TOPIC_BEFORE = re.compile(
    r"(?:给|向|为|对|被|供应?|供给|供货给|客户|竞争对手|对手|收购|入股|参股|并购|控股|买下|吃下|拿下|接管|进了?|打进|进入|学|像|类似|换成|替代|成为|属于|投资|站上|提到了?|提及了?|谈到了?)\s*$"
)
_LINKS = frozenset(
    "有 在 是 会 能 的 和 与 对 将 把 被 为 做 要 说 没 不 也 都 还 给 从 到 怎么 为什么 有没有 是否".split()
)
_VISITOR = re.compile(r"证券|基金|资本|资产|保险|银行|投资|平安|人寿|中金")
_VISITS = re.compile(
    r"(?:有没有|是否|都|也|来)?(?:参加|参与|来过|来调研|调研|走访|的?研报|的?报告|评级|给的)"
)
_WITH_BEFORE = re.compile(r"(?:与|和|跟|同)\s*$")
_RELATION = re.compile(
    r"^[^，,。？?]{0,12}?(?:合作|合资|关系|来往|往来|签|供货|竞争|绑定|合并|交易|诉讼|对接|联合|共同|协同|重合|重叠)"
)
_BOND = re.compile(r"绑定|合作|供货|供应|关系|客户|供应商")
_EACH = re.compile(r"分别|各自|各是|哪个|哪家|谁|对比|相比|比较|差别|区别|不同|高还是|都")
_COMPANY_SIGN = re.compile(
    r"^(?:\s*[（(]\s*\d{6}|公司(?!的?业务|的?产品)|这家|这只|股份|的?(?:董秘|股价|股东|分红|派息|回购|年报|中报|季报|市值|股票|净利润|归母|上市))"
)
_OWN_SIGN = re.compile(
    r"^(?:的(?!业务|产品|应用|技术|需求|市场)|[，,：:]|\s|今年|去年|20\d\d|\d\d年|[一二三四]季度|上半年|毛利|营收|营业收入|在手订单|怎么样)"
)
_SUFFIX = r"(?:股份|科技|光电|微电|集团|控股|精密|生物|药业|制药|医药|银行|证券|半导体|重工|电气|电子)"
_GOES_ON = r"(?=公司|的|在|是|有|最近|目前|今年|去年|明年|未来|20\d\d|怎么|为什么|如何|海外|毛利|营收|净利|订单|产能|收入|[，,、（(？?。\s]|和|与|跟|谁|哪|相比|比|呢|$)"
_PROVINCE_BEFORE = re.compile(
    r"(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|广西|西藏|宁夏|新疆|内蒙古)省?$"
)
_PLACE_BEFORE = re.compile(r"(?:(?<![现正存实所])在|位于|落户|坐落于)$")
_NO_PLACE_BEHIND = re.compile(r"看来|内部|这边|那边|这里|那里|公司|旗下|手里")
_PLACE_BEHIND = re.compile(r"市(?![场值面占盈净])|地区|当地")
_ANOTHER = re.compile(rf"{_SUFFIX}{_GOES_ON}")
_SHAPE = rf"([\u4e00-\u9fffA-Z]{{2,4}}{_SUFFIX}(?:科技|股份|技术)?|[\u4e00-\u9fff]{{2,5}}(?:通信|通讯|智能科技)){_GOES_ON}"
_SHAPED = re.compile(
    rf"^(?:请问|请教|想问一下|想问|问一下|了解一下|查一下|帮我查|董秘您好|您好|你好|与|和|跟|[，,。：:\s])*{_SHAPE}"
)
_SHAPED_BESIDE = re.compile(rf"(?:和|与|跟|、|比)\s*{_SHAPE}")
_NO_NAME = re.compile(
    r"^(?:公司|贵公司|上市|母公司|子公司|这家|那家|其他|国内|国外|海外|一家|哪家|多家|各家|大型|[\u4e00-\u9fff]?(?:消费|汽车|功率|化合物|第三代))"
)


def opens_here(text: str, start: int) -> bool:
    """Whether a name at `start` opens the question or a part of it, or is named beside another."""
    return bool(_OPENS.search(text[:start]))


def compares(text: str) -> bool:
    """Whether a question holds companies against one another, and not one company's bonds to its partners."""
    return bool(_EACH.search(text)) and not _BOND.search(text)


def beside_another(text: str, start: int, end: int) -> bool:
    """Whether a name is one of two or more: joined to another before or after it."""
    before, after = text[:start], text[end:]
    return bool(re.search(r"(?:和|与|跟|同|及|、|比|对比|相比)\s*$", before)) or bool(
        re.match(r"\s*(?:和|与|跟|同|及|、|比|相比|对比)", after)
    )


def marks_a_company(text: str, start: int, end: int, *, own: bool = False) -> bool:
    """Whether an everyday word is marked as a company: by its code, 公司, or what only companies have.

    `own` is a company of the library: there an opening that goes on like one about a company is enough.
    """
    if _COMPANY_SIGN.match(text[end:]) and (opens_here(text, start) or text[end:].lstrip()[:1] in "（("):
        return True
    if re.search(r"\d{6}\s*[（(]?\s*$", text[:start]):
        return True
    return own and opens_here(text, start) and bool(_OWN_SIGN.match(text[end:]))


def marks_a_topic(text: str, start: int, end: int) -> bool:
    """Whether a company is what the question is about (a customer, a rival, a purchase), not whom it asks."""
    before = text[:start]
    if _TOPIC_BEFORE.search(before) or (_VISITOR.search(text[start:end]) and _VISITS.match(text[end:])):
        return True
    if not _WITH_BEFORE.search(before) or _EACH.search(text):
        return False
    return bool(_RELATION.match(text[end:]))


def makes_another_name(text: str, start: int, end: int) -> int:
    """Where a longer name ends that a nickname only opens (中密电气 of 中密); 0 where there is none."""
    longer = _ANOTHER.match(text, end)
    return longer.end() if longer and opens_here(text, start) else 0


def goes_on(text: str, end: int) -> bool:
    """Whether a question goes on at `end` as one about a company does."""
    return bool(re.match(_GOES_ON, text[end:]))


def is_a_place(text: str, start: int, end: int) -> bool:
    """Whether a name is the place of the same name: 宁德市, 福建宁德, 在宁德."""
    before = text[:start]
    if _PLACE_BEHIND.match(text[end:]) or _PROVINCE_BEFORE.search(before):
        return True
    return bool(_PLACE_BEFORE.search(before)) and not _NO_PLACE_BEHIND.match(text[end:])


def shaped_names(text: str, named: bool) -> list[tuple[int, int]]:
    """Where names stand that are built like a company's: at the opening, or beside another in a comparison."""
    found = [match for match in [_SHAPED.match(text)] if match]
    if named:
        if not _EACH.search(text):
            return []
        found += _SHAPED_BESIDE.finditer(text)
    return [match.span(1) for match in found if not _NO_NAME.match(match.group(1))]


def cut_by_a_word(text: str, start: int, end: int) -> bool:
    """Whether a short name is cut from words of the dictionary: 大金 in 大金额, but not 通富 in 通富有没有.

    It is where a word reaches over its edge, and taking the name out leaves more words, or as many that do
    not go on like a sentence about a company.
    """
    words, at = _words(text), 0
    for word in words:
        stop = at + len(word)
        if at < start < stop or at < end < stop:
            behind = _words(text[end:])
            count = len(_words(text[:start])) + 1 + len(behind)
            return count > len(words) or (
                count == len(words) and behind[:1] != [] and behind[0] not in _LINKS
            )
        at = stop
    return False


def is_cut_in_a_noun(text: str, start: int, end: int) -> bool:
    """Whether a short name is 大 and half of a noun: 大金 in 大金额."""
    noun = text[start + 1 : end + 1]
    if text[start] not in "大小新高" or len(noun) != end - start or _words(text[start + 1 :])[:1] != [noun]:
        return False
    return len(_words(text[end:])[0]) == 1


def _words(text: str) -> list[str]:
    import rjieba

    return list(rjieba.cut(text, hmm=False))
