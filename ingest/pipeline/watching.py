"""A worker's time and memory, watched from outside: what reads a hostile file can't be trusted to stop itself."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

EVERY_SECONDS = 0.03
"""How often a worker is looked at: memory grows by a few dozen MB meanwhile, at most."""
WALL_PER_SECOND = 3.0
"""The clock on the wall may run so many times longer than the processor: other programs want the machine, too."""
SPARE_BYTES = 768 * 2**20
"""Address space beyond the memory allowed; libraries reserve more than they use."""

Excess = Literal["time", "hang", "memory"]


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a worker asks for beyond a file's usual bounds, before it recognises scanned pages."""

    seconds: float
    megabytes: int


class Watch:
    """Kills a worker that takes more than it may for one file; `excess` says of what."""

    def __init__(self, worker: subprocess.Popen[bytes], seconds: float, megabytes: int) -> None:
        """Begins to look on entry, ends on exit.

        Args:
            worker: the process that reads.
            seconds: of processor time, where the system tells it; else of the clock's.
            megabytes: of memory in use.
        """
        self.excess: Excess | None = None
        self._worker = worker
        self._seconds = seconds
        self._bytes = megabytes * 2**20
        self._done = threading.Event()
        self._begun = time.monotonic()
        self._before = processor_seconds(worker.pid)
        self._thread = threading.Thread(target=self._look, daemon=True, name="watching a reader")

    def __enter__(self) -> Watch:
        self._limit_address_space()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def allow(self, more: Allowance) -> None:
        """Lets the worker have more for this file."""
        self._seconds += more.seconds
        self._bytes += more.megabytes * 2**20
        self._limit_address_space()

    def _look(self) -> None:
        while not self._done.wait(EVERY_SECONDS):
            self.excess = self._exceeds()
            if self.excess:
                self._worker.kill()
                return

    def _exceeds(self) -> Excess | None:
        if memory_bytes(self._worker.pid) > self._bytes:
            return "memory"
        wall = time.monotonic() - self._begun
        spent = processor_seconds(self._worker.pid)
        if spent is None or self._before is None:
            return "time" if wall > self._seconds else None
        if spent - self._before > self._seconds:
            return "time"
        return "hang" if wall > WALL_PER_SECOND * self._seconds else None

    def _limit_address_space(self) -> None:
        """The kernel refuses what grows faster than anybody looks."""
        if sys.platform == "linux":
            import resource

            with suppress(OSError, ValueError):
                _, hard = resource.prlimit(self._worker.pid, resource.RLIMIT_AS)
                resource.prlimit(self._worker.pid, resource.RLIMIT_AS, (self._bytes + SPARE_BYTES, hard))


def processor_seconds(process: int) -> float | None:
    """How long a process has kept processors busy so far; None where the system does not tell."""
    try:
        told = Path(f"/proc/{process}/stat").read_bytes()
        user, system = told.rpartition(b")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def memory_bytes(process: int) -> int:
    """How much memory a process has in use; 0 where the system does not tell."""
    try:
        resident = Path(f"/proc/{process}/statm").read_bytes().split()[1]
        return int(resident) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0
