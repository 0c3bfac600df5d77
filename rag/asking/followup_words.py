"""The words of follow-ups: what "那海外呢？", "去年同期", "为什么会这样" leave out, taken from the question before.

Text in, text out; who is asked, and which of several readings holds, is decided by `rag.asking.followups`.
"""

from __future__ import annotations

import re

from rag.asking.followup_periods import (
    COMPARED,
    SAME_PERIOD,
    first_period,
    is_period,
    same_period,
    with_period,
    without_periods,
)
from rag.asking.question_parts import SORT, Parts, is_aspect, is_figure, leading_figure, parts_of_question

# Words of one kind take each other's place: "国内收入…" then "那海外呢？".
KINDS: tuple[tuple[str, ...], ...] = (
    ("美国", "欧洲", "东南亚", "中东", "北美", "南美", "非洲", "日本", "韩国", "印度", "越南", "泰国", "马来西亚", "墨西哥", "德国", "欧盟"),
    ("境内外", "国内外", "海外", "境外", "国外", "国际", "出口", "国内", "境内", "内销", "外销", "国内市场", "海外市场", "境外市场"),
    ("上半年", "下半年", "一季度", "二季度", "三季度", "四季度", "第一季度", "第二季度", "第三季度", "第四季度", "前三季度", "全年"),
    ("增量业务", "存量业务", "增量", "存量"),
    ("硬件", "软件", "服务"),
    ("核电", "氢能", "储能", "风电", "光伏", "水电", "火电", "石化", "煤化工", "半导体", "数据中心", "新能源汽车", "汽车", "医疗", "军工"),
)  # fmt: skip
_OF_KINDS = tuple(word for kind in KINDS for word in kind)
_PLACES = (KINDS[0], KINDS[1])
_PLACE_LAST = re.compile(rf"(?:{'|'.join((*KINDS[0], *KINDS[1]))})(?:市场)?$")  # MO源国内 of MO源国内市占率
_BESIDE = re.compile(
    r"(?<=[和与跟对在给向])(?!公司)[^的，,？?]{2,8}?(?=上|有|的|合作|影响|采购|供货|相比|领域)"
)
_FLOW = re.compile(
    r"收入|营收|利润|费用|成本|销售|销量|产量|出货"
)  # whose growth is asked for as that of sales is
_ASKS_HOW = re.compile(r"(?:怎么样|如何|怎样|咋样)[？?。\s]*$")
_NOW = re.compile(r"^(?:目前|现在|最新的?|当前)(?=\S{2})|(?<=\S{2})(?:大概|大约|目前|现在)$")
_DERIVED = re.compile(r"(?:的?(?:占比|比例|比重|增速|增幅|增长率|涨幅|同比|环比))+$")
_NTH = re.compile(r"第[一二三四五六七八九十\d]+[年期批个阶段]*")
LEAD = re.compile(
    r"^(?:那么?(?![边里些个家种])|然后|接着|另外|还有|再往前|再问(?:一下)?|那再问(?:一下)?|嗯+|好的?|哦|请问|所以|and|what about|how about|then|so)"
    r"[，,\s]*(?=\S{2,})",
    re.I,
)
ELLIPSIS = re.compile(
    r"^(?P<what>[^？?。！]{1,24}?)(?:方面|业务|这块|那块|部分)?(?:又|也)?(?:呢|怎么样|如何|怎样|咋样)?[？?。\s]*$"
)
ENDS_NE = re.compile(r"呢[？?\s]*$")
OBJECT = re.compile(r"(?:(?<=[对了买给跟向和与为购])|(?<=除了))(?:它们|它)")
_THIS_AT = re.compile(
    r"(?:这个|那个|这一|该|此|上述|这些|那些|这边|那边|这里|那里|这|那)(?P<noun>项目|产品|业务|工厂|基地|产线|技术|订单|收购|子公司|计划|客户)?"
)
_ASKS_WHY = re.compile(
    r"^(?=.*(?:为什么|为何|为啥|原因|回事|凭什么|怎么|咋|这样|这么))(?:这|那|这是|那是|具体|主要|背后)?(?:的)?(?:又)?(?:为什么|为何|为啥|什么原因|啥原因|原因(?:是什么|是啥|何在|呢|在哪)?|(?:怎么|咋)回事(?:儿)?|凭什么|怎么搞的|是什么原因(?:导致的?|造成的?)?)?"
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
_ASKS = re.compile(
    r"什么时候|何时|多久|是?多少|多大|多高|几[个家条台年亿万成]|为什么|为何|怎么|如何|怎样|哪些|哪里|是否|有没有|会不会|能不能|是什么|是谁"
)
_QUESTION_WORDS = re.compile(
    r"多少|多大|多高|怎么样|怎么|如何|怎样|什么时候|何时|什么|哪些|哪里|哪个|为什么|为何|是否|有没有|会不会|能不能|吗|呢|么|多久|几|是|的|了|有|在|会|能|将|要|吧|啊|已经|目前|现在|预计|大概|大约|可以|一下|请|问|也|都|还|谁|后来|之后|新增|还是|升|降|涨|跌|又|主要|具体|占比|比例|进展|情况|影响|增长|下降|提升|变化|计划|投产|量产|达产|开始|完成|其中|占|同比|环比|原因|因素|增加|减少|高|低|大|小|[，,。？?！!、\s]"
)
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]{1,7}(?![A-Za-z0-9])")

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
    if text := _plain(said, before):
        return [("rule", text)]
    earlier = parts_of_question(before)
    bare = ELLIPSIS.match(said)
    if (
        bare
        and not _ASKS_HOW.search(said)
        and (ENDS_NE.search(said) or _is_bare(bare["what"]) or _is_noun(bare["what"]))
        and not _ASKS.search(bare["what"])
    ):
        found = _ellipses(bare["what"].strip("的，, "), before, earlier)
    else:
        found = _questions(said, before, earlier)
    return [one for at, one in enumerate(found) if one[1] not in [t for _, t in found[:at]]]


