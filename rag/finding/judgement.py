"""Does a passage answer a question, decline it, or neither: one fitted model over signals.

The model is a sum of small decision trees (gradient boosting; Friedman, Annals of Statistics 2001) over
`rag.finding.signals`, then a logistic curve (Platt 1999) that makes the sum a probability. It is fitted by `python -m
eval.studies.training.judgement` on questions written over public filings; docs/decisions/0008-judging-evidence.md has
its figures out of fold and what each signal is worth.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rag.data_files import trained
from rag.finding.signals import Signals

FILE = "judgement.json"


@dataclass(frozen=True, slots=True)
class Tree:
    """A decision tree as rows: at an inner row, go to `left` where the signal is at most `limit`."""

    signal: tuple[int, ...]  # -1 at a leaf
    limit: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]

    def of(self, values: Sequence[float]) -> float:
        """The value of the leaf that these values lead to."""
        at = 0
        while (signal := self.signal[at]) >= 0:
            at = self.left[at] if values[signal] <= self.limit[at] else self.right[at]
        return self.value[at]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The fitted model.

    `names` are the signals that it reads. `answers_from` is how likely one of the best passages has to answer (below it
    nothing was found, see `any_of`), `shown_from` from which share of the best one's probability a further one is shown.
    """

    names: tuple[str, ...]
    trees: tuple[Tree, ...]
    start: float
    slope: float
    shift: float
    answers_from: float
    shown_from: float

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Judgement:
        """From the document that the trainer writes."""
        columns = ("signal", "limit", "left", "right", "value")
        return cls(
            names=tuple(document["signals"]),
            trees=tuple(Tree(*(tuple(tree[name]) for name in columns)) for tree in document["trees"]),
            start=float(document["start"]),
            slope=float(document["slope"]),
            shift=float(document["shift"]),
            answers_from=float(document["answers_from"]),
            shown_from=float(document["shown_from"]),
        )

    def probability(self, signals: Signals) -> float:
        """How likely a passage is about what is asked (it answers or declines), 0..1, to six digits."""
        values = [signals[name] for name in self.names]
        total = self.start + sum(tree.of(values) for tree in self.trees)
        return round(1 / (1 + math.exp(-(self.slope * total + self.shift))), 6)


def any_of(probabilities: Sequence[float]) -> float:
    """How likely at least one of some passages answers, if each does so by itself: rivals share what a question has."""
    return 1.0 - math.prod(1.0 - one for one in probabilities)


@lru_cache(maxsize=1)
def bundled_judgement() -> Judgement:
    """The model that comes with the program.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    return Judgement.of(trained(FILE))
