"""Which of a company's statements on one topic a later one corrects, ends or replaces.

A statement is overtaken where a later one of the same company says otherwise of the same thing and the same time:
another figure of one measure, another day on which something is expected, what was planned and is done by now, what
was planned or done and has ended. What is told of another period, product or actor stands beside it and is left alone;
in doubt nothing is marked (docs/decisions/0011-superseded.md has what each rule is worth).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from ingest.records import Span
from rag.grounding.evidence import EvidenceText
from rag.overtaking.corrections import corrected
from rag.overtaking.events import overdue, turns
from rag.overtaking.measures import SameMeasure, come_true, same_measure
from rag.overtaking.telling import Told, Topic, told

Reason = Literal["corrected", "ended", "happened", "figure", "date"]
RULES: Final = frozenset(["corrected", "figure", "happened", "ended", "date"])


@dataclass(frozen=True, slots=True)
class Statement:
    """What a company said on a topic: the answer of a pair, a slice of it, or a section of remarks.

    `key` names it among the statements that it is compared with; `start` is where `text` begins in the record's
    canonical text; `question` is the investor's, empty for remarks.
    """

    key: str
    text: str
    published_on: date | None
    question: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Overtaken:
    """By which later statement, why, and the sentences of both (in the canonical texts of their records)."""

    by: str
    reason: Reason
    old: Span
    new: Span


def superseded(
    statements: Sequence[Statement], topic: str = "", *, rules: frozenset[str] = RULES
) -> Mapping[str, Overtaken]:
    """Which statements a later one overtakes, by their keys; those that still stand are absent.

    Args:
        statements: of one company on one topic, in any order; one without a day neither overtakes nor is overtaken.
        topic: what was asked: only what both statements say of it is compared. Each earlier statement's own question
            where absent.
        rules: those that are applied; an evaluation leaves some out.
    """
    dated = sorted(
        (one for one in statements if one.published_on), key=lambda one: (str(one.published_on), one.key)
    )
    read = {one.key: told(EvidenceText(one.text, one.question, (), one.published_on)) for one in dated}
    every = list(read.values())
    asked = Topic(topic, every) if topic else None
    found: dict[str, Overtaken] = {}
    for old in dated:
        about = asked or Topic(old.question or old.text[:80], every)
        later = [
            new for new in reversed(dated) if (new.published_on or date.min) > (old.published_on or date.min)
        ]
        same_day = [new for new in dated if new.published_on == old.published_on and new.key != old.key]
        if "figure" in rules and (told_later := _of_a_later_day(old, same_day, read, about)):
            found[old.key] = told_later
        for judge in (_said_otherwise, _overdue):
            told_of = (judge(old, new, read[old.key], read[new.key], about, rules) for new in later)
            overtaken = next((one for one in told_of if one is not None), None)
            if overtaken is not None:
                found[old.key] = overtaken
                break
    return {key: _at_last(one, found) for key, one in found.items()}


def _at_last(one: Overtaken, found: Mapping[str, Overtaken]) -> Overtaken:
    """The same by the statement that still stands, where what overtakes it is itself overtaken by its figure."""
    seen = {one.by}
    while one.by in found and found[one.by].reason == one.reason == "figure" and found[one.by].by not in seen:
        one = replace(one, by=found[one.by].by, new=found[one.by].new)
        seen.add(one.by)
    return one


def _of_a_later_day(
    old: Statement, others: Sequence[Statement], read: Mapping[str, Told], topic: Topic
) -> Overtaken | None:
    """By which statement published on the same day: one that gives the same measure of a later day."""
    for new in others:
        before, after = read[old.key], read[new.key]
        for pair in same_measure(before, after, topic):
            if pair.of_a_later_day:
                return _made(old, new, before, after, "figure", pair.old.sentence, pair.new.sentence)
    return None


def _said_otherwise(
    old: Statement, new: Statement, before: Told, after: Told, topic: Topic, rules: frozenset[str]
) -> Overtaken | None:
    """Where the later statement says otherwise than the earlier one."""
    places = corrected(before, after, topic) if "corrected" in rules else None
    if places is not None:
        return _made(old, new, before, after, "corrected", *places)
    if "figure" in rules:
        for pair in same_measure(before, after, topic):
            return _made(old, new, before, after, _why(pair), pair.old.sentence, pair.new.sentence)
    if "happened" in rules:
        for pair in come_true(before, after, topic):
            return _made(old, new, before, after, "happened", pair.old.sentence, pair.new.sentence)
    for turn in turns(before, after, topic):
        if turn.kind in rules:
            return _made(old, new, before, after, turn.kind, turn.old.sentence, turn.new.sentence)
    return None


def _overdue(
    old: Statement, new: Statement, before: Told, after: Told, topic: Topic, rules: frozenset[str]
) -> Overtaken | None:
    """Where the day that the earlier statement expects had passed by the later one."""
    turn = overdue(before, after, topic, new.published_on or date.min) if "date" in rules else None
    return (
        None
        if turn is None
        else _made(old, new, before, after, turn.kind, turn.old.sentence, turn.new.sentence)
    )


def _why(pair: SameMeasure) -> Reason:
    return "figure" if pair.time == "state" else "happened" if pair.planned else "corrected"


def _made(
    old: Statement, new: Statement, before: Told, after: Told, reason: Reason, one: int, other: int
) -> Overtaken:
    first, second = before.place(one), after.place(other)
    return Overtaken(
        new.key,
        reason,
        Span(old.start + first[0], old.start + first[1]),
        Span(new.start + second[0], new.start + second[1]),
    )