def _plain(said: str, before: str) -> str:
    """The follow-up where there is but one way to mean it: why, more, a rate, a period; nothing otherwise."""
    if _ASKS_WHY.match(said):
        return f"{_state_of(before)}的原因是什么？"
    if _ASKS_MORE.match(said):
        return before
    if rate := _RATE.match(said):
        return f"{_without_rate(topic_of(before))}{'环比' if rate['rate'] == '环比' else '同比'}增长多少？"
    if SAME_PERIOD.search(said):
        rest = SAME_PERIOD.sub("", said)
        return same_period(rest if len(_QUESTION_WORDS.sub("", rest)) >= 2 else "", before)
    if (compared := COMPARED.match(said)) and is_period(compared["period"]):
        return f"{topic_of(before)}与{compared['period']}相比有什么变化？"
    content = PRONOUN.sub("", said)
    period = first_period(content)
    if period and content.startswith(period) and not _QUESTION_WORDS.sub("", without_periods(content)):
        return with_period(period, before)
    return ""


def _state_of(before: str) -> str:
    """What a question whether something is so says: 毛利率下降了吗 of 毛利率下降; else its topic."""
    text = before.strip("？?。 ")
    state = re.sub(r"(?:了|的)?(?:吗|吧|没有|没|不|呢|么)+$", "", text)
    if state == text or _ASKS.search(state):
        return topic_of(before)
    state = re.sub(r"是(?=[升降涨跌增减不])", "", state)
    return re.sub(r"([会能要])不\1|是否|是不是|有没有", r"\1", state)


def _without_rate(topic: str) -> str:
    return re.sub(r"的?(?:同比|环比)?(?:增速|增幅|增长率|(?:同比|环比)(?:增长|变化)?)$", "", topic) or topic


