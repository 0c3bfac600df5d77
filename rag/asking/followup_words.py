"""The words of follow-ups: what "那海外呢？", "去年同期", "为什么会这样" leave out, taken from the question before.

Text in, text out; who is asked, and which of several readings holds, is decided by `rag.asking.followups`.
"""

from __future__ import annotations

import re

# Words of one kind take each other's place: "国内收入…" then "那海外呢？".
KINDS: tuple[tuple[str, ...], ...] = (
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
LEAD = re.compile(
    r"^(?:那么?(?![边里些个家种])|然后|接着|另外|还有|再问(?:一下)?|那再问(?:一下)?|嗯+|好的?|哦|请问|所以|and|what about|how about|then|so)"
    r"[，,\s]*(?=\S{2,})",
    re.I,
)
ELLIPSIS = re.compile(
    r"^(?P<what>[^？?。！]{1,24}?)(?:方面|业务|这块|那块|部分)?(?:又|也)?(?:呢|怎么样|如何|怎样|咋样)?[？?。\s]*$"
)
ENDS_NE = re.compile(r"呢[？?\s]*$")
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
    r"^(?:这|那|这是|那是|具体|主要|背后)?(?:的)?(?:又)?(?:为什么|为何|为啥|什么原因|啥原因|原因(?:是什么|是啥|何在|呢|在哪)?|(?:怎么|咋)回事(?:儿)?|凭什么|怎么搞的|是什么原因(?:导致的?|造成的?)?)?"
    r"(?:(?:为什么|为何|为啥|怎么|咋)?会?(?:这样|这么[高低多少大小快慢])(?:子)?(?:的)?)?(?:呢|啊|呀)?[？?。\s]*$"
)
_ASKS_MORE = re.compile(
    r"^(?:请|能|能否|能不能|可以|麻烦)?(?:再|给我)?(?:具体|详细|展开|仔细|细|多)?(?:地|来)?(?:说|讲|谈|介绍|聊|点|一点|说明)*(?:得)?(?:再)?(?:具体|详细|细)?(?:些|点|一点)?(?:说|讲)?(?:一下|说说|讲讲|些|点|呢|情况)?(?:是(?:什么|怎么样)(?:情况)?)?(?:吗|呢|吧)?[？?。\s]*$"
    r"|^(?:还有(?:没有)?(?:别的|其他的?|其它的?)?|其他的?|别的)(?:说法|回答|表述|信息|内容|补充|要补充的)?(?:呢|吗|么|没有?)?[？?。\s]*$"
)
_RATE = re.compile(
    r"^(?P<rate>同比|环比|增速|增幅)(?:增速|增长|变化|情况)?(?:多少|是多少|怎么样|如何|呢)*[？?。\s]*$"
)
PRONOUN = re.compile(
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
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]{1,7}(?![A-Za-z0-9])")
_BOTH = re.compile(r"两者|二者|前者|后者|哪个更|哪一个")

# What leads to a question, or away from the one before, and is no part of it.
_ASIDE = re.compile(
    r"^(?:(?:好的?|行|嗯+|哦|噢|谢谢(?:你|您|啦)?|多谢|感谢|明白了?|知道了|了解了?|懂了|收到|OK|算了|哎|唉|对了)(?:[，,。.!！、\s]+(?=\S)|(?<=算了)(?=[不别换])|$)"
    r"|(?:麻烦|请|帮我|帮忙|我)?(?:再|想|就想)*(?:看看|查查|查一下|看一?下|问一?下|问问|了解一?下|知道|(?<=想)看|(?<=想)问)(?=\S{2}))",
    re.I,
)
# Who says so asks something new: nothing of what went before is meant but the company.
_TURNS_AWAY = re.compile(
    r"^(?:(?:先)?(?:不|别)(?:再)?(?:说|看|聊|管|问|谈)\S{0,10}?了?[，,。]|换(?:一?个|下)(?:问题|话题|角度)[，,。：:\s]*|(?:再|另外|顺便|最后|还想|我还想)(?:请?问)(?:一?[下个])?(?:问题)?[，,。：:\s]*|(?:说|回|聊)(?:回|到)(?:到)?)(?=\S{2})"
)
_ASKED_OF_US = re.compile(
    r"[，,。\s]*(?:给我|跟我|帮我|麻烦)(?:\S{0,8}?(?:讲|说|解释|查|看|列)\S{0,8})?$|(?:的)?(?:也|再|一并)?(?:帮我)?(?:查|看)(?:一下|下|看看?)$"
)


def without_asides(said: str) -> tuple[str, bool]:
    """A follow-up without thanks and the like; whether it turns away from what was asked before."""
    fresh, text = False, said.strip()
    for _ in range(4):
        shorter = _ASIDE.sub("", text)
        if away := _TURNS_AWAY.match(shorter):
            fresh, shorter = True, shorter[away.end() :]
        if shorter == text or not shorter:
            break
        text = shorter
    mark = "？" if text.endswith(("?", "？")) else ""
    shorter = _ASKED_OF_US.sub("", text.rstrip("？?。！! "))
    text = shorter + mark if len(shorter) >= 2 else text
    parts = [part for part in re.split(r"[？?。！!]\s*", text) if part.strip()]
    last = _ASIDE.sub("", parts[-1]) if parts else ""
    if len(parts) > 1 and _is_bare(last.strip("的那 呢")):
        text = last
    return text, fresh


def asks_nothing(said: str) -> bool:
    """Whether a turn only thanks, agrees to have understood, or lets a topic go (算了，不看营收了)."""
    text = without_asides(said)[0].strip("。.!！~ ")
    return bool(
        re.fullmatch(
            r"(?:(?:谢谢|明白|知道|了解|懂|收到|算|好)(?:了|的|啦)?|(?:先)?(?:不|别)(?:再)?(?:说|看|聊|管|问|谈)\S{0,8}了)?",
            text,
        )
    )


