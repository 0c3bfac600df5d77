"""Which statements of earlier records a new record overtakes: near pairs, judged by the rules of `rag/overtaking/superseded.py`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ingest.library.library import Library, RecordSummary
from ingest.records import QAPair, Record
from rag.answers import Citation
from rag.overtaking.superseded import RULES, Reason, Statement, superseded
from rag.views.standing import Earlier, Known, State
from rag.writing.quoting import cite

NEAREST: Final = 5
NEAR: Final = 0.55
"""Whitened cosine of questions or answers from which two are held against each other for their figures."""
ONE_QUESTION: Final = 0.6
"""… of questions, from which what was planned and is done or ended is looked for, too."""
_DIGIT: Final = re.compile(r"\d")
_FIGURES: Final = frozenset(["corrected", "figure"])


def changes_of(
    library: Library,
    known: Known,
    record: Record,
    summary: RecordSummary,
    standing: Mapping[int, tuple[State, Earlier | None]],
) -> Iterator[tuple[Reason, Citation, Citation]]:
    """Why, which sentence of an earlier record is overtaken, and by which of this one.

    What an earlier record had overtaken already is no news.

    Args:
        library: that holds the records.
        known: the earlier pairs of the company.
        record: the new record.
        summary: of it.
        standing: how its pairs stand to the earlier ones; what says the same is passed over.
    """
    for pair in record.pairs:
        if standing[pair.number][0] == "same" or record.published_on is None:
            continue
        near = [
            one
            for one in known.near(record, pair.number, NEAREST, NEAR)
            if one.earlier.published_on < record.published_on
        ]
        has_figures = _DIGIT.search(pair.answer) is not None
        for rules, olds in (
            (_FIGURES, [one.earlier for one in near] if has_figures else []),
            (RULES - _FIGURES, [one.earlier for one in near if one.asked >= ONE_QUESTION]),
        ):
            if olds:
                yield from _overtaken(library, record, summary, pair, olds, rules)


def _overtaken(
    library: Library,
    record: Record,
    summary: RecordSummary,
    pair: QAPair,
    olds: list[Earlier],
    rules: frozenset[str],
) -> Iterator[tuple[Reason, Citation, Citation]]:
    new = _statement(record, pair)
    earlier: dict[str, tuple[Record, QAPair]] = {}
    for one in olds:
        other = library.record(one.record_id)
        found = next(each for each in other.pairs if each.number == one.pair)
        earlier[_key(other, found)] = (other, found)
    statements = [_statement(*one) for one in earlier.values()]
    now = superseded([*statements, new], rules=rules)
    overtaken = {key: now[key] for key in earlier if key in now and now[key].by == new.key}
    before = superseded(statements, rules=rules) if overtaken and len(statements) > 1 else {}
    for key, told in overtaken.items():
        other, found = earlier[key]
        if key in before:
            continue
        yield (
            told.reason,
            cite(other, summary, told.old, pair=found.number, question=found.question),
            cite(record, summary, told.new, pair=pair.number, question=pair.question),
        )


def _statement(record: Record, pair: QAPair) -> Statement:
    return Statement(
        _key(record, pair), pair.answer, record.published_on, pair.question, pair.answer_span.start
    )


def _key(record: Record, pair: QAPair) -> str:
    return f"{record.id}:{pair.number}"
