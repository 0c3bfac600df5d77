"""Which figures of an answer a right answer to its question must give: those whose label the question names."""

from __future__ import annotations

import re
from typing import Final

from eval.gold_labels import normalise
from rag.finding.signals import grams
from rag.grounding import EvidenceText
from rag.grounding.reading import read

MOST: Final = 2
NAMED: Final = 2  # terms of the question that a figure's clause must share
_CLAUSE: Final = re.compile(r"[^，。；！？\n]+")
_UNIT: Final = re.compile(r"[%％‰亿万元倍家个名人台套吨件项款米MGk]|平方|千瓦|兆瓦|pct|个百分点", re.I)
# Terms of time and comparison name no figure.
_IDLE: Final = frozenset(
    "上半 半年 年上 下半 同比 去年 同期 年同 比增 比下 较上 上年 今年 年度 季度 公司 以来 截至".split()
)
_YEAR: Final = re.compile(r"^(?:20)?\d\d年?$")


def key_figures(question: str, answer: str) -> tuple[str, ...]:
    """At most two figures with their units, as printed, in the order in which they stand.

    A figure counts when its unit says that it measures something and its clause shares terms with the
    question; where the question asks for no figure there may be none.
    """
    asked = grams(question)
    reading = read(EvidenceText(answer))
    plain = normalise(answer)
    found: list[tuple[int, int, str]] = []
    for bound in reading.figures:
        figure = bound.figure
        printed = reading.text[figure.start : figure.end]
        if reading.text.startswith("民币", figure.end):  # the unit ends in the currency
            printed = printed.removesuffix("人")
        if (
            figure.high is not None
            or not re.search(r"\d", printed)
            or not _UNIT.search(printed)
            or _YEAR.match(printed)
        ):
            continue
        if normalise(printed) not in plain:
            continue
        clause = next(
            (m for m in _CLAUSE.finditer(reading.text) if m.start() <= figure.start < m.end()), None
        )
        label = grams(reading.text[clause.start() : figure.start]) if clause else None
        shared = sum(1 for term in label if term in asked and term not in _IDLE) if label else 0
        if shared >= NAMED:
            found.append((-shared, figure.start, printed))
    best = sorted(found)[:MOST]
    return tuple(dict.fromkeys(printed for _, _, printed in sorted(best, key=lambda one: one[1])))
