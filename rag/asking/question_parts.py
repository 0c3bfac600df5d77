"""What a question is made of: a period, a thing, what is asked of it, and how (2024年 | 机房温控 | 收入占比 | 是多少).

A follow-up replaces the part of its own kind and leaves the others; what of an earlier question is kept is read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from ingest.language.period_words import named_periods
from rag.data_files import word_list

_ASKS: Final = re.compile(
    r"什么时候|啥时候|何时|多久|(?:分别|大概|大约|一共|总共|具体|目前|现在|各)?(?:是|为|有|占|达到|占了)?(?:多少|几[个家条台年亿万成]|百分之几|第几|多大|多高)|为什么|为何|为啥|怎么|如何|怎样|咋"
    r"|(?:都)?(?:有|是)?(?:哪[些里儿家个]|哪一|到?哪(?=了|$))|在哪|是否|是不是|有没有|有无|会不会|能不能|要不要|多不多|[大高]不[大高]|(?:是)?(?:什么|啥)|(?:是|有)?谁|靠什么|到什么程度|[高大好多]吗|吗$|没有?$|[了呢吧没]+$"
)
_LEADS: Final = re.compile(
    r"^(?:请问|请教|介绍一下|请介绍(?:一下)?|如何看待|怎么看待?|怎么看|为什么|为何|为啥|是否|有没有|会不会|能不能|有哪些|有什么|什么时候|目前|现在|最新的?|公司的?|还?[会要]|有|是|涉及|做|在(?![手研建售]))+"
)
_ENDS: Final = re.compile(
    r"(?:[对和与跟给向]公司(?:有|的)?|的|了|过|得|是|有|为|主要|一般|大概|大约|目前|现在|大|高|上|(?<![产性功动节储智效])能|(?<!大)会|要|还|也|都|，|,|、|没有?|不|[对与跟给向])+$"
)
_OBJECT_LEADS: Final = re.compile(
    r"^(?:[了着过]|哪些|什么|啥|多少|哪家|几[个家条种台])*(?:[量增减])?(?=\S{2})"
)
# What stands behind the name of a thing and says only of what sort it is.
SORT: Final = re.compile(r"(?:业务|产品|项目|方面|部分|板块|领域|市场|类|的)+$")


_AMOUNT: Final = re.compile(r"多少|几[个家条台年亿万]")
_THING_ENDS: Final = re.compile(
    r"(?:的?(?:计划|方案))?还\S{1,2}$|是\S{2,12}$|第[一二三四五六七八九十\d]+[年期批]$"
)  # 回购的计划还做, X是子公司
_NO_THING: Final = re.compile(
    r"(?:核心|主要|最大|整体|综合|总|各项?|其他|单一|前[一二三四五六七八九十\d]+大?|公司)+|\S?"
)
_NOT_ABOUT: Final = re.compile(
    r"未来|以后|今后|后面|后来|后续|接下来|目前|现在|一共|总共|整个|全部|具体|到底|最终|最后|大概|量产|投产|这|那|其他|其它|别的|还|同期|同比|环比"
)
# Tags of words that open a clause without a subject: verbs, adverbs, prepositions, pronouns, numerals…
_NO_NOUNS: Final = ("v", "d", "p", "r", "c", "m", "u", "y")
_HAS: Final = re.compile(r"^(\S{2,8})有(?![效关机色限])(\S{2,})$")  # 中东有EPC业务


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a question without its company, each as it is printed and perhaps empty.

    `thing` is what it is about, `aspect` what it asks of it, `topic` all of them with what joins them; `opens_with` is
    the part of speech of the first word of the thing.
    """

    period: str
    thing: str
    aspect: str
    topic: str
    opens_with: str = ""

    @property
    def says_of_what(self) -> bool:
        """Whether it says by itself what it is about: a thing, and not only what is done (能传导下去) or asked (毛利率)."""
        if not self.thing or _NOT_ABOUT.match(self.thing):
            return False
        if not self.aspect and aspects().match(self.thing):
            return False
        opens = self.opens_with
        return not opens.startswith(_NO_NOUNS) or (opens == "vn" and len(self.thing) > 3)


@cache
def aspects() -> re.Pattern[str]:
    """The words for what can be asked of a thing, one or several in a row."""
    words = "|".join(sorted(word_list("asked_aspects") | word_list("asked_figures"), key=len, reverse=True))
    return re.compile(rf"(?:占(?=总?(?:{words})))?(?:各业务|总)?(?:{words})(?:的?(?:{words}))*")


def is_aspect(words: str) -> bool:
    """Whether words are nothing but an aspect: 毛利率, 竞争优势."""
    return bool(aspects().fullmatch(words))


def is_figure(words: str) -> bool:
    """Whether an aspect is a figure: 毛利率, 收入占比."""
    return is_aspect(words) and any(words.endswith(one) for one in word_list("asked_figures"))


def leading_figure(aspect: str) -> str:
    """The figure that an aspect opens with (分红 of 分红政策); empty where there is none."""
    found = [one for one in word_list("asked_figures") if aspect.startswith(one)]
    return max(found, key=len, default="")


def parts_of_question(text: str) -> Parts:
    """The parts of a question in Chinese that names no company."""
    plain = text.strip("？?。！! ")
    periods = named_periods(plain)
    period = plain[periods[0].start : periods[0].end].strip() if periods else ""
    rest = plain
    for one in reversed(periods):
        rest = rest[: one.start] + rest[one.end :]
    rest = rest.strip("的，, ")
    topic = _topic(rest)
    at_end = next((one for one in aspects().finditer(topic) if one.end() == len(topic)), None)
    whole = _topic(plain)
    if at_end is None and _AMOUNT.search(rest):
        topic, whole = _without_verb(topic), _without_verb(whole)
    if period not in whole:
        whole = f"{period}{whole}"
    thing = _THING_ENDS.sub("", _ENDS.sub("", topic[: at_end.start()] if at_end else topic))
    thing = _HAS.sub(r"\1\2", _LEADS.sub("", thing)).strip("的，, ")
    thing = "" if _NO_THING.fullmatch(thing) else thing
    return Parts(period, thing, at_end.group() if at_end else "", whole, _first_tag(thing))


def _first_tag(thing: str) -> str:
    import rjieba

    return next((tag for _, tag in rjieba.tag(thing, hmm=False)), "") if thing else ""


def _without_verb(thing: str) -> str:
    """云眸平台接入 of 云眸平台接入了多少设备 without its verb."""
    import rjieba

    tagged = list(rjieba.tag(thing, hmm=False)) or [(thing, "")]
    while tagged[-1][1] in ("v", "vg", "d") and sum(len(word) for word, _ in tagged[:-1]) > 1:
        tagged.pop()
    return "".join(word for word, _ in tagged)


def _topic(rest: str) -> str:
    """A question up to where it asks; where it opens with that, what it asks about."""
    led = _LEADS.sub("", rest)
    asks = _ASKS.search(led)
    head = led[: asks.start()] if asks else led
    if len(_ENDS.sub("", head)) >= 2:
        return _ENDS.sub("", head).strip("，, ")
    behind = _ASKS.sub("", led[asks.end() :] if asks else led)
    behind = _ENDS.sub("", _OBJECT_LEADS.sub("", behind)).strip("的，, ")
    return behind or _ENDS.sub("", led)
