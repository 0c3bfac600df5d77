"""From source files to a searchable library.

from ingest import Library, ingest
report = ingest(["records/"], "library")
with Library.open("library") as library:
    library.records()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.index import Index
    from ingest.library import Company, Library, RecordSummary
    from ingest.pipeline import ingest, read_file
    from ingest.reading import read_records
    from ingest.report import IngestReport, Standing
    from ingest.settings import Settings
    from ingest.where import Where

__all__ = [
    "Company",
    "Index",
    "IngestReport",
    "Library",
    "RecordSummary",
    "Settings",
    "Standing",
    "Where",
    "ingest",
    "read_file",
    "read_records",
]

# Imported when first used: `import ingest` must cost nothing, in a shell as in a worker process.
_HOMES = {
    "Company": "ingest.library",
    "Index": "ingest.index",
    "IngestReport": "ingest.report",
    "Library": "ingest.library",
    "RecordSummary": "ingest.library",
    "Settings": "ingest.settings",
    "Standing": "ingest.report",
    "Where": "ingest.where",
    "ingest": "ingest.pipeline",
    "read_file": "ingest.pipeline",
    "read_records": "ingest.reading",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ingest' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
