"""What an ingest tells: while it runs, and at its end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, Protocol

from ingest.records import Record

Phase = Literal["waiting", "looking", "reading", "settling", "done"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an ingest is.

    `rate` is files a second since the start; `remaining` is seconds, None while unknown. `waiting`
    means that another process writes to the library.
    """

    phase: Phase
    done: int = 0
    total: int = 0
    failed: int = 0
    passages: int = 0
    seconds: float = 0.0
    rate: float = 0.0
    remaining: float | None = None


class Progress(Protocol):
    """Anything that can be called with a `Standing`; called from the thread that ingests."""

    def __call__(self, standing: Standing, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Ingested:
    """A file whose records are now in the library."""

    path: str
    records: tuple[str, ...]
    pairs: int
    statements: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A file whose bytes the library has already, from a file of this name."""

    path: str
    same_as: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that cost itself alone, and the one-line reason."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of each file.

    `unchanged` counts files that were known already; `records` counts what the library now holds.
    """

    added: tuple[Ingested, ...]
    updated: tuple[Ingested, ...]
    unchanged: int
    duplicates: tuple[Duplicate, ...]
    failed: tuple[Failure, ...]
    records: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """The report as one JSON document."""
        return asdict(self) | {"seconds": round(self.seconds, 3)}

    def summary(self) -> str:
        """The counts in one line."""
        return (
            f"{len(self.added)} added, {len(self.updated)} updated, {self.unchanged} unchanged,"
            f" {len(self.duplicates)} duplicates, {len(self.failed)} failed;"
            f" the library holds {self.records} records ({self.seconds:.1f} s)"
        )


class Tally:
    """Counts what becomes of each file, and tells how far the ingest is."""

    def __init__(self, progress: Progress | None) -> None:
        self.started = time.monotonic()
        self.total = self.done = self.passages = self.unchanged = 0
        self.added: list[Ingested] = []
        self.updated: list[Ingested] = []
        self.duplicates: list[Duplicate] = []
        self.failed: list[Failure] = []
        self._progress = progress

    def read(self, path: str, records: Sequence[Record], update: bool) -> None:
        """A file was read and its records are ready."""
        told = Ingested(
            path=path,
            records=tuple(record.id for record in records),
            pairs=sum(len(record.pairs) for record in records),
            statements=sum(len(record.statements) for record in records),
            warnings=tuple(warning for record in records for warning in record.warnings),
        )
        (self.updated if update else self.added).append(told)
        self._count()

    def known(self) -> None:
        """A file is as it was."""
        self.unchanged += 1
        self._count()

    def duplicate(self, path: str, same_as: str) -> None:
        """A file has the bytes of another."""
        self.duplicates.append(Duplicate(path, same_as))
        self._count()

    def fail(self, path: str, reason: str) -> None:
        """A file cannot become a record, or not now."""
        self.failed.append(Failure(path, reason))
        self._count()

    def tell(self, phase: Phase) -> None:
        """Calls the progress callback, if there is one."""
        if self._progress is None:
            return
        seconds = time.monotonic() - self.started
        rate = self.done / seconds if seconds > 0 else 0.0
        remaining = (self.total - self.done) / rate if rate > 0 else None
        failed = len(self.failed)
        self._progress(
            Standing(phase, self.done, self.total, failed, self.passages, seconds, rate, remaining)
        )

    def report(self, records: int) -> IngestReport:
        """The report, with the number of records that the library holds now."""
        return IngestReport(
            added=tuple(self.added),
            updated=tuple(self.updated),
            unchanged=self.unchanged,
            duplicates=tuple(self.duplicates),
            failed=tuple(self.failed),
            records=records,
            seconds=time.monotonic() - self.started,
        )

    def _count(self) -> None:
        self.done += 1
        self.tell("reading")
