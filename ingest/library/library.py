"""The library on disk: opened, verified, and records taken out of it."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ingest.errors import EmbeddingMismatch, LibraryDamaged, LibraryError, LibraryMissing, RecordUnknown
from ingest.library.damage import explained
from ingest.library.leaving import Leaving, leaving
from ingest.library.originals import Originals
from ingest.library.store import CATALOGUE, Store
from ingest.library.summaries import Company, RecordSummary
from ingest.pipeline.sources import readable
from ingest.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["Company", "Library", "RecordSummary"]


class Library(Store):
    """A folder of records that can be searched; only records that are ready are seen.

    Example:
        >>> with Library.open(Path("library"), Settings()) as library:
        ...     library.records()[0].source_file
    """

    def __init__(self, path: Path, settings: Settings, embeddings: Embeddings | None = None) -> None:
        """Use `Library.open`."""
        super().__init__(path, settings, embeddings)
        self.swept: list[Leaving] = []
        """Removals that had been killed, and were ended when this library was opened."""

    @classmethod
    def open(
        cls,
        path: Path | str,
        settings: Settings | None = None,
        *,
        create: bool = False,
        embeddings: Embeddings | None = None,
        reembed: bool = False,
    ) -> Library:
        """Opens the library in a folder.

        Args:
            path: the folder.
            settings: `embedding_model` must be the one that the library was made with.
            create: make a library where there is none.
            embeddings: used instead of the model that the settings name; the library remembers the name.
            reembed: open it although it was made with another model (to embed it anew).

        Raises:
            LibraryMissing: there is none, and `create` is not set.
            EmbeddingMismatch: it was made with another embedding model.
            LibraryError: it cannot be read.
        """
        path, settings = Path(path), settings or Settings()
        if readable(str(path)) != str(path):
            raise LibraryError(
                f"{readable(str(path))} is no UTF-8, which the index needs: name another folder"
            )
        with explained(path, path):
            there = _holds_bytes(path / CATALOGUE)
            if not there and Originals(path).folder.is_dir():
                raise LibraryDamaged(
                    f"{path / CATALOGUE} is lost, the originals are there: jupilu doctor --repair --library {path}"
                )
            if not there and not create:
                raise LibraryMissing(
                    f"there is no library at {path}: jupilu ingest PATH... --library {path} makes one"
                )
            if not there:
                path.mkdir(parents=True, exist_ok=True)
        library = cls(path, settings, embeddings)
        catalogue = library.catalogue
        made_with = catalogue.fact("embedding model")
        if made_with is None and not catalogue.read_only:
            with catalogue.transaction():
                catalogue.remember("embedding model", settings.embedding_model)
        elif made_with not in (None, settings.embedding_model) and not reembed:
            library.close()
            raise EmbeddingMismatch(
                f"the library at {path} was embedded with {made_with}, not {settings.embedding_model}:"
                f" JUPILU_EMBEDDING_MODEL={settings.embedding_model} jupilu ingest --reembed --library {path}"
            )
        try:
            library._sweep_if_free()
        except BaseException:
            library.close()
            raise
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def verify(self) -> list[str]:
        """Reads every original again and compares; one line for each record that is not what it was."""
        from ingest.library.verifying import faults

        return faults(self)

    def remove(self, names: Iterable[str]) -> list[str]:
        """Takes records out of the library, with all else that came from their source files.

        A kill at any moment leaves either all of them or, at the next opening, none; a removal that was killed and is
        asked for again ends as if nothing had happened.

        Args:
            names: as for `record`, or paths of files, as they were ingested or with the same bytes.

        Returns:
            the ids of all records that went (all of a csv's go together), sorted.

        Raises:
            RecordUnknown: one of them is not there; nothing is removed.
            LibraryBusy: another process is writing.
        """
        from ingest.library.writing_lock import sole_writer

        self.index  # noqa: B018  # a broken one is told of before anything is taken out
        with sole_writer(self.path):
            from ingest.library.recovery import recover
            from ingest.library.removal import take_out

            self.swept += leaving(self.catalogue)
            recover(self, reembed=False)
            hashes: set[str] = set()
            done: set[str] = set()
            for name in names:
                ended = [one for one in self.swept if name in one.names]
                try:
                    hashes.add(self._source_named(name))
                except RecordUnknown:
                    if not ended:
                        raise
                    done.update(record for one in ended for record in one.records)
            return sorted({*done, *take_out(self, sorted(hashes))})

    def _source_named(self, name: str) -> str:
        """The SHA-256 of the source that a record, a file's name or a path stands for."""
        key, name = readable(str(Path(name).absolute())), readable(name)
        query = "SELECT coalesce(shown, sha256) AS stands FROM paths WHERE path = ?"
        for row in self.catalogue.rows(query, (key,)):
            return str(row["stands"])
        try:
            return self._find(name)[1]
        except RecordUnknown:
            with suppress(OSError, ValueError):  # not every name can be one of a file
                if Path(name).is_file():
                    with Path(name).open("rb") as file:
                        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                    if self.catalogue.rows("SELECT 1 FROM sources WHERE sha256 = ?", (sha256,)):
                        return sha256
            raise

    def _sweep_if_free(self) -> None:
        """Ends removals that were killed, unless another process writes (it does so itself) or nothing can be written."""
        from ingest.library.recovery import recover
        from ingest.library.writing_lock import sole_writer

        if self.catalogue.read_only or not leaving(self.catalogue):
            return
        # A library that can't be mended now is told of when its index is asked; its records can still be listed.
        with suppress(LibraryError):
            self.index  # noqa: B018  # checked before the lock is ours: a broken one is the doctor's
            with sole_writer(self.path, patience=0):
                self.swept = leaving(self.catalogue)
                recover(self, reembed=False)


def _holds_bytes(path: Path) -> bool:
    """Whether a file is there that is not empty; what forbids to look is raised."""
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size > 0
