"""Is every record what its original says? Originals are read again and compared."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from ingest.errors import LibraryDamaged, LibraryError, SourceError

if TYPE_CHECKING:
    from ingest.library.catalogue import Source
    from ingest.library.store import Store
    from ingest.records import Record


def faults(library: Store) -> list[str]:
    """One line for each source whose records are not what its original says, or whose original can't be read."""
    found = []
    for source in _ready(library):
        try:
            same = _is_like_original(library, source)
        except (SourceError, LibraryError) as error:
            found.append(f"{source.name}: {error}")
            continue
        if not same:
            found.append(
                f"{source.name}: reading the original again gives another record:"
                f" jupilu doctor --repair --library {library.path}"
            )
    return found


def unlike_originals(library: Store) -> list[str]:
    """The SHA-256 of every ready source whose records are not what its original, which is whole, says."""
    found = []
    for source in _ready(library):
        try:
            _read(library, source)
        except (SourceError, LibraryError):
            continue
        with suppress(LibraryDamaged):
            if _is_like_original(library, source):
                continue
        found.append(source.sha256)
    return found


def _ready(library: Store) -> list[Source]:
    sources = library.catalogue.sources()
    return [source for _, source in sorted(sources.items()) if source.state == "ready"]


def _read(library: Store, source: Source) -> list[Record]:
    from ingest.reading.source_file import read_records

    return read_records(
        library.originals.read(source.sha256, source.name),
        source.name,
        library.settings,
        published_on=source.given_on,
        basis=source.given_basis or "given",
    )


def _is_like_original(library: Store, source: Source) -> bool:
    from ingest.library.catalogue import digest

    again = {record.id: digest(record) for record in _read(library, source)}
    rows = library.catalogue.rows("SELECT id FROM records WHERE sha256 = ?", (source.sha256,))
    return {str(row["id"]): digest(library.record(row["id"])) for row in rows} == again