def readings(said: str, before: str) -> list[tuple[str, str]]:
    """The ways in which a follow-up can be meant, as (way, text); what the rules believe comes first.

    Args:
        said: the follow-up without asides and pronouns.
        before: the question before, standalone, without its company.
    """
    text, sure = _completed(said, before)
    found = [("rule", text)]
    if sure:
        return found
    bare = ELLIPSIS.match(said)
    if bare and ENDS_NE.search(said):
        what = bare["what"].strip("的，, ")
        what = re.sub(r"(?:那?个|那?边|那?块|方面)$", "", what) or what
        first = _leading_noun(before)
        if beside := re.search(r"(?<=[和与跟对])[^的，,？?]{2,8}?(?=有|的|合作|影响|采购|供货|相比)", before):
            found.append(("beside", before.replace(beside.group(), what, 1)))
        if first and first != what:
            found.append(("aspect", f"{first}的{what}"))
        found += [("named after", f"{topic_of(before)}{what}"), ("named alone", what)]
    else:
        period = _PERIOD.search(before)
        alone = "alone" if len(_QUESTION_WORDS.sub("", said)) > 3 else "little alone"
        if text == said:
            found[0] = (alone, said)
        found += [("topic", f"{topic_of(before)}{said}"), (alone, said)]
        if period and not _PERIOD.search(said):
            found += [("period", f"{period.group()}{said}")]
        first = _leading_noun(before)
        if first and first not in said:
            found += [("noun", f"{first}{said}")]
    return [one for at, one in enumerate(found) if one[1] not in [t for _, t in found[:at]]]


def _completed(said: str, before: str) -> tuple[str, bool]:
    """The question with what it leaves out taken from the one before; whether that was plain."""
    if _ASKS_WHY.match(said):
        return f"{topic_of(before)}的原因是什么？", True
    if _ASKS_MORE.match(said):
        return before, True
    rate = _RATE.match(said)
    if rate:
        return f"{topic_of(before)}{'环比' if rate['rate'] == '环比' else '同比'}增长多少？", True
    same = _SAME_PERIOD.search(said)
    if same:
        return _same_period(said, before)
    bare = ELLIPSIS.match(said)
    content = PRONOUN.sub("", said)
    if content.startswith("占"):
        return f"{topic_of(before)}{content}", False
    if bare and (ENDS_NE.search(said) or _is_bare(bare["what"]) or _is_noun(bare["what"])):
        return _swapped(bare["what"].strip("的，, "), before)
    reference = _THIS.search(content)
    if reference and (reference.start() == 0 or content[reference.start() - 1] in "对在把和给用向为是"):
        rest = (content[: reference.start()] + content[reference.end() :]).strip("的，, ")
        return f"{_noun(topic_of(before), reference.group())}{rest}", False
    if _PERIOD.match(content) and len(_QUESTION_WORDS.sub("", _PERIOD.sub("", content))) < 2:
        return _with_period(_PERIOD.match(content).group(), before), True  # type: ignore[union-attr]
    if re.match(r"对\S{2,12}影响|占\S", content):  # it lacks what has the influence, or the share
        return f"{topic_of(before)}{content}", False
    left = _QUESTION_WORDS.sub("", content)
    if content == said and left in KINDS[1]:  # a metric, and not of "it": of what was asked about before
        return (
            (*_swapped(left, before)[:1], False)
            if _has_metric(before)
            else (f"{topic_of(before)}{content}", False)
        )
    if len(left) < 3 and content == said:
        return f"{topic_of(before)}{content}", False
    return said, False


def _has_metric(before: str) -> bool:
    return any(word in before for word in KINDS[1])


def _swapped(what: str, before: str) -> tuple[str, bool]:
    """`before` with the word of the same kind as `what` replaced; `what` in front where there is none."""
    what = re.sub(r"(?:那?个|那?边|那?块|方面|那会儿|的?时候)$", "", what).strip("的") or what
    what = f"{what}年" if re.fullmatch(r"20\d{2}", what) else what
    if _PERIOD.fullmatch(what):
        return _with_period(what, before), True
    latin = _LATIN.findall(before)
    if len(latin) == 1 and _LATIN.fullmatch(what):
        return before.replace(latin[0], what, 1), True
    for kind in KINDS:
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
            (*KINDS[1], "进展", "情况", "业务", "占比", "布局", "规划", "需求", "项目", "卖得", "做得"),
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


def topic_of(before: str) -> str:
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
    return re.sub(
        r"(?:没有?|不|是|(?<!华)为|有|的|(?<!大)会|(?<![产性功动节储智效])能|，|,)+$", "", text
    ).strip() or before.strip("？?。 ")


def _noun(topic: str, reference: str) -> str:
    """`topic` in place of 这个…: without its last metric or state where the reference names a thing."""
    named = re.search(r"项目|产品|业务|工厂|基地|产线|技术|收购|子公司", reference)
    text = re.sub(r"的?(?:进展|情况|进度|布局|规划|现状)$", "", topic) if named else topic
    if named and named.group() not in text:
        text += named.group()
    return f"{text}的" if not text.endswith("的") else text


def _is_noun(what: str) -> bool:
    """Whether a few words only name something: SMBG, 合同负债, 那氢类的."""
    return len(what) <= 6 and (what.endswith("的") or not _QUESTION_WORDS.search(what))


def _is_bare(what: str) -> bool:
    """Whether a question is nothing but a thing or a time, with no question of its own."""
    return bool(_PERIOD.fullmatch(what)) or any(what == word for kind in KINDS for word in kind)
