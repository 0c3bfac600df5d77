"""Which code reads source files: a better reader reads again what an older one has read or refused."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ingest.settings import Settings

# Modules that have no say in what a file becomes; a change of any other one reads known files again.
NOT_READING = frozenset(
    [
        "__init__",
        "agreement",
        "approximate",
        "bundled",
        "catalogue",
        "damage",
        "databases",
        "drawing",
        "e5",
        "e5_torch",
        "embedding",
        "errors",
        "export",
        "fingerprint",
        "index",
        "lexical",
        "library",
        "listed",
        "mapped",
        "pipeline",
        "ray_workers",
        "reading_pool",
        "recovery",
        "removal",
        "repair",
        "report",
        "revisions",
        "settings",
        "settings_told",
        "sources",
        "summaries",
        "vector_table",
        "vectors",
        "verifying",
        "watching",
        "where",
        "words",
        "writing",
        "writing_lock",
    ]
)


def reading_fingerprint(settings: Settings) -> str:
    """A hash of all code and settings that decide what a file becomes."""
    limits = (
        f"{settings.passage_tokens} {settings.max_pages} {settings.max_file_bytes}"
        f" {settings.max_seconds} {settings.max_megabytes}"
    )
    return hashlib.sha256(f"{_code()} {limits}".encode()).hexdigest()[:16]


@cache
def _code() -> str:
    told = hashlib.sha256(version("pypdfium2").encode())
    folder = Path(__file__).parent
    for file in sorted(folder.rglob("*.py")):
        beside = file.parent.name == "language" or (file.parent == folder and file.stem in NOT_READING)
        if not beside:
            told.update(file.relative_to(folder).as_posix().encode())
            told.update(file.read_bytes())
    return told.hexdigest()
