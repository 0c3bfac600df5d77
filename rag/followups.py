"""Follow-up questions made standalone: what "那海外呢？", "去年同期是多少" and "它" mean after what was asked before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.folding import nfkc
from ingest.listed import listing
from rag.companies import CompanyNames, company_name
from rag.company_aliases import folded, foreign_names
from rag.followup_choices import against, chosen, is_yes, which_of_them, without_unclear_names
from rag.history import Earlier, HistoryItem, TurnLike, turns
from rag.periods import find_as_of
from rag.question import named_companies
from rag.scope import out_of_scope


@dataclass(frozen=True, slots=True)
class Standalone:
    """A follow-up made standalone.

    `text` can be understood without what went before; `sure` is False where a rule had to guess, so
    that a model may be asked instead. `as_of` is a day that carries over from the words of an
    earlier question.
    """

    text: str
    sure: bool
    as_of: date | None = None


# Words of one kind take each other's place: "国内收入…" then "那海外呢？".
_KINDS: tuple[tuple[str, ...], ...] = (
    ("境内外", "国内外", "海外", "境外", "国外", "国际", "出口", "国内", "境内", "内销", "外销", "国内市场", "海外市场", "境外市场",
     "美国", "欧洲", "东南亚", "中东", "北美", "日本", "印度", "越南", "泰国", "马来西亚", "德国"),
    ("营业收入", "营收", "收入", "销售额", "净利润", "归母净利润", "利润", "毛利率", "净利率", "毛利", "费用率", "研发费用", "销售费用",
     "管理费用", "财务费用", "现金流", "经营性现金流", "应收账款", "存货", "订单", "在手订单", "新签订单", "产能", "产能利用率", "出货量",
     "销量", "产量", "价格", "单价", "成本", "市占率", "市场份额", "研发投入", "资本开支", "总投资", "投资额", "分红", "回购", "人数", "员工人数"),
    ("上半年", "下半年", "一季度", "二季度", "三季度", "四季度", "第一季度", "第二季度", "第三季度", "第四季度", "前三季度", "全年"),
    ("增量业务", "存量业务", "增量", "存量"),
    ("硬件", "软件", "服务"),
    ("核电", "氢能", "储能", "风电", "光伏", "水电", "火电", "石化", "煤化工", "半导体", "数据中心", "新能源汽车", "汽车", "医疗", "军工"),
)  # fmt: skip
_LEAD = re.compile(
    r"^(?:那么?(?![边里些个家种])|然后|接着|另外|还有|再问(?:一下)?|那再问(?:一下)?|嗯+|好的?|哦|请问|所以|and|what about|how about|then|so)"
    r"[，,\s]*(?=\S{2,})",
    re.I,
)
_ELLIPSIS = re.compile(
    r"^(?P<what>[^？?。！]{1,24}?)(?:方面|业务|这块|那块|部分)?(?:又|也)?(?:呢|怎么样|如何|怎样|咋样)?[？?。\s]*$"
)
_ENDS_NE = re.compile(r"呢[？?\s]*$")
_SAME_PERIOD = re.compile(r"(?:去年|上年)(?:的)?同期|上年同期")
_PERIOD = re.compile(
    r"(?:20\d{2}年?度?|(?<!\d)\d{2}年度?|去年|今年|前年|明年|上年)?的?"
    r"(?:上半年|下半年|前三季度?|第?[一二三四1-4]季度?|首季度?|全年|年度|年?中报|半年报|半年度|年报|[一三]季报|(?<![A-Za-z])[QH][1-4](?!\d)"
    r"|(?:1[0-2]|[1-9])[-至到](?:1[0-2]|[1-9])月|(?:1[0-2]|[1-9])月(?:[0-3]?\d日)?[末底]?)末?"
    r"|(?<!\d)\d{2}[QH][1-4](?!\d)|(?<!\d)[1-4][QH]\d{2}(?!\d)"
    r"|20\d{2}年(?:度|全年|年?[末底])?|(?<![\d.])[12]\d年(?:度|全年|[末底])?(?![前来内])|去年|今年|前年|明年|上年",
    re.I,
)
_ASKS_WHY = re.compile(
    r"^(?:这是|那|具体|主要|背后)?(?:的)?(?:为什么|为何|为啥|什么原因|原因(?:是什么|何在|呢)?|怎么回事|怎么会这样|是什么原因(?:导致的?)?)(?:呢|啊)?[？?。\s]*$"
)
_ASKS_MORE = re.compile(
    r"^(?:请|能|能否|可以|麻烦)?(?:再)?(?:具体|详细|展开|多)(?:地|来)?(?:说|讲|谈|介绍|点|一点|说明)*(?:说|讲)?(?:一下|说说|讲讲|些|点|呢)?(?:吗|呢)?[？?。\s]*$|^(?:还有(?:没有)?(?:别的|其他的?|其它的?)?|其他的?|别的)(?:说法|回答|表述|信息|内容|补充|要补充的)?(?:呢|吗|么|没有)?[？?。\s]*$"
)
_RATE = re.compile(
    r"^(?P<rate>同比|环比|增速|增幅)(?:增速|增长|变化|情况)?(?:多少|是多少|怎么样|如何|呢)*[？?。\s]*$"
)
_PRONOUN = re.compile(
    r"(?<![其吉])(?:它们|他们|(?<![对给向跟和与把被])它|该公司|这家公司|那家公司|这公司|该企业|这家企业|这家|贵公司|贵司|你们公司|你们|他家|她家)"
)
_THIS = re.compile(
    r"(?:这个|那个|这一|该|此|上述|这些|那些|这边|那边|这里|那里|这|那)(?:项目|产品|业务|工厂|基地|产线|技术|订单|收购|公司的?|子公司|数字|比例|指标|情况|计划|措施|影响|客户|市场|因素|原因|变化|趋势)?"
)
_TAIL = re.compile(
    r"(?:(?:大概|大约|目前|现在|具体|分别|到底|一共|总共|是否|有没有)*(?:是|为|有|占|达到|会|能)?(?:多少|多大|多高|几成|怎么样|怎样|如何|什么(?:样|情况|水平|进展)?|哪些|哪儿|哪里|几[个家条台年亿万]|多久|何时|什么时候)"
    r"(?:的)?(?:了|呢|啊|吗|公司|情况|变化)?|(?:进展|情况)?(?:是)?(?:怎么样|如何|怎样)(?:了|呢|的)?|吗|呢|么|嘛)?[？?。！!\s]*$"
)
_ASKS = re.compile(
    r"什么时候|何时|多久|是?多少|多大|多高|几[个家条台年亿万成]|为什么|为何|怎么|如何|怎样|哪些|哪里|是否|有没有|会不会|能不能|是什么|是谁"
)
_QUESTION_WORDS = re.compile(
    r"多少|多大|多高|怎么样|怎么|如何|怎样|什么时候|何时|什么|哪些|哪里|哪个|为什么|为何|是否|有没有|会不会|能不能|吗|呢|么|多久|几|是|的|了|有|在|会|能|将|要|吧|啊|已经|目前|现在|预计|大概|大约|可以|一下|请|问|也|都|还|谁|后来|之后|新增|还是|升|降|涨|跌|又|主要|具体|占比|比例|进展|情况|影响|增长|下降|提升|变化|计划|投产|量产|达产|开始|完成|其中|占|同比|环比|原因|因素|增加|减少|高|低|大|小|[，,。？?！!、\s]"
)
_ANYONE = re.compile(r"哪家|哪些公司|其他公司|别的公司|所有公司|行业内|有没有公司|which compan", re.I)
_BOTH = re.compile(r"两者|二者|前者|后者|哪个更|哪一个")
_ENGLISH_REFERENCE = re.compile(r"\b(?:it|its|they|their|the company|that)\b", re.I)


def standalone(
    question: str, history: Sequence[HistoryItem], names: CompanyNames, company: str | None = None
) -> Standalone:
    """Make a question understandable without what went before, by rules.

    Company, period and topic of the last turn that had them carry over, and become visible in the text.

    Args:
        question: as the user typed it.
        history: earlier turns, oldest first: questions, pairs, messages or turns (see `rag.history`).
        names: the companies of the library.
        company: what is chosen beside the question now; it wins over the companies of earlier turns.

    Returns:
        The question itself where nothing has to carry over.
    """
    heard = _heard(turns(history), names)
    said = nfkc(question).strip()
    if not heard or (out_of_scope(question) and not is_yes(said)):
        return Standalone(question, True)
    earlier = _earlier(heard[-1])
    as_of = _carried_day(heard[-1], said)
    if choice := chosen(said, heard[-1], names):
        return Standalone(_joined(choice, without_unclear_names(earlier, names)), True, as_of)
    beside = names.resolve(company) if company else ()
    speaker = company_name(beside[0]) if len(beside) == 1 else "" if company else _company(heard, names)
    if re.search(r"[a-z]", said) and not re.search(r"[\u4e00-\u9fff]", said):
        return _english(said, earlier, speaker, names, as_of)
    own = _names_a_company(said, names)
    before = _without_companies(earlier, names)
    if is_yes(said):
        return Standalone(earlier if not company else _joined(speaker, before), True, as_of)
    if both := against(said, speaker, names):
        return Standalone(f"{_joined(both, before).rstrip('？?。 ')}，对比一下", True, as_of)
    them, asks = which_of_them(said, heard, names)
    if them:
        return Standalone(_joined(them, f"{_topic(before)}{asks}"), True, as_of)
    if _only_company(said, names) and before:
        return Standalone(_joined(_only_company(said, names), before), True, as_of)
    if elsewhere := _company_elsewhere(said, names):
        return Standalone(_joined(elsewhere, before), False, as_of)
    text, sure = _completed(_LEAD.sub("", said) if len(said) > 3 else said, before)
    text = _PRONOUN.sub("", text) if not own and speaker else text
    if not own and speaker and not _names_a_company(text, names):
        text = _joined(speaker, text)
    return Standalone(text, sure, as_of)


def _completed(said: str, before: str) -> tuple[str, bool]:
    """The question with what it leaves out taken from the one before; whether that was plain."""
    if _ASKS_WHY.match(said):
        return f"{_topic(before)}的原因是什么？", True
    if _ASKS_MORE.match(said):
        return before, True
    rate = _RATE.match(said)
    if rate:
        return f"{_topic(before)}{rate['rate']}变化多少？", True
    same = _SAME_PERIOD.search(said)
    if same:
        return _same_period(said, before)
    bare = _ELLIPSIS.match(said)
    content = _PRONOUN.sub("", said)
    if bare and (_ENDS_NE.search(said) or _is_bare(bare["what"])):
        return _swapped(bare["what"].strip("的，, "), before)
    reference = _THIS.search(content)
    if reference and reference.start() <= 4:
        rest = (content[: reference.start()] + content[reference.end() :]).strip("的，, ")
        return f"{_noun(_topic(before), reference.group())}{rest}", False
    if _PERIOD.match(content) and len(_QUESTION_WORDS.sub("", _PERIOD.sub("", content))) < 2:
        return _with_period(_PERIOD.match(content).group(), before), True  # type: ignore[union-attr]
    if re.match(r"对\S{2,12}影响", content):  # it lacks what has the influence
        return f"{_topic(before)}{content}", False
    left = _QUESTION_WORDS.sub("", content)
    if content == said and left in _KINDS[1]:  # a metric, and not of "it": of what was asked about before
        return (
            (*_swapped(left, before)[:1], False)
            if _has_metric(before)
            else (f"{_topic(before)}{content}", False)
        )
    if len(left) < 3 and content == said:
        return f"{_topic(before)}{content}", False
    return said, not (_ENGLISH_REFERENCE.search(said) or _BOTH.search(said))


def _english(said: str, earlier: str, company: str, names: CompanyNames, as_of: date | None) -> Standalone:
    """English follow-ups: the company carries over; a fragment is put beside the question before."""
    only, before = _only_company(said, names), [m for m in names.mentions(earlier) if m.companies]
    if only and len(before) == 1:
        return Standalone(f"{earlier[: before[0].start]}{only}{earlier[before[0].end :]}", True, as_of)
    named = bool(names.mentions(said)) or bool(_ANYONE.search(said))
    fragment = re.match(r"^(?:and|what about|how about)\s+(.{2,40}?)\s*\?*$|^why\b.{0,12}$", said, re.I)
    text = f"{earlier.rstrip('?？. ')} ({said.rstrip('?')})?" if fragment else said
    if not named and not names.mentions(text) and company:
        text = f"{company}: {text}"
    return Standalone(text, not fragment and not _ENGLISH_REFERENCE.search(said), as_of)


def _has_metric(before: str) -> bool:
    return any(word in before for word in _KINDS[1])


def _names_a_company(said: str, names: CompanyNames) -> bool:
    """Whether a question names whom it asks; a foreign company is a customer or a rival of the one talked about."""
    for mention in names.mentions(said):
        if mention.companies or folded(mention.name) not in foreign_names():
            return True
    return bool(_ANYONE.search(said))


def _company_elsewhere(said: str, names: CompanyNames) -> str:
    """The name of a listed company that the library does not hold, where a question is its common short form."""
    bare = _ELLIPSIS.match(_LEAD.sub("", said))
    what = bare["what"] if bare and _ENDS_NE.search(said) else ""
    if not 2 <= len(what) <= 3 or any(what in kind for kind in _KINDS):
        return ""
    for word in ("股份", "科技", "技术"):
        if what + word in listing().by_name and not names.resolve(what + word):
            return what + word
    return ""


def _swapped(what: str, before: str) -> tuple[str, bool]:
    """`before` with the word of the same kind as `what` replaced; `what` in front where there is none."""
    if _PERIOD.fullmatch(what):
        return _with_period(what, before), True
    for kind in _KINDS:
        if not any(what == word or what.endswith(word) or what.startswith(word) for word in kind):
            continue
        for word in sorted(kind, key=len, reverse=True):
            if word in before and word != what:
                return before.replace(word, what, 1), True
    period = _PERIOD.match(what)
    if period:
        rest = what[period.end() :].strip("的")
        swapped, sure = _swapped(rest, before) if rest else (before, True)
        return _with_period(period.group(), swapped), sure
    first = _leading_noun(before)
    if first:
        return before.replace(first, what, 1), False
    return f"{what}{before}", False


def _leading_noun(before: str) -> str:
    """The noun phrase that a question opens with, up to 的, a period or a metric; none where it is not plain."""
    text = _PERIOD.sub("", before, count=1).lstrip("的")
    metrics = "|".join(
        sorted(
            (*_KINDS[1], "进展", "情况", "业务", "占比", "布局", "规划", "需求", "项目", "卖得", "做得"),
            key=len,
            reverse=True,
        )
    )
    found = re.match(rf"([^的，,？?]{{2,12}}?)(?=的|对|{metrics})", text)
    return (
        found.group(1) if found and not re.search(r"为什么|怎么|如何|是否|多少|什么", found.group(1)) else ""
    )


def _same_period(said: str, before: str) -> tuple[str, bool]:
    """去年同期: the period of the question before, a year earlier."""
    period = _PERIOD.search(before)
    base = before
    rest = _SAME_PERIOD.sub("", said)
    if len(_QUESTION_WORDS.sub("", rest)) >= 2:  # it names its own metric: 去年同期毛利率是多少
        base = rest.lstrip("的，,")
        if period:
            return f"{_earlier_by_a_year(period.group())}{base}", True
        return f"去年同期{base}", True
    if not period:
        return f"去年同期{base}", True
    return base.replace(period.group(), _earlier_by_a_year(period.group()), 1), True


def _earlier_by_a_year(period: str) -> str:
    year = re.match(r"(?:20)?\d{2}(?=年|[QH]|$)", period, re.I)
    if year:
        return f"{int(year.group()) - 1}{period[year.end() :]}"
    for later, earlier in (("今年", "去年"), ("去年", "前年"), ("上年", "前年"), ("明年", "今年")):
        if later in period:
            return period.replace(later, earlier)
    return f"去年{period}"


def _with_period(period: str, before: str) -> str:
    """`before` about another period; a part of a year keeps the year that was named."""
    known = _PERIOD.search(before)
    if not known:
        return f"{period}{before}"
    year = re.match(r"20\d{2}年?|\d{2}年|去年|今年|前年|明年|上年|\d{2}(?=[QH])", known.group())
    part = re.search(r"上半年|下半年|前三季度|第?[一二三四1-4]季度", known.group())
    new = period
    if not re.match(r"\d{2,4}年|20\d{2}|\d{2}[QH]|\d[QH]\d|去年|今年|前年|明年|上年", period, re.I) and year:
        new = f"{year.group().rstrip('年')}年{period}" if year.group()[0] in "12" else year.group() + period
    elif part and re.fullmatch(r"20\d{2}年?|\d{2}年|去年|今年|前年|明年|上年", period):
        new = f"{period}{part.group()}"
    return before.replace(known.group(), new, 1)


def _topic(before: str) -> str:
    """What the question before was about: without its question words at the end."""
    text = re.sub(
        r"^(?:请问|为什么|为何|如何看待|怎么看待?|介绍一下|请介绍(?:一下)?|是否|有没有)",
        "",
        before.strip("？?。 "),
    )
    asks = _ASKS.search(text)
    if asks and asks.start() >= 3:
        text = text[: asks.start()]
    text = _TAIL.sub("", text)
    return re.sub(r"(?:是|为|有|的|会|能|，|,)+$", "", text).strip() or before.strip("？?。 ")


def _noun(topic: str, reference: str) -> str:
    """`topic` in place of 这个…: without its last metric or state where the reference names a thing."""
    named = re.search(r"项目|产品|业务|工厂|基地|产线|技术|收购|子公司", reference)
    text = re.sub(r"的?(?:进展|情况|进度|布局|规划|现状)$", "", topic) if named else topic
    if named and named.group() not in text:
        text += named.group()
    return f"{text}的" if not text.endswith("的") else text


def _is_bare(what: str) -> bool:
    """Whether a question is nothing but a thing or a time, with no question of its own."""
    return bool(_PERIOD.fullmatch(what)) or any(what == word for kind in _KINDS for word in kind)


def _heard(history: Sequence[TurnLike], names: CompanyNames) -> list[TurnLike]:
    """The turns, each with its standalone question; of those that came without one it is made anew."""
    heard: list[TurnLike] = []
    for turn in history:
        if not turn.answer.get("standalone_question"):
            alone = standalone(turn.question, heard[-3:], names, getattr(turn, "company", None)).text
            turn = Earlier(
                turn.question,
                {**turn.answer, "standalone_question": alone},
                getattr(turn, "company", None),
                getattr(turn, "as_of", None),
            )
        heard.append(turn)
    return heard


def _earlier(turn: TurnLike) -> str:
    told = turn.answer.get("standalone_question") or turn.question
    return nfkc(str(told)).strip()


def _company(history: Sequence[TurnLike], names: CompanyNames) -> str:
    """The company that was last talked about: named, chosen, or the only one cited; several are joined by 和."""
    for turn in reversed(history):
        found = list(named_companies(_earlier(turn), names).companies)
        chosen = getattr(turn, "company", None)
        if not found and chosen:
            found = list(names.resolve(str(chosen)))[:1]
        if not found:
            claims = turn.answer.get("claims") or []
            codes = {c.get("code") for claim in claims for c in claim.get("citations") or []}
            found = (
                [company for company in names.companies if company.code in codes] if len(codes) == 1 else []
            )
        if found:
            unique = dict.fromkeys(company.short_name or company.code or "" for company in found)
            return "和".join(unique)
    return ""


def _carried_day(turn: TurnLike, said: str) -> date | None:
    """The as-of day that the last question's own words had set, unless this one sets another."""
    if find_as_of(said) or getattr(turn, "as_of", None):
        return None
    day = turn.answer.get("as_of")
    return date.fromisoformat(str(day)) if day else None


