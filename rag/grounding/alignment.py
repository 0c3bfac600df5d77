"""Which words of a claim are accounted for by which sentence of the evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from rag.grounding.synonyms import canonical

_ATOM: Final = re.compile(r"[A-Za-z][A-Za-z0-9\-'&]*|\d[\d.,]*[A-Za-z]*|[一-龥]")
# Characters that carry no fact of their own; where the evidence lacks only these, nothing is lost.
_FUNCTION: Final = frozenset(
    "的了着过和与及或是在有为对于以把被也还就而但并从到由向等这那其该此之所们个地得使让给则即乃既且很更较又再亦各约"
)
_ENGLISH_FUNCTION: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "by",
        "for",
        "from",
        "with",
        "and",
        "or",
        "as",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "it",
        "its",
        "this",
        "that",
        "these",
        "those",
        "which",
        "who",
        "whom",
        "whose",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "than",
        "then",
        "there",
        "their",
        "they",
        "he",
        "she",
        "his",
        "her",
        "him",
        "them",
        "we",
        "our",
        "you",
        "your",
        "i",
        "also",
        "so",
        "such",
        "into",
        "about",
        "over",
        "up",
        "out",
        "s",
        "st",
        "t",
    ]
)
_SOFT: Final = re.compile(
    r"公司|本公司|我们|我司|董秘|管理层|企业|表示|指出|认为|介绍|称|说|披露|方面|情况|进行|实现|通过|目前|当前|主要|相关|以及|同时|其中|具体|分别|"
    r"达到|达|约|共|合计|总计|累计|高达|左右|金额|数量|数值|比例|比率|水平|幅度|占比|率|额|数|值|量|为止|截至|截止|期间|期末|报告期|时间|根据|按照|"
    r"由于|(?:前|近|过去|最近)[\d一二三四五六七八九十]+个?(?:交易日|日|天|周|月|季度|年)(?:内|以来)?|止|至|内|中|里|时|后|前|接近|多个|多种|多项|因为|因此|所以|如下|包括|属于|位于|拥有|具有|存在|有关|关于|对应|就是|一个|一种|一项|这个|这种|该|此外|另外|而且|并且|以来|以上|"
    r"已|已经|将|会|能|可|可以|需|需要|要|等等|人民币|元|万元|亿元|数据|显示|资料|公告|年度|同比|环比"
)

_REPORT_WORDS: Final = re.compile(
    r"(?:增长|下降|上涨|下跌|涨幅?|跌幅?|幅|增幅|降幅|提升|减少|增加|上升|回落|预计|计划|预期|预测|同比|环比|收盘|开盘|盘中|报价|股价|市场|实际|金额|接近?|"
    r"总|净|率|超|过|约|近|日|月|年|每|较|前|后|中|当日|今年|本期|全年|季度|收入|下调|上调|获|得|实现|投资|目标|位列|排名|名|的|下|上|增至|降至|达|至|到|加|长|率|为|盘|报|价|收|额|共|计|之间|范围内|归母|扣非)+"
)


class Atom(NamedTuple):
    """A character of Chinese or a word of another alphabet, with its place in the normalised text."""

    start: int
    end: int
    key: str

    @property
    def is_word(self) -> bool:
        return self.key[0].isascii()


@lru_cache(maxsize=4096)
def atoms(text: str, start: int = 0, end: int | None = None) -> tuple[Atom, ...]:
    """The atoms of `text[start:end]`, in order; words are lower-cased and cut to their stem."""
    stop = len(text) if end is None else end
    return tuple(
        Atom(match.start(), match.end(), _stem(match.group()))
        for match in _ATOM.finditer(canonical(text), start, stop)
    )


def _stem(word: str) -> str:
    if not word[0].isascii():
        return word
    word = word.lower().removesuffix("'s").rstrip(".,-'")
    if word.isalpha() and len(word) > 4:
        for ending in ("ing", "ies", "ed", "es", "s", "st", "ly"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                return word[: -len(ending)]
    return word


def pairs(found: Sequence[Atom]) -> list[str]:
    """Keys of an atom sequence: bigrams of Chinese neighbours, words as they are."""
    keys: list[str] = []
    for index, atom in enumerate(found):
        if atom.is_word:
            keys.append(atom.key)
        elif index + 1 < len(found) and found[index + 1].start == atom.end and not found[index + 1].is_word:
            keys.append(atom.key + found[index + 1].key)
    return keys


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a stretch of claim the evidence accounts for.

    `share` in [0, 1] is by weight (a word of another alphabet counts as two characters); `residue` are the
    stretches that are not accounted for, as ranges of the claim, soft words left out.
    """

    share: float
    residue: tuple[tuple[int, int], ...]
    weight: float


