"""What is different in what a company says of a topic from what it said before: a figure, an expected date, how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ingest.records import Span
from rag.finding.topics import folded
from rag.grounding.labels import tokens
from rag.grounding.modality import certainty, modal_words
from rag.grounding.polarity import denies
from rag.grounding.reading import Reading
from rag.views.measures import (
    PLANNED,
    TopicFigure,
    When,
    like_periods,
    reading_of,
    resolved,
    same_measure,
    same_period,
    same_value,
)
from rag.views.said import Said

What = Literal["figure", "same_figure", "not_comparable", "expected", "certainty", "repeated", "reworded"]
DONE: Final = 4  # see `rag.grounding.modality.certainty`
# So many pairs of characters, at least, do two plans share that are of one event; a plan and what came of it.
PLANS_SHARE, OUTCOME_SHARES = 3, 4
ONE_EVENT = 0.5  # so much of the shorter clause's words stands in the other where both tell of one event
_AMOUNT: Final = re.compile(r"\d\s?(?:[万亿%元]|个百分点)")
_DONE: Final = re.compile(r"已|业已|现已|完成")
_CLAUSE: Final = re.compile(r"[^，。；！？]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference from an earlier entry, told on the day `since`.

    `old` and `new` are as printed in the records; `old_period` and `new_period` say of when they are.
    """

    what: What
    since: date | None = None
    measure: str = ""
    old: str = ""
    new: str = ""
    old_period: str = ""
    new_period: str = ""

    def as_json(self) -> dict[str, Any]:
        """The change as plain values."""
        return {
            "what": self.what,
            "since": str(self.since) if self.since else None,
            "measure": self.measure,
            "old": self.old,
            "new": self.new,
            "old_period": self.old_period,
            "new_period": self.new_period,
        }


@dataclass(frozen=True, slots=True)
class Expected:
    """A day or period until which something is planned, with the words of its clause."""

    when: When
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """What of an entry is compared: its figures, what it expects, and its clauses with how sure each is."""

    day: date | None
    figures: tuple[TopicFigure, ...]
    expected: tuple[Expected, ...]
    clauses: tuple[tuple[frozenset[str], int, str], ...]


def changes(new: Told, earlier: Sequence[Told]) -> tuple[Change, ...]:
    """What is different in `new`; `earlier` are the entries before it, newest first.

    A figure is held against the newest earlier one of the same measure, and of the same or an equally long period. Where
    both this entry and the one before have figures of the topic and no two may be compared, that is said.
    """
    found = list(_figures(new, earlier))
    if not found and new.figures and earlier and earlier[0].figures:
        found.append(Change("not_comparable", earlier[0].day))
    found += _dates(new, earlier[:1])
    found += _sureness(new, earlier[:1])
    return tuple(found) or ((Change("reworded", earlier[0].day),) if earlier else ())


def _figures(new: Told, earlier: Sequence[Told]) -> Iterator[Change]:
    for one in new.figures:
        rivals = [o for o in new.figures if same_measure(one, o) and same_period(one, o)]
        later = [
            o for o in new.figures if same_measure(one, o) and like_periods(one, o) and _is_later(o, one)
        ]
        if later or not all(same_value(one, other) for other in rivals):
            continue  # two figures under one name in one entry: which is which cannot be told
        for told in earlier:
            same = [other for other in told.figures if same_measure(one, other) and like_periods(one, other)]
            exact = [other for other in same if same_period(one, other)]
            candidates = exact or _newest_period(same)
            if not candidates:
                continue
            if all(same_value(o, candidates[0]) for o in candidates) and _moves_on(candidates[0], one):
                old = candidates[0]
                yield Change(
                    "same_figure" if same_value(one, old) and _same_days(one, old) else "figure",
                    told.day,
                    one.measure,
                    old.printed,
                    one.printed,
                    old.when.label(),
                    one.when.label(),
                )
            break


