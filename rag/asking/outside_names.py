"""Companies that are not listed here and that a question asks about: well-known ones, and names built like a company's."""

from __future__ import annotations

import re

from rag.asking.company_aliases import folded, foreign_names
from rag.asking.name_signs import opens_here
from rag.asking.subsidiaries import MANY, QuestionsWith
from rag.data_files import word_list

# Words that are names of such companies and everyday words as well.
_EVERYDAY = frozenset("苹果 小米 现代 百度".split())
_EVERYDAY_SIGN = re.compile(
    r"公司|集团|手机|汽车|的?(?:电脑|平板|造车|股价|市值|财报|营收|毛利|净利)|\s?iPhone|今年|去年|20\d\d|自己|什么时候|为什么|自研",
    re.I,
)
# What turns a question to all companies, or to the one that is not named: the name is then a topic.
_OPEN = re.compile(
    r"谁|哪些|哪几家|哪家|哪个公司|有公司|供应商|供应链|供应|产业链|概念|受益|合作|供货|供给|客户|影响|带动|拉动|利好|利空|冲击|拖累|绑定|认证|送样|进入|打入"
    r"|(?:对|给|跟|和|与)(?:咱|你|我|贵|行业|板块)|(?<!子)公司|贵司|你们|你司|我司|我们|咱们|咱家|董秘|液冷|冷板"
)
_OPEN_ENGLISH = re.compile(
    r"\bsuppliers?\b|\bsupply chain\b|\bwho\b|\bwhich\b|\bpartner\w*|\bcompanies\b|\bimpact\w*|\baffect\w*|\bbenefit\w*|\byour?\b|\bour\b|\bwe\b",
    re.I,
)
_OF_THE_CUSTOMER = re.compile(r"的?(?:订单|认证|验证|定点|导入|审厂|项目|框架|合同)")
_ASKS = re.compile(
    r"[多少几吗咋啥?？没]|怎么|怎样|如何|为什么|什么|何时|有没有|是否|是不是|能不能|会不会|要不要|情况|进展|计划|营收|收入|毛利|净利|利润|产能|利用率|良率"
    r"|交付|出货|销量|市占|研发|费用|资本开支|员工|股价|市值|上市|涨价|降价|财报|业绩|分红|减产|扩产|裁员|出口|招工"
)
_TAIL = "科技 股份 集团 微电子 半导体 光电 生物 智能 热控 微芯 温控 芯片 光学 机器人 新材 新材料 医疗 智造 精密 电子 药业 制药 重工 电气 控股 微电 数控 传感 量子 光子 航天".split()
_UNKNOWN = re.compile(
    rf"([\u4e00-\u9fff]{{2,4}}?(?:{'|'.join(sorted(_TAIL, key=len, reverse=True))})+(?:公司)?)"
    r"(?=的|在|是(?!否)|有|做|会|能|最近|目前|今年|去年|明年|20\d\d|\d\d年|怎么|为什么|如何|什么|何时|上市|海外|毛利|营收|净利|订单|产能|收入|研发|[，,？?\s]|$)"
)
# Of the segmenter: names of people, places, organisations, works, directions.
_PROPER_TAGS = frozenset("nr ns nt nz nrt f".split())
_NO_STEM = re.compile(
    r"[公贵本该这那其我你各多全新老大小高低第非请对从在和与如何目当未国中外行上下一二三四五六七八九十]"
)
_PROPER = re.compile(r"(?<![A-Za-z.-])[A-Z][a-z]{3,}[A-Za-z]*(?:\s+(?:[A-Z][A-Za-z]+|&))*")
_COMPANY_TAIL = re.compile(
    r"(?:Photonics|Semiconductors?|Dynamics|Technolog(?:y|ies)|Electronics|Microsystems|Systems|Robotics|Labs?|Networks|Materials|Devices|Instruments"
    r"|Motors|Energy|Therapeutics|Biosciences|Pharma|Group|Holdings|Corp|Inc|Ltd|Industries|Optics|Cooling|Thermal)$"
)


