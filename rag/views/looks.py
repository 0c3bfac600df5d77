"""What of a library was looked at, and which companies are watched: a small file beside the catalogue."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from ingest.library.damage import explained

LOOKS_FILE: Final = "news.json"


@dataclass(frozen=True, slots=True)
class Looks:
    """The state of the looks at a library.

    `looked_at` is when the last look was, None before the first; `seen` are the ids of the records that were there;
    `watched` are codes of companies, in the order in which they were added.
    """

    looked_at: datetime | None = None
    seen: frozenset[str] = frozenset()
    watched: tuple[str, ...] = ()


def read_looks(library: Path) -> Looks:
    """The state that is kept; an empty one where there is none.

    Raises:
        LibraryDamaged: the file is broken.
    """
    path = library / LOOKS_FILE
    if not path.is_file():
        return Looks()
    with explained(path, library, decoding=True):
        told = json.loads(path.read_text(encoding="utf-8"))
        looked_at = told["looked_at"]
        return Looks(
            datetime.fromisoformat(looked_at) if looked_at else None,
            frozenset(map(str, told["seen"])),
            tuple(map(str, told["watched"])),
        )


def write_looks(library: Path, looks: Looks) -> None:
    """Keep a state.

    Raises:
        LibraryError: the library can't be written.
    """
    path = library / LOOKS_FILE
    beside = path.with_suffix(".part")
    told = {
        "looked_at": looks.looked_at.isoformat(timespec="seconds") if looks.looked_at else None,
        "watched": list(looks.watched),
        "seen": sorted(looks.seen),
    }
    with explained(path, library):
        beside.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        beside.replace(path)


def watch(library: Path, add: Iterable[str] = (), drop: Iterable[str] = ()) -> tuple[str, ...]:
    """Watch some more companies and some no longer, by code. Gives all that are watched."""
    looks = read_looks(library)
    gone = set(drop)
    watched = tuple(code for code in dict.fromkeys([*looks.watched, *add]) if code not in gone)
    write_looks(library, Looks(looks.looked_at, looks.seen, watched))
    return watched
