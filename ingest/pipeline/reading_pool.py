"""Reading source files in processes of their own: a file that kills its reader costs that file alone.

Each worker is `python -m ingest.pipeline.reading_pool`, spoken to in pickles over its standard streams. It is
no `multiprocessing` pool because one dead worker breaks a `ProcessPoolExecutor` for all files, and
because that would import the caller's script again.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Protocol, Self, TypeAlias

from ingest.errors import SourceError
from ingest.pipeline.watching import Allowance, Excess, Watch
from ingest.readers.allowance import granted_by
from ingest.records import PublishedBasis, Record
from ingest.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    from ingest.embedding.bundled import Embedder

    Vectors: TypeAlias = tuple[NDArray[numpy.float32], NDArray[numpy.float32]]

LENGTH = struct.Struct("<Q")
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read: `path` holds the bytes, `name` is what the file is called."""

    path: Path
    name: str
    published_on: date | None = None
    basis: PublishedBasis = "given"


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a job: records, or a one-line reason why there are none.

    `lasting` is False where the reason may be gone the next time (a worker that hung or was killed by others).
    """

    job: Job
    records: tuple[Record, ...] = ()
    reason: str | None = None
    lasting: bool = True


class Workers(Protocol):
    """Who reads and embeds for one ingest."""

    ahead: int
    """So many groups may be embedded at a time, before the first of them is written."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def read(self, jobs: Iterable[Job]) -> Iterator[Reading]:
        """The readings in the order of the jobs."""

    def embed(self, passages: Sequence[str], questions: Sequence[str]) -> Callable[[], Vectors]:
        """Begins to embed texts; what is given waits for the vectors of the passages and of the questions."""


