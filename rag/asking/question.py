"""What is asked: of which companies, of which period, as of which day, and in which words to search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ingest.language.folding import nfkc
from ingest.language.listed import Listed
from ingest.language.periods import Period, canonical, find_as_of, find_periods, without_as_of
from ingest.library.library import Company, RecordSummary
from rag.asking.colloquial import formal_terms
from rag.asking.companies import CompanyNames, Mention, company_label, is_topic
from rag.asking.glossary import translate_terms
from rag.asking.name_signs import opens_here
from rag.asking.one_wording import one_wording
from rag.asking.outside_names import is_order_of
from rag.asking.question_parts import is_figure, parts_of_question
from rag.asking.scope import Reason, out_of_scope

if TYPE_CHECKING:
    from opencc import OpenCC

Language = Literal["zh", "en"]

_HAN = re.compile(r"[\u4e00-\u9fff]")
# A name alone (mSAP, 800G) is of no language: the records' own then.
_ENGLISH = re.compile(r"[A-Za-z]{2,}\W+(?:\S+\W+)?[A-Za-z]{2,}")
_OPENING = re.compile(
    r"^(?:(?:尊敬的)?(?:董秘|领导|公司|各位领导|管理层|高管)?(?:您好|你好|好)|请问(?:一下)?|请教(?:一下)?|想?问(?:一下|下)"
    r"|想了解(?:一下)?|我想知道|想知道|麻烦问(?:一下|下)|能否介绍(?:一下)?|可否介绍(?:一下)?|请介绍(?:一下)?|请您?谈谈|贵公司|贵司|我们公司"
    r"|[，,。：:；;！!？?\s])+"
)
_CHANGE = re.compile(
    r"变化|变动|演变|怎么变|前后|口径|改口|调整过|推迟|延后|提前|更正|修正|更新|历次|历年|逐年|趋势|比之前|有没有变|从.{2,12}到.{2,12}"
    r"|\b(?:chang\w*|evol\w*|over time|revis\w*|correct\w*|update[sd]?|trend|delayed?|postponed?)\b",
    re.I,
)
_NEWEST = re.compile(
    r"最新|目前|现在|如今|眼下|当前|截至目前|到现在|最近一次|上一次|最近(?!\d|[两二三四五几]年)|\b(?:latest|currently|now|most recent|so far)\b",
    re.I,
)
_FIGURE = re.compile(
    r"多少|几(?:个|家|条|年|亿|万|成|台|人|种|款|倍|次)|多大|多高|占比|比例|比重|增速|增幅|增长率|毛利率|净利率|金额|规模|数量|产能|产值|营收|收入|利润"
    r"|\b(?:how (?:much|many|large|big|high)|percent\w*|ratio|margin|revenue|profit|capacity|number|amount|rate|share)\b",
    re.I,
)
_ANYONE = re.compile(
    r"哪家|哪几家|哪些(?:上市)?公司|有没有(?:什么)?公司|谁家|什么公司|which compan|列出|所有公司|的公司都?有(?:哪些|哪几家|谁)",
    re.I,
)
# Words by which a question without a name turns to the company that is chosen beside it.
_OF_THE_CHOSEN = re.compile(r"(?<!子)(?<!孙)(?<!上市)公司|贵司|你们|你司|我司|我们|咱们|咱家|是否向")
_COMPARES = re.compile(
    r"哪个|哪家|谁|对比|相比|比较|分别|各自|各是|高还是|差别|区别|不同|比.{0,12}(?:高|低|大|小|多|少|快|慢|强|好|怎么样|如何)"
    r"|\b(?:vs|versus|compare\w*|whose|higher|lower|better|than|which)\b",
    re.I,
)
_BESIDE_BEFORE = re.compile(
    r"(?:和|与|跟|同|及|、|比|vs\.?|versus|对比|\band|\bor|\bwith|\bto|\bthan|,)\s*$", re.I
)
_BESIDE_AFTER = re.compile(r"^\s*(?:和|与|跟|同|及|、|比|相比|vs|versus|对比|and\b|or\b|with\b|,)", re.I)


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a question is about. `rest` is the question without their names; `passed_over` the company that was
    chosen beside it, where the question names another."""

    companies: tuple[Company, ...] = ()
    ambiguous: tuple[Company, ...] = ()
    unknown: tuple[str, ...] = ()
    listed: bool = False
    rest: str = ""
    passed_over: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that has been understood.

    `companies` are those that are asked about (several for a comparison; none for "any company");
    `ambiguous` are the candidates of a name that fits several; `unknown` are names of companies
    that the library does not hold, `unknown_listed` whether all of them are listed ones; `passed_over` is
    the company that was chosen beside a question that names another. `search_text` is what retrieval should look for: without
    greeting and company names, in simplified Chinese, English finance terms translated; `formal` are
    the everyday words in it with the records' terms for them. `asks_newest`: it says 最新, 目前 or the like.
    """

    text: str
    standalone: str
    language: Language
    search_text: str
    formal: dict[str, tuple[str, ...]]
    companies: tuple[Company, ...]
    ambiguous: tuple[Company, ...]
    unknown: tuple[str, ...]
    as_of: date | None
    periods: tuple[Period, ...]
    asks_change: bool
    asks_figure: bool
    refused: Reason | None
    unknown_listed: bool = False
    passed_over: str = ""
    asks_newest: bool = False

    @property
    def years(self) -> frozenset[int]:
        """The years in which the periods asked about lie."""
        return frozenset(year for p in self.periods for year in range(p.first.year, p.last.year + 1))


def understand(
    text: str,
    names: CompanyNames,
    *,
    company: str | None = None,
    as_of: date | None = None,
    newest_of: Callable[[Sequence[Company]], date | None] = lambda companies: None,
) -> Question:
    """Read a question against the companies of a library.

    `company` (code or name) and `as_of` are what the user chose beside the question. The day wins over
    the question's own words; a company that the question itself asks wins over the one chosen.
    `newest_of` gives the newest publication of companies (of all, for none): the day from which 去年 and the like are read where there is no earlier as-of day.
    """
    standalone = simplified(fold(text)).strip()
    language = language_of(standalone)
    named = _companies(standalone, names, company)
    chosen, without_names = named.companies, named.rest
    day = as_of or find_as_of(standalone)
    latest = newest_of(chosen)
    reference = min(day, latest) if day and latest else day or latest or date(2000, 1, 1)
    search_text = _OPENING.sub("", without_as_of(without_names)).strip() or standalone
    search_text = one_wording(canonical(search_text, reference if day or latest else None))
    if language == "en":
        search_text = f"{search_text} {translate_terms(search_text)}".strip()
    newest_part = bool(day or latest) and len(chosen) == 1
    # a name may touch a period: 309917一季度; without the name, 24年 may touch 前驱体
    periods = find_periods(without_as_of(standalone), reference, newest=newest_part) or find_periods(
        without_as_of(without_names), reference, newest=newest_part
    )
    return Question(
        text=text,
        standalone=standalone,
        language=language,
        search_text=search_text,
        formal=formal_terms(search_text),
        companies=chosen,
        ambiguous=named.ambiguous,
        unknown=named.unknown,
        as_of=day,
        periods=tuple(periods),
        asks_change=bool(_CHANGE.search(standalone)),
        asks_figure=bool(_FIGURE.search(standalone)) or is_figure(parts_of_question(search_text).aspect),
        refused=out_of_scope(standalone),
        unknown_listed=named.listed,
        passed_over=named.passed_over,
        asks_newest=bool(_NEWEST.search(standalone)),
    )


def language_of(text: str) -> Language:
    """The language in which to answer: English for words of it, Chinese else, also for a name alone (mSAP)."""
    return "en" if _ENGLISH.search(text) and not _HAN.search(text) else "zh"


def newest(records: Iterable[RecordSummary], companies: Sequence[Company]) -> date | None:
    """The newest publication of these companies; of all, where none is named."""
    codes = {company.code for company in companies}
    return max(
        (r.published_on for r in records if r.published_on and (not codes or r.code in codes)), default=None
    )


def fold(text: str) -> str:
    """NFKC, CJK radicals as the characters that they print, and no space that only stands for looks."""
    plain = nfkc(text)
    return re.sub(r"(?<=[\u4e00-\u9fff])[ \t]+(?=[\u4e00-\u9fff])", "", plain) if _is_spaced(plain) else plain


def _is_spaced(text: str) -> bool:
    """Whether a text has a space after (nearly) every character, as some screens copy it."""
    return bool(re.search(r"(?:[\u4e00-\u9fff] ){2}[\u4e00-\u9fff]", text))


def simplified(text: str) -> str:
    """`text` in simplified characters; other text comes back as it was."""
    return str(_converter().convert(text))


def _companies(text: str, names: CompanyNames, company: str | None) -> Named:
    """Who is asked about: the companies named, else the one that was chosen beside the question."""
    mentions = names.mentions(text)
    if not company:
        return _named(text, mentions or _of_subsidiaries(text, names) or names.outside(text))
    given = names.resolve(simplified(fold(company)))
    listed = None if given else names.listed(simplified(fold(company)))
    named = _named(text, mentions)
    others = {one.code for one in named.companies} - {one.code for one in given}
    if (others or (named.unknown and not named.companies)) and _asks_another(text, mentions, given):
        return replace(named, passed_over=company_label(given[0]) if given else company)
    own = [m for m in mentions if set(m.companies) & set(given)]
    rest = _without(text, [(m.start, m.end) for m in own])
    if len(given) == 1:
        return Named(companies=given, rest=rest)
    unknown = () if given else (listed_label(company, listed),)
    return Named(ambiguous=given, unknown=unknown, listed=bool(listed), rest=rest)


def named_companies(text: str, names: CompanyNames) -> Named:
    """Whom a question names, customers and rivals left out."""
    return _named(text, names.mentions(text) or _of_subsidiaries(text, names))


def _of_subsidiaries(text: str, names: CompanyNames) -> list[Mention]:
    """The subsidiaries that a question names in place of their company."""
    return [] if _ANYONE.search(text) else names.subsidiaries(text)


def _asks_another(text: str, mentions: Sequence[Mention], given: Sequence[Company]) -> bool:
    """Whether a question turns to another company than the one chosen beside it."""
    if _OF_THE_CHOSEN.search(text) and not any(set(m.companies) & set(given) for m in mentions):
        return False
    first = mentions[0]
    if not first.companies and not first.listed and is_order_of(text, first.end):
        return False
    return opens_here(text, first.start) and not is_topic(text, first)


def _named(text: str, mentions: Sequence[Mention]) -> Named:
    chosen: list[Company] = []
    spans: list[tuple[int, int]] = []
    ambiguous: tuple[Company, ...] = ()
    unclear = (
        False  # beside a company that is clear, a name that could mean several counts where they are compared
    )
    unknown: list[Mention] = []
    for mention in mentions:
        topic = is_topic(text, mention)
        if topic and (_ANYONE.search(text) or (_OF_THE_CHOSEN.search(text) and not chosen)):
            continue
        if len(mention.companies) == 1:
            if topic and chosen:
                continue
            if not mention.subsidiary:
                spans.append((mention.start, mention.end + 2 * text.startswith("公司", mention.end)))
            if mention.companies[0] not in chosen:
                chosen.append(mention.companies[0])
        elif mention.companies:
            ambiguous = mention.companies
            if unclear := _is_compared(text, mention):
                spans.append((mention.start, mention.end))
        elif not _ANYONE.search(text) or _is_compared(text, mention):
            unknown.append(mention)
    if chosen:
        # A company elsewhere is then a customer, a rival or a topic, unless the two are compared.
        unknown = [mention for mention in unknown if _is_compared(text, mention)]
        ambiguous = ambiguous if unclear else ()
        spans += [(mention.start, mention.end) for mention in unknown]
    return Named(
        companies=tuple(chosen),
        ambiguous=ambiguous,
        unknown=tuple(dict.fromkeys(listed_label(m.name, m.listed) for m in unknown)),
        listed=bool(unknown) and all(mention.listed for mention in unknown),
        rest=_without(text, spans) if chosen else text,
    )


def _is_compared(text: str, mention: Mention) -> bool:
    if not _COMPARES.search(text):
        return False
    before, after = text[: mention.start], text[mention.end :]
    return bool(_BESIDE_BEFORE.search(before) or _BESIDE_AFTER.match(after))


def listed_label(name: str, listed: Listed | None) -> str:
    """A name as it was asked for, with the code under which it is listed."""
    if not listed:
        return name
    return f"{listed.short_name}（{listed.code}）"


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    text = re.sub(r"[（(]\s*(?:\d{6}(?:\.S[HZ])?)?\s*[)）]", "", text)
    return re.sub(r"^(?:公司)?(?:和(?!谐)|与(?!会)|跟(?![踪进])|、|的|，|,|以及)+", "", text).strip()


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
