"""Reading and embedding on Ray workers, on this machine or on many: more of the same work at a time, the same library.

Each worker reads files in a process of its own (`ingest.pipeline.reading_pool`: a file that kills its reader costs that file
alone) and embeds groups of passages with a model of its own. Files travel as bytes, so that the workers need not see the
folder. One process writes: the one that called.

A worker that dies is started again by Ray and gets its files again. What several workers die of is reported as one
file's failure and tried again by the next run; a group that could not be embedded there is embedded here.
"""

from __future__ import annotations

import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from ingest.embedding.embeddings import embed_all, open_embeddings
from ingest.errors import ExtraMissing, JupiluError
from ingest.pipeline.reading_pool import Job, Reading, ReadingPool
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.embedding.bundled import Embedder
    from ingest.pipeline.reading_pool import Vectors

TRIES_AGAIN: Final = 2
"""So often a file is given to a worker again that died while it had it."""
FILES_AHEAD, GROUPS_AHEAD = 16, 2
"""Files, and groups of passages, that each worker may have waiting."""


class RayWorkers:
    """Reads and embeds on several Ray actors; the same face as `ingest.pipeline.reading_pool.LocalWorkers`."""

    def __init__(self, settings: Settings, embeddings: Embedder, own: Embedder | None, workers: int) -> None:
        """Starts Ray on this machine, or joins the cluster that `RAY_ADDRESS` names.

        Args:
            settings: the library's; the workers get it without keys.
            embeddings: the library's, for what the workers could not embed.
            own: what the caller embeds with, which must be picklable; None for the model that the settings name.
            workers: how many; each takes one processor.

        Raises:
            ExtraMissing: Ray is not installed.
            JupiluError: there is no cluster at `RAY_ADDRESS`.
        """
        self._ray = _started(workers)
        self._embeddings = embeddings
        plain = settings.model_copy(update={"threads": 1, "chroma_token": None, "model_api_key": None})
        actor = self._ray.remote(
            num_cpus=1,
            max_restarts=-1,
            max_task_retries=TRIES_AGAIN,
            concurrency_groups={"reading": 1, "embedding": 1},
        )(RayWorker)
        self._actors = [actor.remote(plain, own) for _ in range(workers)]
        self._given: list[list[Any]] = [[] for _ in self._actors]
        self.ahead = GROUPS_AHEAD * workers

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for actor in self._actors:
            self._ray.kill(actor)
        self._ray.shutdown()

    def read(self, jobs: Iterable[Job]) -> Iterator[Reading]:
        """The readings in the order of the jobs."""
        waiting: deque[tuple[Job, Any]] = deque()
        for number, job in enumerate(jobs):
            actor = self._actors[number % len(self._actors)]
            waiting.append((job, actor.read.remote(replace(job, path=Path(job.path.name)), _bytes_of(job))))
            if len(waiting) > FILES_AHEAD * len(self._actors):
                yield self._reading(*waiting.popleft())
        while waiting:
            yield self._reading(*waiting.popleft())

    def embed(self, passages: Sequence[str], questions: Sequence[str]) -> Callable[[], Vectors]:
        """Begins to embed on the worker that has least to do; what is given waits for the vectors."""
        import ray.exceptions

        for at, given in enumerate(self._given):
            self._given[at] = self._ray.wait(given, num_returns=len(given), timeout=0)[1] if given else []
        at = min(range(len(self._actors)), key=lambda one: len(self._given[one]))
        promised = self._actors[at].embed.remote(list(passages), list(questions))
        self._given[at].append(promised)

        def vectors() -> Vectors:
            try:
                found: Vectors = self._ray.get(promised)
            except ray.exceptions.RayActorError:
                return embed_all(self._embeddings, passages, questions)
            except ray.exceptions.RayTaskError as error:
                raise error.cause if isinstance(error.cause, JupiluError) else error from None
            return found

        return vectors

    def _reading(self, job: Job, promised: Any) -> Reading:
        import ray.exceptions

        try:
            found: Reading = self._ray.get(promised)
            return replace(found, job=job)
        except ray.exceptions.RayError as error:
            told = f"{job.name}: its Ray worker died or failed ({type(error).__name__}); run again"
            return Reading(job, reason=told, lasting=False)


class RayWorker:
    """What runs in each actor."""

    def __init__(self, settings: Settings, own: Embedder | None) -> None:
        self._settings = settings
        self._embeddings = own
        self._pool: ReadingPool | None = None

    def process(self) -> int:
        """The process's id."""
        return os.getpid()

    def read(self, job: Job, data: bytes | None) -> Reading:
        """The reading of a file whose bytes came along (None: they could not be read, which is told as usual)."""
        if self._pool is None:
            self._pool = ReadingPool(self._settings, workers=1)
        with tempfile.TemporaryDirectory(prefix="jupilu-reading-") as folder:
            path = Path(folder, "file")
            if data is not None:
                path.write_bytes(data)
            (reading,) = self._pool.read([replace(job, path=path)])
        return reading

    def embed(self, passages: Sequence[str], questions: Sequence[str]) -> Vectors:
        """The vectors of passages and of their questions."""
        if self._embeddings is None:
            self._embeddings = open_embeddings(self._settings)
        return embed_all(self._embeddings, passages, questions)


def _bytes_of(job: Job) -> bytes | None:
    try:
        return job.path.read_bytes()
    except OSError:
        return None


def require_ray() -> Any:
    """The Ray package. Raises ExtraMissing where it is not installed."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
    try:
        import ray
    except ImportError as error:
        raise ExtraMissing("--ray needs Ray: pip install 'jupilu[scale]', or leave --ray out") from error
    return ray


def _started(workers: int) -> Any:
    ray = require_ray()
    cluster = os.environ.get("RAY_ADDRESS")
    try:
        ray.init(
            num_cpus=None if cluster else workers,
            include_dashboard=False if not cluster else None,
            log_to_driver=False,
            logging_level="ERROR",
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        told = " ".join(str(error).split())[:200]
        raise JupiluError(
            f"Ray cannot be started or reached ({told}): see to it, or leave --ray out"
        ) from error
    return ray
