"""Fixtures that every test may use; the network is off (see `addopts` in pyproject.toml)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