def protected_names(text: str) -> list[tuple[int, int]]:
    """Where well-known outside names of three characters and more stand, which may hold a listed company's (大金空调)."""
    plain = folded(text)
    found: list[tuple[int, int]] = []
    for name in sorted(foreign_names(), key=lambda one: (-len(one), one)):
        at = plain.find(name) if len(name) > 2 and not name.isascii() else -1
        if at >= 0 and not any(start < at + len(name) and at < end for start, end in found):
            found.append((at, at + len(name)))
    return found


def outside_subject(text: str, questions: QuestionsWith) -> list[tuple[int, int]]:
    """Where the company stands that a question without one of the library asks about, if it is one from outside.

    `questions` gives those of the library in which a word stands: what stands in one of them is no unknown name.
    """
    if not re.search(r"[\u4e00-\u9fff]", text):
        return _english(text)
    return _well_known(text) or _built_like_one(text, questions)


def is_order_of(text: str, end: int) -> bool:
    """Whether a name that ends here is a customer's: its orders, approvals, projects are meant."""
    return bool(_OF_THE_CUSTOMER.match(text, end))


def _well_known(text: str) -> list[tuple[int, int]]:
    plain = folded(text)
    for start in range(len(plain)):
        if not opens_here(text, start):
            continue
        for length in range(min(12, len(plain) - start), 1, -1):
            end = start + length
            if plain[start:end] in foreign_names() and _whole(plain, start, end):
                return [(start, end)] if _asked_about(text, start, end) else []
    return []


def _asked_about(text: str, start: int, end: int) -> bool:
    rest = text[end:]
    if text[start:end] in _EVERYDAY and not _EVERYDAY_SIGN.match(rest):
        return False
    rest = re.sub(r"^公司", "", rest)
    if re.match(r"\s*呢|\s*[的之]?(?:和|与|跟|及|、)", rest) or is_order_of(text, end):
        return False
    if re.search(r"(?:和|与|跟|同|及|比|较)\s*$", text[:start]) or _OPEN.search(text[:start] + rest):
        return False
    return bool(_ASKS.search(rest))


def _built_like_one(text: str, questions: QuestionsWith) -> list[tuple[int, int]]:
    opening = re.match(
        r"(?:请问|请教|想问一下|想问|问一下|了解一下|查一下|帮我查|您好|你好|[，,。：:\s])*", text
    )
    start = opening.end() if opening else 0
    match = _UNKNOWN.match(text, start)
    if not match or _OPEN.search(text[match.end() :]) or not _ASKS.search(text[match.end() :]):
        return []
    name = match.group(1)
    if _NO_STEM.match(name) or questions(name, MANY):
        return []
    first, tag = _first_word(name)
    coined = len(first) == 1 or (tag in _PROPER_TAGS and not questions(first, MANY))
    if not coined:
        return []
    return [match.span(1)]


def _first_word(name: str) -> tuple[str, str]:
    """The first word of a name and its tag: a coined name opens with one character or with a name (北麓, 云岭), a trade
    with a common noun (人工智能, 功率半导体)."""
    import rjieba

    word, tag = next(iter(rjieba.tag(name, hmm=False)), ("", ""))
    return str(word), str(tag)


def _english(text: str) -> list[tuple[int, int]]:
    if _OPEN_ENGLISH.search(text):
        return []
    for match in _PROPER.finditer(text):
        words = match.group().split()
        if words[0].lower() in _QUESTION_WORDS or words[0] in word_list("latin_words"):
            continue
        if len(words) > 1 and _COMPANY_TAIL.search(match.group()):
            return [match.span()]
    return []


_QUESTION_WORDS = frozenset(
    "what when where which does will have would could should are were compare tell show explain describe list give please about demand global high"
    " advanced chinese china data liquid power smart new next".split()
)


def _whole(plain: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut."""
    first, last = plain[start], plain[end - 1]
    before, after = plain[start - 1 : start], plain[end : end + 1]
    return not (first.isascii() and re.match(r"[a-z]", before)) and not (
        last.isascii() and re.match(r"[a-z]", after)
    )
