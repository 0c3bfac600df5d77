"""Trained parts: JSON that a trainer wrote, in `rag/data` or in a folder of its own."""

from __future__ import annotations

import json
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ingest.errors import ModelUnavailable


def trained(name: str) -> Any:
    """What stands in `data/NAME`.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    file = resources.files("rag").joinpath(f"data/{name}")
    if not file.is_file():
        raise ModelUnavailable(f"rag/data/{name} is missing: install jupilu again")
    return read_json(file)


def read_json(file: Path | Traversable) -> Any:
    """The JSON of a file."""
    return json.loads(file.read_text(encoding="utf-8"))
