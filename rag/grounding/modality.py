"""How sure and how much: 预计 must not become 已, 部分 must not become 全部."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.words import pattern

_IF: Final = re.compile(
    r"(?:^|[，。；:\n])(?:但|而|不过)?(?:如果?|若|假如|倘若|一旦|除非|只要|只有)(?![下图表何期干])[^，。；:\n]*，$"
)
_NEAR: Final = 40  # characters


def certainty(text: str) -> int:
    """How sure a clause is: 0 possible, 1 planned, 2 under way, 3 stated, 4 done."""
    if pattern("modality.possible").search(text):
        return 0
    if pattern("modality.planned").search(text):
        return 1
    if pattern("modality.under_way").search(text):
        return 2
    return 4 if pattern("modality.done").search(text) else 3


def overclaimed(claimed: str, stated: str) -> bool:
    """Whether a plan or a possibility is claimed as a fact, or what is under way as done."""
    one, other = certainty(claimed), certainty(stated)
    return (other < 2 and one >= 3) or (other < 3 and one == 4)


def planned(text: str) -> str:
    """What a clause plans or thinks possible: the words behind the mark."""
    marks = (pattern("modality.possible").search(text), pattern("modality.planned").search(text))
    return "，".join(text[match.end() :] for match in marks if match)


def subordinate(text: str) -> bool:
    """Whether a clause only says under which circumstances another one holds: 投产后, 若通过验证."""
    return conditional(text) or text.rstrip("，").endswith(("后", "时", "的话"))


def extent(text: str) -> int:
    """How much a clause takes in: 0 some of it, 1 most of it, 2 unmarked, 3 all of it."""
    if pattern("modality.all").search(text):
        return 3
    return 0 if pattern("modality.some").search(text) else 1 if pattern("modality.most").search(text) else 2


def wider(claimed: str, stated: str) -> bool:
    """Whether a clause takes in more than the other says: all for unmarked, all or unmarked for some.

    主要得益于 may be told as 得益于; 部分客户 may not be told as 客户.
    """
    one, other = extent(claimed), extent(stated)
    return one > other and (one == 3 or other == 0)


def exclusive(text: str) -> bool:
    """Whether a clause says only, sole, most."""
    return pattern("modality.only").search(text) is not None


def conditional(text: str) -> bool:
    """Whether a clause holds under a condition or with something left out."""
    return pattern("modality.condition").search(text) is not None


def condition_before(text: str, start: int) -> bool:
    """Whether the clause in front of a place is a condition of what follows: 如果审批通过，公司将…"""
    return _IF.search(text, max(0, start - _NEAR), start) is not None


def modal_words(text: str) -> str:
    """The words by which a clause says how sure it is, for a reason."""
    return _first(text, "possible", "planned", "under_way", "done")


def extent_words(text: str) -> str:
    """The words by which a clause says how much it takes in, for a reason."""
    return _first(text, "all", "only", "some", "most")


def _first(text: str, *lists: str) -> str:
    found = (pattern(f"modality.{name}").search(text) for name in lists)
    return next((match.group() for match in found if match), "")
