"""Removing a record from the page: for some seconds it can be undone, then it goes as `jupilu remove` does it.

What waits is kept in memory alone: where the page's program ends meanwhile, the record stays.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.errors import JupiluError, RecordUnknown

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file that will go; `records` are all that came from it, `until` is when (`time.monotonic`)."""

    records: frozenset[str]
    until: float


class Removals:
    """The removals that can still be undone; safe between threads."""

    def __init__(self, remove: Callable[[Sequence[str]], object], seconds: float) -> None:
        """
        Args:
            remove: takes records out of the library for good.
            seconds: how long a removal can be undone.
        """
        self._remove = remove
        self._seconds = seconds
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[Leaving, threading.Timer]] = {}
        self._failed: dict[str, JupiluError] = {}

    def ask(self, source: str, records: Collection[str]) -> None:
        """Remove what came from one source, unless that is undone in time."""
        with self._lock:
            self._failed.pop(source, None)
            if source in self._waiting:
                return
            timer = threading.Timer(self._seconds, self._end, args=(source,))
            timer.daemon = True  # whoever ends the program ends the removal
            leaving = Leaving(frozenset(records), time.monotonic() + self._seconds)
            self._waiting[source] = leaving, timer
            timer.start()

    def undo(self, source: str) -> bool:
        """Keep it after all; False where it is too late."""
        with self._lock:
            leaving = self._waiting.get(source)
            if leaving is None or leaving[0].until <= time.monotonic():
                return False
            leaving[1].cancel()
            del self._waiting[source]
            return True

    def waiting(self) -> Mapping[str, float]:
        """The sources that are to go, and in how many seconds; 0 for one that is being taken out."""
        now = time.monotonic()
        with self._lock:
            return {name: max(0.0, one.until - now) for name, (one, _) in self._waiting.items()}

    def failed(self) -> Mapping[str, JupiluError]:
        """The sources that could not be taken out, and why."""
        with self._lock:
            return dict(self._failed)

    def _end(self, source: str) -> None:
        with self._lock:
            leaving = self._waiting[source][0]
        try:
            self._remove(sorted(leaving.records))
        except RecordUnknown:
            pass  # somebody else has removed it: that is what was wanted
        except JupiluError as error:
            logger.warning("not removed: %s", error)
            with self._lock:
                self._failed[source] = error
        finally:
            with self._lock:
                self._waiting.pop(source, None)
