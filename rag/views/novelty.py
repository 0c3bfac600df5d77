"""What is new in a record: which questions and answers have no counterpart in the company's earlier records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from ingest.embedding.bundled import BUNDLED_MODEL
from ingest.library.exact_vectors import Field
from ingest.library.library import Library, RecordSummary
from ingest.records import QAPair, Record
from rag.finding.fusion import WHITENING_SAMPLE, Whitening
from rag.finding.repeats import fingerprint
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import Figure, figures, printed, same_unit
from rag.grounding.normalise import normalise
from rag.grounding.reading import read

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

State = Literal["same", "changed", "asked", "new"]

# Whitened cosines from which two questions ask about the same, and two answers say nearly the same: docs/views.md,
# "How new is told".
ASKED_BEFORE, NEARLY_SAID = 0.75, 0.88
SMALLEST_COUNT = 10  # of smaller counts (三个方面, 两家) nobody asks whether they are new


@dataclass(frozen=True, slots=True)
class Earlier:
    """A pair of an earlier record."""

    record_id: str
    published_on: date
    pair: int
    question: str


@dataclass(frozen=True, slots=True)
class News:
    """How a pair stands to the company's earlier records.

    `same`: an earlier answer says the same; `changed`: one says nearly the same, with other words or figures; `asked`:
    an earlier question is near, its answer is another; `new`: none of these. `earlier` is that pair (of those that say
    the same the newest, else the nearest). `figures` are those of the answer that stand in no earlier
    record, as printed.
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
        self._library = library
        self._record = record
        self._pairs: list[tuple[Earlier, QAPair]] = []
        self._texts: list[str] = []
        for one in sorted(earlier, key=lambda one: (str(one.published_on), one.id), reverse=True):
            if one.published_on is None:
                continue
            found = library.record(one.id)
            self._texts.append(_said(found))
            for pair in found.pairs:
                self._pairs.append((Earlier(one.id, one.published_on, pair.number, pair.question), pair))
        self._said = self._nearest("passage", NEARLY_SAID)
        self._asked = self._nearest("question", ASKED_BEFORE)

    def news(self, pair: QAPair) -> News:
        """How a pair of the record stands to them."""
        unheard = tuple(self._new_figures(pair.answer))
        own = fingerprint(pair.answer)
        for earlier, other in self._pairs:
            if own.letters and own.same_statement(fingerprint(other.answer)):
                return News("same", earlier, unheard)
        if pair.number in self._said:
            return News("changed", self._said[pair.number], unheard)
        if pair.number in self._asked:
            return News("asked", self._asked[pair.number], unheard)
        return News("new", None, unheard)

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

    def _nearest(self, field: Field, least: float) -> Mapping[int, Earlier]:
        """For each pair of the record the earlier one whose answer (or question) is nearest, where one is near enough."""
        import numpy

        library = self._library
        if not self._pairs or library.settings.embedding_model != BUNDLED_MODEL:
            return {}  # the threshold was measured with its vectors alone
        whitening = Whitening.of(library.index.store.sample(WHITENING_SAMPLE))
        own = _vectors(library, whitening, {self._record.id}, field)
        others = _vectors(library, whitening, {earlier.record_id for earlier, _ in self._pairs}, field)
        known = [earlier for earlier, _ in self._pairs if (earlier.record_id, earlier.pair) in others]
        if not own or not known:
            return {}
        matrix = numpy.array([others[earlier.record_id, earlier.pair] for earlier in known])
        found: dict[int, Earlier] = {}
        for (_, number), vector in own.items():
            values = numpy.round((matrix * vector).sum(axis=1), 6)
            best = int(numpy.argmax(values))
            if values[best] >= least:
                found[number] = known[best]
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


def _vectors(
    library: Library, whitening: Whitening, records: set[str], field: Field
) -> dict[tuple[str, int], NDArray[float64]]:
    """The whitened vectors of the pairs of some records (of long ones the beginning), by record and pair."""
    import numpy

    names: dict[str, tuple[str, int]] = {}
    ordered = sorted(records)
    for start in range(0, len(ordered), 500):
        part = ordered[start : start + 500]
        query = (
            "SELECT id, record_id, number FROM passages WHERE kind = 'pair' AND slice = 0"
            f" AND record_id IN ({','.join('?' * len(part))})"
        )
        for row in library.catalogue.rows(query, part):
            names[row["id"]] = (row["record_id"], row["number"])
    rows = library.index.store.rows(sorted(names), field)
    if not rows:
        return {}
    ids = sorted(rows)
    white = whitening(numpy.array([rows[name] for name in ids]))
    return {names[name]: white[at] for at, name in enumerate(ids)}
