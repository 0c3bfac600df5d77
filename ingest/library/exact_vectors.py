"""Every vector on disk in one SQLite file, searched exactly: the part of the index that forgets nothing.

An approximate index gives answers that depend on the order of insertion; an exact search always gives
the same. Up to some tens of thousands of passages the rows are read into memory. Beyond that they are
laid out once more in files that are mapped (`ingest.library.mapped`), and the few rows that are newer than the
mapping are read beside it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.errors import LibraryError
from ingest.library import mapped
from ingest.library.damage import explained
from ingest.library.databases import connect
from ingest.library.vector_table import Field, VectorTable, nearest, table_of

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

__all__ = ["Field", "VectorStore", "VectorTable", "nearest"]

MAPPED_TOGETHER: Final = 8192
BEHIND: Final = 20_000
"""So many rows may be newer than the mapping (or a tenth of it, if that is more) before it is made again."""
ROWS: Final = "SELECT passage_id, record_id, code, published, kind, passage, question FROM vectors"

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
CREATE INDEX IF NOT EXISTS vectors_of_code ON vectors (code, published);
CREATE TABLE IF NOT EXISTS remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- Records whose rows came or went since the mapping was made.
CREATE TABLE IF NOT EXISTS unmapped (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


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
        self._tables: tuple[VectorTable, ...] | None = None
        self._tables_version: tuple[int, int] | None = None
        self._counted: tuple[tuple[int, int], int] | None = None
        self._writes = 0

    def close(self) -> None:
        with self._lock:
            self._connection.close()
            self._tables = None

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
            self._leave_mapping({row[1] for row in rows})

    def delete(self, record_ids: Iterable[str]) -> None:
        """Takes out all rows of these records."""
        records = sorted(set(record_ids))
        with self._lock, self._transaction():
            self._connection.executemany(
                "DELETE FROM vectors WHERE record_id = ?", [(record,) for record in records]
            )
            self._leave_mapping(records)

    def clear(self) -> None:
        """Takes out every row (before everything is embedded anew)."""
        with self._lock, self._transaction():
            self._connection.execute("DELETE FROM vectors")
            self._connection.execute("DELETE FROM unmapped")
            self._connection.execute("DELETE FROM remembered WHERE name = 'mapped'")

    def _leave_mapping(self, record_ids: Iterable[str]) -> None:
        if self.recall("mapped") is not None:
            self._connection.executemany(
                "INSERT OR IGNORE INTO unmapped VALUES (?)", [(record,) for record in record_ids]
            )

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
        """How many rows there are; counted again only when somebody has written since."""
        with self._lock, self._told():
            version = self.version()
            if self._counted is None or self._counted[0] != version:
                query = "SELECT count(*) FROM vectors INDEXED BY vectors_of_record"
                self._counted = version, int(self._connection.execute(query).fetchone()[0])
            return self._counted[1]

    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has written."""
        with self._lock, self._told():
            return self._connection.execute("PRAGMA data_version").fetchone()[0], self._writes

    @property
    def is_mapped(self) -> bool:
        """Whether the rows (most of them) are laid out in a mapping."""
        return self.recall("mapped") is not None

    def tables(self) -> tuple[VectorTable, ...]:
        """All rows, looked up again only when somebody has written since: in memory; of a mapped store the mapping
        and what is newer.

        Raises:
            LibraryDamaged: they are not what was settled.
        """
        with self._lock, self._told(decoding=True):
            version = self.version()
            if self._tables is None or self._tables_version != version:
                self._tables = self._checked_tables()
                self._tables_version = version
            return self._tables

    def table(self) -> VectorTable:
        """All rows as one table in memory, for a store that is not mapped."""
        (table,) = self.tables()
        return table

    def map_grown(self, limit: int) -> None:
        """Makes the mapping of a store of more than so many rows, and makes it again when it has fallen behind."""
        count = self.count()
        if count <= limit:
            return
        with self._lock, self._told(decoding=True):
            query = "SELECT count(*) FROM vectors WHERE record_id IN (SELECT record_id FROM unmapped)"
            behind = int(self._connection.execute(query).fetchone()[0])
        if not self.is_mapped or behind > max(BEHIND, count // 10):
            self.map_anew()

    def map_anew(self) -> None:
        """Lays all rows out in a mapping in place of any other."""
        folder = self._path.parent
        with self._lock, self._told(decoding=True):
            (first,) = self._connection.execute("SELECT length(passage) FROM vectors LIMIT 1").fetchone()
            cursor = self._connection.execute(f"{ROWS} ORDER BY passage_id")
            groups = iter(lambda: cursor.fetchmany(MAPPED_TOGETHER), [])
            checksum = mapped.write(folder, groups, self.count(), first // 4)
            with self._transaction():
                self._connection.execute(
                    "INSERT OR REPLACE INTO remembered VALUES ('mapped', ?)", (checksum,)
                )
                self._connection.execute("DELETE FROM unmapped")
            mapped.forget(folder, but=checksum)

    def fault(self) -> str | None:
        """What is wrong with the mapping, None where it is what was written or there is none."""
        with self._lock:
            wanted = self.recall("mapped")
            try:
                with self._told(decoding=True):
                    if wanted is None or mapped.opened(self._path.parent, wanted).checksum() == wanted:
                        return None
            except LibraryError as error:
                return str(error)
        return "the mapped vectors are not those that were written"

    def of_codes(self, codes: Iterable[str] | None, records: Iterable[str] | None) -> VectorTable:
        """The rows of some companies or of some records, read from the disk (one of the two must be given)."""
        column, values = ("record_id", records) if codes is None else ("code", codes)
        wanted = sorted(values or ())
        rows: list[tuple[str, ...]] = []
        with self._lock, self._told(decoding=True):
            for start in range(0, len(wanted), 500):
                part = wanted[start : start + 500]
                query = f"{ROWS} WHERE {column} IN ({','.join('?' * len(part))})"
                rows += self._connection.execute(query, part).fetchall()
            return table_of(sorted(rows, key=lambda row: row[0]))

    def rows(
        self, passage_ids: Sequence[str], field: Field, *, from_mapping: bool = True
    ) -> dict[str, NDArray[numpy.float32]]:
        """The vectors of some passages by id; an id without a vector is left out.

        Args:
            passage_ids: whose.
            field: which of their vectors.
            from_mapping: of a mapped store, take them out of the mapping, which is faster where it is in memory.
        """
        import numpy

        found: dict[str, NDArray[numpy.float32]] = {}
        if from_mapping and self.is_mapped:
            for table in self.tables():
                rows = getattr(table, field)
                found |= {name: rows[at] for name, at in table.find(passage_ids).items() if rows[at].any()}
            return found
        with self._lock, self._told(decoding=True):
            for start in range(0, len(passage_ids), 500):
                part = passage_ids[start : start + 500]
                marks = ",".join("?" * len(part))
                query = f"SELECT passage_id, {field} FROM vectors WHERE passage_id IN ({marks})"
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

    def _checked_tables(self) -> tuple[VectorTable, ...]:
        self._connection.execute("BEGIN")  # rows and checksum of one moment, whoever writes meanwhile
        try:
            checksum = self.recall("mapped")
            if checksum is not None:
                return self._mapped_tables(checksum)
            table = table_of(self._connection.execute(f"{ROWS} ORDER BY passage_id").fetchall())
            settled, checksum = self.recall("state") == "settled", self.recall("checksum")
        finally:
            self._connection.execute("ROLLBACK")
        if settled and checksum not in (None, table.checksum()):
            raise ValueError("the vectors are not those that were written")
        return (table,)

    def _mapped_tables(self, checksum: str) -> tuple[VectorTable, ...]:
        import numpy

        try:
            table = mapped.opened(self._path.parent, checksum)
        except OSError as error:
            raise ValueError(f"the mapped vectors can't be read ({error.strerror or error})") from error
        records = [row[0] for row in self._connection.execute("SELECT record_id FROM unmapped")]
        if not records:
            return (table,)
        query = f"{ROWS} WHERE record_id IN (SELECT record_id FROM unmapped) ORDER BY passage_id"
        newer = table_of(self._connection.execute(query).fetchall())
        table = replace(table, hidden=numpy.isin(table.records, records))
        return (table, newer) if len(newer.ids) else (table,)
