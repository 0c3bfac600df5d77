"""What is asked: of which companies, of which period, as of which day, and in which words to search."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ingest.folding import nfkc
from ingest.library import Company, RecordSummary
from rag.colloquial import formal_terms
from rag.companies import CompanyNames, is_topic
from rag.glossary import translate_terms
from rag.periods import Period, find_as_of, find_periods
from rag.scope import Reason, out_of_scope

if TYPE_CHECKING:
    from opencc import OpenCC

Language = Literal["zh", "en"]

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
_FIGURE = re.compile(
    r"多少|几(?:个|家|条|年|亿|万|成|台|人|种|款|倍|次)|多大|多高|占比|比例|比重|增速|增幅|增长率|毛利率|净利率|金额|规模|数量|产能|产值|营收|收入|利润"
    r"|\b(?:how (?:much|many|large|big|high)|percent\w*|ratio|margin|revenue|profit|capacity|number|amount|rate|share)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that has been understood.

    `companies` are those that are asked about (several for a comparison; none for "any company");
    `ambiguous` are the candidates of a name that fits several; `unknown` are names of companies
    that the library does not hold. `search_text` is what retrieval should look for: without
    greeting and company names, in simplified Chinese, English finance terms translated; `formal` are
    the everyday words in it with the records' terms for them.
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

    `company` (code or name) and `as_of` are what the user chose beside the question; they win over
    the question's own words. `newest_of` gives the newest publication of companies (of all, for none):
    the day from which 去年 and the like are read where there is no earlier as-of day.
    """
    standalone = simplified(nfkc(text)).strip()
    language: Language = "zh" if re.search(r"[\u4e00-\u9fff]", standalone) else "en"
    chosen, ambiguous, unknown, without_names = _companies(standalone, names, company)
    day = as_of or find_as_of(standalone)
    latest = newest_of(chosen)
    reference = min(day, latest) if day and latest else day or latest or date(2000, 1, 1)
    search_text = _OPENING.sub("", without_names).strip() or standalone
    if language == "en":
        search_text = f"{search_text} {translate_terms(search_text)}".strip()
    return Question(
        text=text,
        standalone=standalone,
        language=language,
        search_text=search_text,
        formal=formal_terms(search_text),
        companies=chosen,
        ambiguous=ambiguous,
        unknown=unknown,
        as_of=day,
        periods=tuple(find_periods(standalone, reference)),
        asks_change=bool(_CHANGE.search(standalone)),
        asks_figure=bool(_FIGURE.search(standalone)),
        refused=out_of_scope(standalone),
    )


def newest(records: Iterable[RecordSummary], companies: Sequence[Company]) -> date | None:
    """The newest publication of these companies; of all, where none is named."""
    codes = {company.code for company in companies}
    return max(
        (r.published_on for r in records if r.published_on and (not codes or r.code in codes)), default=None
    )


def simplified(text: str) -> str:
    """`text` in simplified characters; other text comes back as it was."""
    return str(_converter().convert(text))


def _companies(
    text: str, names: CompanyNames, company: str | None
) -> tuple[tuple[Company, ...], tuple[Company, ...], tuple[str, ...], str]:
    mentions = names.mentions(text)
    if company:
        given = names.resolve(simplified(nfkc(company)))
        own = [m for m in mentions if set(m.companies) & set(given)]
        rest = _without(text, [(m.start, m.end) for m in own])
        if len(given) == 1:
            return given, (), (), rest
        return (), given, () if given else (company,), rest
    chosen: list[Company] = []
    spans: list[tuple[int, int]] = []
    ambiguous: tuple[Company, ...] = ()
    unknown: list[str] = []
    for mention in mentions:
        topic = is_topic(text, mention)
        if len(mention.companies) == 1:
            spans.append((mention.start, mention.end))
            if mention.companies[0] not in chosen:
                chosen.append(mention.companies[0])
        elif mention.companies:
            ambiguous = mention.companies
        elif not topic or not chosen:
            unknown.append(mention.name)
    if chosen:
        # A company elsewhere is then a customer, a rival or a topic, unless the two are compared.
        compared = [name for name in unknown if _is_compared(text, name)]
        return tuple(chosen), (), tuple(compared), _without(text, spans)
    return (), ambiguous, tuple(unknown), text


def _is_compared(text: str, name: str) -> bool:
    return bool(
        re.search(
            rf"(?:和|与|跟|、|vs\.?|对比){re.escape(name)}|{re.escape(name)}(?:和|与|跟|、|vs|对比)", text
        )
    ) and bool(re.search(r"哪个|哪家|谁|对比|相比|比较|分别|各自|高还是|差别|区别", text))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    text = re.sub(r"[（(]\s*(?:\d{6}(?:\.S[HZ])?)?\s*[)）]", "", text)
    return re.sub(r"^(?:公司)?(?:和|与|跟|、|的|在|，|,|以及)+", "", text).strip()


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
