"""What `jupilu doctor --repair` does: indexes from catalogue and originals, a lost catalogue from the originals."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingest.errors import LibraryDamaged, LibraryMissing
from ingest.library.agreement import broken_words, disagreements
from ingest.library.catalogue import Catalogue, Source, day_of
from ingest.library.damage import explained, one_line
from ingest.library.library import Library
from ingest.library.originals import Originals
from ingest.library.store import CATALOGUE, INDEX
from ingest.library.verifying import unlike_originals
from ingest.library.writing_lock import sole_writer
from ingest.pipeline.fingerprint import reading_fingerprint
from ingest.settings import Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from ingest.library.index import Index

BESIDE: Final = ("receipts.sqlite", "conversations.sqlite", "visits.sqlite", "aliases.json")
"""Files beside the catalogue that can't be made again: a broken one is put aside."""
TOGETHER: Final = 64
_LEFT_WITHOUT_NAME: Final = "its file name and a day given from outside are lost; ingest the file again"


@dataclass
class Repaired:
    """What was brought in order and what could not be, one line each."""

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def repair(
    path: Path,
    settings: Settings,
    embeddings: Embeddings | None = None,
    tell: Callable[[str], None] | None = None,
) -> Repaired:
    """Brings a library in order as far as catalogue and originals allow.

    Args:
        path: the library's folder.
        settings: `embedding_model` must be the library's.
        embeddings: used instead of the model that the settings name.
        tell: called with a line about each step that may take minutes.

    Raises:
        LibraryMissing: there is neither a catalogue nor an original.
        LibraryBusy: somebody writes.
        LibraryError: the disk is full, or this user may not write.
    """
    if not os.path.lexists(path / CATALOGUE) and not Originals(path).folder.is_dir():
        raise LibraryMissing(
            f"there is no library at {path}: jupilu ingest PATH... --library {path} makes one"
        )
    told = Repaired()
    with sole_writer(path, patience=10):
        _put_broken_aside(path, told)
        earlier = _mend_catalogue(path, settings, told)
    with Library.open(path, settings, embeddings=embeddings) as library:
        with sole_writer(path, patience=10):
            tell = tell or (lambda line: None)
            tell(f"reading {library.count()} records and their originals")
            _mend_originals(library, told)
            _mark_unlike(library, told)
            _mend_index(library, told, tell)
        _read_again(library, told)
        with sole_writer(path, patience=10):
            _put_behind(library, earlier)
    return told


def index_faults(library: Library) -> list[str]:
    """What is wrong with the index, looked at as closely as can be; one line each.

    Raises:
        LibraryDamaged: it can't be opened.
    """
    folder = library.path / INDEX
    broken = broken_words(folder / "words")
    if broken:
        return [f"{folder / 'words' / broken[0]}: {broken[1]}"]
    index = library.index
    lost, strays = disagreements(library.catalogue, index)
    faults = [f"{len(lost)} records are not in the index"] if lost else []
    if strays and not index.unsettled:
        faults.append(f"{len(strays)} records are in the index and not in the catalogue")
    if not faults and index.words.ids() != set(index.store.ids()):
        faults.append("the word index holds other passages than the vectors")
    if fault := index.store.fault():
        return [*faults, fault]
    tables = index.store.tables()
    if index.chroma and not index.unsettled and not index.store.read_only:
        faults += filter(None, [index.chroma.fault(tables, index.store.recall("generation") or "")])
    return faults


def _mend_catalogue(path: Path, settings: Settings, told: Repaired) -> set[str]:
    """A broken catalogue is put aside and begun anew from the originals; gives the sources that others replace."""
    file = path / CATALOGUE
    try:
        if not os.path.lexists(file) or (file.is_file() and file.stat().st_size == 0):
            raise LibraryDamaged("it is lost")
        with closing(Catalogue(file)) as catalogue:
            (answer,) = catalogue.rows("PRAGMA integrity_check(1)")
            if answer[0] != "ok":
                raise LibraryDamaged(str(answer[0]))
            return set()
    except LibraryDamaged as error:
        aside = _aside(file) if os.path.lexists(file) else None
        rescued = list(_rescued(aside, "sources")) if aside else []
        facts = {row["name"]: row["value"] for row in _rescued(aside, "facts")} if aside else {}
        paths = list(_rescued(aside, "paths")) if aside else []
        _begin_anew(
            path, settings, rescued, paths, str(facts.get("embedding model") or settings.embedding_model)
        )
        kept = f"; what was there is kept as {aside.name}" if aside else ""
        told.done.append(f"{CATALOGUE} was begun anew from the originals ({one_line(str(error))[:60]}){kept}")
        known = {row["sha256"] for row in rescued}
        for original in sorted(Originals(path).folder.glob("*/*")):
            if original.name not in known and not original.suffix:
                told.left.append(f"original {original.name[:12]}: {_LEFT_WITHOUT_NAME}")
        return {row["sha256"] for row in rescued if row["state"] == "superseded"}