def _ellipses(what: str, before: str, earlier: Parts) -> list[tuple[str, str]]:
    """Readings of a follow-up that only names something (X呢)."""
    what = PRONOUN.sub("", what).strip("的") or what
    what = re.sub(r"(?<=\S{2})(?:那?个|那?边|那?块|方面|那会儿|的?时候)$", "", what).strip("的") or what
    what = re.sub(r"^(?:要是|如果|那)(?=\S{2})", "", what)
    what = _NOW.sub("", what)
    what = f"{what}年" if re.fullmatch(r"20\d{2}", what) else what
    if is_period(what):
        return [("rule", with_period(what, before))]
    if swapped := _of_one_kind(what, before):
        return [("rule", swapped)]
    if (period := first_period(what)) and what.startswith(period):
        inner = _ellipses(what[len(period) :].strip("的"), before, earlier)[0][1]
        return [("rule", with_period(period, inner))]
    if is_aspect(what):
        found = [("rule", _with_aspect(what, before, earlier)), ("named alone", what)]
        return (
            found
            if is_figure(what)
            else [*found, ("named after", _beside(earlier.period, earlier.thing, what))]
        )
    found = [("rule", _with_thing(what, before, earlier))]
    if beside := _BESIDE.search(before):
        other = ("beside", f"{before[: beside.start()]}{what}{before[beside.end() :]}")
        # what is done with another, or in something, is what changes: 和华为有哪些合作, 用在机器人上
        inside = earlier.thing.find(beside.group()) > 0 and earlier.thing.startswith(
            ("和", "与", "跟", "给", "向")
        )
        if inside or "用" in before[: beside.start()]:
            return [other, ("named alone", what)]
        found.append(other)
    return [*found, ("named alone", what), ("named after", _beside(earlier.period, earlier.thing, what))]


def _of_one_kind(what: str, before: str) -> str:
    """`before` with the word of the same kind as `what` replaced; nothing where it has none."""
    latin = _LATIN.findall(before)
    if len(latin) == 1 and _LATIN.fullmatch(what):
        return before.replace(latin[0], what, 1)
    if _NTH.fullmatch(what) and (nth := _NTH.search(before)):
        return before.replace(nth.group(), what, 1)
    for kind in KINDS:
        if not any(what == word or what.endswith(word) or what.startswith(word) for word in kind):
            continue
        # a country takes the place of a country, else of 海外; 国内 that of 海外, else of a country
        for others in [kind, *(place for place in _PLACES if kind in _PLACES and place is not kind)]:
            for word in sorted(others, key=len, reverse=True):
                if word in before and word != what:
                    return before.replace(word, what, 1)
    return ""


def _with_aspect(what: str, before: str, earlier: Parts) -> str:
    """`before` with another aspect; where it is asked otherwise (多少, 有哪些), only what it is an aspect of.

    营收增速 has a figure and what is derived from it: each takes the place of its own kind."""
    at = before.rfind(earlier.aspect) if earlier.aspect else -1
    figures = is_figure(what) and is_figure(earlier.aspect)
    if is_figure(what) and at >= 0 and not figures and (inner := leading_figure(earlier.aspect)):
        return before.replace(inner, what, 1)  # 分红政策, then 回购呢
    if at < 0 or not (figures or re.search(r"怎么样|如何|怎样", before[at:])):
        return f"{_beside(earlier.period, earlier.thing, what)}{'是多少' if is_figure(what) else ''}"
    new = what
    derived = _DERIVED.search(earlier.aspect)
    if figures and not _DERIVED.search(what) and derived and derived.start() and _FLOW.search(what):
        new = f"{what}{derived.group()}"
    elif figures and _DERIVED.fullmatch(what):
        new = f"{_DERIVED.sub('', earlier.aspect)}{what}"
    return f"{before[:at]}{new}{before[at + len(earlier.aspect) :]}"


