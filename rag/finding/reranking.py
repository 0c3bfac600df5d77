"""A second look at the best candidates, without a model: do they speak of the time that is asked about?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.errors import ModelUnavailable
from ingest.language.periods import Period
from ingest.records import Passage
from rag.asking.moments import Agreement, Moment, Moments, agreement, moments

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

# In deviations of the fused score. Set by cross-validation on halves of public questions and on
# eval/cases: docs/decisions/0004-fusion.md.
OTHER_DAY = 0.65
OTHER_MONTH = 0.6
OTHER_YEAR = 0.6
OTHER_TIME = 0.8
AGE = 0.05
# A record speaks of a time from its first day until so long after its end.
STILL_SPOKEN_OF = timedelta(days=240)
A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Time:
    """When a question is about: the moments that it names and, where known, its periods in full."""

    moments: Moments
    periods: tuple[Period, ...] = ()

    @classmethod
    def of(cls, question: str, periods: Sequence[Period] = ()) -> Time:
        """From the question's words, or from its periods where somebody has resolved them."""
        if not periods:
            return cls(moments(question))
        found = frozenset(_moment(period) for period in periods)
        years = frozenset(year for p in periods for year in range(p.first.year, p.last.year + 1))
        return cls(Moments(found, years), tuple(periods))

    def fit(self, passage: Passage) -> Agreement:
        """How what the passage says agrees on days, months and years."""
        return agreement(self.moments, _moments_of(passage))

    def published(self, day: date | None) -> float:
        """0 where a record of that day may well speak of the periods, up to -1 where it hardly can."""
        if day is None or not self.periods:
            return 0.0
        return max(_nearness(day, period) for period in self.periods)


def second_look(time: Time, passages: Sequence[Passage], fused: Sequence[float]) -> list[float]:
    """The fused scores, lowered where a passage speaks of another time, or is old and no time is asked for.

    Args:
        time: of the question.
        passages: the candidates.
        fused: their scores, in deviations.
    """
    newest = max((p.published_on for p in passages if p.published_on), default=None)
    looked: list[float] = []
    for passage, score in zip(passages, fused, strict=True):
        fit = time.fit(passage)
        score += OTHER_DAY * min(fit.day, 0) + OTHER_MONTH * min(fit.month, 0) + OTHER_YEAR * min(fit.year, 0)
        score += OTHER_TIME * time.published(passage.published_on)
        if not time.moments and newest and passage.published_on:
            score -= AGE * (newest - passage.published_on).days / A_YEAR
        looked.append(round(score, 6))
    return looked


class ModelReranker:
    """A sentence-transformers `CrossEncoder` that puts the best candidates in a new order."""

    def __init__(self, model: str) -> None:
        """Loads nothing yet.

        Args:
            model: a Hugging Face name or a folder; it must be on this machine.
        """
        self.model = model
        self._loaded: CrossEncoder | None = None

    def scores(self, question: str, passages: Sequence[Passage]) -> list[float]:
        """One relevance a passage, larger is better.

        Raises:
            ModelUnavailable: the model is not on this machine.
        """
        if self._loaded is None:
            from sentence_transformers import CrossEncoder

            try:
                self._loaded = CrossEncoder(self.model, local_files_only=True)
            except (OSError, ValueError) as error:
                raise ModelUnavailable(
                    f"the reranker {self.model} is not on this machine: jupilu models pull {self.model}"
                ) from error
        pairs = [(question, f"{passage.question}\n{passage.text}".strip()) for passage in passages]
        return [float(value) for value in self._loaded.predict(pairs, show_progress_bar=False)]


def _moment(period: Period) -> Moment:
    if period.first == period.last:
        return Moment(period.first.year, period.first.month, period.first.month, period.first.day)
    last = period.last.month if period.last.year == period.first.year else 12
    return Moment(period.first.year, period.first.month, last)


def _nearness(day: date, period: Period) -> float:
    if day < period.first:
        return -min(1.0, (period.first - day).days / A_YEAR)
    late = day - period.last - STILL_SPOKEN_OF
    return -min(1.0, max(0, late.days) / A_YEAR)


@lru_cache(maxsize=20_000)
def _moments_of(passage: Passage) -> Moments:
    return moments(f"{passage.question}\n{passage.text}", passage.published_on)
