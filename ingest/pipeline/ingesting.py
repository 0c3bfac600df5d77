"""Source files into a library: incremental, resumable, one writer at a time.

A file is read in a process of its own, cut into passages, embedded, and written to the indexes;
last, one transaction in the catalogue makes its records ready. A crash at any moment leaves sources
that are not ready (or ready and `unfinished`), and the next run redoes exactly those.
"""

from __future__ import annotations

import hashlib
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.errors import SourceError
from ingest.library.catalogue import KnownPath, Source
from ingest.library.library import Library
from ingest.library.recovery import recover
from ingest.library.writing_lock import sole_writer
from ingest.pipeline.fingerprint import reading_fingerprint
from ingest.pipeline.library_writer import CHANGED, ReadSource, Task, Writer, texts_of
from ingest.pipeline.reading_pool import Job, LocalWorkers, Reading, ReadingPool, Workers
from ingest.pipeline.report import IngestReport, Progress, Standing, Tally
from ingest.pipeline.sources import Found, find, published_in_sidecar, readable
from ingest.reading.passages import cut
from ingest.records import PublishedBasis, Record
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.pipeline.reading_pool import Vectors

__all__ = ["IngestReport", "Progress", "Standing", "ingest", "read_file"]

# Records become ready in groups of about so many passages (some seconds of work), or so many failures.
PASSAGES_TOGETHER = 64
FAILURES_TOGETHER = 200
HASH_BLOCK = 2**20


def ingest(
    paths: Sequence[Path | str],
    library: Library | Path | str,
    settings: Settings | None = None,
    *,
    published_on: date | None = None,
    reembed: bool = False,
    progress: Progress | None = None,
    patience: float = 600.0,
    ray_workers: int | None = None,
) -> IngestReport:
    """Reads source files into a library; what is there already is skipped.

    Args:
        paths: files and folders (with all below them).
        library: an open library, or the folder of one; it is made if it is not there.
        settings: for a folder; an open library has its own.
        published_on: the day on which these files were published; else sidecars and the files say.
        reembed: embed every record again (with the model that the settings name).
        progress: called while it runs.
        patience: seconds to wait for another process that writes.
        ray_workers: read and embed on so many Ray workers (extra `scale`); the library becomes the same.

    Raises:
        ExtraMissing: Ray is wanted, and not installed.
        LibraryBusy: another process did not finish writing in time.
        EmbeddingMismatch: the library was made with another model, and `reembed` is not set.
        ModelUnavailable: the embedding model is missing; nothing is lost, run again.
    """
    if ray_workers is not None:
        from ingest.pipeline.ray_workers import require_ray

        require_ray()  # before a library is made
    opened: Library
    with (
        nullcontext(library)
        if isinstance(library, Library)
        else Library.open(library, settings, create=True, reembed=reembed)
    ) as opened:
        tally = Tally(progress)

        def waiting() -> None:
            logging.getLogger(__name__).warning("another process is writing to %s; waiting", opened.path)
            tally.tell("waiting")

        with sole_writer(opened.path, patience, waiting):
            recover(opened, reembed)
            with _workers(opened, ray_workers) as workers:
                return _Ingest(opened, published_on, tally, workers).run([Path(path) for path in paths])


def _workers(library: Library, ray_workers: int | None) -> Workers:
    if ray_workers is None:
        return LocalWorkers(library.settings, lambda: library.embeddings)
    from ingest.pipeline.ray_workers import RayWorkers

    return RayWorkers(library.settings, library.embeddings, library.own_embeddings, ray_workers)


def read_file(path: Path, settings: Settings, published_on: date | None = None) -> list[Record]:
    """The records in one file, without a library; it is read in a process of its own, within bounds.

    Args:
        path: the file; a sidecar beside it may give the publication date.
        settings: limits on the file, on the time and on the memory for reading it.
        published_on: the publication date, before all else.

    Raises:
        SourceError: the file cannot become a record.
    """
    basis: PublishedBasis = "given"
    if published_on is None:
        published_on, basis = published_in_sidecar(path), "sidecar"
    with ReadingPool(settings) as pool:
        (reading,) = pool.read([Job(path, readable(path.name), published_on, basis)])
    if reading.reason is not None:
        raise SourceError(reading.reason)
    return list(reading.records)