def _without_companies(text: str, names: CompanyNames) -> str:
    for mention in sorted(names.mentions(text), key=lambda m: m.start, reverse=True):
        if len(mention.companies) == 1:
            text = text[: mention.start] + text[mention.end :]
    text = re.sub(r"20\d{2}[-年/.]\d{1,2}[-月/.]?(?:\d{1,2}日?)?(?:之前|以前|为止|前)[，,]?", "", text)
    text = re.sub(
        r"^[（(]\s*\d{6}\s*[)）]|^(?:公司)?(?:和(?!谐)|与(?!会)|跟(?![踪进])|、|的|，|,|:|以及)+",
        "",
        text.strip(),
    )
    return re.sub(r"^(?:请问|请教)", "", text).strip()


def _only_company(said: str, names: CompanyNames) -> str:
    """The company's name where the question is nothing else ("那澄屿微电呢？"), else nothing."""
    found = [m for m in names.mentions(said) if len(m.companies) <= 1]
    if len(found) != 1:
        return ""
    rest = said[: found[0].start] + said[found[0].end :]
    bare = re.sub(
        r"那么?|换成|如果是|呢|怎么样|如何|公司|的|[，,？?。\s]|what about|how about|and",
        "",
        rest,
        flags=re.I,
    )
    companies = found[0].companies
    return "" if bare else (companies[0].short_name or found[0].name) if companies else found[0].name


def _joined(company: str, text: str) -> str:
    return company + text.lstrip("的，, ")
