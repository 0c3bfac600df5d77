"""The originals of a library: the bytes that companies published, each file under its own hash."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ingest.errors import LibraryError
from ingest.library.damage import explained

ORIGINALS = "originals"


class Originals:
    """The folder of originals of a library."""

    def __init__(self, library: Path) -> None:
        """`library` is the library's folder."""
        self._library = library
        self.folder = library / ORIGINALS

    def find(self, sha256: str) -> Path | None:
        """Where the bytes with this hash are kept, if they are."""
        path = self._path(sha256)
        return path if path.is_file() else None

    def read(self, sha256: str, name: str) -> bytes:
        """The bytes of a source; `name` is for the message. Raises LibraryError where they are gone or altered."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise LibraryError(
                f"the original of {name} cannot be read ({error.strerror}): ingest it again"
            ) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise LibraryError(f"the original of {name} at {path} was altered: ingest the file again")
        return data

    def keep(self, sha256: str, data: bytes) -> None:
        """Keeps the bytes under their hash; a crash leaves either all of them or none."""
        path = self._path(sha256)
        if path.exists() and path.stat().st_size == len(data):
            return
        # A fixed name: what a killed writer left behind is written over when the file is redone.
        part = path.with_suffix(".part")
        with explained(path, self._library):
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)

    def files(self) -> list[Path]:
        """All files in the folder, whatever they are called."""
        with explained(self.folder, self._library):
            return sorted(file for file in self.folder.glob("*/*") if file.is_file())

    def forget(self, name: str) -> None:
        """Takes a file out of the folder, with what a killed writer left beside it."""
        path = self._path(name)
        with explained(path, self._library):
            path.unlink(missing_ok=True)
            path.with_suffix(".part").unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256
