"""Whether two names in forms are one institution: 高毅资产 and 上海高毅资产管理合伙企业（有限合伙）, 易方达 and 易方达基金."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

from ingest.language.names import is_person
from ingest.language.traditional import simplified
from ingest.records import Participant
from rag.asking.company_aliases import PLACE_HEAD
from rag.data_files import word_lines

_NOT_ONE: Final = re.compile(
    r"投资者|股东|网友|线上|网上|在线|http|www|媒体|记者|个人|自然人|不特定|电话会|参会|单位|人员|以上|排名|详见|附件|及其他|等\d*[家人位名]"
)
_BRACKETS: Final = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]?")
_LEGAL: Final = re.compile(
    r"(?:(?:股份|有限|责任|合伙|普通|特殊|企业|集团|控股)*(?:公司|合伙企业|合伙)|集团|股份|研究所|研究院|研究部|研究)+$"
)
# What an institution does, as its name ends. Funds, asset managers and private funds are not told apart (源峰资本, 源峰基金):
# in doubt an institution is one that is known. A broker is another one than the funds of its family.
_BROKER: Final = re.compile(r"证券$")
_MANAGER: Final = re.compile(
    r"(?:(?:私募|公募)?(?:证券|股权|创业)?(?:投资)?基金(?:管理)?|私募|(?:证券|股权|创业)?投资(?:管理)?(?:咨询|顾问)?"
    r"|(?:私募)?(?:资产|资本|财富)(?:管理)?|资管)$"
)
_TOO_GENERAL: Final = frozenset(
    "银行 人寿保险 养老保险 财产保险 农商行 农商银行 信托 国际 资本 集团 证券 基金 投资 资产 金控 国投 人寿 保险 理财 期货 金融 创投 国资 控股 城投 产投 交易所".split()
)
_ENGLISH: Final = re.compile(
    r"\b(?:the|co|ltd|limited|inc|llc|llp|lp|pte|plc|corp|corporation|company|group|holdings?|asset|assets|management|mgmt|capital|investments?|investors?"
    r"|funds?|advisors?|advisers?|partners?|securities|international|global|hong kong|hk|singapore|asia|pacific|china|beijing|shanghai|shenzhen)\b"
)
Key = tuple[str, str]


class Institutions:
    """Institutions that are known, whatever spelling of theirs."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._kinds: dict[str, set[str]] = {}
        for name in names:
            self.add(name)

    def __len__(self) -> int:
        return len(self._kinds)

    def add(self, name: str) -> None:
        """One more; what is no institution is left out."""
        key = institution(name)
        if key is not None:
            self._kinds.setdefault(key[0], set()).add(key[1])

    def __contains__(self, name: str) -> bool:
        """Whether it is known, or may be: 中信 alone may be 中信证券."""
        key = institution(name)
        kinds = self._kinds.get(key[0]) if key else None
        return bool(key and kinds and (not key[1] or key[1] in kinds or "" in kinds))


def is_one(each: Participant) -> bool:
    """Whether a participant of a form is an institution: not the public, and not a person who stands alone."""
    alone = not each.people and re.fullmatch(r"[\u4e00-\u9fff]{2,3}", each.institution) is not None
    return institution(each.institution) is not None and not (alone and is_person(each.institution))


@lru_cache(maxsize=16384)
def institution(name: str) -> Key | None:
    """What an institution is known by: its own part of the name, and its kind ("" where the name doesn't say).

    None for what a form lists beside institutions (线上参与的投资者).

    >>> institution("上海高毅资产管理合伙企业（有限合伙）") == institution("高毅资产")
    True
    >>> institution("招商证券") == institution("招商基金")
    False
    """
    text = simplified(unicodedata.normalize("NFKC", name)).casefold()
    if _NOT_ONE.search(text):
        return None
    bare = re.sub(r"[^\u4e00-\u9fffa-z0-9& ]+", " ", _BRACKETS.sub("", text)).strip()
    if not re.search(r"[\u4e00-\u9fff]", bare):
        return _english(bare)
    bare = re.sub(r"\s+", "", bare)
    # a person glued to the institution: 弘毅投资Yang
    bare = re.sub(r"(?<=[\u4e00-\u9fff]{4})[a-z]+$", "", bare)
    bare = _LEGAL.sub("", bare) or bare
    if group := _groups().get(bare):
        return group
    stem, kind = bare, ""
    for label, ending in (("broker", _BROKER), ("manager", _MANAGER)):
        found = ending.search(bare)
        if found and found.start() >= 2:
            stem, kind = bare[: found.start()], label
            break
    away = PLACE_HEAD.sub("", stem)
    if len(away) >= 2 and away not in _TOO_GENERAL:
        stem = away
    if len(stem) < 2:
        return None
    return stem, kind


def _english(bare: str) -> Key | None:
    words = " ".join(bare.split())
    if group := _groups().get(words):
        return group
    own = " ".join(_ENGLISH.sub(" ", words).split()) or words
    return _groups().get(own, (own, "")) if len(own) >= 2 else None


@cache
def _groups() -> dict[str, Key]:
    found: dict[str, Key] = {}
    for words in word_lines("institution_names.txt"):
        # a name of several words is in Latin letters
        names = re.findall(r"[a-z]+(?: [a-z]+)*|[^\sa-z]+", " ".join(words))
        found.update(dict.fromkeys(names, (names[0], "")))
    return found
