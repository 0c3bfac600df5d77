"""One writer at a time: a lock that the operating system takes back from a process that was killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.errors import LibraryBusy
from ingest.library.damage import explained


@contextmanager
def sole_writer(
    library: Path, patience: float = 600.0, on_waiting: Callable[[], None] | None = None
) -> Iterator[None]:
    """Holds the library's writing lock.

    Args:
        library: the library's folder.
        patience: seconds to wait for another writer.
        on_waiting: called once if there is another writer.

    Raises:
        LibraryBusy: the other writer has not finished in time.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(library / "writing.lock")
    try:
        with explained(library / "writing.lock", library):
            try:
                lock.acquire(timeout=0)
            except Timeout:
                if on_waiting is not None:
                    on_waiting()
                lock.acquire(timeout=patience, poll_interval=0.2)
    except Timeout as error:
        raise LibraryBusy(
            f"another process has been writing to {library} for {patience:.0f} s: try again when it is done"
        ) from error
    try:
        yield
    finally:
        lock.release()


def being_written(library: Path) -> bool:
    """Whether somebody holds the writing lock just now."""
    from filelock import FileLock, Timeout

    lock = FileLock(library / "writing.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    except OSError:  # who may not write here can't know
        return False
    lock.release()
    return False
