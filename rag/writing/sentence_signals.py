"""What can be told of a question beside one sentence of an answer, before it is judged whether that sentence answers.

Each signal is a plain number; how much each counts is fitted (`rag.writing.telling`). What was tried beside these and gave
nothing out of fold (the sentences before and after, words of cause, time, denial and reference, kinds of question) is in
docs/decisions/0013-sentences.md.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ingest.language.folding import nfkc
from rag.finding.signals import grams

NAMES: Final = (
    "met", "met_here_only", "ahead", "rank", "pieces", "pieces_ahead", "sum", "sum_ahead",
    "count", "length", "share_of_length", "figures", "announces", "lists",
)  # fmt: skip

_ANNOUNCES = re.compile(r"[:：]$|(?:如下|以下|下列|几[个方]\S{0,4}|[两三四五]\S{0,3}方面)\S{0,6}[。:：]$")
_LISTS = re.compile(
    r"^\W*(?:\d+[、.)）]|[（(]?[一二三四五六七八九十\d]+[)）、]|首先|其次|第[一二三四五]|一是|二是|三是)"
)
_FIGURE = re.compile(r"\d+(?:\.\d+)?")

Signals = Mapping[str, float]
Nearness = Callable[[str, Sequence[str]], Sequence[tuple[float, float]]]


def announces(sentence: str) -> bool:
    """Whether a sentence says that what follows is meant: …如下：."""
    return bool(_ANNOUNCES.search(nfkc(sentence)))


def sentence_signals(question: str, sentences: Sequence[str], near: Nearness) -> list[Signals]:
    """The signals of each sentence, in order; every name of `NAMES` is in each.

    Args:
        question: what is looked for, without greeting and company names.
        sentences: of one answer, in its order.
        near: how near each is to the question, in two ways (`ingest.embedding.e5_words.WordPieces.near`).
    """
    asked = grams(question)
    said = [grams(sentence) for sentence in sentences]
    spread = Counter(gram for one in said for gram in one)
    count = len(sentences)

    def rarity(gram: str) -> float:
        return math.log(1 + count / (0.5 + spread[gram]))

    total = sum(rarity(gram) for gram in asked) or 1.0
    met = [sum(rarity(gram) for gram in asked & one) / total for one in said]
    pieces, sums = zip(*near(question, sentences), strict=True)
    lengths = [len(nfkc(sentence)) for sentence in sentences]
    order = sorted(range(count), key=lambda at: (-met[at], at))
    found: list[Signals] = []
    for at, sentence in enumerate(sentences):
        plain = nfkc(sentence)
        found.append(
            {
                "met": met[at],
                "met_here_only": sum(spread[gram] == 1 for gram in asked & said[at]) / (len(asked) or 1),
                "ahead": _ahead(met, at),
                "rank": 1 / (1 + order.index(at)),
                "pieces": pieces[at],
                "pieces_ahead": _ahead(pieces, at),
                "sum": sums[at],
                "sum_ahead": _ahead(sums, at),
                "count": float(count),
                "length": math.log(1 + lengths[at]),
                "share_of_length": lengths[at] / (sum(lengths) or 1),
                "figures": float(len(_FIGURE.findall(plain))),
                "announces": float(announces(sentence)),
                "lists": float(bool(_LISTS.search(plain))),
            }
        )
    return found


def _ahead(values: Sequence[float], at: int) -> float:
    """By how much one value is ahead of the best of the others."""
    return values[at] - max((value for n, value in enumerate(values) if n != at), default=0.0)
