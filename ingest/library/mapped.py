"""The vectors of a large library once more, in plain arrays that are mapped into memory and never read as a whole.

The rows in SQLite stay the truth. A mapping is a copy of all of them at one moment, laid out so that a search passes
over it as fast as memory gives it; it can be thrown away and made again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.library.vector_table import VectorTable, table_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

PREFIX: Final = "mapped-"
PART: Final = "mapped.part"
COLUMNS: Final = ("ids", "records", "codes", "published", "kinds")
VECTORS: Final = ("passage", "question")


def write(index: Path, groups: Iterable[Sequence[Any]], count: int, dimensions: int) -> str:
    """Writes a mapping; a kill leaves none, or all of it.

    Args:
        index: the index's folder.
        groups: of rows as for `table_of`, exactly `count` of them.
        count: how many rows.
        dimensions: of a vector.

    Returns:
        the checksum of its rows, by which `opened` finds it.
    """
    import numpy

    part = index / PART
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir()
    places = {
        name: numpy.lib.format.open_memmap(part / f"{name}.npy", "w+", numpy.float32, (count, dimensions))
        for name in VECTORS
    }
    columns: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    at = 0
    for group in groups:
        table = table_of(group)
        for name in VECTORS:
            places[name][at : at + len(group)] = getattr(table, name)
        for name in COLUMNS:
            columns[name].append(numpy.array(getattr(table, name)))
        at += len(group)
    if at != count:
        raise ValueError(f"{at} rows came where {count} were counted")
    for name in VECTORS:
        places[name].flush()
    places.clear()
    for name in COLUMNS:
        numpy.save(part / f"{name}.npy", numpy.concatenate(columns.pop(name)))
    for file in part.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    checksum = _table(part).checksum()
    place = index / f"{PREFIX}{checksum}"
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    return checksum


def opened(index: Path, checksum: str) -> VectorTable:
    """The table of a mapping; its vectors stay on disk.

    Raises:
        OSError: it is not there.
        ValueError: a file of it is no array.
    """
    return _table(index / f"{PREFIX}{checksum}")


def forget(index: Path, but: str | None = None) -> None:
    """Takes all mappings away but one; what another process still has mapped goes when that lets go."""
    for folder in index.glob(f"{PREFIX}*"):
        if but is None or folder.name != f"{PREFIX}{but}":
            shutil.rmtree(folder, ignore_errors=True)


def _table(folder: Path) -> VectorTable:
    import numpy

    columns: dict[str, Any] = {
        name: numpy.load(folder / f"{name}.npy", mmap_mode="r") for name in (*COLUMNS, *VECTORS)
    }
    lengths = {len(values) for values in columns.values()}
    if len(lengths) != 1:
        raise ValueError("its files have different lengths")
    return VectorTable(**columns)
