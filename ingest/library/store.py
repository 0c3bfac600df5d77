"""What a library holds: catalogue (the truth), indexes and originals in one folder, and how they are read."""

from __future__ import annotations

import hashlib
import shutil
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.embedding.bundled import BUNDLED_MODEL, BundledEmbedder, Embedder
from ingest.errors import LibraryDamaged, LibraryError, RecordUnknown
from ingest.language.listed import listed_name
from ingest.library.catalogue import Catalogue, day_of, form_of
from ingest.library.damage import explained
from ingest.library.filters import Where
from ingest.library.originals import Originals
from ingest.library.revisions import HEAD, Later, later_versions
from ingest.library.summaries import Company, RecordSummary, companies_of, summary
from ingest.pipeline.sources import readable
from ingest.records import Participant, Passage, Record, Span
from ingest.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from ingest.library.index import Index

CATALOGUE = "catalogue.sqlite3"
INDEX = "index"
CACHED_TEXTS = 256
CACHED_RECORDS = 64
CACHED_PASSAGES = 4096
SHORTEST_PREFIX = 4


class Store:
    """The parts of a library and what is read from them; `Library` opens one and takes records out.

    Only records that are ready are seen.
    """

    def __init__(self, path: Path, settings: Settings, embeddings: Embeddings | None = None) -> None:
        """Use `Library.open`."""
        self.path = path
        self.settings = settings
        self.catalogue = Catalogue(path / CATALOGUE)
        self.originals = Originals(path)
        self._own_embeddings = embeddings
        self._index: Index | None = None
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._passages_read: dict[str, Passage] = {}
        self._version: tuple[int, int] | None = None
        self._snapshot: str | None = None
        self._later: Mapping[str, tuple[Later, ...]] | None = None
        self._listed: tuple[RecordSummary, ...] | None = None

    def close(self) -> None:
        """Lets go of all files."""
        self.catalogue.close()
        if self._index is not None:
            self._index.close()
            self._index = None

    @property
    def index(self) -> Index:
        """Both searches over this library's passages.

        Raises:
            LibraryDamaged: it is lost, broken, or holds other passages than the catalogue.
        """
        with self.catalogue.lock:
            if self._index is None:
                from ingest.library.agreement import check_opened, check_words
                from ingest.library.index import Index

                folder = self.path / INDEX
                check_words(folder, self.path)  # before Tantivy meets them, which panics
                opened = Index(folder, self.settings)
                try:
                    check_opened(self.catalogue, opened, folder, self.path)
                except LibraryError:
                    opened.close()
                    raise
                self._index = opened
            return self._index

    def index_to_mend(self) -> Index:
        """The same for a writer, which brings in order what it finds; one that can't be read begins anew."""
        from ingest.library.agreement import broken_words
        from ingest.library.index import Index

        with self.catalogue.lock:
            if self._index is None:
                folder = self.path / INDEX
                try:
                    if broken_words(folder / "words"):
                        shutil.rmtree(folder / "words")
                    self._index = Index(folder, self.settings)
                    self._index.store.tables()
                except LibraryDamaged:
                    if self._index is not None:
                        self._index.close()
                    with explained(folder, self.path):
                        shutil.rmtree(folder)
                    self._index = Index(folder, self.settings)
            return self._index

    @property
    def own_embeddings(self) -> Embeddings | None:
        """The embeddings that this library was opened with; None for the model that the settings name."""
        return self._own_embeddings

    @cached_property
    def embeddings(self) -> Embedder:
        """The model that this library was embedded with."""
        if self._own_embeddings is not None:
            return self._own_embeddings
        if self.settings.embedding_model == BUNDLED_MODEL:
            return BundledEmbedder(self.settings.threads)
        from ingest.embedding.embeddings import open_embeddings

        return open_embeddings(self.settings)

    # ---------------------------------------------------------------- reading

    def records(self, where: Where | None = None) -> list[RecordSummary]:
        """The ready records that pass the filters, newest publication first (`kinds` is not looked at)."""
        later = self.later_versions()
        return [
            replace(one, superseded_by=later[one.id][-1].id) if one.id in later else one
            for one in self._summaries()
            if where is None or _passes(one, where)
        ]

    def later_versions(self) -> Mapping[str, tuple[Later, ...]]:
        """For each ready record that was corrected or updated, the versions that stand in its place."""
        with self.catalogue.lock:
            self._refresh()
            if self._later is None:
                self._later = later_versions(
                    self._summaries(),
                    lambda record_id: self.record(record_id).text[:HEAD],
                    lambda record_id: {
                        "".join(pair.question.split()) for pair in self.record(record_id).pairs
                    },
                )
            return self._later

    def superseded(self, as_of: date | None = None) -> frozenset[str]:
        """The ids of the records in whose place, as of a day, a later version stands."""
        return frozenset(
            record_id
            for record_id, later in self.later_versions().items()
            if as_of is None or any(one.published_on and one.published_on <= as_of for one in later)
        )

    def _summaries(self) -> tuple[RecordSummary, ...]:
        """All ready records, newest first; read once until somebody writes."""
        with self.catalogue.lock, explained(self.catalogue.path, self.path, decoding=True):
            self._refresh()
            if self._listed is None:
                rows = self.catalogue.rows(
                    "SELECT records.*, sources.format,"
                    " (SELECT count(*) FROM pairs WHERE record_id = records.id) AS pairs,"
                    " (SELECT count(*) FROM statements WHERE record_id = records.id) AS statements"
                    " FROM records JOIN sources USING (sha256) WHERE state = 'ready'"
                    " ORDER BY published_on DESC, id"
                )
                self._listed = tuple(map(summary, rows))
            return self._listed

    def participants(self, records: Sequence[str]) -> dict[str, tuple[Participant, ...]]:
        """Who took part in the activity of each of these records (those that are ready), by the record's id."""
        found: dict[str, tuple[Participant, ...]] = {}
        with explained(self.catalogue.path, self.path, decoding=True):
            for start in range(0, len(records), 500):
                part = records[start : start + 500]
                rows = self.catalogue.rows(
                    "SELECT id, form FROM records JOIN sources USING (sha256)"
                    f" WHERE state = 'ready' AND id IN ({','.join('?' * len(part))})",
                    part,
                )
                found |= {row["id"]: form_of(row["form"]).participants for row in rows}
        return found

    def questions(self, records: int, code: str | None = None) -> list[tuple[str, str]]:
        """The questions that the newest so many ready records with a code (or with this one) hold: code and question, each once."""
        rows = self.catalogue.rows(
            "SELECT DISTINCT newest.code, passages.question FROM (SELECT id, code FROM records JOIN sources USING (sha256)"
            " WHERE state = 'ready' AND code IS NOT NULL AND code = coalesce(?, code)"
            " ORDER BY published_on DESC, id LIMIT ?) AS newest"
            " JOIN passages ON record_id = newest.id WHERE kind = 'pair' ORDER BY newest.code, passages.question",
            (code, records),
        )
        return [(row["code"], row["question"]) for row in rows]

    def questions_with(self, word: str, at_most: int) -> list[tuple[str, str]]:
        """Questions of ready records of companies with a code in which a word stands: code and question, each once.

        Args:
            word: looked for as it is; white space and case count.
            at_most: passages that are looked at, whichever they are; where fewer hold the word all are.
        """
        ids = self.index.words.holding(word, "question", at_most)
        found: set[tuple[str, str]] = set()
        for start in range(0, len(ids), 500):
            part = ids[start : start + 500]
            rows = self.catalogue.rows(
                "SELECT records.code, passages.question FROM passages JOIN records ON record_id = records.id"
                " JOIN sources USING (sha256) WHERE state = 'ready' AND kind = 'pair' AND records.code IS NOT NULL"
                f" AND passages.id IN ({','.join('?' * len(part))}) AND instr(passages.question, ?)",
                [*part, word],
            )
            found.update((row["code"], row["question"]) for row in rows)
        return sorted(found)

    def count(self) -> int:
        """How many records are ready."""
        query = "SELECT count(*) FROM records JOIN sources USING (sha256) WHERE state = 'ready'"
        return int(self.catalogue.rows(query)[0][0])

    def companies(self) -> list[Company]:
        """All companies with ready records, by code; records without a code go by their short name."""
        return companies_of(self.records())

    def record(self, name: str) -> Record:
        """A record with everything, by id, by a unique beginning of it, or by the name of its source file.

        A record that newer bytes have replaced is still found by its whole id, so that old citations hold.

        Raises:
            RecordUnknown: none, or more than one.
        """
        name = readable(name)  # as names of files are kept
        with self.catalogue.lock:
            self._refresh()
            if name in self._records:
                self._records.move_to_end(name)
                return self._records[name]
            record_id, sha256 = self._find(name)
            record = self.catalogue.record(record_id, self._text(sha256))
            self._records[name] = record
            while len(self._records) > CACHED_RECORDS:
                self._records.popitem(last=False)
            return record

    def original(self, record_id: str) -> bytes:
        """The bytes that the company published.

        Raises:
            RecordUnknown: no record has this id.
            LibraryError: the original is gone or altered.
        """
        _, sha256 = self._find(record_id)
        return self.originals.read(sha256, record_id)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """The passages with these ids in their order; those of records that are not ready are left out."""
        with self.catalogue.lock:
            return self._cached_passages(ids)

    def all_passages(self) -> Iterator[Passage]:
        """Every passage of every ready record, by id."""
        return self._passages("ORDER BY passages.id", ())

    def snapshot(self) -> str:
        """A hash of what can be found here: the same snapshot and question give the same answer."""
        self._refresh()
        if self._snapshot is None:
            ready = self.catalogue.rows(
                "SELECT id, digest FROM records JOIN sources USING (sha256) WHERE state = 'ready' ORDER BY id"
            )
            told = [self.settings.embedding_model, *(f"{row['id']} {row['digest']}" for row in ready)]
            self._snapshot = hashlib.sha256("\n".join(told).encode()).hexdigest()
        return self._snapshot

    # --------------------------------------------------------------- internals

    def _find(self, name: str) -> tuple[str, str]:
        """(record id, SHA-256 of its source) for an id, the beginning of one, or a file name."""
        visible = "SELECT id, sha256 FROM records JOIN sources USING (sha256) WHERE state = 'ready'"
        tries: list[tuple[str, tuple[Any, ...]]] = [
            ("SELECT id, sha256 FROM records WHERE id = ?", (name,)),
            (f"{visible} AND source_file = ?", (name,)),
            (f"{visible} AND sha256 IN (SELECT shown FROM paths WHERE name = ?)", (name,)),
        ]
        if len(name) >= SHORTEST_PREFIX:
            tries.append((f"{visible} AND substr(id, 1, ?) = ?", (len(name), name)))
        for query, values in tries:
            rows = self.catalogue.rows(query + " ORDER BY id", values)
            if len(rows) > 1:
                some = ", ".join(row["id"] for row in rows[:5])
                raise RecordUnknown(
                    f"{len(rows)} records go by {_shown(name)}: name one by its id ({some} …)"
                )
            if rows:
                return str(rows[0]["id"]), str(rows[0]["sha256"])
        raise RecordUnknown(f"no record goes by {_shown(name)}: jupilu records lists all")

    def _cached_passages(self, ids: Sequence[str]) -> list[Passage]:
        self._refresh()
        read = self._passages_read
        if len(read) > CACHED_PASSAGES:
            read.clear()
        missing = [passage_id for passage_id in ids if passage_id not in read]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            marks = ",".join("?" * len(part))
            for passage in self._passages(f"AND passages.id IN ({marks})", part):
                read[passage.id] = passage
        return [read[passage_id] for passage_id in ids if passage_id in read]

    def _passages(self, condition: str, values: Sequence[str]) -> Iterator[Passage]:
        with explained(self.catalogue.path, self.path, decoding=True):
            yield from self._read_passages(condition, values)

    def _read_passages(self, condition: str, values: Sequence[str]) -> Iterator[Passage]:
        rows = self.catalogue.rows(
            "SELECT passages.*, records.sha256, records.code, records.published_on,"
            " records.form ->> 'short_name' AS short_name"
            " FROM passages JOIN records ON record_id = records.id"
            f" JOIN sources USING (sha256) WHERE state = 'ready' {condition}",
            values,
        )
        for row in rows:
            span = Span(row["start"], row["end"])
            yield Passage(
                id=row["id"],
                record_id=row["record_id"],
                kind=row["kind"],
                number=row["number"],
                unit=row["unit"],
                slice=row["slice"],
                context=row["context"],
                question=row["question"],
                text=span.of(self._text(row["sha256"])),
                span=span,
                code=row["code"],
                short_name=row["short_name"] or listed_name(row["code"]),
                published_on=day_of(row["published_on"]),
            )

    def _text(self, sha256: str) -> str:
        with self.catalogue.lock:
            text = self._texts.get(sha256)
            if text is None:
                text = self._texts[sha256] = self.catalogue.text(sha256)
                while len(self._texts) > CACHED_TEXTS:
                    self._texts.popitem(last=False)
            return text

    def _refresh(self) -> None:
        """Forgets what was read before somebody wrote."""
        version = self.catalogue.version()
        if version != self._version:
            self._version = version
            self._snapshot = None
            self._later = None
            self._listed = None
            self._texts.clear()
            self._passages_read = {}
            self._records.clear()


def _shown(name: str) -> str:
    """A name as a message holds it."""
    return name if len(name) <= 120 else f"{name[:120]}…"


def _passes(one: RecordSummary, where: Where) -> bool:
    if where.codes is not None and one.code not in where.codes:
        return False
    if where.records is not None and one.id not in where.records:
        return False
    day = one.published_on
    if where.days is None:
        return True
    return day is not None and (where.published_from or date.min) <= day <= (where.published_to or date.max)
