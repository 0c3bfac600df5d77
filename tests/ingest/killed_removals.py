"""`python killed_removals.py FOLDER POINTS`: removals killed at so many moments, each ended by the same removal again.

A moment is a call or a return of a function that changes a library; children of one process die at each.
Prints one JSON document: {"moments", "killed", "different": [[moment, part, …], …]}.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import chromadb  # noqa: F401  # once, before the forks
import tantivy  # noqa: F401
from fictional import HashEmbeddings, state_of, write_records

import ingest.library.chroma_vectors
import ingest.library.index
import ingest.library.lexical
import ingest.library.recovery
import ingest.library.removal
from ingest import Library
from ingest import ingest as take_in
from ingest.errors import RecordUnknown

CHANGING = tuple(
    str(Path(module.__file__ or ""))
    for module in (
        ingest.library.chroma_vectors,
        ingest.library.index,
        ingest.library.lexical,
        ingest.library.recovery,
        ingest.library.removal,
        ingest.library.library,
    )
)


def opened(path: Path) -> Library:
    return Library.open(path, embeddings=HashEmbeddings())


def remove(path: Path, names: list[str], die_at: int = -1) -> int:
    """How many moments the removal has; the process dies at one of them."""
    moments = 0

    def watch(frame: FrameType, event: str, _: Any) -> None:
        nonlocal moments
        if event in ("call", "return") and frame.f_code.co_filename in CHANGING:
            moments += 1
            if moments == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    with opened(path) as library:
        sys.setprofile(watch)
        library.remove(names)
        sys.setprofile(None)
    return moments


def remove_again(path: Path, names: list[str]) -> None:
    """As the one whose command was killed does: by then all may be gone already."""
    with suppress(RecordUnknown):
        remove(path, names)


def in_child(work: Any) -> int:
    """The exit status of a process that does the work; negative for a signal."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            work()
            status = 0
        except BaseException:  # noqa: BLE001  # shown, and told by the status
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def state(path: Path) -> dict[str, Any]:
    with opened(path) as library:
        facts = [tuple(row) for row in library.catalogue.rows("SELECT * FROM facts ORDER BY name")]
        return state_of(library) | {"facts": facts}


def main() -> None:
    place, points = Path(sys.argv[1]), int(sys.argv[2])
    files = write_records(place / "records", 8)
    names = [files[2].name, str(files[5])]

    def build() -> None:
        with Library.open(place / "whole", create=True, embeddings=HashEmbeddings()) as library:
            take_in([place / "records"], library)

    def undisturbed() -> None:
        shutil.copytree(place / "whole", place / "straight")
        (place / "moments").write_text(str(remove(place / "straight", names)))

    assert in_child(build) == 0 and in_child(undisturbed) == 0
    moments = int((place / "moments").read_text())
    killed, different = 0, []
    for at in range(points):
        die_at = 1 + at * (moments - 1) // max(1, points - 1)
        path = place / f"killed-{at}"
        shutil.copytree(place / "whole", path)
        killed += in_child(lambda path=path, die_at=die_at: remove(path, names, die_at)) == -signal.SIGKILL

        def again(path: Path = path, die_at: int = die_at) -> None:
            remove_again(path, names)
            expected, found = state(place / "straight"), state(path)
            parts = [part for part in expected if expected[part] != found[part]]
            (path / "told").write_text(json.dumps([die_at, *parts] if parts else []))

        if in_child(again) != 0:
            different.append([die_at, "the removal failed"])
        elif told := json.loads((path / "told").read_text()):
            different.append(told)
        shutil.rmtree(path)
    print(json.dumps({"moments": moments, "killed": killed, "different": different}))


if __name__ == "__main__":
    main()