def _begin_anew(
    path: Path, settings: Settings, rescued: list[dict[str, Any]], paths: list[dict[str, Any]], model: str
) -> None:
    known = {row["sha256"]: row for row in rescued}
    originals = Originals(path)
    with closing(Catalogue(path / CATALOGUE)) as catalogue, catalogue.transaction():
        catalogue.remember("embedding model", model)
        for file in sorted(originals.folder.glob("*/*")):
            if file.suffix:
                continue
            row = known.get(file.name, {})
            name = str(row.get("name") or f"{file.name[:12]}{_suffix(file)}")
            given_on, basis = None, None
            with suppress(ValueError, TypeError):
                given_on = day_of(row.get("given_on"))
                basis = row.get("given_basis") if given_on else None
            catalogue.put_source(
                Source(
                    file.name,
                    file.stat().st_size,
                    "pending",
                    reading_fingerprint(settings),
                    name,
                    given_on=given_on,
                    given_basis=basis,
                )
            )
        for row in paths:
            if originals.find(str(row["sha256"])):
                with suppress(sqlite3.Error):
                    catalogue.connection.execute(
                        "INSERT OR REPLACE INTO paths VALUES (?,?,?,?,?,?,NULL)",
                        [row[name] for name in ("path", "name", "size", "mtime_ns", "sidecar", "sha256")],
                    )


def _suffix(file: Path) -> str:
    """What a file without a name would have been called, by its first bytes."""
    with file.open("rb") as stream:
        head = stream.read(512).lstrip()
    known = {
        b"%PDF": ".pdf",
        b"PK\x03\x04": ".docx",
        b"\xd0\xcf\x11\xe0": ".doc",
        b"<": ".html",
        b"{": ".json",
    }
    return next((suffix for start, suffix in known.items() if head.startswith(start)), ".txt")


