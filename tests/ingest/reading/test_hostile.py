"""590 hostile files cost a line each: no traceback, bounded time and memory, and every good file between them is read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]


@pytest.mark.slow
def test_hostile_files() -> None:
    result = subprocess.run(
        [sys.executable, str(HERE / "hostile.py")],
        capture_output=True,
        text=True,
        timeout=1800,
        env={"PYTHONPATH": str(HERE.parent.parent), "PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1"},
        check=False,
    )
    print(result.stdout)
    figures = json.loads(result.stdout)
    assert figures["faults"] == []
    assert figures["files"] >= 500
    assert result.returncode == 0, figures
