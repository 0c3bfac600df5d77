"""Rows of vectors with what hard filters need beside them, in memory or mapped, and the exact search over them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from ingest.library.filters import Where

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Field = Literal["passage", "question"]

TOGETHER: Final = 1 << 16
"""So many rows are compared at a time: 100 MB, so that a mapped table passes through memory instead of filling it."""
FEW: Final = 8
"""A text column is compared with so many values one by one; with more of them it is sorted once."""


@dataclass(frozen=True)
class VectorTable:
    """Rows ordered by passage id; `question` has zero rows where there is none.

    `hidden` marks rows that newer ones elsewhere replace; they are never found.
    """

    ids: Sequence[str] | NDArray[numpy.str_]
    records: NDArray[numpy.str_]
    codes: NDArray[numpy.str_]
    published: NDArray[numpy.int64]
    kinds: NDArray[numpy.str_]
    passage: NDArray[numpy.float32]
    question: NDArray[numpy.float32]
    hidden: NDArray[numpy.bool_] | None = None

    @cached_property
    def asked(self) -> NDArray[numpy.bool_]:
        """Which rows have a question."""
        import numpy

        parts = [self.question[at : at + TOGETHER].any(axis=1) for at in range(0, len(self.ids), TOGETHER)]
        return numpy.concatenate(parts) if parts else numpy.zeros(0, dtype=numpy.bool_)

    def held(self, field: Field) -> NDArray[numpy.intp]:
        """Positions of the rows that can be found by a field."""
        import numpy

        keep = numpy.ones(len(self.ids), dtype=bool) if field == "passage" else self.asked.copy()
        if self.hidden is not None:
            keep &= ~self.hidden
        return numpy.flatnonzero(keep)

    def find(self, ids: Sequence[str]) -> dict[str, int]:
        """The positions of those passages that are here (and not hidden)."""
        import numpy

        if not len(self.ids) or not ids:
            return {}
        own = self.ids if isinstance(self.ids, numpy.ndarray) else numpy.array(self.ids, dtype=numpy.str_)
        places = numpy.minimum(numpy.searchsorted(own, numpy.array(ids, dtype=numpy.str_)), len(own) - 1)
        return {
            name: int(at)
            for name, at in zip(ids, places, strict=True)
            if own[at] == name and (self.hidden is None or not self.hidden[at])
        }

    def checksum(self) -> str:
        """Of every row: SQLite does not notice a bit that falls over within a vector."""
        told = 0
        for column in (self.ids, self.records, self.codes, self.kinds):
            for at in range(0, len(self.ids), TOGETHER):
                part = "\n".join(column[at : at + TOGETHER])
                told = zlib.crc32((("\n" if at else "") + part).encode("utf-8", "surrogatepass"), told)
        for values in (self.published, self.passage, self.question):
            for at in range(0, len(self.ids), TOGETHER):
                told = zlib.crc32(values[at : at + TOGETHER].tobytes(), told)
        return f"{told:08x}"


def table_of(rows: Sequence[Any]) -> VectorTable:
    """A table in memory.

    Args:
        rows: (passage id, record id, code, yyyymmdd, kind, vector, question's vector or None), by passage id;
            vectors as the bytes of their float32.
    """
    import numpy

    dimensions = len(rows[0][5]) // 4 if rows else 0
    nothing = bytes(dimensions * 4)

    def matrix(blobs: Sequence[bytes]) -> NDArray[numpy.float32]:
        return numpy.frombuffer(b"".join(blobs), dtype=numpy.float32).reshape(len(rows), dimensions)

    return VectorTable(
        ids=tuple(row[0] for row in rows),
        records=numpy.array([row[1] for row in rows], dtype=numpy.str_),
        codes=numpy.array([row[2] for row in rows], dtype=numpy.str_),
        published=numpy.array([row[3] for row in rows], dtype=numpy.int64),
        kinds=numpy.array([row[4] for row in rows], dtype=numpy.str_),
        passage=matrix([row[5] for row in rows]),
        question=matrix([row[6] or nothing for row in rows]),
    )


def nearest(
    table: VectorTable, query: NDArray[numpy.float64], where: Where, k: int, field: Field
) -> NDArray[numpy.intp]:
    """Positions of the k best rows (float32, unordered) among those that pass the filters."""
    import numpy

    keep = numpy.ones(len(table.ids), dtype=bool)
    if table.hidden is not None:
        keep &= ~table.hidden
    for column, allowed in (
        (table.codes, where.codes),
        (table.kinds, where.kinds),
        (table.records, where.records),
    ):
        if allowed is not None:
            keep &= _among(column, sorted(allowed))
    if where.days is not None:
        first, last = where.days
        keep &= (table.published >= first) & (table.published <= last)
    if field == "question":
        keep &= table.asked
    positions = numpy.flatnonzero(keep)
    if not len(positions):
        return positions
    scores = _scores(getattr(table, field), positions, query.astype(numpy.float32))
    if len(positions) > k:
        best = numpy.argpartition(-scores, k - 1)[:k]
        positions = positions[best]
    return positions


def _among(column: NDArray[numpy.str_], allowed: Sequence[str]) -> NDArray[numpy.bool_]:
    import numpy

    if len(allowed) > FEW:
        return numpy.isin(column, allowed)
    keep = numpy.zeros(len(column), dtype=bool)
    for value in allowed:
        keep |= column == value
    return keep


def _scores(
    rows: NDArray[numpy.float32], positions: NDArray[numpy.intp], query: NDArray[numpy.float32]
) -> NDArray[numpy.float32]:
    """The products of some rows with a query; no BLAS: its threads would wait for each other for longer than this takes."""
    import numpy

    if 4 * len(positions) < len(rows):  # few pass: only theirs are read
        parts = [
            numpy.einsum("ij,j->i", rows[positions[at : at + TOGETHER]], query)
            for at in range(0, len(positions), TOGETHER)
        ]
        return numpy.concatenate(parts)
    parts = [numpy.einsum("ij,j->i", rows[at : at + TOGETHER], query) for at in range(0, len(rows), TOGETHER)]
    scores: NDArray[numpy.float32] = numpy.concatenate(parts)
    return scores if len(positions) == len(rows) else scores[positions]
