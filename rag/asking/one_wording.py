"""One wording for questions that differ in form only: the period in front, 是多少 for 有多少呢, 为什么 for 是什么原因.

What means something else stays apart: 净利润, 归母净利润 and 扣非, 收入 and 营业收入, 同比 and 环比, 境外 and 海外.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ingest.language.numerals import plain_dates
from ingest.language.period_words import named_periods

# Each group in order; docs/decisions/0015-follow-ups.md has what each is worth.
_END: Final = (r"[？?。.！!，,、~～\s]+$", "")
COURTESY: Final = (
    (r"^(?:(?:我是|作为)?(?:一?[个名位])?(?:老|小|中小)?(?:股东|投资者|股民)[，,：:\s]*)?(?:请教|请问|咨询|打听)(?:一下|个问题)?[，,：:\s]*", ""),
    (r"^(?:(?:请|麻烦|烦请|劳驾|帮我?|帮忙|能否|能不能|可否|可以)?(?:您|你|董秘|公司)?(?:再)?(?:详细|具体|简单)?(?:地)?"
     r"(?:告知|查一?下|看看|看一下|讲讲|说说|谈谈|介绍一?下|说一下|讲一下|说明一下|介绍))[，,：:\s]*(?=\S{3})", ""),
    (r"^(?:关于|有关|针对)(?P<x>[^，,]{2,20})[，,]", r"\g<x>"),
    _END,
    (r"(?:谢谢|多谢|感谢|辛苦了|拜托了?|thanks|thank you)$", ""),
    _END,
)  # fmt: skip
PARTICLES: Final = (
    (r"(?<=[\u4e00-\u9fff])[呢呀啊哦嘛哈吧]+$", ""),
    (r"大约|大概|大致|约(?=[是有为占]|多少|$)", ""),
    (r"现在|如今|当前|眼下|目前为止", "目前"),
    (r"(?:都)?(?=(?:有|是)哪些)", ""),
)
AMOUNTS: Final = (
    (r"变[动化]?了?(?:是|有)?多少$", "变动是多少"),
    (r"(?:一共|总共|合计|分别)?(?:达到|[是有为])?了?多少(?:[人家个台套吨元钱户]|亿元?|万元?|比例)?$", "是多少"),
    (r"营收(?!入)", "营业收入"),
    (r"对美(?![国元股联洲观])", "对美国"),
    (r"净利(?![润率])", "净利润"),
    (r"归属于(?:上市公司|母公司)(?:所有者|股东)?的?净利润", "归母净利润"),
    (r"市场占有率", "市占率"),
    (r"(?:同比)?的?(?:增速|增长率)(?:(?:是|有)?多少|如何|怎么样|怎样)?$|同比增长了?(?:是|有)?多少$", "同比增长是多少"),
    (r"的?(?:比重|占比|比例)(?:(?:是|有|为)?多少|多大|多高)?$|占了?(?:(?:是|有)?多少|多大|几成|百分之几|百分之多少)(?:的?比例|的?比重)?$", "占比是多少"),
)  # fmt: skip
HOW: Final = (
    (
        r"(?:的?情况)?(?:发展|做|进行|进展)?(?:得|的)?(?:是)?(?:怎么样|怎样|如何|咋样)(?:的)?了?(?=$|[，,？?])",
        "如何",
    ),
    (r"啥", "什么"),
    (r"什么时候|几时|哪天", "何时"),
    (r"(?:是)?(?:怎么|如何)看待?", "怎么看"),
)
WHY: Final = (
    (r"^(?:为什么|为何)(.{3,})$", r"\1的原因是什么"),
    (r"^(.{2,}?)(?:为什么|为何|怎么会)(.{2,})$", r"\1\2的原因是什么"),
    (r"的?(?:主要|具体)?原因(?:在哪里?|是什么|是啥|何在|有哪些|是)?$", "的原因是什么"),
)
PLACES: Final = (
    (r"在(国内|国外|国际|海外|境外|境内)(?:市场)?的?", r"\1"),
    (r"市场上的", "市场的"),
    (r"了的原因", "的原因"),
)


def _compiled(*groups: Sequence[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern, re.I), form) for group in groups for pattern, form in group)


_FORMS: Final = _compiled(COURTESY, PARTICLES, AMOUNTS, HOW, WHY, PLACES, ((r"^(?:的|[:：，,、\s])+", ""),))
_BEFORE = re.compile(r"(?:截至|截止到?|到|至|在|于|自)$")
_AFTER = re.compile(r"^(?:那时|时|里|中(?![国报期标试东央小高低长医等])|内)?(?:的(?=[^确])|[，,：:\s])*")


def _period_first(text: str) -> str:
    """The one period that a question names stands in front: 境外收入占比，2023年 and 2023年境外收入占比 are one."""
    found = named_periods(plain_dates(text))
    if (
        len(found) != 1
        or not re.search(r"[\u4e00-\u9fff]", text)
        or found[0].kind in ("since", "quarter_ago", "years_back")
    ):
        return text
    one, plain = found[0], plain_dates(text)
    before, after = _BEFORE.sub("", plain[: one.start]), _AFTER.sub("", plain[one.end :])
    if not after:
        before = re.sub(r"[，,：:\s]+$", "", before)
    return f"{one.text}{before}{after}"


def one_wording(text: str) -> str:
    """`text` in the one wording; never empty where `text` was not."""
    said = _period_first(text)
    for pattern, form in _FORMS:
        said = pattern.sub(form, said)
    return said or text
