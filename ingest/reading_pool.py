"""Reading source files in processes of their own: a file that kills its reader costs that file alone.

Each worker is `python -m ingest.reading_pool`, spoken to in pickles over its standard streams. It is
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
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ingest.errors import SourceError
from ingest.records import PublishedBasis, Record
from ingest.settings import Settings

LENGTH = struct.Struct("<Q")
WORKERS = 2
# Readers bound their own work; these stop what they overlook.
SECONDS_PER_FILE = 120.0
BYTES_PER_WORKER = 2 * 2**30


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

    `lasting` is False where the reason may be gone the next time (a time limit, a killed worker).
    """

    job: Job
    records: tuple[Record, ...] = ()
    reason: str | None = None
    lasting: bool = True


class ReadingPool:
    """Reads jobs in two worker processes and gives the results in the order of the jobs."""

    def __init__(self, settings: Settings, seconds_per_file: float = SECONDS_PER_FILE) -> None:
        """Starts nothing before the first job.

        Args:
            settings: limits that the readers keep.
            seconds_per_file: after so long a worker is killed.
        """
        self._settings = settings
        self._seconds = seconds_per_file
        self._mine = threading.local()
        self._workers: list[subprocess.Popen[bytes]] = []
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="reading")

    def __enter__(self) -> ReadingPool:
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
            if len(ahead) > 2 * WORKERS:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()

    def _read(self, job: Job) -> Reading:
        worker = self._worker()
        if worker.stdin is None or worker.stdout is None:
            raise AssertionError("a worker has pipes")
        overtime = threading.Event()

        def stop() -> None:
            overtime.set()
            worker.kill()

        timer = threading.Timer(self._seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            _send(worker.stdin, (job, self._settings))
            answer = _receive(worker.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            worker.kill()
            status = worker.wait()
            self._mine.worker = None
            if overtime.is_set():
                reason = f"{job.name}: reading it took longer than {self._seconds:.0f} s and was stopped"
            else:
                reason = f"{job.name}: the reader died of it (status {status})"
            return Reading(job, reason=reason, lasting=not overtime.is_set() and status != -9)
        finally:
            timer.cancel()
        records, reason = answer
        return Reading(job, records=records, reason=reason)

    def _worker(self) -> subprocess.Popen[bytes]:
        worker: subprocess.Popen[bytes] | None = getattr(self._mine, "worker", None)
        if worker is None or worker.poll() is not None:
            home = str(Path(__file__).resolve().parent.parent)
            paths = [home, *filter(None, [os.environ.get("PYTHONPATH")])]
            worker = subprocess.Popen(
                [sys.executable, "-m", "ingest.reading_pool"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            )
            self._mine.worker = worker
            self._workers.append(worker)
        return worker


def read_job(job: Job, settings: Settings) -> tuple[tuple[Record, ...], str | None]:
    """The records in a file, or the reason why there are none; raises nothing that the file can cause."""
    from ingest.reading import read_records

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
        return (), f"{job.name}: reading it needs more memory than {BYTES_PER_WORKER // 2**30} GB"
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
    _limit_memory()
    with suppress(EOFError, BrokenPipeError):
        while True:
            job, settings = _receive(incoming)
            _send(outgoing, read_job(job, settings))


def _limit_memory() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (BYTES_PER_WORKER, BYTES_PER_WORKER))


def _send(stream: IO[bytes], message: Any) -> None:
    data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    stream.write(LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> Any:
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
    from ingest.reading_pool import main as run

    run()
