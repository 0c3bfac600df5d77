"""SQLite files of a library: opened for this user, who may perhaps only read."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from ingest.library.damage import explained


def connect(path: Path) -> tuple[sqlite3.Connection, bool]:
    """A connection, and whether it only reads: where the folder can't be written, SQLite's usual way of sharing fails.

    Raises:
        LibraryError: this user can't open it.
    """
    with explained(path, path.parent):
        alone = path.is_file() and not os.access(path.parent, os.W_OK)
        # Nobody who can't write here knows of a writer; what waits in a journal would be left out.
        if alone and not _has_bytes(path.with_name(path.name + "-wal")):
            place = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
            return sqlite3.connect(place, uri=True, check_same_thread=False, isolation_level=None), True
        connection = sqlite3.connect(path, timeout=60.0, check_same_thread=False, isolation_level=None)
        return connection, False


def _has_bytes(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0


def columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """All (table, column) of a database."""
    query = "SELECT m.name, c.name FROM sqlite_schema AS m JOIN pragma_table_info(m.name) AS c WHERE m.type = 'table'"
    return {(str(table), str(column)) for table, column in connection.execute(query)}
