"""What a disk can do to a library, as one line: which file, what is wrong with it, and the command that helps."""

from __future__ import annotations

import errno
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ingest.errors import JupiluError, LibraryBusy, LibraryDamaged, LibraryError

_FULL: Final = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
_NO_FILE: Final = frozenset([errno.EISDIR, errno.ELOOP])
_FORBIDDEN: Final = frozenset([errno.EACCES, errno.EPERM, errno.EROFS])
_UNREADABLE: Final = (
    zlib.error,
    json.JSONDecodeError,
    UnicodeError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    RecursionError,
)
"""What decoding bytes raises that are not what was written."""


@contextmanager
def explained(file: Path, library: Path, *, decoding: bool = False) -> Iterator[None]:
    """Whatever SQLite or the disk raises about a file of a library becomes a LibraryError of one line.

    Args:
        file: that is read or written inside.
        library: its folder, for the command that helps.
        decoding: inside are also stored values decoded, which raises ValueError and the like where they are damaged.

    Raises:
        LibraryDamaged: the file is broken; `jupilu doctor --repair` helps.
        LibraryBusy: another process holds it.
        LibraryError: the disk is full, or the file can't be read or written by this user.
    """
    try:
        yield
    except (JupiluError, TimeoutError):
        raise
    except sqlite3.Error as error:
        raise of_sqlite(error, file, library) from error
    except OSError as error:
        place = Path(str(error.filename)) if error.filename else file
        if error.errno in _NO_FILE and place != library:
            raise damaged(place, library, error.strerror or str(error)) from error
        raise of_disk(error, file) from error
    except _UNREADABLE as error:
        if not decoding:
            raise
        raise damaged(file, library, f"{type(error).__name__} while it was read") from error


def damaged(file: Path, library: Path, detail: str) -> LibraryDamaged:
    """The one line for a broken file."""
    return LibraryDamaged(
        f"{file} is broken ({one_line(detail)}): jupilu doctor --repair --library {library}"
    )


def of_sqlite(error: sqlite3.Error, file: Path, library: Path) -> LibraryError:
    """What an error of SQLite means for the one who asked."""
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryBusy(f"another process holds {file}: try again when it is done")
    if primary == sqlite3.SQLITE_FULL:
        return _full(file)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return _forbidden(file)
    if primary == sqlite3.SQLITE_CANTOPEN and (file.is_dir() or _leads_nowhere(file)):
        return damaged(file, library, "it is no file")
    if primary == sqlite3.SQLITE_CANTOPEN:
        return LibraryError(
            f"{file} cannot be opened: see who owns {library} and whether it can be written, or name another with --library"
        )
    if primary == sqlite3.SQLITE_IOERR:
        return LibraryError(
            f"the disk failed at {file} ({one_line(str(error))}): see to the disk, then run again"
        )
    return damaged(file, library, str(error))


def of_disk(error: OSError, file: Path) -> LibraryError:
    """What an error of the operating system means for the one who asked."""
    place = Path(str(error.filename)) if error.filename else file
    if error.errno in _FULL:
        return _full(place)
    if error.errno in _FORBIDDEN:
        return _forbidden(place)
    if error.errno == errno.ENAMETOOLONG:
        shown = str(place)
        return LibraryError(
            f"the path {shown[:60]}… is too long ({len(shown)} characters): name a shorter one"
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return LibraryError(f"{place} is no folder: name another with --library")
    return LibraryError(
        f"{place}: {one_line(error.strerror or str(error))}; name another folder with --library"
    )


def _full(file: Path) -> LibraryError:
    return LibraryError(
        f"the disk is full at {file}: make room and run again, nothing that was ready is lost"
    )


def _forbidden(file: Path) -> LibraryError:
    return LibraryError(
        f"{file} cannot be read or written by this user: change its owner or its rights, or name another with --library"
    )


def _leads_nowhere(file: Path) -> bool:
    try:
        file.stat()
    except OSError:
        return file.is_symlink()
    return False


def one_line(text: str) -> str:
    """A reason of others without line breaks, at most 200 characters."""
    return " ".join(text.split())[:200]
