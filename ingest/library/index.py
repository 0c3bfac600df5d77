"""Where passages are found: by meaning (exact vectors, or what Chroma proposes) and by words (Tantivy).

An index knows passages and nothing of records, files or readiness; the library decides what may be
seen. Everything in it can be made again from passages and their vectors.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError, LibraryDamaged
from ingest.library.chroma_vectors import ChromaVectors
from ingest.library.damage import explained
from ingest.library.exact_vectors import Field, VectorStore, VectorTable, nearest
from ingest.library.filters import EVERYWHERE, Where, day_number
from ingest.library.lexical import WordIndex
from ingest.records import Passage
from ingest.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

__all__ = ["EVERYWHERE", "Index", "Where"]

# Up to so many passages all vectors are read into memory (50,000 x 384 floats: 77 MB, about 5 ms a search); beyond
# them the vectors are mapped.
EXACT_LIMIT = 50_000
# Beyond so many passages the word index is not rewritten after each ingest (27 s per 100,000).
REWRITE_LIMIT = 100_000
# More than asked for is taken from float32 or approximate searches, so that rounding cannot decide
# who is among the k.
MARGIN = 32
COSINE_DIGITS = 6


class Index:
    """Passages by meaning and by words, under hard filters, always in the same order.

    Example:
        >>> index = Index(Path("index"), Settings())
        >>> index.add(passages, vectors, question_vectors)
        >>> index.dense(query_vector, Where(codes=frozenset({"688787"})), k=50)
        [('3f0c…:4:0', 0.871203), …]
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        """Opens the index in a folder, or makes one.

        Args:
            folder: made if it is not there; will hold `vectors.sqlite3`, `chroma/` and `words/`.
            settings: `vector_search` says whether Chroma proposes; `chroma_url` and `chroma_token` choose a Chroma
                server instead of `chroma/`.

        Raises:
            LibraryDamaged: a file of it is broken.
        """
        with explained(folder, folder.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.store = VectorStore(folder / "vectors.sqlite3")
        try:
            self.words = WordIndex(folder / "words")
        except JupiluError:
            self.store.close()
            raise
        if not self.store.read_only and self.store.recall("index id") is None:
            self.store.remember("index id", uuid.uuid4().hex)
        index_id = self.store.recall("index id") or ""
        self.chroma = ChromaVectors(folder / "chroma", settings, index_id) if settings.asks_chroma else None
        self._chroma_counted: tuple[int, int] | None = None
        self._writing = False
        self._crashed = False
        self._lock = threading.RLock()

    def close(self) -> None:
        """Lets go of all files."""
        with self._lock:
            self.store.close()
            if self.chroma is not None:
                self.chroma.close()

    def count(self) -> int:
        """How many passages the index holds."""
        return self.store.count()

    @property
    def unsettled(self) -> bool:
        """Whether somebody has written since the index was last settled (and perhaps was killed)."""
        return self.store.recall("state") == "being written"

    def add(
        self,
        passages: Sequence[Passage],
        vectors: Sequence[Sequence[float]] | NDArray[numpy.float32],
        question_vectors: Sequence[Sequence[float]] | NDArray[numpy.float32] | None = None,
    ) -> None:
        """Puts passages in all parts of the index, in place of any with the same ids.

        Args:
            passages: n passages.
            vectors: n vectors of `indexed_text`; any length, they are normalised.
            question_vectors: n vectors of the questions; a vector of zeros, or None, means "no question".
        """
        import numpy

        if not passages:
            return
        rows = unit_rows(vectors)
        question_rows = numpy.zeros_like(rows) if question_vectors is None else unit_rows(question_vectors)
        table = VectorTable(
            ids=tuple(passage.id for passage in passages),
            records=numpy.array([passage.record_id for passage in passages]),
            codes=numpy.array([passage.code or "" for passage in passages]),
            published=numpy.array([day_number(passage) for passage in passages], dtype=numpy.int64),
            kinds=numpy.array([passage.kind for passage in passages]),
            passage=rows,
            question=question_rows,
        )
        with self._lock:
            self._begin()
            self.store.add(table)
            self._in_chroma(lambda chroma: chroma.add(table))
            self.words.add(passages)
            self.store.map_grown(EXACT_LIMIT)

    def delete(self, record_ids: Iterable[str]) -> None:
        """Takes all passages of these records out of all parts of the index."""
        records = sorted(set(record_ids))
        if not records:
            return
        with self._lock:
            self._begin()
            self.store.delete(records)
            self._in_chroma(lambda chroma: chroma.delete(records))
            self.words.delete(records)

    def clear(self) -> None:
        """Takes everything out (before a library is embedded anew)."""
        with self._lock:
            self._begin()
            self.store.clear()
            if self.chroma is not None:
                self.chroma.clear()
            self.words.rewrite(())

    def settle(self, passages: Callable[[], Iterable[Passage]]) -> None:
        """Brings the index into the one state that depends on its content alone, not on its history.

        The word index is written anew in the order of ids. Where Chroma proposes it is filled anew from the
        stored vectors if it differs, or if a writer was killed: it writes its graph in place, and a torn graph
        gives wrong neighbours without an error.

        Args:
            passages: gives all passages that the index holds; called at most once.
        """
        with self._lock:
            if not self.unsettled:
                return
            self._begin()
            if self.store.count() <= REWRITE_LIMIT:
                self.words.rewrite(passages())
            self.store.map_grown(EXACT_LIMIT)
            tables = self.store.tables()
            if self.chroma is not None:
                self.chroma.mend(tables, self.store.recall("generation") or "", everything=self._crashed)
            if not self.store.is_mapped:  # a mapping has a checksum of its own
                self.store.remember("checksum", tables[0].checksum())
            self.store.remember("state", "settled")
            self._writing = self._crashed = False

    def _in_chroma(self, work: Callable[[ChromaVectors], None]) -> None:
        """A Chroma that is broken stops no writer: it is filled anew from the vectors when all is settled."""
        if self.chroma is None:
            return
        try:
            work(self.chroma)
        except LibraryDamaged:
            self.chroma.clear()
            self._crashed = True

    def begin(self) -> None:
        """Marks the index as being written, before anything that must change it is made known elsewhere.

        A writer that is killed behind this leaves the mark: whoever writes next brings the index in order.
        """
        with self._lock:
            self._begin()

    def _begin(self) -> None:
        # Only one process writes (the library sees to it), so a state that is not ours is a killed writer's.
        if not self._writing:
            self._crashed = self.unsettled
            self.store.remember("state", "being written")
            self.store.remember(
                "generation", uuid.uuid4().hex
            )  # a Chroma that was filled before is another's
            self._writing = True

    def dense(
        self,
        vector: Sequence[float] | NDArray[numpy.float32],
        where: Where = EVERYWHERE,
        k: int = 50,
        field: Field = "passage",
    ) -> list[tuple[str, float]]:
        """The k passages nearest in meaning, as (passage id, cosine), best first, ties by id.

        Args:
            vector: of the question, any length.
            where: hard filters; nothing outside them is returned, and nothing inside them is lost
                while the search is exact.
            k: how many at most.
            field: compare with the passages or with the questions they answer.
        """
        import numpy

        query = numpy.asarray(vector, dtype=numpy.float64)
        query = query / (numpy.linalg.norm(query) or 1.0)
        if self.chroma is not None and where.codes is None and where.records is None:
            ids, matrix = self._proposed(self.chroma, query, where, k + MARGIN, field)
        else:
            ids, matrix = self._compared(query, where, k + MARGIN, field)
        if not ids:
            return []
        # One row at a time in float64: a sum must not depend on which rows stand beside it.
        scores = numpy.round((matrix * query).sum(axis=1), COSINE_DIGITS).tolist()
        return sorted(zip(ids, scores, strict=True), key=lambda hit: (-hit[1], hit[0]))[:k]

    def vectors(self, passage_ids: Sequence[str], field: Field) -> dict[str, NDArray[numpy.float32]]:
        """The stored vectors of some passages by id; an id without a vector is left out."""
        return self.store.rows(passage_ids, field, from_mapping=self.chroma is None)

    def _compared(
        self, query: NDArray[numpy.float64], where: Where, k: int, field: Field
    ) -> tuple[list[str], NDArray[numpy.float64]]:
        """At least the k nearest of all rows that pass the filters; beside Chroma only the rows of the companies or
        records asked for are read, which touches no mapping."""
        import numpy

        if self.chroma is None:
            tables = self.store.tables()
        else:
            tables = (self.store.of_codes(where.codes, where.records),)
        ids: list[str] = []
        parts: list[NDArray[numpy.float64]] = []
        for table in tables:
            positions = nearest(table, query, where, k, field)
            ids += [str(table.ids[position]) for position in positions]
            parts.append(getattr(table, field)[positions].astype(numpy.float64))
        return ids, numpy.concatenate([part for part in parts if len(part)] or parts)

    def _proposed(
        self, chroma: ChromaVectors, query: NDArray[numpy.float64], where: Where, k: int, field: Field
    ) -> tuple[list[str], NDArray[numpy.float64]]:
        """What Chroma proposes, with the stored vectors."""
        import numpy

        with self._lock:
            version = self.store.version()
            if self._chroma_counted != version:  # an empty Chroma must not answer "not found"
                if not self.unsettled:
                    chroma.check_held(self.store.recall("generation") or "")
                self._chroma_counted = version
            proposed = chroma.search(query, where, k, field)
        rows = self.vectors(proposed, field)
        ids = [passage_id for passage_id in proposed if passage_id in rows]
        return ids, numpy.array([rows[passage_id] for passage_id in ids], dtype=numpy.float64)

    def lexical(
        self, query: str, where: Where = EVERYWHERE, k: int = 50, field: Field = "passage"
    ) -> list[tuple[str, float]]:
        """The k passages that share the rarest words with a query, as (passage id, BM25), best first.

        Args:
            query: any text; `ingest.library.index_words.words` says what its words are.
            where: hard filters.
            k: how many at most.
            field: search the indexed text (context line and answer) or the questions.
        """
        return self.words.search(query, where, k, field)


def unit_rows(vectors: Any) -> NDArray[numpy.float32]:
    """Vectors at unit length as float32; one that has it already stays what it is, bit for bit."""
    import numpy

    rows = numpy.ascontiguousarray(vectors, dtype=numpy.float32)
    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    lengths[(lengths == 0) | (numpy.abs(lengths - 1) < 1e-5)] = 1
    return numpy.ascontiguousarray(rows / lengths, dtype=numpy.float32)
