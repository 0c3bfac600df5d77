"""In which order statements are shown: the newest of those that answer about as well first, what it overtakes after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.records import Record, Span
from rag.asking.premises import contradicted_premise
from rag.asking.question import Question
from rag.finding.relevance import MOST_OVER_TIME, MOST_SHOWN, Relevant
from rag.finding.retrieval import Evidence, answer_of
from rag.finding.topics import Topic
from rag.overtaking.superseded import Overtaken, Statement, superseded

AS_WELL = 0.4  # of the best score
# So likely, in shares of the best one, is a statement on the very topic that is told first for being newer,
# and so much of the topic stands in it (docs/decisions/0014-newest-first.md).
ON_TOPIC, SPEAKS = 0.1, 0.81
COMPARED = 12  # statements found are compared with those shown


@dataclass(frozen=True, slots=True)
class Placed:
    """One statement to show; `later` is the one that overtakes it, placed before it, and `overtaken` says why and where.

    `contradicts` is where it contradicts what the question takes for granted, in the record's text.
    """

    item: Relevant
    overtaken: Overtaken | None = None
    later: Evidence | None = None
    contradicts: Span | None = None


def placed(
    asked: Question,
    group: Sequence[Relevant],
    evidence: Sequence[Evidence],
    record_of: Callable[[str], Record],
) -> list[Placed]:
    """The statements of one company in the order in which they are shown.

    Real answers if there are any, else evasions; over time oldest first. A statement that a later one overtakes stands
    behind that one, which is brought in where it was not among those to show; a correction leads.

    Args:
        asked: the question, understood.
        group: what bears on it, best first.
        evidence: all that was found for the company, best first.
        record_of: gives the record with an id.
    """
    chosen = _chosen(asked, group)
    if not chosen or asked.asks_change:
        return [Placed(item) for item in chosen]
    known = {item.evidence.passage.id: item for item in group}
    statements = [_statement(one, record_of) for one in evidence]
    if not asked.periods or asked.asks_newest:
        chosen = _with_newer(asked, chosen, evidence, statements, known)
    near = {one.passage.id for one in evidence[:COMPARED]} | {item.evidence.passage.id for item in chosen}
    gone = superseded([one for one in statements if one.key in near], asked.search_text)
    by_id = {one.passage.id: one for one in evidence}
    found: list[Placed] = []
    for item in chosen:
        if any(one.item.evidence.passage.id == item.evidence.passage.id for one in found):
            continue
        overtaken = _counts(asked, gone.get(item.evidence.passage.id))
        later = by_id[overtaken.by] if overtaken else None
        if later and all(one.item.evidence.passage.id != later.passage.id for one in found):
            found.append(Placed(known.get(later.passage.id) or Relevant(later, False)))
        found.append(Placed(item, overtaken, later))
    corrections = {
        one.later.passage.id
        for one in found
        if one.later and one.overtaken and one.overtaken.reason == "corrected"
    }
    return sorted(found, key=lambda one: one.item.evidence.passage.id not in corrections)


def _with_newer(
    asked: Question,
    chosen: Sequence[Relevant],
    evidence: Sequence[Evidence],
    statements: Sequence[Statement],
    known: Mapping[str, Relevant],
) -> list[Relevant]:
    """Newest first of those that speak of the very topic, with the newest of all, where the first of them speaks of it."""
    topic = Topic.of(asked)
    speak = {one.key for one in statements if topic.share(one.text) >= SPEAKS}
    first = chosen[0].evidence
    if first.passage.id not in speak or chosen[0].evasive:
        return list(chosen)
    ahead = {
        one.passage.id: known.get(one.passage.id) or Relevant(one, False)
        for one in evidence
        if one.passage.id in speak and one.score >= ON_TOPIC * first.score
    }
    newest = max((item for item in ahead.values() if not item.evasive), key=_age, default=chosen[0])
    told = {item.evidence.passage.id: item for item in (newest, *chosen)}
    on_topic = sorted((item for key, item in told.items() if key in speak), key=_age, reverse=True)
    return [*on_topic, *(item for key, item in told.items() if key not in speak)]


def with_premise(
    asked: Question, group: Sequence[Placed], evidence: Sequence[Evidence], names: Sequence[str]
) -> list[Placed]:
    """With the statement in front that contradicts what the question takes for granted, where one does.

    Args:
        asked: the question, understood.
        group: what is shown of one company, in order.
        evidence: all that was found for it, best first.
        names: of the company.
    """
    found = contradicted_premise(asked.standalone, names, [one.passage for one in evidence])
    if found is None:
        return list(group)
    item = next(one for one in evidence if one.passage.id == found.passage.id)
    rest = [one for one in group if one.item.evidence.passage.id != found.passage.id]
    return [Placed(Relevant(item, False), contradicts=found.span), *rest]


def _statement(evidence: Evidence, record_of: Callable[[str], Record]) -> Statement:
    passage = evidence.passage
    record = record_of(passage.record_id)
    whole = answer_of(passage, record)
    return Statement(passage.id, whole.of(record.text), passage.published_on, passage.question, whole.start)


def _counts(asked: Question, overtaken: Overtaken | None) -> Overtaken | None:
    """Whether being overtaken matters here: a figure of the period that is asked for stands, whatever came after it."""
    of_a_period = bool(asked.periods) and not asked.asks_newest
    return None if overtaken is None or (of_a_period and overtaken.reason == "figure") else overtaken


def _chosen(asked: Question, group: Sequence[Relevant]) -> list[Relevant]:
    spoken = [item for item in group if not item.evasive]
    if group and group[0].evasive and (not spoken or not _same_topic(group[0], spoken[0])):
        spoken = [item for item in group if item.evasive]
    elif not spoken:
        return []
    if asked.asks_change:
        return sorted(spoken[:MOST_OVER_TIME], key=_age)
    shown = spoken[:MOST_SHOWN]
    if asked.periods and not asked.asks_newest:
        return shown
    # Among statements that answer about as well, what was said last stands first: so, too, for 今年目前….
    rivals = [item for item in shown if item.evidence.score >= AS_WELL * shown[0].evidence.score]
    return [*sorted(rivals, key=_age, reverse=True), *shown[len(rivals) :]]


def _same_topic(first: Relevant, second: Relevant) -> bool:
    """Whether the second is about as near to the question as the first."""
    return second.evidence.score >= 0.9 * first.evidence.score


def _age(item: Relevant) -> tuple[str, str]:
    passage = item.evidence.passage
    return (passage.published_on.isoformat() if passage.published_on else "", passage.id)
