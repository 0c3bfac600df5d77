"""Which evidence answers, which declines, and when nothing does: the fitted judgement, and vetoes of fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ingest.language.periods import Period, stated_periods
from ingest.records import Record
from rag.asking.question import Question
from rag.finding.judgement import any_of
from rag.finding.retrieval import Evidence
from rag.finding.trained import Trained

# So many passages are quoted where the best may well be the second or third.
MOST_SHOWN = 3
# A change over time is told by more of them, and by half as near ones: an early statement has other words.
MOST_OVER_TIME, OVER_TIME = 5, 0.5
A_YEAR = timedelta(days=364)
# A record may report on a period until so long after its end.
REPORTED_WITHIN = timedelta(days=500)


@dataclass(frozen=True, slots=True)
class Relevant:
    """Evidence that bears on the question; `evasive` where the company gave no real answer."""

    evidence: Evidence
    evasive: bool


def relevant(
    asked: Question, evidence: Sequence[Evidence], trained: Trained, record_of: Callable[[str], Record]
) -> list[Relevant]:
    """The evidence that bears on the question, best first; empty when none does.

    No single word decides: one of the best passages has to be likely enough to answer. Only facts veto: a figure of a period
    is not answered by a passage that can't speak of that period.

    Args:
        asked: the question, understood.
        evidence: what retrieval found for one company, best first.
        trained: the parts that judge.
        record_of: gives the record with an id.
    """
    nearest = evidence[:MOST_SHOWN]
    if asked.asks_figure and asked.periods:
        evidence = [
            item
            for item in evidence
            if _of_the_period(asked, item, item.passage.text)
            or _of_the_period(
                asked, item, whole_answer(item, record_of)
            )  # a slice may stand far from its date
        ]
    judge = trained.judgement
    if evidence and nearest[0] is not evidence[0]:
        nearest = evidence[:MOST_SHOWN]  # what was taken for the answer is of another period
    if not evidence or any_of([item.score for item in nearest]) < judge.answers_from:
        return []
    most, share = MOST_SHOWN, judge.shown_from
    if asked.asks_change:
        most, share = MOST_OVER_TIME, OVER_TIME * judge.shown_from
    return [
        _judged(asked, item, trained, record_of)
        for item in evidence[:most]
        if item.score >= share * evidence[0].score
    ]


def in_years_asked(asked: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with what names other years only moved behind the rest, where a figure of a period is asked."""
    if not (asked.asks_figure and asked.periods):
        return list(evidence)
    return sorted(evidence, key=lambda item: _names_other_years(asked, item))


def _of_the_period(asked: Question, item: Evidence, text: str) -> bool:
    """Whether a passage can hold a figure of the periods asked for: it speaks of them, or of no period and reports on them."""
    day = item.passage.published_on
    if day is None:
        return bool(asked.years & _years(item))
    stated = stated_periods(f"{item.passage.question}\n{text}", day)
    if stated:
        return any(_covers(one, other) for one in stated for other in asked.periods)
    return any(period.first <= day <= period.last + REPORTED_WITHIN for period in asked.periods)


def _covers(stated: Period, wanted: Period) -> bool:
    """Whether a figure of a stated period may be one of the period wanted: it covers that, or ends it (a third quarter the
    first three); a first quarter's is none of the half-year."""
    if wanted.last - wanted.first >= A_YEAR:
        return stated.first <= wanted.last and wanted.first <= stated.last
    if stated.first == stated.last and wanted.first <= stated.first <= wanted.last:
        return True  # a day in it, on which something was done or counted
    return stated.last == wanted.last or (stated.first <= wanted.first and wanted.last <= stated.last)


def _names_other_years(asked: Question, item: Evidence) -> bool:
    """Whether a passage names years, and none of those asked for: 2023年 is no answer on 2024."""
    named = _years(item)
    return bool(named) and not named & asked.years


def _years(item: Evidence) -> frozenset[int]:
    """The years that a passage or its question names."""
    said = f"{item.passage.question} {item.passage.text}"
    full = {int(year) for year in re.findall(r"(?<!\d)(20[0-3]\d)(?!\d)", said)}
    return frozenset(full | {2000 + int(year) for year in re.findall(r"(?<!\d)([12]\d)年", said)})


def _judged(
    asked: Question, item: Evidence, trained: Trained, record_of: Callable[[str], Record]
) -> Relevant:
    """With whether the company's answer declines what is asked here."""
    if item.passage.kind != "pair":
        return Relevant(item, False)
    answer = whole_answer(item, record_of)
    declines = trained.declining.probability(asked.search_text, answer)
    return Relevant(item, declines >= trained.declining.evades_from)


def whole_answer(item: Evidence, record_of: Callable[[str], Record]) -> str:
    """The answer that a passage is, or is a slice of."""
    passage = item.passage
    pairs = record_of(passage.record_id).pairs if passage.kind == "pair" else ()
    return next((pair.answer for pair in pairs if pair.number == passage.number), passage.text)