class _Ingest:
    """One run: what is found becomes tasks, tasks become readings, readings are written in groups."""

    def __init__(self, library: Library, published_on: date | None, tally: Tally, workers: Workers) -> None:
        self.library = library
        self.settings = library.settings
        self.published_on = published_on
        self.reader = reading_fingerprint(self.settings)
        self.tally = tally
        self.writer = Writer(library, tally)
        self.workers = workers
        self._embedding: deque[tuple[list[ReadSource], Callable[[], Vectors]]] = deque()

    def run(self, paths: Sequence[Path]) -> IngestReport:
        self.tally.tell("looking")
        found = list(find(paths, self.library.path))
        self.tally.total = len(found)
        tasks: deque[Task] = deque()

        def jobs() -> Iterator[Job]:
            for task in self._tasks(found):
                tasks.append(task)
                source = task.source
                yield Job(task.path, source.name, source.given_on, source.given_basis or "given")

        read: list[ReadSource] = []
        broken: list[tuple[Task, str]] = []
        for reading in self.workers.read(jobs()):
            task = tasks.popleft()
            if reading.reason is None and reading.records[0].sha256 != task.source.sha256:
                reading = replace(reading, reason=f"{task.source.name}: {CHANGED}", lasting=False)
            if reading.reason is None:
                read.append(self._cut(task, reading))
            elif reading.lasting:
                broken.append((task, reading.reason))
            else:
                self.writer.give_up(task, reading.reason)
            if sum(len(one.passages) for one in read) >= PASSAGES_TOGETHER:
                self._embed(read)
                read = []
            if len(broken) >= FAILURES_TOGETHER:
                self.writer.refuse(broken)
                broken = []
        self._embed(read)
        self._write(but=0)
        self.writer.refuse(broken)
        self.tally.tell("settling")
        self.library.index.settle(self.library.all_passages)
        self.tally.tell("done")
        return self.tally.report(self.library.count())

    def _embed(self, read: Sequence[ReadSource]) -> None:
        """Gives a group to the workers; the groups before it become ready as their vectors come, in order."""
        group = self.writer.wanted(read)
        if group:
            self._embedding.append((group, self.workers.embed(*texts_of(group))))
        self._write(but=self.workers.ahead)

    def _write(self, but: int) -> None:
        while len(self._embedding) > but:
            self.writer.write(*self._embedding.popleft())

    def _cut(self, task: Task, reading: Reading) -> ReadSource:
        budget = self.settings.passage_tokens
        passages = tuple(passage for record in reading.records for passage in cut(record, budget))
        return ReadSource(task, reading.records, passages)

    def _tasks(self, found: Sequence[Found | tuple[Path, str]]) -> Iterator[Task]:
        """The sources that must be read, in order; everything else is settled on the way."""
        taken: set[str] = set()
        for one in found:
            if isinstance(one, tuple):
                self.tally.fail(str(one[0]), one[1])
                continue
            known = self.writer.paths.get(one.key)
            if known is not None and self._is_as_it_was(one, known):
                source = self.writer.sources[known.sha256]
                if source.state == "failed":
                    self.tally.fail(one.key, source.reason or "could not be read")
                else:
                    self.tally.known()
                continue
            try:
                sha256 = _hash(one, self.settings)
                before = self.writer.sources.get(sha256)
                given_on, basis = self._given(one, known, before)
            except OSError as error:
                self.tally.fail(one.key, f"{one.name}: cannot be read: {error.strerror or error}")
                continue
            except SourceError as error:
                self.tally.fail(one.key, str(error))
                continue
            if sha256 in taken and sha256 not in self.writer.finished:
                self.writer.follow(sha256, one)
            elif before is not None and (sha256 in taken or self._is_current(before, given_on, basis)):
                self.writer.meet_again(one, before)
            else:
                taken.add(sha256)
                # A ready source keeps its name: it is in citations.
                name = before.name if before is not None and before.state == "ready" else one.name
                source = Source(sha256, one.size, "pending", self.reader, name, None, None, given_on, basis)
                yield Task(source, one.path, one, before)
        for sha256, source in sorted(self.writer.sources.items()):
            path = self.library.originals.find(sha256)
            if (source.state == "pending" or source.unfinished) and sha256 not in taken and path is not None:
                self.tally.total += 1
                again = replace(source, reader=self.reader, state="pending", unfinished=False)
                yield Task(again, path, None, source)

    def _is_as_it_was(self, found: Found, known: KnownPath) -> bool:
        source = self.writer.sources[known.sha256]
        same_file = (known.size, known.mtime_ns, known.sidecar) == (found.size, found.mtime_ns, found.sidecar)
        same_day = self.published_on is None or self.published_on == source.given_on
        return same_file and same_day and self._is_current(source, source.given_on, source.given_basis)

    def _is_current(self, source: Source, given_on: date | None, basis: PublishedBasis | None) -> bool:
        return (
            source.state in ("ready", "failed")
            and not source.unfinished
            and source.reader == self.reader
            and (source.given_on, source.given_basis) == (given_on, basis)
        )

    def _given(
        self, found: Found, known: KnownPath | None, before: Source | None
    ) -> tuple[date | None, PublishedBasis | None]:
        """The publication date from outside: the option, else the sidecar, else what was given before.

        What was given stands against a sidecar that was there already; one that is new or changed wins.
        """
        if self.published_on is not None:
            return self.published_on, "given"
        day = published_in_sidecar(found.path)
        if before is not None and before.given_on is not None:
            other_name = before.name != found.name
            old_news = day is None or (known is not None and known.sidecar == found.sidecar)
            if other_name or (old_news and before.given_basis == "given"):
                return before.given_on, before.given_basis
        return day, "sidecar" if day is not None else None


def _hash(found: Found, settings: Settings) -> str:
    if found.size > settings.max_file_bytes:
        raise SourceError(
            f"{found.name}: {found.size // 2**20} MB, more than {settings.max_file_bytes // 2**20} MB;"
            " set JUPILU_MAX_FILE_BYTES to read it anyway"
        )
    told = hashlib.sha256()
    with found.path.open("rb") as file:
        while block := file.read(HASH_BLOCK):
            told.update(block)
    return told.hexdigest()
