"""Taking records out, so that a kill at any moment leaves either all of them or, at the next opening, none.

One transaction takes a source out of the catalogue and notes what is left of it elsewhere; then the index
forgets its passages, then its original goes, and last the note. Whoever opens the library finds the notes of a
removal that was killed, and ends it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.errors import LibraryError
from ingest.library.damage import explained

if TYPE_CHECKING:
    from ingest.library.catalogue import Catalogue
    from ingest.library.library import Library

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


def take_out(library: Library, hashes: Sequence[str]) -> list[str]:
    """Takes sources out, with all records that came from them; call it with the writing lock held.

    Args:
        library: the library.
        hashes: SHA-256 of the sources.

    Returns:
        the ids of the records that went, sorted.
    """
    catalogue = library.catalogue
    notes = [_note(catalogue, sha256) for sha256 in hashes]
    with catalogue.transaction():
        for one in notes:
            catalogue.remember(
                NOTE + one.sha256,
                json.dumps({"records": one.records, "names": one.names}, ensure_ascii=False),
            )
            catalogue.connection.execute("DELETE FROM sources WHERE sha256 = ?", (one.sha256,))
    sweep(library)
    return sorted(record for one in notes for record in one.records)


def sweep(library: Library) -> list[Leaving]:
    """Ends all removals that were begun; call it with the writing lock held. Gives what was left of them."""
    notes = leaving(library.catalogue)
    if notes:
        index = library.index
        index.delete([record for one in notes for record in one.records])
        index.settle(library.all_passages)
        for one in notes:
            if one.sha256 not in library.catalogue.sources():  # the same file may have come back
                library.forget_original(one.sha256)
        with library.catalogue.transaction():
            for one in notes:
                library.catalogue.connection.execute("DELETE FROM facts WHERE name = ?", (NOTE + one.sha256,))
    return notes


def sweep_if_free(library: Library) -> list[Leaving]:
    """The same on opening a library, unless another process writes (it sweeps itself) or nothing can be written."""
    if library.catalogue.read_only or not leaving(library.catalogue):
        return []
    from ingest.library.writing_lock import sole_writer
    from ingest.pipeline.recovery import recover

    # A library that can't be mended now is told of when its index is asked; its records can still be listed.
    with suppress(LibraryError):
        library.index  # noqa: B018  # checked before the lock is ours: a broken one is the doctor's
        with sole_writer(library.path, patience=0):
            notes = leaving(library.catalogue)
            recover(library, reembed=False)
            return notes
    return []


def _note(catalogue: Catalogue, sha256: str) -> Leaving:
    rows = catalogue.rows("SELECT id, source_file FROM records WHERE sha256 = ? ORDER BY id", (sha256,))
    paths = catalogue.rows("SELECT path, name FROM paths WHERE ? IN (sha256, shown)", (sha256,))
    ids = tuple(str(row["id"]) for row in rows)
    names = {str(value) for row in [*rows, *paths] for value in tuple(row)}
    return Leaving(sha256, ids, tuple(sorted(names)))
