"""Damaged libraries and hostile command lines: one line and an exit status, never a traceback, never a hang.

The two slow tests print their counts (`pytest -s -m slow tests/ui/test_hostile.py`); a sample of each runs always.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = Path(__file__).with_name("hostile.py")


def tried(place: Path, *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(PROGRAM), str(place), *arguments],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROGRAM.parents[2]), "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    print({name: told[name] if name in ("tried", "statuses") else len(told[name]) for name in told})
    return told


def decent(told: dict[str, Any]) -> None:
    assert told["tracebacks"] == []
    assert told["hangs"] == []
    assert told["long"] == []


def test_some_damages(tmp_path: Path) -> None:
    told = tried(tmp_path, "damage", "6", "3")
    decent(told)
    assert told["changed"] == []


def test_some_hostile_lines(tmp_path: Path) -> None:
    decent(tried(tmp_path, "lines", "8"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["7", "8"])
def test_many_damages(tmp_path: Path, seed: str) -> None:
    told = tried(tmp_path, "damage", "200", seed)
    decent(told)
    # SQLite has no checksums: a letter that is another in the catalogue is seen by `jupilu doctor` alone.
    assert all("catalogue.sqlite3" in one for one in told["changed"])
    assert len(told["changed"]) <= 10


@pytest.mark.slow
def test_all_hostile_lines(tmp_path: Path) -> None:
    told = tried(tmp_path, "lines", "0")
    decent(told)
    assert told["tried"] >= 120
