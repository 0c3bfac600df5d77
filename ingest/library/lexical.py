"""Passages by their words: a Tantivy index with BM25 and hard filters."""

from __future__ import annotations

import errno
import os
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ingest.errors import JupiluError, LibraryError
from ingest.library.damage import damaged, of_disk
from ingest.library.exact_vectors import Field
from ingest.library.filters import Where, day_number
from ingest.library.index_words import words
from ingest.records import Passage

# More than asked for is fetched, so that the order of documents on disk cannot decide between equals.
MARGIN = 32
BM25_DIGITS = 4
WRITER_HEAP_BYTES = 64_000_000


class WordIndex:
    """A Tantivy index over the indexed text and the questions of passages.

    A commit is atomic, so a crash leaves the state of the last one; other processes may search
    while one writes.
    """

    def __init__(self, folder: Path) -> None:
        """Opens the index in a folder, or makes one there.

        Args:
            folder: made if it is not there; nothing else may be in it.

        Raises:
            LibraryDamaged: what is there is broken.
        """
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("record", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("code", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("kind", tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("published", indexed=True, fast=True)
        builder.add_text_field("passage", tokenizer_name="words", index_option="freq")
        builder.add_text_field("question", tokenizer_name="words", index_option="freq")
        self._folder = folder
        self._schema = builder.build()
        self._linked: TemporaryDirectory[str] | None = None
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                self._linked = _linked(folder)
            place = self._linked.name if self._linked else str(folder)
            self._index = tantivy.Index(self._schema, path=place, reuse=True)
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("words", analyzer)
        self._lock = threading.Lock()

    def add(self, passages: Sequence[Passage]) -> None:
        """Puts passages in place of those with the same ids, in one commit."""
        self._write(passages, [("id", passage.id) for passage in passages])

    def delete(self, record_ids: Iterable[str]) -> None:
        """Takes all passages of these records out, in one commit."""
        self._write((), [("record", record) for record in record_ids])

    def rewrite(self, passages: Iterable[Passage]) -> None:
        """Writes the whole index anew, in the order of passage ids, in one commit.

        BM25 counts deleted passages until they are merged away; after this, scores depend on what
        the index holds and not on how it came there.
        """
        ordered = sorted(passages, key=lambda passage: passage.id)
        self._write(ordered, [], everything=True)

    def count(self) -> int:
        """How many passages the index holds."""
        with self._told():
            return int(self._searcher().num_docs)

    def ids(self) -> set[str]:
        """All passage ids that the index holds."""
        import tantivy

        with self._told():
            searcher = self._searcher()
            if searcher.num_docs == 0:
                return set()
            hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
            return {str(searcher.doc(address)["id"][0]) for _, address in hits}

    def holding(self, text: str, field: Field, at_most: int) -> list[str]:
        """Passages in whose field all words of a text stand (of Han characters each two neighbours), in no order.

        Args:
            text: what is looked for.
            field: where.
            at_most: so many are given, whichever they are.
        """
        import tantivy

        every = set(words(text))
        wanted = sorted({word for word in every if len(word) > 1} or every)
        with self._told():
            searcher = self._searcher()
            if not wanted or searcher.num_docs == 0:
                return []
            terms = [
                (tantivy.Occur.Must, tantivy.Query.term_query(self._schema, field, word, "freq"))
                for word in wanted
            ]
            query = tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 1.0)
            hits = searcher.search(query, limit=at_most, count=False).hits
            return [str(searcher.doc(address)["id"][0]) for _, address in hits]

    def search(self, query: str, where: Where, k: int, field: Field) -> list[tuple[str, float]]:
        """The k passages with the highest BM25, as (passage id, score), best first, ties by id.

        Raises:
            LibraryDamaged: the index is broken.
        """
        with self._told():
            return self._search(query, where, k, field)

    def _search(self, query: str, where: Where, k: int, field: Field) -> list[tuple[str, float]]:
        import tantivy

        counted = Counter(words(query))
        searcher = self._searcher()
        if not counted or searcher.num_docs == 0:
            return []
        terms = []
        for word in sorted(counted):
            term = tantivy.Query.term_query(self._schema, field, word, "freq")
            if counted[word] > 1:
                # Measured on public questions: a word said twice is not twice as telling.
                term = tantivy.Query.boost_query(term, counted[word] ** 0.5)
            terms.append((tantivy.Occur.Should, term))
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(terms))]
        for part in self._filters(where):
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(part, 0.0)))
        hits = searcher.search(tantivy.Query.boolean_query(clauses), limit=k + MARGIN, count=False).hits
        found = [(str(searcher.doc(address)["id"][0]), round(score, BM25_DIGITS)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))[:k]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What Tantivy raises, a panic of its included, as a LibraryError of one line."""
        library = self._folder.parent.parent
        try:
            yield
        except JupiluError:
            raise
        except (OSError, ValueError, RuntimeError) as error:
            raise _meaning(error, self._folder, library) from error
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            raise damaged(self._folder, library, "the word index can't be read") from error

    def _searcher(self) -> Any:
        with self._lock:
            if self._linked is None:
                self._index.reload()
            return self._index.searcher()

    def _filters(self, where: Where) -> list[Any]:
        import tantivy

        filters = []
        for field, values in (("code", where.codes), ("kind", where.kinds), ("record", where.records)):
            if values is not None:
                filters.append(tantivy.Query.term_set_query(self._schema, field, sorted(values)))
        if where.days is not None:
            number = tantivy.FieldType.Integer
            filters.append(tantivy.Query.range_query(self._schema, "published", number, *where.days))
        return filters

    def _write(
        self, passages: Sequence[Passage], instead_of: Iterable[tuple[str, str]], everything: bool = False
    ) -> None:
        with self._told():
            self._written(passages, instead_of, everything)

    def _written(
        self, passages: Sequence[Passage], instead_of: Iterable[tuple[str, str]], everything: bool
    ) -> None:
        import tantivy

        # One thread: the order of documents, and with it the last bit of a score, is ours.
        writer = self._index.writer(WRITER_HEAP_BYTES, 1)
        if everything:
            writer.delete_all_documents()
        for field, value in instead_of:
            writer.delete_documents_by_term(field, value)
        for passage in passages:
            writer.add_document(
                tantivy.Document(
                    id=passage.id,
                    record=passage.record_id,
                    code=passage.code or "",
                    kind=passage.kind,
                    published=day_number(passage),
                    passage=" ".join(words(passage.indexed_text)),
                    question=" ".join(words(passage.question)),
                )
            )
        writer.commit()
        if everything:
            writer.garbage_collect_files()
        writer.wait_merging_threads()


def _linked(folder: Path) -> TemporaryDirectory[str]:
    """A folder of links to the files of an index that this user may only read: Tantivy wants to lock beside them."""
    place = TemporaryDirectory(prefix="jupilu-words-")
    for file in folder.iterdir():
        if not file.name.endswith(".lock"):
            Path(place.name, file.name).symlink_to(file.absolute())
    return place


def _meaning(error: Exception, folder: Path, library: Path) -> LibraryError:
    """Tantivy tells what the system said only in words."""
    words = str(error)
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS):
        if (
            f"(os error {number})" in words
            or f"code: {number}," in words
            or getattr(error, "errno", None) == number
        ):
            return of_disk(OSError(number, words), folder)
    return damaged(folder, library, words)
