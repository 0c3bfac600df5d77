"""Whether a company's answer declines: courtesy, references elsewhere (请以公告为准), 不便透露.

A line of text is read as its runs of one to three characters; which of them tell a refusal, and how much, is
fitted (`python -m eval.studies.training.declining`) on answers of public filings labelled by people who read them. The
lists of phrases that stood here before found .62 of the refusals out of fold
(docs/decisions/0009-refusals.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ingest.language.folding import nfkc
from rag.data_files import trained
from rag.finding.signals import grams

FILE = "declining.json"
LONGEST_RUN = 3
_AMOUNT = re.compile(
    r"多少|几(?:个|家|条|亿|万|成|台|人|种|款|倍|次|吨|年|天|块|点)?|多大|多高|多久|多长|比例|占比|率|how (?:much|many|large|big|high|long)|percent",
    re.I,
)
_SPACE = re.compile(r"\s+")
_SENTENCES = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")


@dataclass(frozen=True, slots=True)
class Declining:
    """The fitted reading of refusals.

    `weights` are of runs of characters: each counts 1 + ln(times it occurs) in a text whose counts are brought
    to unit length. `whole`, `part`, `aside` and `start` weigh how much the whole answer declines, how much more the
    question shares with its declining sentences than with the others, and a constant.
    """

    weights: Mapping[str, float]
    rarity: Mapping[str, float]
    bias: float
    whole: float
    part: float
    figure: float
    start: float
    evades_from: float

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Declining:
        """From the document that the trainer writes."""
        runs = document["runs"]
        return cls(
            weights={run: float(weight) for run, (weight, _) in runs.items()},
            rarity={run: float(rare) for run, (_, rare) in runs.items()},
            **{
                name: float(document[name])
                for name in ("bias", "whole", "part", "figure", "start", "evades_from")
            },
        )

    def degree(self, text: str) -> float:
        """By how much a text reads as a refusal: the log-odds; 0 is even."""
        counts = runs_of(text, self.rarity)
        length = math.sqrt(sum(value * value for value in counts.values())) or 1.0
        return self.bias + sum(self.weights[run] * value for run, value in counts.items()) / length

    def probability(self, question: str, answer: str) -> float:
        """How likely an answer declines what this question asks, 0..1, to six digits."""
        features = self.features(question, answer)
        total = self.start + self.whole * features[0] + self.part * features[1] + self.figure * features[2]
        return round(1 / (1 + math.exp(-total)), 6)

    def features(self, question: str, answer: str) -> tuple[float, float, float]:
        """The whole answer's degree; how much nearer the question is to the sentences that decline than to the
        others, -1..1; and whether an amount is asked and no other sentence has a figure, 0 or 1."""
        asked = grams(question)
        declining: set[str] = set()
        telling: set[str] = set()
        figure = False
        for match in _SENTENCES.finditer(answer):
            sentence = match.group()
            if self.degree(sentence) > 0:
                declining |= grams(sentence)
            else:
                telling |= grams(sentence)
                figure = figure or any(one.isdigit() for one in sentence)
        count = len(asked) or 1
        nearer = (len(asked & declining) - len(asked & telling)) / count if declining else -0.5
        return self.degree(answer), nearer, float(bool(_AMOUNT.search(question)) and not figure)

    def refusals(self, answer: str) -> list[tuple[int, int]]:
        """Where the sentences stand in `answer` that decline, as (start, end) in characters."""
        return [m.span() for m in _SENTENCES.finditer(answer) if self.degree(m.group()) > 0]


def runs_of(text: str, rarity: Mapping[str, float]) -> dict[str, float]:
    """The runs of one to three characters of `text` that `rarity` knows, each weighed by how often and how rare."""
    plain = _SPACE.sub("", nfkc(text))
    counts: Counter[str] = Counter()
    for size in range(1, LONGEST_RUN + 1):
        counts.update(run for at in range(len(plain) - size + 1) if (run := plain[at : at + size]) in rarity)
    return {run: (1 + math.log(count)) * rarity[run] for run, count in counts.items()}


@lru_cache(maxsize=1)
def bundled_declining() -> Declining:
    """The model that comes with the program.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    return Declining.of(trained(FILE))
