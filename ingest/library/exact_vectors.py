"""Every vector on disk in one SQLite file, searched exactly: the part of the index that forgets nothing.

An approximate index gives answers that depend on the order of insertion. Up to some tens of
thousands of passages an exact search costs a few milliseconds, needs no import and always gives
the same answer; beyond that Chroma proposes and this file scores.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingest.library.damage import explained
from ingest.library.databases import connect
from ingest.library.filters import Where

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Field = Literal["passage", "question"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS vectors (
    passage_id TEXT PRIMARY KEY,
    record_id  TEXT NOT NULL,
    code       TEXT NOT NULL,
    published  INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    passage    BLOB NOT NULL,
    question   BLOB
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vectors_of_record ON vectors (record_id);
CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True)
class VectorTable:
    """All rows in memory, ordered by passage id; `question` has zero rows where there is none."""

    ids: tuple[str, ...]
    records: NDArray[numpy.str_]
    codes: NDArray[numpy.str_]
    published: NDArray[numpy.int64]
    kinds: NDArray[numpy.str_]
    passage: NDArray[numpy.float32]
    question: NDArray[numpy.float32]

    @cached_property
    def asked(self) -> NDArray[numpy.bool_]:
        """Which rows have a question."""
        import numpy

        return numpy.asarray(self.question.any(axis=1), dtype=numpy.bool_)

    def checksum(self) -> str:
        """Of every row: SQLite does not notice a bit that falls over within a vector."""
        told = zlib.crc32("\n".join(self.ids).encode("utf-8", "surrogatepass"))
        for column in (self.records, self.codes, self.kinds):
            told = zlib.crc32("\n".join(column.tolist()).encode("utf-8", "surrogatepass"), told)
        for values in (self.published, self.passage, self.question):
            told = zlib.crc32(values.tobytes(), told)
        return f"{told:08x}"


class VectorStore:
    """The vectors of passages and of their questions, with what hard filters need beside them.

    Safe for one writer and many readers in several processes (SQLite, WAL); a reader sees what the
    writer committed.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it.

        Args:
            path: the SQLite file; its folder must exist.

        Raises:
            LibraryDamaged: it is broken.
            LibraryError: this user can't open it.
        """
        self._lock = threading.RLock()
        self._path = path
        self._connection, self.read_only = connect(path)
        with self._told():
            try:
                if not self.read_only:
                    self._connection.execute("PRAGMA journal_mode=WAL")
                    self._connection.execute("PRAGMA synchronous=NORMAL")
                    self._connection.executescript(SCHEMA)
                self._connection.execute("SELECT 1 FROM vectors, remembered LIMIT 1")
            except sqlite3.Error:
                self._connection.close()
                raise
        self._table: VectorTable | None = None
        self._table_version: tuple[int, int] | None = None
        self._writes = 0

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._table = None

    def recall(self, name: str) -> str | None:
        """The value remembered under a name."""
        with self._lock, self._told():
            row = self._connection.execute("SELECT value FROM remembered WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Keeps a value under a name, in place of any other."""
        with self._lock, self._told():
            self._connection.execute("INSERT OR REPLACE INTO remembered VALUES (?, ?)", (name, value))

    def add(self, table: VectorTable) -> None:
        """Puts the rows of a table in place of rows with the same passage ids, in one transaction."""
        rows = [
            (
                table.ids[at],
                str(table.records[at]),
                str(table.codes[at]),
                int(table.published[at]),
                str(table.kinds[at]),
                table.passage[at].tobytes(),
                table.question[at].tobytes() if table.question[at].any() else None,
            )
            for at in range(len(table.ids))
        ]
        with self._lock, self._transaction():
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?,?,?,?,?,?,?)", rows)

    def delete(self, record_ids: Iterable[str]) -> None:
        """Takes out all rows of these records."""
        rows = [(record,) for record in record_ids]
        with self._lock, self._transaction():
            self._connection.executemany("DELETE FROM vectors WHERE record_id = ?", rows)

    def clear(self) -> None:
        """Takes out every row (before everything is embedded anew)."""
        with self._lock, self._transaction():
            self._connection.execute("DELETE FROM vectors")

    def known_records(self, record_ids: Sequence[str]) -> set[str]:
        """Which of these records have any rows."""
        found: set[str] = set()
        with self._lock, self._told():
            for start in range(0, len(record_ids), 500):
                part = record_ids[start : start + 500]
                query = f"SELECT record_id FROM vectors WHERE record_id IN ({','.join('?' * len(part))})"
                found.update(str(row[0]) for row in self._connection.execute(query, part))
        return found

    def ids(self) -> dict[str, str]:
        """All passage ids with the records they belong to."""
        with self._lock, self._told():
            return dict(self._connection.execute("SELECT passage_id, record_id FROM vectors").fetchall())

    def count(self) -> int:
        with self._lock, self._told():
            return int(self._connection.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has written."""
        with self._lock, self._told():
            return self._connection.execute("PRAGMA data_version").fetchone()[0], self._writes

    def table(self) -> VectorTable:
        """All rows, read again only when somebody has written since.

        Raises:
            LibraryDamaged: they are not what was settled.
        """
        with self._lock, self._told(decoding=True):
            version = self.version()
            if self._table is None or self._table_version != version:
                self._table = self._checked_table()
                self._table_version = version
            return self._table

    def rows(self, passage_ids: Sequence[str], field: Field) -> dict[str, NDArray[numpy.float32]]:
        """The vectors of some passages by id; an id without a vector is left out."""
        import numpy

        found: dict[str, NDArray[numpy.float32]] = {}
        column = {"passage": "passage", "question": "question"}[field]
        with self._lock, self._told(decoding=True):
            for start in range(0, len(passage_ids), 500):
                part = passage_ids[start : start + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT passage_id, {column} FROM vectors WHERE passage_id IN ({marks})"
                for passage_id, blob in self._connection.execute(query, part):
                    if blob is not None:
                        found[passage_id] = numpy.frombuffer(blob, dtype=numpy.float32)
        return found

    def sample(self, limit: int) -> NDArray[numpy.float32]:
        """Up to so many passage vectors; ids begin with a hash, so the first ones are as good as drawn by lot."""
        import numpy

        with self._lock, self._told(decoding=True):
            blobs = self._connection.execute(
                "SELECT passage FROM vectors ORDER BY passage_id LIMIT ?", (limit,)
            ).fetchall()
            vectors = numpy.frombuffer(b"".join(blob for (blob,) in blobs), dtype=numpy.float32)
            return vectors.reshape(len(blobs), -1) if blobs else vectors.reshape(0, 0)

    def _told(self, *, decoding: bool = False) -> AbstractContextManager[None]:
        return explained(self._path, self._path.parent.parent, decoding=decoding)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._told():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk has rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise
        self._writes += 1

    def _checked_table(self) -> VectorTable:
        self._connection.execute("BEGIN")  # rows and checksum of one moment, whoever writes meanwhile
        try:
            table = self._read_table()
            settled, checksum = self.recall("state") == "settled", self.recall("checksum")
        finally:
            self._connection.execute("ROLLBACK")
        if settled and checksum not in (None, table.checksum()):
            raise ValueError("the vectors are not those that were written")
        return table

    def _read_table(self) -> VectorTable:
        import numpy

        rows = self._connection.execute(
            "SELECT passage_id, record_id, code, published, kind, passage, question FROM vectors"
            " ORDER BY passage_id"
        ).fetchall()
        dimensions = len(rows[0][5]) // 4 if rows else 0
        nothing = bytes(dimensions * 4)
        return VectorTable(
            ids=tuple(row[0] for row in rows),
            records=numpy.array([row[1] for row in rows], dtype=numpy.str_),
            codes=numpy.array([row[2] for row in rows], dtype=numpy.str_),
            published=numpy.array([row[3] for row in rows], dtype=numpy.int64),
            kinds=numpy.array([row[4] for row in rows], dtype=numpy.str_),
            passage=numpy.frombuffer(b"".join(row[5] for row in rows), dtype=numpy.float32).reshape(
                len(rows), dimensions
            ),
            question=numpy.frombuffer(
                b"".join(row[6] or nothing for row in rows), dtype=numpy.float32
            ).reshape(len(rows), dimensions),
        )


def nearest(
    table: VectorTable, query: NDArray[numpy.float64], where: Where, k: int, field: Field
) -> NDArray[numpy.intp]:
    """Positions of the k best rows (float32, unordered) among those that pass the filters."""
    import numpy

    keep = numpy.ones(len(table.ids), dtype=bool)
    if where.codes is not None:
        keep &= numpy.isin(table.codes, sorted(where.codes))
    if where.kinds is not None:
        keep &= numpy.isin(table.kinds, sorted(where.kinds))
    if where.records is not None:
        keep &= numpy.isin(table.records, sorted(where.records))
    if where.days is not None:
        first, last = where.days
        keep &= (table.published >= first) & (table.published <= last)
    if field == "question":
        keep &= table.asked
    positions = numpy.flatnonzero(keep)
    if not len(positions):
        return positions
    # No BLAS: its threads would wait for each other for longer than this takes.
    scores = numpy.einsum("ij,j->i", getattr(table, field), query.astype(numpy.float32))[positions]
    if len(positions) > k:
        best = numpy.argpartition(-scores, k - 1)[:k]
        positions = positions[best]
    return positions
