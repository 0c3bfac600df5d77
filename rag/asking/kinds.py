"""Kinds of question: which view a question asks for. The rules stand here and nowhere else.

They are measured on `eval/cases/question_kinds.jsonl`, written before them, and on the shared questions, where
no plain question of fact may be taken for another kind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.asking.question import Question

Kind = Literal["fact", "change", "comparison", "list", "count", "record", "brief", "visitors", "library"]
Row = Literal["when", "who", "where", "host"]

_LIBRARY = re.compile(
    r"(?:资料库|知识库|数据库|库里|库中|库内|你这里|你们?这|这里|系统里?|收录|覆盖)\S{0,8}?"
    r"(?:有?(?:哪些|哪几家|几家|多少家?)(?:上市)?公司|(?:有?多少|几)(?:份|条|篇)?记录|有?哪些记录|更新到|最新(?:的)?(?:一份|日期|到)|什么时间段|时间范围|时间跨度)"
    r"|(?:记录|资料|数据)\S{0,2}(?:更新|截止|收录)(?:到|至|于)|(?:收录了?|有)(?:多少|几)(?:份|条|篇)记录"
    r"|^(?:数据|记录|资料)?(?:最近|最新|最后)?(?:一次)?更新(?:到|至|于|是)?(?:了)?(?:哪一?天|什么时候|何时|几号|几月)"
    r"|^(?:有|收录了?)(?:哪些|哪几家|多少家?|几家)(?:上市)?公司(?:的(?:记录|资料|数据))?[？?]?$"
    r"|\bwhich companies (?:do you|are|does the library) (?:have|cover|hold|covered|included)\b|\bhow (?:up to date|recent)\b.{0,20}\b(?:library|data|records)\b",
    re.I,
)
_DOES = re.compile(r"[提谈讲说聊问][到及起过]|谈论|披露过|透露|做|涉及|布局")
EVENT = (
    r"(?:调研|业绩说明会|说明会|交流会|业绩会|电话会议?|接待|投资者关系活动|投关活动|路演|活动|会议|记录表?)"
)
_ONE = re.compile(
    rf"(?:最近|最新|上|最后|这|那|该|哪)(?:的)?(?:一次|一回|次|一场|场|一份|份)?(?:的)?\S{{0,10}}?{EVENT}|(?:日|号|月份?)(?:的)?(?:那|这)?(?:一)?(?:次|场|份)?(?:的)?\S{{0,8}}?{EVENT}"
)
# One record is meant beyond doubt, although visitors are asked for: 最近一次…, 7月25日那场….
_THE_ONE = re.compile(
    r"最近|最新|最后|(?:上|这|那|该)(?:一)?(?:次|回|场|份)|[日号](?:的)?(?:那|这)?(?:次|场|份)?"
)
# One record as a whole: nothing else may be named, so that 最近一次调研对毛利率说了什么 stays a question of fact.
_WHOLE = rf"(?:\d{{4}}年)?(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?(?:的)?(?:那|这|最近|最新|最后|上|该)?(?:的)?(?:一次|一回|次|一场|场|一份|份)?(?:的)?(?:投资者|机构|业绩|年度|线上|现场|公开)?(?:的)?(?:{EVENT}|交流|沟通)(?:活动|记录表?|情况|会议)?"
_SPEAKERS = r"(?:上|中|里|会上)?[，,]?(?:公司|管理层|大家|投资者|机构)?(?:都|主要|一共|具体)?"
_BRIEF = (
    re.compile(
        rf"^(?:请|麻烦|帮我|帮忙|给我|能不能|能否|可以|你)*(?:总结|概括|归纳|梳理|提炼|简述|汇总|速览|回顾|复述|简单说说|简要介绍|概述)(?:一下|下|总结)?{_WHOLE}(?:的)?(?:主要|核心|全部)?(?:内容|要点|重点|纪要)?[？?。]?$"
    ),
    re.compile(
        rf"^(?:请问|那|想知道)?{_WHOLE}{_SPEAKERS}(?:讲|说|聊|谈|问|交流|透露|介绍|披露|关心|回答)(?:了|过|到)?(?:些|了些)?(?:什么|啥|哪些|哪几)(?:内容|要点|重点|问题|东西|事|话题)?(?:啊|呢|呀)?[？?。]?$"
    ),
    re.compile(
        rf"^{_WHOLE}(?:的)?(?:主要|核心|关键)?(?:内容|要点|重点|纪要|摘要|总结|看点|亮点|新内容)(?:是什么|有哪些|是啥|都?有什么|说一下|讲一下)?[？?。]?$"
    ),
    re.compile(
        r"\b(?:summari[sz]e|summary of|recap|brief (?:me )?on)\b.{0,40}\b(?:latest|last|most recent)\b (?:\w+ ){0,2}?(?:record|meeting|call|visit|survey|activity|briefing)\b[.?]?$"
        r"|^what was (?:said|discussed|asked) (?:at|in|during) (?:[\w'’]+ ){0,3}?(?:latest|last|most recent) (?:\w+ ){0,2}?(?:record|meeting|call|visit|survey|activity|briefing)\b[.?]?$",
        re.I,
    ),
)
_THE_WHOLE = re.compile(
    r"最近|最新|最后|上(?:一)?(?:次|回|场)|[日号月]|20\d\d|\b(?:latest|last|most recent)\b", re.I
)
_SECRETARY = re.compile(
    r"(?:董秘|董事会秘书)(?:现在|目前)?(?:是谁|是哪位|叫什么|姓什么|的?名字)|谁是(?:公司)?(?:董秘|董事会秘书)"
)
_ROWS: dict[Row, re.Pattern[str]] = {
    "when": re.compile(r"哪一?天|什么时候|何时|几号|几月几|日期|什么时间"),
    "who": re.compile(
        r"谁(?:来|参加|参与|去|到场|问|在问)|(?:哪些|哪几家|几家|多少家?|什么)(?:机构|基金|券商|投资者|人|单位)|参[加与](?:的)?(?:机构|单位|人员|者)|都?有谁"
    ),
    "where": re.compile(r"在哪[里儿]?(?:开|举行|办|进行|$|[？?，,])|地点|什么地方|哪里(?:开|举行|办|进行)"),
    "host": re.compile(r"谁(?:接待|出席|代表公司|回答)|接待人员|公司(?:方面)?(?:谁|哪些人|有谁)"),
}

# What a company does in a record; without it 哪几次 and 几次 ask for a fact (提了几次价).
_SAYS = r"(?:[提谈讲说聊问][到及起过]|谈论|讲|披露|透露|介绍过|回应过|被问|聊)"
_LISTS = re.compile(
    rf"(?:哪几?|哪些)(?:次|回|场|份|场合|记录|会议|调研|交流)\S{{0,8}}?{_SAYS}|{_SAYS}\S{{0,16}}(?:的)?(?:记录|场合|会议|调研)(?:有哪些|是哪[几些])"
    rf"|(?:列出|罗列|列举|找出)\S{{0,6}}{_SAYS}|(?:列出|罗列|列举|找出)\S{{0,20}}的(?:记录|问答|回答)|{_SAYS}\S{{0,20}}的(?:记录|问答|回答)(?:都|全部?)?(?:给我|帮我)?(?:列|罗列|找出)"
    r"|\b(?:list|show|find)\b.{0,12}\b(?:records?|companies|times)\b.{0,40}\b(?:talk|mention|say|said|discuss)",
    re.I,
)
_COMPANIES = re.compile(
    rf"(?:哪些|哪几家|什么)(?:上市)?(?:公司|企业)|哪几家|有没有(?:上市)?公司{_SAYS}|(?:谁家?|哪家(?:公司)?)\S{{0,10}}?{_SAYS}"
    r"|(?:谁家|哪家(?:公司)?)(?:还|都|也)?在?(?:做|搞|布局|涉及)"
    r"|(?:列出|罗列|列举|找出)\S{0,20}公司|公司(?:都|全部?)?(?:给我|帮我)?(?:列|罗列|找出)|列(?:一下|下)\S{0,16}公司|公司(?:都|还)?有(?:哪些|谁|哪几家|吗)|的公司(?:名单|清单|列表)"
    r"|\bwhich companies\b|\b(?:list|show|find) (?:all |every )?compan(?:ies|y)\b",
    re.I,
)
# Which companies speak of what, whole in itself; 还有哪些公司提到 lacks what, 哪些公司提到这个 only points at it.
_ASKS_OF_ALL = re.compile(
    rf"(?:哪些|哪几家|什么)(?:上市)?(?:公司|企业)(?:都|也|曾经?|在|里)*{_SAYS}[过了]?+(?P<what>[^？?。，,\s]{{2,}})"
)
_REFERS = re.compile(r"(?:同样|相同|类似|这|那|该|此|它|其|上述|前者|后者)")
_BESIDE = re.compile(r"(?:除了?|之外|以外)\S{0,16}(?:哪些|哪几家)(?:上市)?公司")
_COUNTS = re.compile(
    rf"(?:(?<!哪)几|多少)(?:次|回|遍)\S{{0,4}}?{_SAYS}|{_SAYS}(?:过|了)?(?:几|多少)(?:次|回|遍)"
    r"|提了?(?:几|多少)(?:次|回)(?=[A-Za-z“])"
    r"|出现(?:过|了)?(?:几|多少)(?:次|回|遍)"
    rf"|(?:{_SAYS}|出现)\S{{0,12}}?(?:几|多少)(?:次|回|遍)(?:了|啊|呢)?[？?。]?$"
    rf"|{_SAYS}\S{{0,12}}(?:记录|公司)(?:一共|总共|都)?有?(?:几|多少)(?:份|条|家|个)"
    rf"|(?:接待|举行|举办|开|做|安排)(?:过|了)?\S{{0,4}}?(?:几|多少)(?:次|场|回)(?:机构|投资者|特定对象)?(?:调研|{EVENT})"
    rf"|(?:(?<!哪)几|多少)(?:份|条|家|个)(?:上市)?(?:记录|公司)\S{{0,4}}?{_SAYS}"
    r"|\bhow many (?:times|records|companies)\b.{0,60}\b(?:mention|discuss|talk|say|said|speak)",
    re.I,
)

# Visitors: institutions and people of the form.
_SORT = r"(?:外资|海外|境外|国内|公募|私募)?(?:投资)?(?:机构|券商|证券公司|基金公司|基金|投资者|资管|保险资管|险资|公募|私募|外资)(?:投资者)?"
_OF_MEETINGS = r"(?:调研|业绩说明会|说明会|交流会|业绩会|电话会|路演|投资者关系活动)"
_WHICH = rf"(?:哪些|哪几家|几家|多少家?|什么){_SORT}"
_ANY = rf"(?:有没有|有|谁(?:都|来)?)(?:{_SORT})?"
_VISITORS_OF = re.compile(
    rf"{_WHICH}\S{{0,4}}?(?:来过|来访|到访|(?:来|去|到)?\S{{0,6}}?(?:调研|走访|拜访)|(?:参加|参与|出席)\S{{0,12}}{_OF_MEETINGS})"
    rf"|(?:接待|来访|到访|迎来)(?:过|了)?\S{{0,2}}?(?:哪些|哪几家|几家|多少家){_SORT}"
    rf"|(?:参加|参与|出席|来)(?:过|了)?\S{{0,10}}?{_OF_MEETINGS}(?:过)?的{_SORT}(?:都|主要)?(?:有)?(?:哪些|谁|多少家)"
    rf"|{_ANY}\S{{0,2}}?(?:来过|来访过|到访过|(?:来|去|到)?\S{{0,6}}?(?:调研|走访|拜访)过)"
    r"|\b(?:which|what|how many) (?:institutions?|funds?|brokers?|investors?)\b.{0,12}\b(?:visit|attend|met|meet|came)",
    re.I,
)
_LEAD = r"^(?:请问|请教|想了解(?:一下|下)?|想知道|想问(?:一下|下)?|麻烦查(?:一下|下)|查(?:一下|下)|帮我查(?:一下)?|[，,：:\s])*"
_WHEN = r"(?:最近|今年|去年|前年|近期|以前|之前|过去|20\d\d年?|都|一共|总共|有没有|是否|曾经?|还|又|分别|什么时候|何时|哪一?天)*"
_NAME = r"(?P<who>[\u4e00-\u9fffA-Za-z·&]{2,12}?)"
_VISITS_MADE = (
    re.compile(
        rf"{_LEAD}{_WHEN}{_NAME}{_WHEN}(?:调研|走访|拜访|来访|到访|看|跑)(?:过|了)?(?:哪些|哪几家|几家|多少家)(?:上市)?公司"
    ),
    re.compile(
        rf"{_LEAD}{_WHEN}{_NAME}{_WHEN}(?:参加|参与|出席)(?:过|了)?(?:哪些|哪几家|几家|多少家)(?:上市)?公司的?\S{{0,4}}{_OF_MEETINGS}"
    ),
    re.compile(
        rf"{_LEAD}{_WHEN}{_NAME}{_WHEN}(?:参加|参与|出席)(?:过|了)?\S{{2,10}}?的{_OF_MEETINGS}(?:吗|没有|没|几次|多少次)?[？?]?$"
    ),
    re.compile(
        rf"{_LEAD}{_WHEN}{_NAME}{_WHEN}(?:来过|来调研过|来访过|调研过|走访过|拜访过)\S{{2,10}}?(?:吗|没有|没|几次|多少次)?[？?]?$"
    ),
    re.compile(r"^(?:did|has|have) (?P<who>[\w&. ]{2,40}?) (?:ever )?visit(?:ed)?\b", re.I),
)
_NO_VISITOR = re.compile(
    r"公司$|^(?:公司|贵司|你们|他们|我们|它|管理层|高管|董事长|董秘|领导|大家|客户|供应商|政府|专家|学生|人|谁|哪|什么|有没有)|机构|投资者"
)


@dataclass(frozen=True, slots=True)
class Visits:
    """What is asked of those who came: the institution or person named, else all visitors of a company.

    `word` narrows these to names that hold it (券商: 证券).
    """

    who: str = ""
    word: str = ""


def kind_of(asked: Question) -> Kind:
    """Which view a question asks for."""
    text = asked.standalone
    if asks_about_library(asked):
        return "library"
    if asks_for_brief(asked):
        return "brief"
    if asks_for_secretary(asked) or (rows_asked(asked) and not _all_visitors(asked)):
        return "record"
    if visits_asked(asked):
        return "visitors"
    if _COUNTS.search(text):
        return "count"
    if _LISTS.search(text) or is_beside(asked):
        return "list"
    if not asked.companies and not asked.unknown and _COMPANIES.search(text):
        return "list"
    if len(asked.companies) + len(asked.unknown) > 1:
        return "comparison"
    return "change" if asked.asks_change else "fact"


def is_beside(asked: Question) -> bool:
    """Whether a list is of all companies but those that the question names (除了…还有哪些公司)."""
    return bool(_BESIDE.search(asked.standalone))


def asks_of_all(said: str) -> bool:
    """Whether a question asks which companies speak of something that it names: nothing before it is meant."""
    found = _ASKS_OF_ALL.search(said)
    return found is not None and not _REFERS.match(found["what"])


def asks_about_library(asked: Question) -> bool:
    """Whether a question is what the library holds, and not what companies say."""
    return bool(_LIBRARY.search(asked.standalone)) and not _DOES.search(asked.standalone)


def asks_for_brief(asked: Question) -> bool:
    """Whether a question is for one record as a whole (总结最近一次调研, 最近一次交流讲了什么)."""
    if len(asked.companies) != 1 or not _THE_WHOLE.search(asked.standalone):
        return False
    texts = {asked.search_text, asked.standalone}  # the first is without the company's name
    return any(pattern.search(text) for pattern in _BRIEF for text in texts)


def asks_for_secretary(asked: Question) -> bool:
    """Whether a question is who one company's secretary is."""
    return len(asked.companies) == 1 and bool(_SECRETARY.search(asked.standalone))


