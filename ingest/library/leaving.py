"""Notes of removals that have begun: what has left the catalogue, and perhaps not yet the index and the originals."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.library.damage import explained

if TYPE_CHECKING:
    from ingest.library.catalogue import Catalogue

NOTE = "leaving "
"""A fact of the catalogue under this and a SHA-256: JSON of a `Leaving`."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A source that has left the catalogue, and perhaps not yet the index and the originals.

    `names` are what its records went by: files and ids, so that a removal asked for again is known as done.
    """

    sha256: str
    records: tuple[str, ...]
    names: tuple[str, ...]


def leaving(catalogue: Catalogue) -> list[Leaving]:
    """The notes of removals that have not ended."""
    found = []
    for row in catalogue.rows("SELECT name, value FROM facts WHERE name LIKE ? ORDER BY name", (NOTE + "%",)):
        with explained(catalogue.path, catalogue.path.parent, decoding=True):
            told = json.loads(row["value"])
            found.append(
                Leaving(row["name"].removeprefix(NOTE), tuple(told["records"]), tuple(told["names"]))
            )
    return found


def note_of(catalogue: Catalogue, sha256: str) -> Leaving:
    """What is to be noted of a source before it leaves."""
    rows = catalogue.rows("SELECT id, source_file FROM records WHERE sha256 = ? ORDER BY id", (sha256,))
    paths = catalogue.rows("SELECT path, name FROM paths WHERE ? IN (sha256, shown)", (sha256,))
    ids = tuple(str(row["id"]) for row in rows)
    names = {str(value) for row in [*rows, *paths] for value in tuple(row)}
    return Leaving(sha256, ids, tuple(sorted(names)))
