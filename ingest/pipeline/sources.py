"""Which files an ingest meets: folders walked in order, sidecars put to their neighbours."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.errors import SourceError

SIDECAR_SUFFIX = ".json"
LARGEST_SIDECAR = 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it stands on disk; `sidecar` changes whenever the sidecar does, "" without one."""

    path: Path
    size: int
    mtime_ns: int
    sidecar: str

    @property
    def key(self) -> str:
        """The absolute path as text; names that are no UTF-8 are escaped."""
        return readable(str(self.path))

    @property
    def name(self) -> str:
        """The file's own name as text."""
        return readable(self.path.name)


def find(paths: Sequence[Path], library: Path) -> Iterator[Found | tuple[Path, str]]:
    """All regular files under some paths, each once, folders in the order of names.

    Hidden files, editors' lock files (`~$…`), sidecars and the library's own folder are passed over.

    Args:
        paths: files and folders.
        library: its folder, which may lie within one of them.

    Yields:
        files; (path, reason) for a path that cannot be used.
    """
    seen: set[Path] = set()
    library = library.absolute()
    for path in paths:
        path = path.absolute()
        if path.is_dir():
            files = list(_files(path, library))
            if not files:
                yield path, "no files in this folder"
            for file in files:
                if isinstance(file, tuple):
                    yield file
                elif file not in seen:
                    seen.add(file)
                    yield _look(file)
        elif path not in seen:
            seen.add(path)
            yield _look(path)


def published_in_sidecar(path: Path) -> date | None:
    """The publication date in the sidecar `NAME.json` beside a file: {"published_on": "YYYY-MM-DD"}.

    Raises:
        SourceError: there is a sidecar, but it cannot be read.
    """
    sidecar = _sidecar_of(path)
    try:
        if not sidecar.is_file():
            return None
        if sidecar.stat().st_size > LARGEST_SIDECAR:
            raise ValueError("too large")
        told = json.loads(sidecar.read_text(encoding="utf-8")).get("published_on")
        return None if told is None else date.fromisoformat(told)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise SourceError(
            f"{path.name}: its sidecar {sidecar.name} cannot be read ({error}); it should say"
            ' {"published_on": "YYYY-MM-DD"}'
        ) from error


def readable(text: str) -> str:
    """Text that can be printed and stored, whatever bytes a file name had."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _files(folder: Path, library: Path) -> Iterator[Path | tuple[Path, str]]:
    if folder == library:
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield folder, f"cannot be read: {error.strerror or error}"
        return
    names = {entry.name for entry in entries}
    for entry in entries:
        if entry.name.startswith((".", "~$")):
            continue
        if entry.name.endswith(SIDECAR_SUFFIX) and entry.name.removesuffix(SIDECAR_SUFFIX) in names:
            continue
        if entry.is_dir():
            if not entry.is_symlink():  # a link could lead in circles
                yield from _files(entry, library)
        elif entry.is_file():
            yield entry


def _look(path: Path) -> Found | tuple[Path, str]:
    try:
        status = path.stat()
    except OSError as error:
        return path, f"cannot be read: {error.strerror or error}"
    if not stat.S_ISREG(status.st_mode):
        return path, "is no regular file"
    try:
        beside = _sidecar_of(path).stat()
        sidecar = f"{beside.st_size}:{beside.st_mtime_ns}"
    except OSError:
        sidecar = ""
    return Found(path, status.st_size, status.st_mtime_ns, sidecar)


def _sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR_SUFFIX)