def rows_asked(asked: Question) -> tuple[Row, ...]:
    """Which rows of a record's form a question asks for; none for another question."""
    if len(asked.companies) != 1 or not _ONE.search(asked.standalone):
        return ()
    return tuple(row for row, pattern in _ROWS.items() if pattern.search(asked.standalone))


def visits_asked(asked: Question) -> Visits | None:
    """Whose visits are asked for, or the visitors of one company; None for another question."""
    text = asked.standalone
    if len(asked.companies) == 1 and _VISITORS_OF.search(text):
        sort = re.search(r"券商|证券公司|基金", text)
        return Visits(word="" if not sort else "基金" if sort.group() == "基金" else "证券")
    for pattern in _VISITS_MADE:
        made = pattern.search(text)
        who = made["who"].split("的")[-1] if made else ""
        if who and not _NO_VISITOR.search(who.removesuffix("公司") or "公司"):
            return None if _is_asked(asked, who) else Visits(who=who)
    return None


def _all_visitors(asked: Question) -> bool:
    """Whether all visitors of a company are asked for, rather than those of one record."""
    return visits_asked(asked) is not None and not _THE_ONE.search(asked.standalone)


def _is_asked(asked: Question, name: str) -> bool:
    """Whether a name is that of a company that the question is about."""
    return any(name in f"{one.short_name or ''} {one.company or ''}" for one in asked.companies)
