"""Records and investor questions from the exchanges' sites into a folder that `ingest` reads: docs/fetch.md."""

from ingest.fetching.fetch import fetch
from ingest.fetching.report import FetchReport
from ingest.fetching.settings import FetchSettings

__all__ = ["FetchReport", "FetchSettings", "fetch"]
