"""Fixtures that every test may use; the network is off (see `addopts` in pyproject.toml)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from ingest import Library, Settings, ingest
from tests.rag.shelf import WordEmbeddings

# A busy machine stops for longer than any deadline; what has to be quick has a test of its own.
settings.register_profile("jupilu", deadline=None)
settings.load_profile("jupilu")

# A model that happens to be pulled on this machine must not write in tests that do not ask for it.
os.environ["JUPILU_MODEL"] = "none"

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def examples_dir() -> Path:
    """The records of fictional companies that come with the project."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Real records and benchmark data, where this machine has them; a test that asks for them is skipped elsewhere."""
    path = Path(os.environ.get("JUPILU_SHARED", ROOT.parent / "shared"))
    if not (path / "records").is_dir():
        pytest.skip(f"no real records at {path}: set JUPILU_SHARED to a folder that has records/")
    return path


def _shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run have in common."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def example_library(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> Path:
    """The examples, ingested once for all test processes. Read only: a test that writes, or keeps receipts, copies it."""
    place = _shared(tmp_path_factory) / "example-library"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            made = place.with_name("example-library-being-made")
            report = ingest([examples_dir / "records"], made, Settings(library=made, model="none"))
            assert not report.failed
            made.rename(place)
    return place


@pytest.fixture(scope="session")
def example_library_of_words(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> Path:
    """The same with vectors that need no model: open it with `WordEmbeddings()`. Read only."""
    place = _shared(tmp_path_factory) / "example-library-of-words"
    with FileLock(f"{place}.lock"):
        if not place.exists():
            made = place.with_name("example-library-of-words-being-made")
            with Library.open(made, Settings(), create=True, embeddings=WordEmbeddings()) as opened:
                assert not ingest([examples_dir / "records"], opened).failed
            made.rename(place)
    return place
