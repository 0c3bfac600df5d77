"""What is new to a visitor: which records came since the visit before. One SQLite file beside the library.

The catalogue does not say when a record came, so that is noted here when somebody looks: a record that no visitor
has been shown yet is new to all who were here before.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

FILE_NAME = "visits.sqlite"
"""In the library's folder."""
SAME_VISIT: Final = 30 * 60.0
"""Seconds without a look after which the next look is another visit."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS noted (record TEXT PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS visitors (user TEXT PRIMARY KEY, before REAL NOT NULL, seen REAL NOT NULL) WITHOUT ROWID;
"""
logger = logging.getLogger(__name__)


class Visits:
    """When each visitor was here, and when each record was first met; every call opens the file anew."""

    def __init__(self, path: Path) -> None:
        """`path` is made at the first look."""
        self._path = path

    def new_to(self, user: str, records: Collection[str], now: float) -> frozenset[str]:
        """Notes that a visitor looks; gives the records that came since the visit before.

        Args:
            user: as `ui.web.routes.user_of` names visitors.
            records: the ids of all records.
            now: seconds since 1970.

        Returns:
            nothing on the first visit, and nothing where the file cannot be written.
        """
        try:
            with self._open() as database:
                known = {row[0] for row in database.execute("SELECT record FROM noted")}
                database.executemany(
                    "INSERT INTO noted VALUES (?, ?)", [(one, now) for one in set(records) - known]
                )
                row = database.execute("SELECT before, seen FROM visitors WHERE user = ?", (user,)).fetchone()
                before, seen = row or (now, now)
                if now - seen > SAME_VISIT:
                    before = seen
                database.execute("INSERT OR REPLACE INTO visitors VALUES (?, ?, ?)", (user, before, now))
                came = database.execute("SELECT record FROM noted WHERE at > ?", (before,))
                return frozenset(row[0] for row in came) & frozenset(records)
        except (sqlite3.Error, OSError) as error:
            logger.warning("which records are new cannot be noted: %s", error)
            return frozenset()

    def all_seen(self, user: str, now: float) -> None:
        """From now on nothing that is here is new to a visitor."""
        try:
            with self._open() as database:
                database.execute("INSERT OR REPLACE INTO visitors VALUES (?, ?, ?)", (user, now, now))
        except (sqlite3.Error, OSError) as error:
            logger.warning("a visit cannot be noted: %s", error)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=5)) as database, database:
            database.executescript(_SCHEMA)
            yield database
