"""Which measure a question asks a figure of, and whether an answer states one: 毛利率 is no answer on 净利润.

Similarity ranks an answer that speaks of the topic without a figure, or with another measure's figure, as
high as one that states what was asked. Where a question names a measure and asks how much, the pair that
answers has to name it too, and its answer a figure. Measured in docs/decisions/0006-not-found.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

_HOW_MUCH = re.compile(
    r"多少|几(?:个|家|条|亿|万|成|台|人|种|款|倍|次|吨)|多大|多高|\bhow (?:much|many|large|big|high)\b", re.I
)
_OTHERWISE = re.compile(
    r"怎么|怎样|如何|为什么|为何|哪|什么|是否|吗|介绍|谈|进展|\b(?:why|how|what|which|who|when|where)\b", re.I
)
_FIGURE = re.compile(
    r"\d|百分之|[一二两三四五六七八九十百千万亿半]+(?:成|倍|亿|万|分之|半)|过半|翻番|翻[一两]番"
)


def asked_measures(question: str) -> tuple[tuple[str, ...], ...]:
    """The measures that `question` asks a figure of, each with the words that records use for it.

    Empty where it asks for no amount, for one of something that is no known measure, or for something else too.
    """
    parts = [part for part in re.split(r"[，,；;？?。]", question) if part.strip()]
    asking = [part for part in parts if _HOW_MUCH.search(part)]
    if not asking or any(_OTHERWISE.search(part) for part in parts if part not in asking):
        return ()
    found: list[tuple[str, ...]] = []
    rest = question
    for words in _measures():
        named = [word for word in words if word in rest]
        if named:
            found.append(words)
            for word in named:  # 净利润 must not be read as 利润 once more
                rest = rest.replace(word, "，")
    return tuple(found)


def states_one(measures: Sequence[Sequence[str]], question: str, answer: str) -> bool:
    """Whether a pair speaks of one of the measures and its answer has a figure."""
    said = f"{question} {answer}"
    return bool(_FIGURE.search(answer)) and any(word in said for words in measures for word in words)


@lru_cache(maxsize=1)
def _measures() -> tuple[tuple[str, ...], ...]:
    lines = resources.files("rag.data").joinpath("measures.txt").read_text(encoding="utf-8").splitlines()
    return tuple(tuple(line.split()) for line in lines if line.strip() and not line.startswith("#"))
