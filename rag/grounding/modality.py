"""How sure and how much: 预计 must not become 已, 部分 must not become 全部."""

from __future__ import annotations

import re
from typing import Final

_POSSIBLE: Final = re.compile(
    r"可能(?!性)|或将|或(?=[会可能有])|不排除|有望|有可能|也许|大概率?|考虑|探索|研究(?=是否|推进)|希望|期待|看看|恐|疑似|据传|传闻|"
    r"\b(?:may|might|could|possibl[ey]|perhaps|potential(?:ly)?|consider(?:s|ing)?|likely|reportedly|allegedly|hopes?)\b",
    re.IGNORECASE,
)
_PLANNED: Final = re.compile(
    r"预计|(?<![长利场超于及合])预期|预测(?!信息|数据)|(?<![购股励资品理管财划报])计划(?!经济|书|单列)|规划|拟(?![合定制])|力争|争取|目标|打算|准备|筹划|筹备|即将|将(?!军|来|其|该|这|此|自|以)|未来(?:将|会)|(?<![社协委机股理董监年大展工商总晚聚约开都])会(?![议计员长社场所展费徽址])|待(?=[^遇])|"
    r"\b(?:expect(?:s|ed|ing)?|plan(?:s|ned|ning)?|aim(?:s|ed|ing)?|target(?:s|ed|ing)?|intend(?:s|ed)?|will|would|propos\w+|to be|forecast\w*|project(?:s|ed))\b",
    re.IGNORECASE,
)
_UNDER_WAY: Final = re.compile(
    r"正在|[还仍尚]在|正(?=[在积推筹])|推进中|建设中|有序推进|\b(?:is|are|being) \w+ing\b", re.IGNORECASE
)
_DONE: Final = re.compile(
    r"已经?|业已|完成了?|实现了?|达到了?|成功|现已|取得了?|了(?=[，。；]|$)|"
    r"\b(?:has|have|had|already|completed|achieved|was|were|did|finished)\b",
    re.IGNORECASE,
)
_ALL: Final = re.compile(
    r"全部|所有|全都|全体|全面|均(?![价值衡线匀])|(?<!首)都(?![市会城江昌])|任何|每(?![股亩吨月年日周天])|各个|一律|完全|始终|从来|总是|一直|永远|必须|必然|必定|一定(?![程的规])|绝对|根本|彻底|一切|毫无|"
    r"\b(?:all|every|each|any|always|entire(?:ly)?|completely|fully|must|never|everyone|everything)\b",
    re.IGNORECASE,
)
_ONLY: Final = re.compile(
    r"只(?:有|是|能|会|要|在|做|对)|仅仅|仅(?!供)|唯一|独家|单单|才(?=[能会有是])|最(?=[高低大小多少好差强快早晚新重佳优先初后])|第一(?!季|次|大|步|时间|个|方|款|批|期|名|产)|"
    r"\b(?:only|sole(?:ly)?|exclusive(?:ly)?|most|best|worst|unique)\b",
    re.IGNORECASE,
)
_SOME: Final = re.compile(
    r"^有(?![关限效望色机利])|(?<!大)部分|少数|个别|一些|若干|某些|有些|有的|局部|小部分|一定程度|有所|略有?|小幅|少量|有限|偶尔|"
    r"\b(?:some|several|few|partly|partial(?:ly)?|certain|slightly)\b",
    re.IGNORECASE,
)
_MOST: Final = re.compile(
    r"基本(?!面|金|每股)|大部分|大多|多数|主要|大约|通常|一般(?=[会情来是而])|往往|"
    r"\b(?:mostly|mainly|most of|majority|usually|generally|often)\b",
    re.IGNORECASE,
)
_CONDITION: Final = re.compile(
    r"如果|如(?=[需果有])|若(?!干)|假如|假设|一旦|除非|视[^，。]{0,10}(?:而定|情况)|取决于|前提|以[^，。]{0,10}(?:公告|披露|为准)|不含|剔除|扣除(?!非)|不考虑|总有一|要么|或者|或是|至少有一|之一(?=[^，。]{0,6}[是能会])|"
    r"\b(?:if|unless|provided|assuming|depends?|subject to|excluding|except)\b",
    re.IGNORECASE,
)


def certainty(text: str) -> int:
    """How sure a clause is: 0 possible, 1 planned, 2 under way, 3 stated, 4 done."""
    if _POSSIBLE.search(text):
        return 0
    if _PLANNED.search(text):
        return 1
    if _UNDER_WAY.search(text):
        return 2
    return 4 if _DONE.search(text) else 3


def overclaimed(claimed: str, stated: str) -> bool:
    """Whether a plan or a possibility is claimed as a fact, or what is under way as done."""
    one, other = certainty(claimed), certainty(stated)
    return (other < 2 and one >= 3) or (other < 3 and one == 4)


def extent(text: str) -> int:
    """How much a clause takes in: 0 some of it, 1 most of it, 2 unmarked, 3 all of it."""
    if _ALL.search(text):
        return 3
    return 0 if _SOME.search(text) else 1 if _MOST.search(text) else 2


def wider(claimed: str, stated: str) -> bool:
    """Whether a clause takes in more than the other says: all for unmarked, all or unmarked for some.

    主要得益于 may be told as 得益于; 部分客户 may not be told as 客户.
    """
    one, other = extent(claimed), extent(stated)
    return one > other and (one == 3 or other == 0)


def exclusive(text: str) -> bool:
    """Whether a clause says only, sole, most."""
    return _ONLY.search(text) is not None


def conditional(text: str) -> bool:
    """Whether a clause holds under a condition or with something left out."""
    return _CONDITION.search(text) is not None


def modal_words(text: str) -> str:
    """The words by which a clause says how sure it is, for a reason."""
    match = _POSSIBLE.search(text) or _PLANNED.search(text) or _UNDER_WAY.search(text) or _DONE.search(text)
    return match.group() if match else ""


def extent_words(text: str) -> str:
    """The words by which a clause says how much it takes in, for a reason."""
    match = _ALL.search(text) or _ONLY.search(text) or _SOME.search(text) or _MOST.search(text)
    return match.group() if match else ""