class ReadingPool:
    """Reads jobs in two worker processes and gives the results in the order of the jobs."""

    def __init__(self, settings: Settings, workers: int = WORKERS) -> None:
        """Starts nothing before the first job.

        Args:
            settings: limits that the readers keep; `max_seconds` and `max_megabytes` are enforced from outside.
            workers: how many processes.
        """
        self._settings = settings
        self._count = workers
        self._mine = threading.local()
        self._workers: list[subprocess.Popen[bytes]] = []
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(wait=error is None, cancel_futures=True)
        for worker in self._workers:
            worker.kill()
            worker.wait()
            for stream in (worker.stdin, worker.stdout):
                if stream is not None:
                    with suppress(OSError):
                        stream.close()

    def read(self, jobs: Iterable[Job]) -> Iterator[Reading]:
        """The readings in the order of the jobs; never more than a few are held in memory."""
        ahead: deque[Future[Reading]] = deque()
        for job in jobs:
            ahead.append(self._threads.submit(self._read, job))
            if len(ahead) > 2 * self._count:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def _read(self, job: Job) -> Reading:
        worker = self._worker()
        if worker.stdin is None or worker.stdout is None:
            raise AssertionError("a worker has pipes")
        limits = self._settings
        with Watch(worker, limits.max_seconds, limits.max_megabytes) as watch:
            try:
                send(worker.stdin, (job, limits))
                while isinstance(answer := receive(worker.stdout), Allowance):
                    watch.allow(answer)
                records, reason = answer
                return Reading(job, records=records, reason=reason)
            except (OSError, EOFError, pickle.UnpicklingError):
                worker.kill()
                status = worker.wait()
                self._mine.worker = None
        return _stopped(job, watch.excess, status, limits)

    def _worker(self) -> subprocess.Popen[bytes]:
        worker: subprocess.Popen[bytes] | None = getattr(self._mine, "worker", None)
        if worker is None or worker.poll() is not None:
            worker = subprocess.Popen(
                [sys.executable, "-m", "ingest.pipeline.reading_pool"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=worker_environment(),
            )
            self._mine.worker = worker
            self._workers.append(worker)
        return worker


class LocalWorkers(ReadingPool):
    """Reads in processes of its own, and embeds in this one."""

    ahead = 0

    def __init__(self, settings: Settings, embeddings: Callable[[], Embedder]) -> None:
        """
        Args:
            settings: as for a reading pool.
            embeddings: gives the library's model, when the first text is embedded.
        """
        super().__init__(settings)
        self._embeddings = embeddings

    def embed(self, passages: Sequence[str], questions: Sequence[str]) -> Callable[[], Vectors]:
        """The vectors, computed when they are asked for."""
        from ingest.embedding.embeddings import embed_all

        return lambda: embed_all(self._embeddings(), passages, questions)


def _stopped(job: Job, excess: Excess | None, status: int, limits: Settings) -> Reading:
    """The reading of a job whose worker is dead; what the file itself made it do is remembered."""
    if excess == "memory":
        return Reading(job, reason=_too_much_memory(job, limits))
    if excess is not None:
        reason = (
            f"{job.name}: reading it took longer than {limits.max_seconds:.0f} s and was stopped; "
            "set JUPILU_MAX_SECONDS to read it anyway"
        )
        return Reading(job, reason=reason, lasting=excess == "time")
    return Reading(job, reason=f"{job.name}: the reader died of it (status {status})", lasting=status != -9)


def _too_much_memory(job: Job, limits: Settings) -> str:
    return (
        f"{job.name}: reading it needs more memory than {limits.max_megabytes} MB; "
        "set JUPILU_MAX_MEGABYTES to read it anyway"
    )


def read_job(job: Job, settings: Settings) -> tuple[tuple[Record, ...], str | None]:
    """The records in a file, or the reason why there are none; raises nothing that the file can cause."""
    from ingest.reading.source_file import read_records

    try:
        if job.path.stat().st_size > settings.max_file_bytes:
            raise SourceError(f"{job.name}: larger than {settings.max_file_bytes // 2**20} MB")
        data = job.path.read_bytes()
        records = read_records(data, job.name, settings, published_on=job.published_on, basis=job.basis)
        for record in records:
            _check(record)
    except SourceError as error:
        return (), _one_line(str(error))
    except OSError as error:
        return (), _one_line(f"{job.name}: cannot be read: {error.strerror or error}")
    except MemoryError:
        return (), _too_much_memory(job, settings)
    except Exception as error:  # noqa: BLE001 - a fault in a reader costs one file, and is told
        return (), _one_line(
            f"{job.name}: reading it failed ({type(error).__name__}: {error}); please report it"
        )
    return tuple(records), None


def _check(record: Record) -> None:
    """A record whose citations would not hold must not get further than here."""
    record.text.encode("utf-8")
    for pair in record.pairs:
        if (pair.question_span.of(record.text), pair.answer_span.of(record.text)) != (
            pair.question,
            pair.answer,
        ):
            raise ValueError(f"question and answer {pair.number} are not where they should be")
    for statement in record.statements:
        if statement.span.of(record.text) != statement.text:
            raise ValueError(f"the statement {statement.title!r} is not where it should be")
    if len({pair.number for pair in record.pairs}) < len(record.pairs):
        raise ValueError("two questions have the same number")


def main() -> None:
    """Answer jobs until the other side is gone."""
    incoming, outgoing = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupted parent closes the pipe
    granted_by(lambda seconds, megabytes: send(outgoing, Allowance(seconds, megabytes)))
    with suppress(EOFError, BrokenPipeError):
        while True:
            job, settings = receive(incoming)
            send(outgoing, read_job(job, settings))


def worker_environment() -> dict[str, str]:
    """The environment in which a worker finds this program, whatever the caller's folder is."""
    home = str(Path(__file__).resolve().parents[2])
    paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths)}


def send(stream: IO[bytes], message: Any) -> None:
    """A message to the other end, in pickles."""
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next message from the other end. Raises EOFError when there is none."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(head)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    # Both ends are this program.
    return pickle.loads(data)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:500]


if __name__ == "__main__":
    # Under its own name, so that both ends pickle the same classes.
    from ingest.pipeline.reading_pool import main as run

    run()
