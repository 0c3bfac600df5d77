"""Which listed company a question is about: by code, short name, full name or common alias."""

from __future__ import annotations

import difflib
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from ingest.library import Company
from rag.word_lists import word_list

# Words that many short names share: alone they name no company.
GENERIC_WORDS = frozenset(
    [
        "股份",
        "科技",
        "电子",
        "光电",
        "微电",
        "环境",
        "控股",
        "集团",
        "智能",
        "技术",
        "材料",
        "新材",
        "精密",
        "医疗",
        "生物",
        "药业",
        "能源",
        "信息",
        "软件",
        "网络",
        "通信",
        "通讯",
        "电气",
        "电器",
        "重工",
        "机械",
        "汽车",
        "动力",
        "食品",
        "银行",
        "证券",
        "传媒",
        "文化",
        "教育",
        "环保",
        "化学",
        "化工",
        "半导",
        "数据",
        "智控",
        "装备",
        "制造",
        "实业",
        "国际",
        "发展",
        "工业",
        "中国",
        "华大",
        "上海",
        "北京",
        "深圳",
        "广东",
        "江苏",
        "浙江",
        "四川",
        "公司",
        "有限",
        "数字",
        "安全",
        "机器",
        "航天",
        "激光",
        "检测",
        "测试",
        "医药",
        "制药",
    ]
) - {"华大"}
SUFFIX_WORDS = tuple(sorted(GENERIC_WORDS, key=len, reverse=True))
# What may stand in front of a company's name when the company is a topic, not the one asked about.
_AS_TOPIC = re.compile(r"(?:与|和|跟|同|给|向|为|对|被|供应|客户|竞争对手|对手|收购|入股|参股|像|比|类似)$")
_NAME_SHAPE = re.compile(
    r"^(?:请问|请教|想问一下|想问|问一下|了解一下|查一下|帮我查|董秘您好|您好|你好|[，,。：:\s])*"
    r"([\u4e00-\u9fffA-Z]{2,4}(?:股份|科技|电子|光电|微电|集团|控股|精密|医疗|生物|药业|制药|医药|银行|证券|半导体|通信|通讯|重工|电气))"
    r"(?:公司)?(?=的|在|是|有|最近|目前|今年|去年|明年|未来|20\d\d|怎么|为什么|如何|海外|毛利|营收|净利|[，,（(])"
)
_CODE = re.compile(r"(?<!\d)(?:(?:SH|SZ|BJ)[.:]?)?(\d{6})(?:\.(?:SH|SZ|BJ|SS))?(?!\d)", re.IGNORECASE)
_LEGAL_TAIL = re.compile(r"(?:集团)?(?:股份)?(?:有限)?(?:责任)?公司$")
_PLACE_HEAD = re.compile(
    r"^(?:北京|上海|天津|重庆|深圳(?:市)?|广州|杭州(?:市)?|苏州(?:市)?|南京(?:市)?|武汉|成都|西安|"
    r"(?:黑龙江|内蒙古|[\u4e00-\u9fff]{2})省|广东|江苏|浙江|山东|四川|湖北|湖南|福建|安徽|河南|河北|江西|辽宁)"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A company named in a text: where, and which companies of the library it may mean."""

    start: int
    end: int
    name: str
    companies: tuple[Company, ...]  # none: a company that is not in the library


class CompanyNames:
    """The names under which the companies of a library are known.

    >>> names = CompanyNames(library.companies())
    >>> [m.name for m in names.mentions("高澜的液冷业务怎么样")]
    ['高澜']
    """

    def __init__(self, companies: Sequence[Company]) -> None:
        self.companies = tuple(companies)
        aliases: dict[str, set[Company]] = defaultdict(set)
        for company in self.companies:
            for alias in _aliases(company):
                aliases[alias].add(company)
        for english, short_name in _english_names().items():
            for company in self.companies:
                if company.short_name == short_name:
                    aliases[english].add(company)
        self._aliases = {
            alias: tuple(sorted(found, key=lambda c: c.code or "")) for alias, found in aliases.items()
        }
        elsewhere = {
            name
            for name in [*map(str.casefold, word_list("listed_companies")), *_english_names()]
            if name not in self._aliases
        }
        ordered = sorted([*self._aliases, *elsewhere], key=lambda name: (-len(name), name))
        self._pattern = re.compile("|".join(map(_whole_word, ordered))) if ordered else None

    def resolve(self, text: str) -> tuple[Company, ...]:
        """The companies that `text`, given as *the* company, may mean: none, one, or several."""
        wanted = text.strip()
        code = _CODE.fullmatch(wanted)
        if code:
            return tuple(c for c in self.companies if c.code == code.group(1))
        exact = self._aliases.get(wanted.casefold()) or self._aliases.get(_bare_name(wanted).casefold())
        if exact:
            return exact
        return tuple(
            c
            for c in self.companies
            if len(wanted) >= 2 and wanted in f"{c.short_name or ''} {c.company or ''}"
        )

    def mentions(self, text: str) -> list[Mention]:
        """Every company named in `text`, in order, the longest name at each place."""
        folded = text.casefold()
        found: list[Mention] = []
        for match in self._pattern.finditer(folded) if self._pattern else ():
            companies = self._aliases.get(match.group(), ())
            found.append(Mention(match.start(), match.end(), text[match.start() : match.end()], companies))
        for match in _CODE.finditer(text):
            if any(m.start <= match.start() < m.end for m in found):
                continue
            companies = tuple(c for c in self.companies if c.code == match.group(1))
            if companies or match.group() != match.group(1) or match.group(1)[0] in "036":
                found.append(Mention(match.start(), match.end(), match.group(), companies))
        if not found:
            shaped = _NAME_SHAPE.match(text)
            if shaped:
                found.append(Mention(shaped.start(1), shaped.end(1), shaped.group(1), ()))
        return sorted(found, key=lambda mention: mention.start)

    def nearest(self, name: str, count: int = 5) -> list[Company]:
        """The companies whose names look most like `name`, best first."""

        def likeness(company: Company) -> float:
            names = [n for n in (company.code, company.short_name, company.company) if n]
            return max((difflib.SequenceMatcher(None, name, n).ratio() for n in names), default=0.0)

        return sorted(self.companies, key=lambda c: (-likeness(c), c.code or ""))[:count]


def is_topic(text: str, mention: Mention) -> bool:
    """Whether the company at `mention` is what the question is about rather than whom it asks."""
    return bool(_AS_TOPIC.search(text[: mention.start]))


def _whole_word(name: str) -> str:
    pattern = re.escape(name)
    return rf"(?<![a-z]){pattern}(?![a-z])" if name.isascii() else pattern


def _aliases(company: Company) -> set[str]:
    names: set[str] = set()
    if company.short_name:
        short = company.short_name
        names |= {short, _bare_name(short)}
        for part in (short[:2], short[-2:]) if len(short) == 4 else ():
            if part not in GENERIC_WORDS and re.fullmatch(r"[\u4e00-\u9fff]{2}", part):
                names.add(part)
    if company.company:
        full = company.company
        bare = _LEGAL_TAIL.sub("", full)
        names |= {full, bare, _PLACE_HEAD.sub("", bare)}
    return {name.casefold() for name in names if len(name) >= 2 and name not in GENERIC_WORDS}


def _bare_name(short_name: str) -> str:
    """`高澜股份` → `高澜`: the short name without the word that many names share."""
    for word in SUFFIX_WORDS:
        if short_name.endswith(word) and len(short_name) - len(word) >= 2:
            return short_name[: -len(word)]
    return short_name


@lru_cache(maxsize=1)
def _english_names() -> dict[str, str]:
    names: dict[str, str] = json.loads(
        resources.files("rag").joinpath("data/english_names.json").read_text(encoding="utf-8")
    )
    return names
