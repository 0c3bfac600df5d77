"""Does the index hold what the catalogue says? A lost or damaged index must not answer "not found"."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.errors import LibraryDamaged
from ingest.library.damage import damaged, explained
from ingest.library.leaving import leaving
from ingest.library.writing_lock import being_written

if TYPE_CHECKING:
    from ingest.library.catalogue import Catalogue
    from ingest.library.index import Index

READ_AT_ONCE: Final = 256 * 2**20
"""Bytes of word files that are read through on opening (a quarter of a second); of larger ones only the doctor reads all."""
_FOOTER_MAGIC: Final = 1337
_META: Final = "meta.json"
_PARTS: Final = ("term", "idx", "pos", "store", "fast", "fieldnorm")
"""What every segment of a Tantivy index has."""


def held_by_catalogue(catalogue: Catalogue) -> int:
    """How many passages of ready records the catalogue holds."""
    # Counting what is not ready, which is little, takes a twentieth of the time.
    query = (
        "SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM passages WHERE record_id IN"
        " (SELECT id FROM records JOIN sources USING (sha256) WHERE state != 'ready'))"
    )
    return int(catalogue.rows(query)[0][0])


def check_words(folder: Path, library: Path) -> None:
    """Whether the word files are whole.

    Args:
        folder: of the index.
        library: for the command that helps.

    Raises:
        LibraryDamaged: one of them is not.
    """
    broken = broken_words(folder / "words", READ_AT_ONCE)
    if broken is not None:
        raise damaged(folder / "words" / broken[0], library, broken[1])


def check_opened(catalogue: Catalogue, index: Index, folder: Path, library: Path) -> None:
    """What costs a few milliseconds: how many passages each part holds.

    Where a writer was killed the index may hold more than the catalogue; less only while one is at work.

    Args:
        catalogue: the truth.
        index: opened from `folder`.
        folder: of the index.
        library: for the command that helps.

    Raises:
        LibraryDamaged: the index is lost, broken, or holds other passages than the catalogue.
    """
    for _ in range(5):  # an ingest or a removal may end between two counts
        wanted = held_by_catalogue(catalogue)
        more_is_well = index.unsettled or _waiting(catalogue)
        held = {"vectors": index.store.count(), "words": index.words.count()}
        wrong = [part for part, n in held.items() if n < wanted or (n > wanted and not more_is_well)]
        if not wrong or being_written(library):
            return
        if wanted == held_by_catalogue(catalogue):
            break
    raise LibraryDamaged(
        f"the index at {folder} holds {held[wrong[0]]} of {wanted} passages ({wrong[0]}):"
        f" jupilu doctor --repair --library {library}"
    )


def _waiting(catalogue: Catalogue) -> bool:
    return bool(leaving(catalogue)) or bool(
        catalogue.rows("SELECT 1 FROM sources WHERE unfinished = 1 OR state = 'pending' LIMIT 1")
    )


def disagreements(catalogue: Catalogue, index: Index) -> tuple[set[str], set[str]]:
    """(records whose passages are not all in the index, records in the index that have no business there)."""
    ready = {
        str(row["id"]): str(row["record_id"])
        for row in catalogue.rows(
            "SELECT passages.id, record_id FROM passages JOIN records ON record_id = records.id"
            " JOIN sources USING (sha256) WHERE state = 'ready'"
        )
    }
    held = index.store.ids()
    lost = {record for passage, record in ready.items() if held.get(passage) != record}
    strays = {record for passage, record in held.items() if ready.get(passage) != record}
    return lost, strays


def broken_words(folder: Path, at_most: int | None = None) -> tuple[str, str] | None:
    """The first word file that is not what Tantivy wrote, and how; None where all are.

    Tantivy itself looks at no checksum: a byte that fell over inside a list of hits is a passage never found.

    Args:
        folder: of a Tantivy index.
        at_most: bytes that are read through; where there are more, only the files' ends are looked at.
    """
    if not (folder / _META).is_file():
        return (_META, "it is missing") if folder.is_dir() and any(folder.iterdir()) else None
    with explained(folder, folder.parent.parent):
        for _ in range(5):  # a writer takes old files away while they are looked at
            try:
                return _broken_segment(folder, at_most)
            except FileNotFoundError:
                continue
        return _META, "files that it names are missing"


def _broken_segment(folder: Path, at_most: int | None) -> tuple[str, str] | None:
    before = (folder / _META).read_bytes()
    try:
        segments = [str(one["segment_id"]).replace("-", "") for one in json.loads(before)["segments"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _META, "it is no list of segments"
    files = sorted(file for file in folder.iterdir() if file.name.split(".")[0] in segments)
    names = {file.name for file in files}
    missing = [f"{one}.{part}" for one in segments for part in _PARTS if f"{one}.{part}" not in names]
    whole = at_most is None or sum(file.stat().st_size for file in files) <= at_most
    faults = [(file.name, fault) for file in files if (fault := _fault(file, whole))]
    if (missing or faults) and (folder / _META).read_bytes() != before:
        raise FileNotFoundError(_META)
    return faults[0] if faults else (missing[0], "it is missing") if missing else None


def _fault(file: Path, whole: bool) -> str | None:
    """What is wrong with one file: Tantivy ends each with {"version", "crc"}, its length, and a number of its own."""
    with file.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 8))
        tail = stream.read(8)
        length, magic = int.from_bytes(tail[:4], "little"), int.from_bytes(tail[4:], "little")
        if magic != _FOOTER_MAGIC or not 0 < length <= size - 8:
            return "its end is missing"
        stream.seek(size - 8 - length)
        try:
            wanted = int(json.loads(stream.read(length))["crc"])
        except (ValueError, KeyError, TypeError, RecursionError):
            return "its end can't be read"
        if whole:
            stream.seek(0)
            told, left = 0, size - 8 - length
            while left and (block := stream.read(min(left, 2**20))):
                told, left = zlib.crc32(block, told), left - len(block)
            if told != wanted:
                return "its checksum is another"
    return None
