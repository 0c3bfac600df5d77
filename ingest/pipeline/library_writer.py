"""Writing what was read: originals, indexes, and last the catalogue, so that a crash leaves nothing half seen."""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.language.folding import folded
from ingest.library.catalogue import KnownPath, Source, digest
from ingest.library.library import Library
from ingest.pipeline.report import Tally
from ingest.pipeline.sources import Found
from ingest.records import Passage, Record

if TYPE_CHECKING:
    from ingest.pipeline.reading_pool import Vectors

# A file written this short a time before it was read may change again without a new mtime.
FRESH_NS = 2_000_000_000
CHANGED = "it changed while it was read: run again"


@dataclass(frozen=True, slots=True)
class Task:
    """A source to be read: where its bytes are, where it was found (if not among the originals), and
    what was known of it before."""

    source: Source
    path: Path
    found: Found | None
    before: Source | None

    @property
    def told_path(self) -> str:
        """The path as a report shows it."""
        return self.found.key if self.found is not None else self.source.name


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source that was read: its records and their passages."""

    task: Task
    records: tuple[Record, ...]
    passages: tuple[Passage, ...]


def texts_of(group: Sequence[ReadSource]) -> tuple[list[str], list[str]]:
    """What is embedded of a group: its passages and their questions."""
    passages = [passage for one in group for passage in one.passages]
    return [passage.indexed_text for passage in passages], [folded(passage.question) for passage in passages]


class Writer:
    """Brings groups of sources into the library; `sources` and `paths` mirror the catalogue's.

    The order of steps is what makes a crash harmless: the original; the source as pending (or as
    unfinished, if it is ready); the indexes; one transaction that makes it ready; what it replaces
    leaves the indexes.
    """

    def __init__(self, library: Library, tally: Tally) -> None:
        self.library = library
        self.catalogue = library.catalogue
        self.tally = tally
        self.sources = self.catalogue.sources()
        self.paths = self.catalogue.paths()
        self.finished: set[str] = set()
        self._followers: dict[str, list[Found]] = defaultdict(list)

    def follow(self, sha256: str, found: Found) -> None:
        """Another file with the bytes of a source that is being read shares its fate."""
        self._followers[sha256].append(found)

    def meet_again(self, found: Found, source: Source) -> None:
        """A path that is new, or was touched, has bytes that are known."""
        known = self.paths.get(found.key)
        if source.state == "ready" and known is not None and known.shown not in (None, source.sha256):
            self.library.index.begin()  # another record may go: marked first, so that a kill is noticed
        with self.catalogue.transaction():
            self._put_path(found, source.sha256)
            gone = self._show(source.sha256) if source.state == "ready" else []
        self.library.index.delete(gone)
        if source.state == "failed":
            self.tally.fail(found.key, source.reason or "could not be read")
        elif known is None or known.sha256 != source.sha256:
            self.tally.duplicate(found.key, source.name)
        else:
            self.tally.known()

    def give_up(self, task: Task, reason: str) -> None:
        """A source could not be read this time; nothing is remembered, the next run tries again."""
        self.tally.fail(task.told_path, reason)
        self.finished.add(task.source.sha256)
        for found in self._followers.pop(task.source.sha256, []):
            self.tally.fail(found.key, reason)

    def refuse(self, broken: Sequence[tuple[Task, str]]) -> None:
        """Sources that cannot become records are remembered with the reason."""
        gone: list[str] = []
        if any(self._record_ids(task.source.sha256) for task, _ in broken):
            self.library.index.begin()
        with self.catalogue.transaction():
            for task, reason in broken:
                source = replace(task.source, state="failed", reason=reason)
                self._put_source(source)
                gone += self._record_ids(source.sha256)
                self.catalogue.connection.execute("DELETE FROM records WHERE sha256 = ?", (source.sha256,))
                self._put_paths(task)
        self.library.index.delete(gone)
        for task, reason in broken:
            self.tally.fail(task.told_path, reason)
            self._finish(task.source.sha256)

    def wanted(self, group: Sequence[ReadSource]) -> list[ReadSource]:
        """Those of a group that are to be embedded: that say something new, and whose originals are kept now."""
        return [one for one in group if not self._says_the_same(one) and self._keep_original(one)]

    def write(self, group: Sequence[ReadSource], vectors: Callable[[], Vectors]) -> None:
        """Sources that were read become ready.

        Args:
            group: as `wanted` gave it.
            vectors: waits for those of `texts_of(group)`.
        """
        with self.catalogue.transaction():
            for one in group:
                before = one.task.before
                ready = before is not None and before.state == "ready"
                self._put_source(replace(before, unfinished=True) if before and ready else one.task.source)
                self._put_paths(one.task)
        self._index(group, vectors)
        self.library.index.begin()
        gone: list[str] = []
        with self.catalogue.transaction():
            for one in group:
                sha256 = one.task.source.sha256
                self._put_source(replace(one.task.source, state="ready", format=one.records[0].format))
                gone += sorted(set(self._record_ids(sha256)) - {record.id for record in one.records})
                self.catalogue.put_records(one.records, one.passages)
                gone += self._show(sha256)
        self.library.index.delete(gone)
        for one in group:
            before = one.task.before
            self.tally.read(one.task.told_path, one.records, before is not None and before.state == "ready")
            self._finish(one.task.source.sha256)

    def _index(self, group: Sequence[ReadSource], vectors: Callable[[], Vectors]) -> None:
        passages = [passage for one in group for passage in one.passages]
        if not passages:
            return
        found = vectors()
        index = self.library.index
        index.delete(index.store.known_records([record.id for one in group for record in one.records]))
        index.add(passages, *found)
        self.tally.passages += len(passages)

    def _says_the_same(self, one: ReadSource) -> bool:
        """Whether a ready source, read again, says what it said; then only its reader is new."""
        before = one.task.before
        if before is None or before.state != "ready" or before.unfinished:
            return False
        old = self.catalogue.rows("SELECT id, digest FROM records WHERE sha256 = ?", (before.sha256,))
        if {row["id"]: row["digest"] for row in old} != {record.id: digest(record) for record in one.records}:
            return False
        if list(one.passages) != self.library.passages([passage.id for passage in one.passages]):
            return False
        if self._may_replace(before.sha256):
            self.library.index.begin()
        with self.catalogue.transaction():
            self._put_source(replace(one.task.source, state="ready", format=before.format))
            self._put_paths(one.task)
            gone = self._show(before.sha256)
        self.library.index.delete(gone)
        self.tally.known()
        self._finish(before.sha256)
        return True

    def _keep_original(self, one: ReadSource) -> bool:
        task = one.task
        try:
            data = task.path.read_bytes()
        except OSError as error:
            self.give_up(task, f"{task.source.name}: cannot be read: {error.strerror or error}")
            return False
        if hashlib.sha256(data).hexdigest() != task.source.sha256:
            self.give_up(task, f"{task.source.name}: {CHANGED}")
            return False
        self.library.originals.keep(task.source.sha256, data)
        return True

    def _finish(self, sha256: str) -> None:
        self.finished.add(sha256)
        source = self.sources[sha256]
        for found in self._followers.pop(sha256, []):
            if source.state == "failed":
                self.tally.fail(found.key, source.reason or "could not be read")
            else:
                self.tally.duplicate(found.key, source.name)

    def _put_source(self, source: Source) -> None:
        self.catalogue.put_source(source)
        self.sources[source.sha256] = source

    def _put_paths(self, task: Task) -> None:
        for found in [*([task.found] if task.found else []), *self._followers.get(task.source.sha256, [])]:
            self._put_path(found, task.source.sha256)

    def _put_path(self, found: Found, sha256: str) -> None:
        known = self.paths.get(found.key)
        fresh = time.time_ns() - found.mtime_ns < FRESH_NS
        self.paths[found.key] = now = KnownPath(
            path=found.key,
            name=found.name,
            size=found.size,
            mtime_ns=-1 if fresh else found.mtime_ns,
            sidecar=found.sidecar,
            sha256=sha256,
            shown=known.shown if known is not None else None,
        )
        self.catalogue.put_path(now)

    def _may_replace(self, sha256: str) -> bool:
        """Whether a path with these bytes still stands for others."""
        query = "SELECT 1 FROM paths WHERE sha256 = ? AND shown IS NOT NULL AND shown != sha256"
        return bool(self.catalogue.rows(query, (sha256,)))

    def _show(self, sha256: str) -> list[str]:
        """Paths with these bytes now stand for them; gives the ids of records that no path shows any more."""
        rows = self.catalogue.rows("SELECT path, shown FROM paths WHERE sha256 = ?", (sha256,))
        self.catalogue.connection.execute("UPDATE paths SET shown = sha256 WHERE sha256 = ?", (sha256,))
        for row in rows:
            self.paths[row["path"]] = replace(self.paths[row["path"]], shown=sha256)
        gone: list[str] = []
        for old in sorted({row["shown"] for row in rows} - {None, sha256}):
            if not self.catalogue.rows("SELECT 1 FROM paths WHERE shown = ?", (old,)):
                self._put_source(replace(self.sources[old], state="superseded", unfinished=False))
                gone += self._record_ids(old)
        return gone

    def _record_ids(self, sha256: str) -> list[str]:
        rows = self.catalogue.rows("SELECT id FROM records WHERE sha256 = ? ORDER BY id", (sha256,))
        return [str(row["id"]) for row in rows]
