"""Taking records out, so that a kill at any moment leaves either all of them or, at the next opening, none.

One transaction takes a source out of the catalogue and notes what is left of it elsewhere; then the index
forgets its passages, then its original goes, and last the note. Whoever opens the library finds the notes of a
removal that was killed, and ends it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.library.leaving import NOTE, Leaving, leaving, note_of

if TYPE_CHECKING:
    from ingest.library.store import Store


def take_out(library: Store, hashes: Sequence[str]) -> list[str]:
    """Takes sources out, with all records that came from them; call it with the writing lock held.

    Args:
        library: the library.
        hashes: SHA-256 of the sources.

    Returns:
        the ids of the records that went, sorted.
    """
    catalogue = library.catalogue
    notes = [note_of(catalogue, sha256) for sha256 in hashes]
    with catalogue.transaction():
        for one in notes:
            catalogue.remember(
                NOTE + one.sha256,
                json.dumps({"records": one.records, "names": one.names}, ensure_ascii=False),
            )
            catalogue.connection.execute("DELETE FROM sources WHERE sha256 = ?", (one.sha256,))
    sweep(library)
    return sorted(record for one in notes for record in one.records)


def sweep(library: Store) -> list[Leaving]:
    """Ends all removals that were begun; call it with the writing lock held. Gives what was left of them."""
    notes = leaving(library.catalogue)
    if notes:
        index = library.index
        index.delete([record for one in notes for record in one.records])
        index.settle(library.all_passages)
        for one in notes:
            if one.sha256 not in library.catalogue.sources():  # the same file may have come back
                library.originals.forget(one.sha256)
        with library.catalogue.transaction():
            for one in notes:
                library.catalogue.connection.execute("DELETE FROM facts WHERE name = ?", (NOTE + one.sha256,))
    return notes