def _rescued(file: Path, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a broken file that can still be read, from both ends."""
    seen: set[Any] = set()
    for order in ("", " ORDER BY rowid DESC"):
        with suppress(sqlite3.Error, UnicodeError), closing(sqlite3.connect(file)) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute(f"SELECT * FROM {table}{order}"):
                if row[0] not in seen and all(isinstance(value, str | int | None) for value in row):
                    seen.add(row[0])
                    yield dict(row)


def _aside(file: Path) -> Path:
    """Renames a broken file, and what SQLite keeps beside it; gives the new name."""
    number = next(n for n in range(1, 10_000) if not file.with_name(f"{file.name}.broken-{n}").exists())
    aside = file.with_name(f"{file.name}.broken-{number}")
    with explained(file, file.parent):
        for suffix in ("-wal", "-shm"):
            beside = file.with_name(file.name + suffix)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + suffix))
        file.rename(aside)
    return aside


def _put_broken_aside(path: Path, told: Repaired) -> None:
    for name in BESIDE:
        fault = file_fault(path / name)
        if fault:
            aside = _aside(path / name)
            told.done.append(f"{name} was broken ({fault}): kept as {aside.name}, a new one begins")


def file_fault(file: Path) -> str | None:
    """What is wrong with an SQLite or JSON file, None where it is whole or not there."""
    if not file.exists():
        return None
    if file.suffix == ".json":
        try:
            return None if isinstance(json.loads(file.read_bytes()), dict) else "it is no table"
        except (ValueError, OSError, RecursionError) as error:
            return one_line(str(error))
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
            return None if answer == "ok" else one_line(answer)
    except sqlite3.Error as error:
        return one_line(str(error))


def _mend_originals(library: Library, told: Repaired) -> None:
    """Originals that are lost or altered are taken from where they were met, if they are still there."""
    for sha256, source in sorted(library.catalogue.sources().items()):
        if source.state == "failed":
            continue
        kept = library.originals.find(sha256)
        if kept is not None and _hash(kept) == sha256:
            continue
        library.originals.forget(sha256)
        query = "SELECT path FROM paths WHERE sha256 = ? ORDER BY path"
        for row in library.catalogue.rows(query, (sha256,)):
            if _hash(Path(row["path"])) == sha256:
                library.originals.keep(sha256, Path(row["path"]).read_bytes())
                told.done.append(f"{source.name}: its original was fetched again from {row['path']}")
                break
        else:
            told.left.append(f"{source.name}: its original is lost or altered; ingest the file again")


def _mark_unlike(library: Library, told: Repaired) -> None:
    """Records that are not what their originals say are marked, so that they are read again."""
    for sha256 in unlike_originals(library):
        with library.catalogue.transaction():
            source = library.catalogue.sources()[sha256]
            library.catalogue.put_source(replace(source, unfinished=True))
        told.done.append(f"{source.name}: read again from its original")


def _mend_index(library: Library, told: Repaired, tell: Callable[[str], None]) -> None:
    """The index gets what the catalogue holds; vectors that are lost are computed again."""
    words_broken = broken_words(library.path / INDEX / "words") is not None
    index = library.index_to_mend()
    lost, strays = disagreements(library.catalogue, index)
    words_lost = words_broken or index.words.count() != index.store.count()
    unmapped = index.store.fault()
    if unmapped:
        index.store.map_anew()
        told.done.append("the vectors were mapped anew")
    generation = index.store.recall("generation") or ""
    chroma = index.chroma.fault(index.store.tables(), generation) if index.chroma else None
    model = library.settings.embedding_model
    if index.store.recall("model") != model:
        index.store.remember("model", model)
    if not (lost or strays or words_lost or chroma or index.unsettled):
        return
    index.begin()
    index.delete(strays)
    if lost:
        _embed(library, index, lost, tell)
        told.done.append(f"{len(lost)} records were indexed again")
    if words_lost:
        told.done.append("the word index was written anew")
    if words_lost or index.words.count() != index.store.count():
        index.words.rewrite(library.all_passages())
    if chroma and index.chroma:
        index.chroma.clear()  # filled anew when all is settled
        told.done.append(f"Chroma was filled anew ({chroma})")
    if strays:
        told.done.append(f"{len(strays)} records without a catalogue entry left the index")
    index.settle(library.all_passages)


def _embed(library: Library, index: Index, records: set[str], tell: Callable[[str], None]) -> None:
    from ingest.embedding.embeddings import embed_all
    from ingest.language.folding import folded

    passages = [one for one in library.all_passages() if one.record_id in records]
    for start in range(0, len(passages), TOGETHER):
        tell(f"indexing again: {start} of {len(passages)} passages")
        part = passages[start : start + TOGETHER]
        texts = [one.indexed_text for one in part]
        index.add(part, *embed_all(library.embeddings, texts, [folded(one.question) for one in part]))


def _read_again(library: Library, told: Repaired) -> None:
    """Sources that wait are read again from their originals; those that can't be are named."""
    from ingest.pipeline.ingesting import ingest

    report = ingest([], library)
    told.left += [f"{one.path}: {one.reason}" for one in report.failed]
    waiting = [
        one.name for one in library.catalogue.sources().values() if one.unfinished or one.state == "pending"
    ]
    told.left += [f"{name}: it could not be read again; ingest the file again" for name in sorted(waiting)]


def _put_behind(library: Library, earlier: set[str]) -> None:
    """What newer bytes had replaced before the catalogue was lost is replaced again."""
    again = [
        one for one in library.catalogue.sources().values() if one.sha256 in earlier and one.state == "ready"
    ]
    if not again:
        return
    index = library.index
    index.begin()
    records: list[str] = []
    with library.catalogue.transaction():
        for source in again:
            library.catalogue.put_source(replace(source, state="superseded"))
            rows = library.catalogue.rows("SELECT id FROM records WHERE sha256 = ?", (source.sha256,))
            records += [str(row["id"]) for row in rows]
    index.delete(records)
    index.settle(library.all_passages)


def _hash(file: Path) -> str | None:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def whole(path: Path) -> list[str]:
    """One line for each file beside the catalogue that is broken."""
    return [f"{path / name} is broken ({fault})" for name in BESIDE if (fault := file_fault(path / name))]
