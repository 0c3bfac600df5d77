"""The catalogue: one SQLite file that says what a library holds. It is the truth; the indexes follow it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from ingest.errors import LibraryError
from ingest.library.damage import damaged, explained, of_sqlite
from ingest.library.databases import columns, connect
from ingest.records import (
    Form,
    Page,
    Participant,
    Passage,
    PublishedBasis,
    QAPair,
    Record,
    SourceFormat,
    Span,
    Statement,
)

FORMAT = 1
State = Literal["pending", "ready", "failed", "superseded"]


@dataclass(frozen=True, slots=True)
class Source:
    """A source file by its content, as the catalogue knows it.

    `given_on` and `given_basis` are the publication date that came from outside (option or sidecar);
    `reader` is the fingerprint of the reading code that gave this state; `name` is the file's.
    """

    sha256: str
    size: int
    state: State
    reader: str
    name: str
    format: SourceFormat | None = None
    reason: str | None = None
    given_on: date | None = None
    given_basis: PublishedBasis | None = None
    unfinished: bool = False


@dataclass(frozen=True, slots=True)
class KnownPath:
    """A path and what its file looked like when it was last read."""

    path: str
    name: str
    size: int
    mtime_ns: int
    sidecar: str
    sha256: str
    shown: str | None = None


class Catalogue:
    """Reads and writes the catalogue; many readers and one writer, in several processes."""

    def __init__(self, path: Path) -> None:
        """Opens the file, or makes it.

        Args:
            path: the SQLite file.

        Raises:
            LibraryDamaged: it is no catalogue, or lacks a table or a column.
            LibraryError: it was made by a newer Jupilu, or this user can't read it.
        """
        self.lock = threading.RLock()
        self.path = path
        self.connection, self.read_only = connect(path)
        self.connection.row_factory = sqlite3.Row
        try:
            if not self.read_only:
                self.connection.execute("PRAGMA journal_mode=WAL")
                self.connection.execute("PRAGMA foreign_keys=ON")
                self.connection.execute("PRAGMA synchronous=FULL")
            self._make_or_check(path)
        except sqlite3.DatabaseError as error:
            self.connection.close()
            raise of_sqlite(error, path, path.parent) from error
        except LibraryError:
            self.connection.close()
            raise

    def _make_or_check(self, path: Path) -> None:
        found = self.connection.execute("PRAGMA user_version").fetchone()[0]
        if found == 0 and not self.read_only:
            with self.transaction():
                found = self.connection.execute("PRAGMA user_version").fetchone()[0]
                if found == 0 and not self._tables():
                    for statement in _schema().split(";\n"):
                        if statement.strip():
                            self.connection.execute(statement)
                    self.connection.execute(f"PRAGMA user_version={FORMAT}")
                    found = FORMAT
        if found > FORMAT:
            raise LibraryError(
                f"the library at {path.parent} has format {found}, this Jupilu reads {FORMAT}: update Jupilu"
            )
        lacking = sorted(_wanted() - self._tables())
        if lacking or found < FORMAT:
            what = f"{'.'.join(lacking[0])} is missing" if lacking else f"its format is said to be {found}"
            raise damaged(path, path.parent, what)

    def add_indexes(self) -> None:
        """Gives a catalogue of an earlier Jupilu the indexes that it lacks; call it with the writing lock held."""
        with self.transaction():
            for statement in _schema().split(";\n"):
                if "CREATE INDEX " in statement:
                    self.connection.execute(statement.replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "))

    def _tables(self) -> set[tuple[str, str]]:
        """All (table, column) that the file has."""
        return columns(self.connection)

    def close(self) -> None:
        with self.lock:
            self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing."""
        with self.lock, explained(self.path, self.path.parent):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk has rolled back by itself
                    self.connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """The rows of a query."""
        with self.lock, explained(self.path, self.path.parent):
            return self.connection.execute(query, values).fetchall()

    def version(self) -> tuple[int, int]:
        """Changes whenever this or another process has written."""
        with self.lock, explained(self.path, self.path.parent):
            version = self.connection.execute("PRAGMA data_version").fetchone()[0]
            return version, self.connection.total_changes

    # ------------------------------------------------------------------ facts

    def fact(self, name: str) -> str | None:
        """A value that the library remembers, such as its embedding model."""
        rows = self.rows("SELECT value FROM facts WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else None

    def remember(self, name: str, value: str) -> None:
        """Keeps a value; call it inside a transaction."""
        self.connection.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # ---------------------------------------------------------------- sources

    def sources(self) -> dict[str, Source]:
        """All sources by their SHA-256."""
        with explained(self.path, self.path.parent, decoding=True):
            return {row["sha256"]: _source(row) for row in self.rows("SELECT * FROM sources")}

    def paths(self) -> dict[str, KnownPath]:
        """All known paths."""
        return {row["path"]: KnownPath(**dict(row)) for row in self.rows("SELECT * FROM paths")}

    def put_source(self, source: Source) -> None:
        """Writes a source in place of one with the same hash; call it inside a transaction."""
        self.connection.execute(
            "INSERT INTO sources VALUES (:sha256,:size,:state,:unfinished,:format,:reason,:reader,:name,"
            ":given_on,:given_basis) ON CONFLICT (sha256) DO UPDATE SET size=excluded.size,"
            "state=excluded.state,unfinished=excluded.unfinished,format=excluded.format,"
            "reason=excluded.reason,reader=excluded.reader,name=excluded.name,given_on=excluded.given_on,"
            "given_basis=excluded.given_basis",
            asdict(source) | {"given_on": source.given_on.isoformat() if source.given_on else None},
        )

    def put_path(self, known: KnownPath) -> None:
        """Writes a path in place of the same one; call it inside a transaction."""
        self.connection.execute(
            "INSERT OR REPLACE INTO paths VALUES (:path,:name,:size,:mtime_ns,:sidecar,:sha256,:shown)",
            asdict(known),
        )

    # ---------------------------------------------------------------- records

    def put_records(self, records: Sequence[Record], passages: Iterable[Passage]) -> None:
        """Writes all records of one source in place of those it had; call it inside a transaction."""
        run = self.connection.execute
        run("DELETE FROM records WHERE sha256 = ?", (records[0].sha256,))
        body = zlib.compress(records[0].text.encode("utf-8", "surrogatepass"))
        run("INSERT OR REPLACE INTO texts VALUES (?, ?)", (records[0].sha256, body))
        for record in records:
            self._put_record(record)
        self.connection.executemany(
            "INSERT INTO passages VALUES (?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    one.id,
                    one.record_id,
                    one.kind,
                    one.number,
                    one.unit,
                    one.slice,
                    one.context,
                    one.question,
                    one.span.start,
                    one.span.end,
                )
                for one in passages
            ],
        )

    def _put_record(self, record: Record) -> None:
        self.connection.execute(
            "INSERT INTO records VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                record.id,
                record.sha256,
                record.source_file,
                record.form.code,
                record.published_on.isoformat() if record.published_on else None,
                record.published_on_basis,
                _json(asdict(record.form)),
                _json([asdict(page) for page in record.pages]),
                _json(record.warnings),
                digest(record),
            ),
        )
        self.connection.executemany(
            "INSERT INTO pairs VALUES (?,?,?,?,?,?,?)",
            [
                (
                    record.id,
                    pair.number,
                    pair.question_span.start,
                    pair.question_span.end,
                    pair.answer_span.start,
                    pair.answer_span.end,
                    pair.page,
                )
                for pair in record.pairs
            ],
        )
        self.connection.executemany(
            "INSERT INTO statements VALUES (?,?,?,?,?,?)",
            [
                (record.id, unit, one.title, one.span.start, one.span.end, one.page)
                for unit, one in enumerate(record.statements)
            ],
        )

    def text(self, sha256: str) -> str:
        """The canonical text of a source."""
        with explained(self.path, self.path.parent, decoding=True):
            (row,) = self.rows("SELECT body FROM texts WHERE sha256 = ?", (sha256,))
            return zlib.decompress(row["body"]).decode("utf-8", "surrogatepass")

    def record(self, record_id: str, text: str) -> Record:
        """A record with all that belongs to it.

        Args:
            record_id: it must be in the catalogue.
            text: the canonical text of its source.
        """
        with explained(self.path, self.path.parent, decoding=True):
            return self._record(record_id, text)

    def _record(self, record_id: str, text: str) -> Record:
        (row,) = self.rows(
            "SELECT records.*, sources.format FROM records JOIN sources USING (sha256) WHERE id = ?",
            (record_id,),
        )
        return Record(
            id=row["id"],
            source_file=row["source_file"],
            sha256=row["sha256"],
            format=row["format"],
            text=text,
            pages=tuple(
                Page(page["number"], Span(**page["span"]), page["width"], page["height"])
                for page in json.loads(row["pages"])
            ),
            form=form_of(row["form"]),
            pairs=tuple(
                _pair(pair, text)
                for pair in self.rows("SELECT * FROM pairs WHERE record_id = ? ORDER BY number", (record_id,))
            ),
            statements=tuple(
                _statement(one, text)
                for one in self.rows(
                    "SELECT * FROM statements WHERE record_id = ? ORDER BY unit", (record_id,)
                )
            ),
            published_on=day_of(row["published_on"]),
            published_on_basis=row["published_on_basis"],
            warnings=tuple(json.loads(row["warnings"])),
        )


