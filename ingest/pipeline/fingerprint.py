"""Which code reads source files: a better reader reads again what an older one has read or refused."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from ingest.settings import Settings

# What has a say in what a file becomes; a change of anything in here reads known files again.
READING = ("records.py", "language", "readers", "reading")


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
    folder = Path(__file__).resolve().parents[1]
    for part in READING:
        for file in sorted((folder / part).rglob("*.py")) or [folder / part]:
            told.update(file.relative_to(folder).as_posix().encode())
            told.update(file.read_bytes())
    return told.hexdigest()