def _newest_period(figures: Sequence[TopicFigure]) -> list[TopicFigure]:
    last = max((one.when.last for one in figures if one.when.last), default=None)
    return [one for one in figures if one.when.last == last]


def _is_later(one: TopicFigure, other: TopicFigure) -> bool:
    return one.when.last is not None and other.when.last is not None and one.when.last > other.when.last


def _moves_on(old: TopicFigure, new: TopicFigure) -> bool:
    """Whether the new figure is of the same or a later time than the old: else it only looks back."""
    return old.when.last is None or new.when.last is None or old.when.last <= new.when.last


def _same_days(one: TopicFigure, other: TopicFigure) -> bool:
    return same_period(one, other) or one.when.told == other.when.told == "none"


def _dates(new: Told, earlier: Sequence[Told]) -> Iterator[Change]:
    """Where both entries expect the same event, once each, at other times."""
    for told in earlier:
        if len(new.expected) != 1 or len(told.expected) != 1:
            return
        one, old = new.expected[0], told.expected[0]
        if _one_event(one.words, old.words, PLANS_SHARE) and (one.when.first, one.when.last) != (
            old.when.first,
            old.when.last,
        ):
            yield Change("expected", told.day, "", old.when.label(), one.when.label())


def _sureness(new: Told, earlier: Sequence[Told]) -> Iterator[Change]:
    """Where what was planned is now told as done, in nearly the same words."""
    for told in earlier:
        for words, sure, said in new.clauses:
            for before, was, then in told.clauses:
                if was <= PLANNED and sure == DONE and _one_event(words, before, OUTCOME_SHARES):
                    yield Change("certainty", told.day, "", then, said)
                    return


def _one_event(one: frozenset[str], other: frozenset[str], least: int) -> bool:
    shared = len(one & other)
    return shared >= least and shared >= ONE_EVENT * min(len(one), len(other))


def told_of(said: Sequence[Said], figures: Sequence[TopicFigure], day: date | None) -> Told:
    """What the statements of one day say, ready to be compared."""
    expected: list[Expected] = []
    clauses: list[tuple[frozenset[str], int, str]] = []
    for one in said:
        reading = reading_of(one)
        for start, end in _clauses(one, reading):
            text = reading.text[start:end]
            if denies(text) or _AMOUNT.search(text):
                continue  # 实现营业收入3亿元 is no plan that came true
            sure = certainty(text)
            words = tokens(folded(_without_periods(reading, start, end)))
            if sure <= PLANNED or (sure == DONE and _DONE.match(modal_words(text))):
                clauses.append((words, sure, modal_words(text)))
            if sure <= PLANNED:
                expected += _expected(one, reading, start, end, words)
    return Told(day, tuple(figures), tuple(expected), tuple(clauses))


def _clauses(said: Said, reading: Reading) -> Iterator[tuple[int, int]]:
    """The clauses of the quoted sentences, as ranges of the text that was read."""
    for match in _CLAUSE.finditer(reading.text):
        start, end = reading.normal.original(match.start(), match.end())
        place = Span(said.whole.start + start, said.whole.start + end)
        if any(span.contains(place) for span in said.spans):
            yield match.start(), match.end()


def _without_periods(reading: Reading, start: int, end: int) -> str:
    text, at = "", start
    for period in reading.periods:
        if start <= period.start < end:
            text += reading.text[at : period.start]
            at = min(end, period.end)
    return text + reading.text[at:end]


def _expected(
    said: Said, reading: Reading, start: int, end: int, words: frozenset[str]
) -> Iterator[Expected]:
    """The one period of a clause that lies ahead of the day on which it is told."""
    inside = [period for period in reading.periods if start <= period.start < end]
    day = said.passage.published_on
    if len(inside) != 1 or day is None:
        return
    when = resolved(inside[0], reading, said, planned=True)
    if when.told == "named" and when.last is not None and when.last > day:
        yield Expected(when, words)