def _with_thing(what: str, before: str, earlier: Parts) -> str:
    """`before` about another thing."""
    thing = earlier.thing
    at = before.find(thing) if thing else -1
    if at < 0:
        return (
            _beside(earlier.period, what, before.replace(earlier.period, "", 1).strip("的，, "))
            if earlier.period
            else f"{what}{before}"
        )
    if (place := _PLACE_LAST.search(thing)) and place.start() > 1:
        thing = thing[: place.start()]
    sort = SORT.search(thing)
    if sort and sort.group() != "的" and not SORT.search(what) and len(what) < 4:
        what += sort.group().removesuffix("的") * (sort.group() in ("业务", "产品"))
    return f"{before[:at]}{what}{before[at + len(thing) :]}"


def _beside(period: str, thing: str, said: str) -> str:
    """A period and a thing in front of what is asked of them."""
    thing = "" if thing and thing in said else thing
    link = "的" if thing and is_aspect(said) and len(thing) > 1 and not thing.endswith("的") else ""
    return f"{'' if period in said else period}{thing}{link}{said}"


def _questions(said: str, before: str, earlier: Parts) -> list[tuple[str, str]]:
    """Readings of a follow-up that asks by itself."""
    if OBJECT.search(said):
        return [("alone", said)]  # 为什么买它: what is meant stands for the word itself
    content = re.sub(rf"^(?:{PRONOUN.pattern})的?", "", said)
    own = parts_of_question(content)
    topic = topic_of(before)
    dated = "" if first_period(said) else earlier.period
    thing = _thing_meant(content, earlier, topic)
    rest = _THIS_AT.sub("", content, count=1).strip("的，, ") if _THIS_AT.match(content) else content
    asks_figure = is_figure(own.aspect) or bool(re.search(r"多少|几[成个]", content))
    with_thing = _beside(dated if asks_figure else "", thing, rest)
    whole = f"{topic}{rest}" if topic not in rest else rest
    if re.match(r"占|对\S{2,12}影响", content):  # it lacks what has the share, or the influence
        found = [("rule", whole), ("thing", with_thing), ("little alone", said)]
    elif (own.says_of_what and not said.endswith("的")) or (
        is_figure(own.aspect) and own.thing.startswith(_OF_KINDS)
    ):
        found = [("alone", said), ("topic beside", whole), ("thing beside", with_thing)]
    elif own.aspect and thing:
        found = [("thing", with_thing), ("topic", whole), ("little alone", said)]
    elif is_figure(own.aspect):  # another figure of the company takes the place of the one before
        found = [("thing", with_thing), ("little alone", said)]
    elif content != said and own.aspect:  # 它的分红政策: of the company, where no thing was talked about
        found = [("little alone", said), ("topic", whole)]
    else:
        found = [("topic", whole), *([("thing", with_thing)] if thing else []), ("little alone", said)]
    if _THIS_AT.match(content):
        return [one for one in found if not one[0].endswith("alone")]
    return [*found, ("period", f"{dated}{said}")] if dated else found


def _thing_meant(content: str, earlier: Parts, topic: str) -> str:
    """The thing that a follow-up asks on about: what 这些订单 names with what was said of it, else the one before."""
    named = _THIS_AT.match(content)
    if named and named["noun"] and topic.find(named["noun"]) > 0:
        return topic[: topic.find(named["noun"]) + len(named["noun"])]
    return earlier.thing


def topic_of(before: str) -> str:
    """What the question before was about, with its period: without its question words."""
    earlier = parts_of_question(before)
    return earlier.topic or before.strip("？?。 ")


def _is_noun(what: str) -> bool:
    """Whether a few words only name something: SMBG, 合同负债, 那氢类的."""
    return len(what) <= 6 and (what.endswith("的") or not _QUESTION_WORDS.search(what))


def _is_bare(what: str) -> bool:
    """Whether a question is nothing but a thing or a time, with no question of its own."""
    return is_period(what) or is_aspect(what) or any(what == word for kind in KINDS for word in kind)
