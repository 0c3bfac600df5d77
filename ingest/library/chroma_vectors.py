"""Passages by meaning as Chroma proposes them: two collections, embedded or on a server."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError, LibraryDamaged, LibraryError
from ingest.library.damage import damaged, of_disk, one_line
from ingest.library.filters import Where
from ingest.library.vector_table import Field, VectorTable
from ingest.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

FIELDS: tuple[Field, ...] = ("passage", "question")
BATCH = 1000
SAMPLE = 20


class ChromaVectors:
    """The vectors of passages and of their questions in Chroma, with metadata for hard filters.

    It proposes candidates; who of them is nearest is decided with the exact vectors. Nothing is
    opened before it is needed: importing chromadb takes most of a second.
    """

    def __init__(self, folder: Path, settings: Settings, index_id: str) -> None:
        """Names the place; opens nothing yet.

        Args:
            folder: of the embedded Chroma; unused with a server.
            settings: `chroma_url` and `chroma_token` choose a server.
            index_id: keeps several libraries apart on one server.
        """
        self._folder = folder
        self._settings = settings
        self._index_id = index_id
        self._client: Any = None
        self._collections: dict[Field, Any] = {}

    def close(self) -> None:
        self._collections.clear()
        if self._client is not None:
            self._client.close()
        self._client = None

    def add(self, table: VectorTable) -> None:
        """Puts all rows of a table in place of those with the same ids."""
        with self._told():
            self._add(table)

    def _add(self, table: VectorTable) -> None:
        for field in FIELDS:
            rows: NDArray[numpy.float32] = getattr(table, field)
            held = table.held(field).tolist()
            for start in range(0, len(held), BATCH):
                part = held[start : start + BATCH]
                self._collection(field).upsert(
                    ids=[str(table.ids[at]) for at in part],
                    embeddings=rows[part],
                    metadatas=[
                        {
                            "record_id": str(table.records[at]),
                            "code": str(table.codes[at]),
                            "published": int(table.published[at]),
                            "kind": str(table.kinds[at]),
                        }
                        for at in part
                    ],
                )

    def delete(self, record_ids: Sequence[str]) -> None:
        """Takes all rows of these records out."""
        with self._told():
            for start in range(0, len(record_ids), 100):
                part = list(record_ids[start : start + 100])
                for field in FIELDS:
                    self._collection(field).delete(where={"record_id": {"$in": part}})

    def ids(self, field: Field) -> set[str]:
        """All passage ids that one collection holds."""
        with self._told():
            return set(self._collection(field).get(include=[])["ids"])

    def search(self, vector: NDArray[numpy.float64], where: Where, k: int, field: Field) -> list[str]:
        """About the k nearest passage ids that pass the filters.

        Raises:
            LibraryDamaged: the embedded Chroma is broken, or lost what it held.
        """
        if where.excludes_everything:
            return []  # Chroma refuses an empty list
        with self._told():
            found = self._collection(field).query(
                query_embeddings=[vector.tolist()], n_results=k, where=_filters(where), include=[]
            )
            return [str(passage_id) for passage_id in found["ids"][0]]

    def check_held(self, generation: str) -> None:
        """Whether this is what the index was settled with: a server that is empty, or was not there when records were
        ingested, must not find nothing.

        Args:
            generation: of the index.

        Raises:
            LibraryDamaged: it is not.
        """
        with self._told():
            for field in FIELDS:
                held = self._connected().get_collection(self._collection(field).name).metadata or {}
                if held.get("generation") != generation:
                    library = self._folder.parent.parent
                    place = self._settings.chroma_url or self._folder
                    raise LibraryDamaged(
                        f"Chroma at {place} does not hold this library: jupilu doctor --repair --library {library}"
                    )

    def fault(self, tables: Sequence[VectorTable], generation: str) -> str | None:
        """What is wrong with the collections, None where they hold the rows of some tables and find them.

        Args:
            tables: what must be there.
            generation: of the index, as they were filled for it.
        """
        try:
            with self._told():
                self.check_held(generation)
                for field in FIELDS:
                    if self.ids(field) != _ids(tables, field):
                        return f"Chroma holds other {field}s than the vectors"
                    for table in tables:
                        held = table.held(field)
                        for at in held[:: max(1, len(held) // SAMPLE)]:
                            if not self._finds(getattr(table, field)[at], str(table.ids[at]), field):
                                return f"Chroma does not find {field}s that it holds"
        except LibraryError as error:
            return str(error)
        return None

    def _finds(self, vector: NDArray[numpy.float32], passage_id: str, field: Field) -> bool:
        """Whether a vector finds itself, or so many that are equal to it that it is not among them."""
        found = self._collection(field).query(
            query_embeddings=[vector.tolist()], n_results=10, include=["distances"]
        )
        ids, distances = found["ids"][0], found["distances"][0]
        return passage_id in ids or (bool(distances) and max(distances) < 1e-5)

    @contextmanager
    def _told(self) -> Iterator[None]:
        import chromadb.errors

        try:
            yield
        except JupiluError:
            raise
        except (chromadb.errors.ChromaError, ValueError, OSError, RuntimeError, KeyError, TypeError) as error:
            if self._settings.chroma_url is not None:
                raise _unusable(self._settings.chroma_url, error) from error
            raise _meaning(error, self._folder) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise damaged(self._folder, self._folder.parent.parent, "Chroma can't read it") from error

    def mend(self, tables: Sequence[VectorTable], generation: str, everything: bool) -> None:
        """Makes the collections hold exactly the rows of some tables.

        Args:
            tables: what must be there.
            generation: of the index, by which `check_held` knows it.
            everything: fill them anew even if they seem whole.
        """
        try:
            whole = not everything and all(self.ids(field) == _ids(tables, field) for field in FIELDS)
        except LibraryError:
            whole = False
        if not whole:
            self.clear()
            for table in tables:
                self.add(table)
        with self._told():
            for field in FIELDS:
                self._collection(field).modify(metadata={"generation": generation})

    def clear(self) -> None:
        """Takes everything out."""
        if self._settings.chroma_url is None:
            self.close()
            shutil.rmtree(self._folder, ignore_errors=True)
            return
        for field in FIELDS:
            self._collection(field)
            self._connected().delete_collection(self._name(field))
        self._collections.clear()

    def _collection(self, field: Field) -> Any:
        if field not in self._collections:
            self._collections[field] = self._connected().get_or_create_collection(
                self._name(field),
                embedding_function=None,
                configuration={"hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 400}},
            )
        return self._collections[field]

    def _name(self, field: Field) -> str:
        return f"{field}s" if self._settings.chroma_url is None else f"jupilu-{self._index_id}-{field}s"

    def _connected(self) -> Any:
        if self._client is None:
            import chromadb
            from chromadb.config import Settings as ChromaSettings

            quiet = ChromaSettings(anonymized_telemetry=False)
            if self._settings.chroma_url is None:
                _remove_if_unreadable(self._folder)
                self._client = chromadb.PersistentClient(str(self._folder), settings=quiet)
            else:
                self._client = _server(self._settings, quiet)
        return self._client


def _ids(tables: Sequence[VectorTable], field: Field) -> set[str]:
    return {str(table.ids[at]) for table in tables for at in table.held(field)}


def _meaning(error: Exception, folder: Path) -> LibraryError:
    """Chroma tells what SQLite and the system said only in words."""
    words = str(error)
    if "disk is full" in words or "No space left" in words:
        return of_disk(OSError(errno.ENOSPC, words), folder)
    if "readonly database" in words or "Permission denied" in words:
        return of_disk(OSError(errno.EACCES, words), folder)
    if "disk I/O error" in words:
        return LibraryError(f"the disk failed at {folder} or is full: see to the disk, then run again")
    return damaged(folder, folder.parent.parent, words or "Chroma can't read it")


def _remove_if_unreadable(folder: Path) -> None:
    # Chroma does not recover from a client whose start failed, not in this process. What is removed
    # here is made again by `mend`.
    file = folder / "chroma.sqlite3"
    if not file.exists():
        return
    try:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError:
        shutil.rmtree(folder)


def _filters(where: Where) -> dict[str, Any] | None:
    clauses: list[dict[str, Any]] = []
    for field, values in (("code", where.codes), ("kind", where.kinds), ("record_id", where.records)):
        if values is not None:
            clauses.append({field: {"$in": sorted(values)}})
    if where.days is not None:
        clauses += [{"published": {"$gte": where.days[0]}}, {"published": {"$lte": where.days[1]}}]
    if not clauses:
        return None
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}


def _server(settings: Settings, quiet: Any) -> Any:
    from urllib.parse import urlsplit

    import chromadb

    try:
        parts = urlsplit(settings.chroma_url or "")
        port = parts.port
    except ValueError as error:
        raise _unusable(settings.chroma_url or "", error) from error
    secure = parts.scheme == "https"
    headers = {}
    if settings.chroma_token is not None:
        headers["Authorization"] = f"Bearer {settings.chroma_token.get_secret_value()}"
    try:
        return chromadb.HttpClient(
            host=parts.hostname or "localhost",
            port=port or (443 if secure else 8000),
            ssl=secure,
            headers=headers,
            settings=quiet,
        )
    except (ValueError, OSError) as error:
        raise _unusable(settings.chroma_url or "", error) from error


def _unusable(url: str, error: Exception) -> LibraryError:
    return LibraryError(
        f"the Chroma server at {url} cannot be used ({one_line(str(error))});"
        " start it, or unset JUPILU_CHROMA_URL to use the embedded one"
    )
