"""A pair's question as another person would have typed it: controlled, deterministic, no model.

Only the wording changes: courtesy and the company's name go (or the name comes to the front), single words are
exchanged for words that the product's own word lists hold to mean the same, and clauses change places. The
word lists are the ones that retrieval uses, so these questions are easier than an investor's own;
`eval.making.paraphrasing` and hand-written cases go further.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.library.library import Company
from rag.data_files import lexicon

_COURTESY: Final = re.compile(
    r"^(?:尊敬的[^，。：]{0,12}|各位[^，。：]{0,8}|[^，。]{0,4}(?:您|你|大家)好|[^，。]{0,4}(?:董秘|董事长|领导|总|女士|先生)(?:好|[，：])|请问(?:一?下)?|请教(?:一?下)?|想(?:请)?问(?:一?下)?"
    r"|想了解(?:一下)?|(?:我)?想知道|麻烦(?:您|公司)?|能否|可否|可以|烦请|请(?:您|管理层|领导)?(?=介绍|谈|说|分享|展望|简要|简单)|[，,。：:！!\s])+"
)
_OF_COMPANY: Final = re.compile(r"^(?:公司)(?:的|在(?=20\d\d年))?")
_YOURS: Final = re.compile(r"贵公司|我们公司|咱们公司|贵司|我司")
_THANKS: Final = re.compile(r"(?:谢谢|多谢|感谢)[^，？?]{0,3}[。！!]?$|(?:，?请直面问题)?，$")
_GAPS: Final = re.compile(r"\s+(?=[^\sA-Za-z])|(?<=[^\sA-Za-z,.?])\s+")
# 公司 that means the one asked; 子公司 and 有公司叫… are others.
_THE_COMPANY: Final = re.compile(r"(?<![有母子分总家些股各上市限团])公司(?![叫名章债券股法治])")
_WHEN: Final = r"(?:20\d\d年(?:上半年|下半年|前三季度|第?[一二三四]季度|全年|度)?)"
# Everyday words of rag/data/colloquial.json that may stand wherever their one formal term stands.
_EVERYDAY: Final = (
    "老美", "单子", "价钱", "价格战", "原料", "欠款", "对手", "薪水", "买家", "卖家", "显卡", "内销", "天花板", "手里的订单",
)  # fmt: skip
# English terms of rag/data/glossary.json whose two Chinese terms may stand for each other.
_TWO_WORDS: Final = ("overseas", "inventory", "acquisition", "market share", "subsidy", "ai")
# First letters of the segmenter's tags; function words (u, p, c, d, r, y) and what is no word (x) are not among them.
_TELLING: Final = frozenset("nvatmslejgizfbkhoq")
_ASKING: Final = frozenset(
    "公司 是 有 会 能 请 介绍 谈谈 进行 怎么样 有没有 是不是 一下 您 我们 想 问 说 可以 能否".split()
)
_LEAST_WORDS, _MOST_WORDS = 3, 10
_END: Final = r"[？?。]?$"
# Clauses and words that change places; the first that fits is used.
_ORDERS: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (rf"^({_WHEN})，?(?!年)([^，。？]{{6,60}}){_END}", r"\2，\1？"),
        (rf"^([^，。？]{{3,40}}?)的(?:主要|具体)?原因(?:是什么|有哪些|是|为何|何在)?{_END}", r"为什么\1？"),
        (rf"^(?:公司)?(?:如何|怎么|怎样)(?:看待|看)([^，。？]{{3,40}}){_END}", r"对\1怎么看？"),
        (
            rf"^(?:简要|简单)?介绍(?:一?下)?(?:公司)?([^，。？]{{3,40}}?)(?:的?情况)?{_END}",
            r"\1是什么情况？",
        ),
        (rf"^([^，。？]{{3,40}}?)(?:现在|目前)?(?:如何|怎么样|怎样){_END}", r"想了解一下\1。"),
        (rf"^([^，。？]{{2,30}}[^有具体还])有哪些([^，。？]{{2,16}}){_END}", r"有哪些\2，\1？"),
        (rf"^([^，。？]{{2,40}})是否(会|能|有)([^，。？]{{2,40}}){_END}", r"\2不\2\3，\1？"),
        (rf"^(?:公司)?为什么([^，。？]{{4,40}}){_END}", r"\1，是什么原因？"),
    )
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A question in other words; `names_company` tells whether it says which company it is about."""

    text: str
    names_company: bool
    ways: tuple[str, ...]


