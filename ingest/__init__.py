"""From source files to a searchable library.

from ingest import Library, ingest
report = ingest(["records/"], "library")
with Library.open("library") as library:
    library.records()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.library.filters import Where
    from ingest.library.index import Index
    from ingest.library.library import Company, Library, RecordSummary
    from ingest.pipeline.ingesting import ingest, read_file
    from ingest.pipeline.report import IngestReport, Standing
    from ingest.reading.source_file import read_records
    from ingest.settings import Settings

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
    "Company": "ingest.library.library",
    "Index": "ingest.library.index",
    "IngestReport": "ingest.pipeline.report",
    "Library": "ingest.library.library",
    "RecordSummary": "ingest.library.library",
    "Settings": "ingest.settings",
    "Standing": "ingest.pipeline.report",
    "Where": "ingest.library.filters",
    "ingest": "ingest.pipeline.ingesting",
    "read_file": "ingest.pipeline.ingesting",
    "read_records": "ingest.reading.source_file",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ingest' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
