"""Which evidence bears on the question at all, and which of it is no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ingest.records import Record
from rag.evasion import is_evasive, unanswered_part
from rag.measures import asked_measures, states_one
from rag.presence import topics
from rag.question import Question
from rag.retrieval import Evidence
from rag.verbatim import terms

# Evidence below ANSWERS bears on something else; evidence that scores far below the best is left out.
# CERTAIN evidence is nearly the question itself and needs no word of it. All three were set on
# eval/cases; docs/decisions/0006-not-found.md has the figures.
ANSWERS = 0.108
OF_BEST = 0.4
CERTAIN = 0.95
# Below SURE the best may well be the second or third, so these are shown too.
SURE, UNSURE_SHOWN = 0.6, 3
# A record may report on a period until so long after its end.
REPORTED_WITHIN = timedelta(days=500)


@dataclass(frozen=True, slots=True)
class Relevant:
    """Evidence that bears on the question; `evasive` where the company gave no real answer."""

    evidence: Evidence
    evasive: bool


def relevant(
    asked: Question,
    evidence: Sequence[Evidence],
    lacking: Callable[[], Sequence[str]],
    record_of: Callable[[str], Record],
) -> list[Relevant]:
    """The evidence that bears on the question, best first; empty when none does.

    Args:
        asked: the question, understood.
        evidence: what retrieval found for one company, best first.
        lacking: gives the topics of the question of which no record in scope speaks.
        record_of: gives the record with an id.
    """
    if not evidence or evidence[0].score < ANSWERS:
        return []
    if evidence[0].score < CERTAIN and asked.language == "zh" and lacking():
        return []
    if asked.asks_figure and asked.periods:
        evidence = [item for item in evidence if _of_the_period(asked, item)]
    best = max((item.score for item in evidence), default=0.0)
    shown = UNSURE_SHOWN if best < SURE else 1
    kept = [
        Relevant(item, _evades(asked, item, record_of))
        for rank, item in enumerate(evidence)
        if item.score >= OF_BEST * best or rank < shown
    ]
    measures = asked_measures(" ".join([asked.search_text, *(t for ts in asked.formal.values() for t in ts)]))
    if not measures:
        return kept
    about = [topic for topic in topics(asked.search_text) if not any(topic in words for words in measures)]
    return [one for one in kept if one.evasive or _states(measures, about, one.evidence, record_of)]


def _states(
    measures: Sequence[Sequence[str]],
    about: Sequence[str],
    item: Evidence,
    record_of: Callable[[str], Record],
) -> bool:
    """Whether an answer states a figure of the measure asked for, and speaks of what it is asked about."""
    question, answer = item.passage.question, _whole_answer(item, record_of)
    spoken = not about or any(topic in f"{question} {answer}" for topic in about)
    return spoken and states_one(measures, question, answer)


def in_years_asked(asked: Question, evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence with what names other years only moved behind the rest, where a figure of a period is asked."""
    if not (asked.asks_figure and asked.periods):
        return list(evidence)
    return sorted(evidence, key=lambda item: _names_other_years(asked, item))


def _of_the_period(asked: Question, item: Evidence) -> bool:
    """Whether a passage can hold a figure of the periods asked for: it names the year, or reports on it."""
    if asked.years & _years(item):
        return True
    day = item.passage.published_on
    return day is not None and any(
        period.first <= day <= period.last + REPORTED_WITHIN for period in asked.periods
    )


def _names_other_years(asked: Question, item: Evidence) -> bool:
    """Whether a passage names years, and none of those asked for: 2023年 is no answer on 2024."""
    named = _years(item)
    return bool(named) and not named & asked.years


def _years(item: Evidence) -> frozenset[int]:
    """The years that a passage or its question names."""
    said = f"{item.passage.question} {item.passage.text}"
    full = {int(year) for year in re.findall(r"(?<!\d)(20[0-3]\d)(?!\d)", said)}
    return frozenset(full | {2000 + int(year) for year in re.findall(r"(?<!\d)([12]\d)年", said)})


def _evades(asked: Question, item: Evidence, record_of: Callable[[str], Record]) -> bool:
    """Whether the company's whole answer evades its own question, or the part of it that is asked here."""
    passage = item.passage
    if passage.kind != "pair":
        return False
    answer = _whole_answer(item, record_of)
    if is_evasive(answer, passage.question):
        return True
    declined, told = unanswered_part(answer)
    if not declined:
        return False
    wanted = set(terms(asked.search_text))
    if asked.asks_figure and any(re.search(r"\d", one) and wanted & set(terms(one)) for one in told):
        return False
    return bool(wanted & set(terms(declined)))


def _whole_answer(item: Evidence, record_of: Callable[[str], Record]) -> str:
    """The answer that a passage is, or is a slice of."""
    passage = item.passage
    pairs = record_of(passage.record_id).pairs if passage.kind == "pair" else ()
    return next((pair.answer for pair in pairs if pair.number == passage.number), passage.text)