def coverage(
    text: str, found: Sequence[Atom], known: frozenset[str] | set[str], masked: Sequence[tuple[int, int]] = ()
) -> Coverage:
    """Hold the atoms of a claim against the keys of some evidence.

    Args:
        text: the normalised claim.
        found: its atoms.
        known: keys of the evidence (`pairs` of its atoms, and single characters of runs of one).
        masked: ranges that other rules judge (figures, dates).
    """
    marks: list[tuple[Atom, bool, float]] = []
    for index, atom in enumerate(found):
        if any(start < atom.end and atom.start < end for start, end in masked):
            continue
        if atom.is_word:
            hit = atom.key in known
            weight = 0.0 if atom.key in _ENGLISH_FUNCTION else 2.0
        else:
            before = found[index - 1] if index else None
            after = found[index + 1] if index + 1 < len(found) else None
            joined_before = before is not None and before.end == atom.start and not before.is_word
            joined_after = after is not None and after.start == atom.end and not after.is_word
            hit = (
                (joined_before and before is not None and before.key + atom.key in known)
                or (joined_after and after is not None and atom.key + after.key in known)
                or (not joined_before and not joined_after and atom.key in known)
            )
            weight = 0.0 if not hit and atom.key in _FUNCTION else 1.0
        marks.append((atom, hit, weight))
    total = sum(weight for _, _, weight in marks)
    gained = sum(weight for _, hit, weight in marks if hit)
    residue: list[tuple[int, int]] = []
    open_run: list[Atom] = []
    for atom, hit, weight in [*marks, (Atom(-1, -1, "的"), True, 0.0)]:
        if not hit and weight:
            if open_run and open_run[-1].end != atom.start:
                residue += _hard(text, open_run)
                open_run = []
            open_run.append(atom)
        elif hit and open_run:
            residue += _hard(text, open_run)
            open_run = []
    return Coverage(gained / total if total else 1.0, tuple(residue), total)


def is_report_word(words: str) -> bool:
    """Whether these are words around a figure that any report may choose; figures are compared by other rules."""
    return _REPORT_WORDS.fullmatch(words) is not None


def is_soft(words: str) -> bool:
    """Whether the words carry no fact of their own."""
    rest = _SOFT.sub("", words)
    return not any(atom.key not in _FUNCTION and atom.key not in _ENGLISH_FUNCTION for atom in atoms(rest))


def _hard(text: str, run: Sequence[Atom]) -> list[tuple[int, int]]:
    start, end = run[0].start, run[-1].end
    return [] if is_soft(text[start:end]) else [(start, end)]


def keys_of(text: str, start: int = 0, end: int | None = None) -> frozenset[str]:
    """All keys that the evidence `text[start:end]` offers to `coverage`."""
    found = atoms(text, start, end)
    return frozenset(pairs(found)) | frozenset(atom.key for atom in found)


def nearest(wanted: Iterable[str], index: dict[str, tuple[int, ...]]) -> list[tuple[int, int]]:
    """Sentences by how many of the wanted keys they hold: (sentence, count), best first, earliest first."""
    counts: Counter[int] = Counter()
    for key in set(wanted):
        counts.update(index.get(key, ()))
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