def drawn(seed: int, *parts: str) -> int:
    """A number that depends on the seed and the parts only: SHA-256, the same on every machine."""
    return int(hashlib.sha256("\n".join([str(seed), *parts]).encode()).hexdigest()[:12], 16)


def bare_question(question: str, company: Company) -> str:
    """The question on one line, without courtesy, without the names of its company and 公司 at its head."""
    text = _YOURS.sub("公司", _GAPS.sub("", question.strip()))
    names = sorted({n for n in (company.short_name, company.company) if n}, key=len, reverse=True)
    for name in names:
        text = text.replace(name, "公司")
    before = ""
    while before != text:
        before, text = text, _THANKS.sub("", _OF_COMPANY.sub("", _COURTESY.sub("", text)))
    return text


def rewrite(question: str, company: Company, seed: int) -> Rewritten:
    """One rewriting of a bare question.

    Args:
        question: as `bare_question` gives it.
        company: whose pair it is.
        seed: which of the possible rewritings is drawn.
    """
    ways: list[str] = []
    text = question
    choices = drawn(seed, question, "ways") % 3  # synonyms, order, or both
    if choices != 1:
        other = with_synonym(text, seed)
        if other != text:
            ways.append("synonym")
            text = other
    if choices != 0 or not ways:
        other = in_other_order(text)
        if other != text:
            ways.append("order")
            text = other
    if not ways:
        other = in_keywords(text)
        if other != text:
            ways.append("keywords")
            text = other
    named = bool(company.short_name) and drawn(seed, question, "named") % 2 == 0
    if named:
        if "keywords" in ways:
            text = f"{company.short_name} {text}"
        elif _THE_COMPANY.search(text):
            text = _THE_COMPANY.sub(company.short_name or "", text, count=1)
        else:
            text = (
                f"{company.short_name}{'' if text.startswith(('在', '是', '有', '对', '会')) else '，'}{text}"
            )
        return Rewritten(text, True, (*ways, "named"))
    return Rewritten(text, False, (*ways, "dropped"))


def with_synonym(question: str, seed: int) -> str:
    """The question with one word exchanged for another of the same meaning; unchanged where it has none."""
    found = [(old, new) for old, new in _synonyms() if old in question and new not in question]
    # 在手订单 before 订单: the longest word is the one that was meant.
    found = [pair for pair in found if not any(pair[0] != o and pair[0] in o for o, _ in found)]
    if not found:
        return question
    old, new = found[drawn(seed, question, "synonym") % len(found)]
    return question.replace(old, new)


def in_other_order(question: str) -> str:
    """The question with its clauses in another order; unchanged where no form fits."""
    for pattern, new in _ORDERS:
        if pattern.search(question):
            return pattern.sub(new, question)
    return question


def in_keywords(question: str) -> str:
    """The question as it is typed into a search box: its words that carry meaning, spaces between.

    Unchanged where fewer than three or more than ten words are left, or where it has no Chinese.
    """
    import rjieba

    words = [
        word for word, tag in rjieba.tag(question, hmm=False) if tag[0] in _TELLING and word not in _ASKING
    ]
    enough = _LEAST_WORDS <= len(words) <= _MOST_WORDS and re.search(r"[\u4e00-\u9fff]", question)
    # What the segmenter does not know it takes apart; neighbouring single characters are a name.
    return (
        re.sub(r"(?<![^ ])([\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))", r"\1", " ".join(words))
        if enough
        else question
    )


@lru_cache(maxsize=1)
def _synonyms() -> tuple[tuple[str, str], ...]:
    """(formal, everyday) words, and the glossary's twins both ways."""
    everyday = lexicon("colloquial.json")
    pairs: list[tuple[str, str]] = [(everyday[word], word) for word in _EVERYDAY]
    glossary = lexicon("glossary.json")
    for term in _TWO_WORDS:
        one, other = glossary[term].split()
        pairs += [(one, other), (other, one)]
    return tuple(pairs)


def alike(one: Sequence[str] | frozenset[str], other: Sequence[str] | frozenset[str]) -> float:
    """The Jaccard likeness of two sets of terms, 0..1."""
    first, second = frozenset(one), frozenset(other)
    return len(first & second) / len(first | second) if first | second else 0.0
