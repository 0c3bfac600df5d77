"""Companies side by side on one topic: what each said, and which figure is higher where two may be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from ingest.library.library import Company, RecordSummary
from rag.answers import Claim
from rag.asking.companies import source_label
from rag.asking.question import Question
from rag.finding.topics import Topic
from rag.views.measures import TopicFigure, figures_of, same_measure, same_period, same_value
from rag.views.quotes import claim_as_json, judged_quotes, likeliest, quoted
from rag.views.said import NEARLY_BEST, SPEAKS, TOUCHES, Said

Status = Literal["figure", "quote", "declined", "not_comparable", "silent"]
RowKind = Literal["newest", "answers", "figures", "same"]
OWN = 3  # so many characters longer than the shortest is a label that still names no one business
MOST_ROWS = 12  # of figures of one measure and period


@dataclass(frozen=True, slots=True)
class Side:
    """One company's part of a comparison: its statements on the topic, and the records that were searched."""

    company: Company
    said: Sequence[Said]
    records: Sequence[RecordSummary]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one company says in one row.

    `figure`: a figure of the row's measure and period, quoted; `quote`: the company's words without a figure; `declined`: asked, and
    no real answer; `not_comparable`: it said something on the topic, of another measure or period, or without a figure; `silent`: nothing
    in the `searched` records.
    """

    status: Status
    searched: int
    claims: tuple[Claim, ...] = ()
    figure: TopicFigure | None = None
    day: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The cell as plain values."""
        return {
            "status": self.status,
            "searched": self.searched,
            "day": str(self.day) if self.day else None,
            "figure": self.figure.as_json() if self.figure else None,
            "quotes": [claim_as_json(claim) for claim in self.claims],
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the newest statement of each company (or what answers the question), the newest figure of each (measures and periods may differ), or one
    measure and period.

    `higher` is the place of the company whose figure is higher; None where figures may not be compared or are equal.
    """

    kind: RowKind
    cells: tuple[Cell, ...]
    measure: str = ""
    period: str = ""
    higher: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return {
            "kind": self.kind,
            "measure": self.measure,
            "period": self.period,
            "cells": [cell.as_json() for cell in self.cells],
            "higher": self.higher,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Companies side by side; the first row holds the newest statements."""

    topic: str
    companies: tuple[str, ...]
    codes: tuple[str | None, ...]
    as_of: date | None
    rows: tuple[Row, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All quotes, each once, in the order of the rows."""
        found = [claim for row in self.rows for cell in row.cells for claim in cell.claims]
        return tuple(dict.fromkeys(found))

    @property
    def outcome(self) -> str:
        """answered, evaded where all who were asked declined, not_found where nobody said anything."""
        told = [cell.status for cell in self.rows[0].cells if cell.status != "silent"]
        if not told:
            return "not_found"
        return "evaded" if all(status == "declined" for status in told) else "answered"

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu compare --json` prints."""
        return {
            "topic": self.topic,
            "companies": [
                {"company": name, "code": code} for name, code in zip(self.companies, self.codes, strict=True)
            ],
            "as_of": str(self.as_of) if self.as_of else None,
            "outcome": self.outcome,
            "rows": [row.as_json() for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class _Stated:
    """A figure with the statement that gives it."""

    figure: TopicFigure
    said: Said


def comparison(
    asked: Question,
    about: Topic,
    sides: Sequence[Side],
    *,
    topic: str = "",
    chosen: Sequence[Sequence[Said]] | None = None,
) -> Comparison:
    """The comparison of at least two companies.

    Args:
        asked: the topic or question, understood.
        about: what it is about.
        sides: the companies, in the order of the columns.
        topic: as it was asked for; empty for a question that stands above the answer anyway.
        chosen: the statements of each company that answer the question, best first; its newest ones where absent.
    """
    stated = [_stated(asked, side.said, about) for side in sides]
    if chosen is None:
        first = Row("newest", tuple(_newest(side, about) for side in sides))
    else:
        first = Row("answers", tuple(map(_answers, chosen, sides)))
    newest = first.cells
    same = _figure_rows(stated, newest, sides)
    apart = _newest_figures(stated, newest, sides, same)
    rows = [first, *same, *([Row("figures", apart)] if apart else [])]
    return Comparison(
        topic=topic,
        companies=tuple(
            source_label(side.company.short_name or side.company.company, side.company.code) for side in sides
        ),
        codes=tuple(side.company.code for side in sides),
        as_of=asked.as_of,
        rows=_numbered(rows),
    )


def _answers(chosen: Sequence[Said], side: Side) -> Cell:
    """All that was chosen to answer."""
    claims = [claim for one in chosen for claim in judged_quotes(one)]
    if not claims:
        return Cell("silent", len(side.records))
    declined = all(one.declined for one in chosen)
    day = chosen[0].passage.published_on
    return Cell("declined" if declined else "quote", len(side.records), tuple(claims), None, day)


def _newest(side: Side, topic: Topic) -> Cell:
    """The newest statement that is on the topic itself, rather than one that mentions it."""
    said, searched = side.said, len(side.records)
    best = max((one.score for one in said), default=0.0)
    answers = [one for one in said if not one.declined]
    on_it = [
        one
        for one in answers
        if one.score >= NEARLY_BEST * best
        or topic.share(one.passage.question) >= SPEAKS
        or figures_of(one, topic)
        or _gives_a_figure(one, topic)
    ]
    for one in _by_day(on_it or answers or said, topic):
        claims = judged_quotes(one)
        if claims:
            figures = figures_of(one, topic)
            return Cell(
                "declined" if one.declined else "figure" if len(figures) == 1 else "quote",
                searched,
                tuple(claims),
                figures[0] if len(figures) == 1 and not one.declined else None,
                one.passage.published_on,
            )
    return Cell("silent", searched)


def _gives_a_figure(said: Said, topic: Topic) -> bool:
    """Whether a quote has a figure beside words of the topic, be it of one business only."""
    text = quoted(said)
    return bool(re.search(r"\d", text)) and topic.names_measure(text) and topic.share(text) >= TOUCHES


def _by_day(said: Sequence[Said], topic: Topic) -> list[Said]:
    """Newest first; of one day those with figures first, then the likeliest."""
    ordered = sorted(said, key=lambda one: likeliest(one, topic))
    return sorted(ordered, key=lambda one: one.passage.published_on or date.min, reverse=True)


def _stated(asked: Question, said: Sequence[Said], topic: Topic) -> list[_Stated]:
    """The figures of named periods (of those asked for, where any are), newest statement first and of each the newest
    period; one that its own statement gives twice under one name is left out."""
    found: list[_Stated] = []
    for one in _by_day([one for one in said if not one.declined], topic):
        mine = sorted(figures_of(one, topic), key=lambda figure: figure.when.last or date.min, reverse=True)
        for figure in mine:
            rivals = [f for f in mine if same_measure(f, figure) and same_period(f, figure)]
            if _is_asked(asked, figure) and all(same_value(f, figure) for f in rivals):
                found.append(_Stated(figure, one))
    return found


def _is_asked(asked: Question, figure: TopicFigure) -> bool:
    """Whether a figure is of a named period, and of one that is asked for where any is."""
    first, last = figure.when.first, figure.when.last
    if first is None or last is None:
        return False
    return not asked.periods or any(one.first <= first and last <= one.last for one in asked.periods)


def _figure_rows(
    stated: Sequence[Sequence[_Stated]], newest: Sequence[Cell], sides: Sequence[Side]
) -> list[Row]:
    """A row for each measure and period of which at least two companies give a figure, newest period first."""
    rows: list[tuple[date, Row]] = []
    seen: list[TopicFigure] = []
    for place, own in enumerate(stated):
        for one in own:
            if any(_one_row(one.figure, other) for other in seen):
                continue
            seen.append(one.figure)
            matching = [
                next((other for other in others if _one_row(one.figure, other.figure)), None)
                for others in stated
            ]
            if sum(match is not None for match in matching) < 2 or matching[place] is None:
                continue
            cells = tuple(
                _figure_cell(match, newest[at], len(sides[at].records)) for at, match in enumerate(matching)
            )
            last = one.figure.when.last or date.min
            row = Row("same", cells, one.figure.measure, one.figure.when.label(), _higher(cells))
            rows.append((last, row))
    rows.sort(key=lambda row: row[0], reverse=True)
    return [row for _, row in rows[:MOST_ROWS]]


def _newest_figures(
    stated: Sequence[Sequence[_Stated]],
    newest: Sequence[Cell],
    sides: Sequence[Side],
    rows: Sequence[Row],
) -> tuple[Cell, ...]:
    """The newest amount that each company gives, its own before that of one business, of whatever measure and period; nothing where rows of one measure and
    period show them all, or nobody gives any."""
    shown = {(cell.figure.span, cell.day) for row in rows for cell in row.cells if cell.figure}
    cells: list[Cell] = []
    for at, own in enumerate(stated):
        amounts = [one for one in own if not one.figure.change and not one.figure.planned]
        shortest = min((len(one.figure.measure) for one in amounts), default=0)
        one = next((one for one in amounts if len(one.figure.measure) <= shortest + OWN), None)
        if one is None:
            cells.append(newest[at])
        else:
            cells.append(_figure_cell(one, newest[at], len(sides[at].records)))
    shown |= {(cell.figure.span, cell.day) for cell in newest if cell.figure}
    given = [(cell.figure.span, cell.day) for cell in cells if cell.figure]
    return tuple(cells) if any(one not in shown for one in given) else ()


def _one_row(one: TopicFigure, other: TopicFigure) -> bool:
    return same_measure(one, other) and same_period(one, other) and one.planned == other.planned


def _figure_cell(stated: _Stated | None, newest: Cell, searched: int) -> Cell:
    claims = judged_quotes(stated.said, stated.figure.span) if stated else ()
    if stated and claims:
        return Cell("figure", searched, tuple(claims), stated.figure, stated.said.passage.published_on)
    return Cell("silent" if newest.status == "silent" else "not_comparable", searched)


def _higher(cells: Sequence[Cell]) -> int | None:
    """Where the highest figure stands; None where two figures are not both exact amounts, or are equal."""
    given = [(cell.figure, at) for at, cell in enumerate(cells) if cell.figure]
    if len(given) < 2 or any(f.high is not None or f.bound not in ("exact", "about") for f, _ in given):
        return None
    ordered = sorted(given, key=lambda pair: pair[0].value, reverse=True)
    return ordered[0][1] if ordered[0][0].value > ordered[1][0].value else None


def _numbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """With marks that count the statements in the order in which they are shown."""
    marks: dict[tuple[str, int, str], int] = {}

    def numbered(claim: Claim) -> Claim:
        citation = claim.citations[0]
        mark = marks.setdefault((citation.record_id, citation.pair, citation.question), len(marks) + 1)
        return replace(claim, citations=(replace(citation, mark=mark),))

    return tuple(
        replace(
            row,
            cells=tuple(replace(cell, claims=tuple(map(numbered, cell.claims))) for cell in row.cells),
        )
        for row in rows
    )
