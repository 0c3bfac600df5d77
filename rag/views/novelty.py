"""What is new in a record: which questions and answers have no counterpart in the company's earlier records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ingest.library.library import Library, RecordSummary
from ingest.records import QAPair, Record
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure, figures, printed, same_unit
from rag.grounding.normalise import normalise
from rag.grounding.reading import read
from rag.views.standing import Earlier, Known, PairVectors, State

__all__ = ["Earlier", "History", "News", "State"]

SMALLEST_COUNT = 10  # of smaller counts (三个方面, 两家) nobody asks whether they are new


@dataclass(frozen=True, slots=True)
class News:
    """How a pair stands to the company's earlier records (`rag/views/standing.py`).

    `earlier` is the pair that says the same, nearly so, or was asked so. `figures` are those of the answer that stand
    in no earlier record, as printed.
    """

    state: State
    earlier: Earlier | None
    figures: tuple[str, ...]


class History:
    """The earlier records of a record's company, to compare it with."""

    def __init__(self, library: Library, record: Record, earlier: Sequence[RecordSummary]) -> None:
        """Reads them.

        Args:
            library: that holds them.
            record: what is compared.
            earlier: the company's records that were published before it.
        """
        self._record = record
        self._texts: list[str] = []
        dated = sorted(
            (one for one in earlier if one.published_on), key=lambda one: (str(one.published_on), one.id)
        )
        self._known = Known(PairVectors.of(library, [record.id, *(one.id for one in dated)]))
        for one in dated:
            found = library.record(one.id)
            self._texts.append(_said(found))
            self._known.add(found)
        self._standing = self._known.standing(record)

    def news(self, pair: QAPair) -> News:
        """How a pair of the record stands to them."""
        state, earlier = self._standing[pair.number]
        return News(state, earlier, tuple(self._new_figures(pair.answer)))

    def _new_figures(self, answer: str) -> Iterator[str]:
        """The figures of an answer that stand in no earlier record."""
        reading = read(EvidenceText(answer))
        seen: set[str] = set()
        for bound in reading.figures:
            words = printed(reading.text, bound.figure)
            if words.endswith("人") and reading.text.startswith("民币", bound.figure.end):
                words += "民币"
            if not _tells(bound.figure, words) or words in seen:
                continue
            seen.add(words)
            known = self._figures.get((bound.figure.value, bound.figure.high), ())
            if not any(_is_known(bound.figure, other) for other in known):
                yield words

    @cached_property
    def _figures(self) -> Mapping[tuple[Decimal, Decimal | None], Sequence[Figure]]:
        """All figures of the earlier records by their values; days count too, so that nothing is new by mistake."""
        found: dict[tuple[Decimal, Decimal | None], list[Figure]] = {}
        for text in self._texts:
            for figure in figures(normalise(text).text):
                found.setdefault((figure.value, figure.high), []).append(figure)
        return found


def _is_known(figure: Figure, other: Figure) -> bool:
    """Whether a figure of the same value may be the same: 400亿元 and 400亿人民币, too."""
    large = min(figure.scale, other.scale) > 1 and not (figure.is_rate or other.is_rate)
    return large or same_unit(figure, other)


def _tells(figure: Figure, words: str) -> bool:
    """Whether anybody asks if a figure is new: rates, large amounts, and counts of some size in digits."""
    if figure.is_rate or figure.scale > 1:
        return True
    return bool(figure.unit) and abs(figure.value) >= SMALLEST_COUNT and words[:1].isdigit()


def _said(record: Record) -> str:
    """What a record says in its questions, answers and statements."""
    return "\n".join(
        [text for pair in record.pairs for text in (pair.question, pair.answer)]
        + [statement.text for statement in record.statements]
    )
