"""One library of fictional records for all views."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from tests.rag.views.records import library


@pytest.fixture(scope="session")
def views_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return library(tmp_path_factory.mktemp("views"))


@pytest.fixture(scope="session")
def qa(views_library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=views_library, model="none")
    with DisclosureQA(Library.open(views_library, settings), settings, keeps_receipts=False) as opened:
        yield opened