@cache
def _schema() -> str:
    return resources.files("ingest.library").joinpath("catalogue.sql").read_text(encoding="utf-8")


@cache
def _wanted() -> frozenset[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_schema())
        return frozenset(columns(connection))


def digest(record: Record) -> str:
    """A hash of everything that a record says, so that two readings can be compared."""
    return hashlib.sha256(_json(asdict(record)).encode("utf-8", "surrogatepass")).hexdigest()


def form_of(stored: str) -> Form:
    """The form's fields from their JSON."""
    fields = json.loads(stored)
    held = fields["held_on"]
    return Form(
        **fields
        | {
            "categories": tuple(fields["categories"]),
            "hosts": tuple(fields["hosts"]),
            "held_on": (date.fromisoformat(held[0]), date.fromisoformat(held[1])) if held else None,
            "signed_on": day_of(fields["signed_on"]),
            "participants": tuple(
                Participant(one["institution"], tuple(one["people"])) for one in fields["participants"]
            ),
        }
    )


def day_of(stored: str | None) -> date | None:
    """A date from its ISO form."""
    return date.fromisoformat(stored) if stored else None


def _source(row: sqlite3.Row) -> Source:
    fields = dict(row)
    return Source(
        **fields | {"given_on": day_of(fields["given_on"]), "unfinished": bool(fields["unfinished"])}
    )


def _pair(row: sqlite3.Row, text: str) -> QAPair:
    question = Span(row["question_start"], row["question_end"])
    answer = Span(row["answer_start"], row["answer_end"])
    return QAPair(row["number"], question.of(text), answer.of(text), question, answer, row["page"])


def _statement(row: sqlite3.Row, text: str) -> Statement:
    span = Span(row["start"], row["end"])
    return Statement(row["title"], span.of(text), span, row["page"])


def _json(value: Any) -> str:
    # Days in their ISO form; what a damaged catalogue holds in a day's place is told as it is, and is no day.
    return json.dumps(
        value, ensure_ascii=False, default=lambda one: one.isoformat() if isinstance(one, date) else str(one)
    )
