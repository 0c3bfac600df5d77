"""What lies in `rag/data`: word lists, wording, lexicons, and trained parts that a trainer wrote."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from ingest.errors import ModelUnavailable


def trained(name: str) -> Any:
    """The JSON of a trained part, `data/NAME`.

    Raises:
        ModelUnavailable: the file is not installed.
    """
    if not _file(name).is_file():
        raise ModelUnavailable(f"rag/data/{name} is missing: install jupilu again")
    return lexicon(name)


def lexicon(name: str) -> Any:
    """The JSON of `data/NAME`."""
    return read_json(_file(name))


def toml_tables(name: str) -> dict[str, Any]:
    """The TOML of `data/NAME`."""
    return tomllib.loads(_file(name).read_text(encoding="utf-8"))


def word_lines(name: str) -> list[list[str]]:
    """The words of each line of `data/NAME`, which white space parts; lines that are empty or open with # left out."""
    lines = _file(name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line.strip() and not line.startswith("#")]


@cache
def word_list(name: str) -> frozenset[str]:
    """All words of `data/NAME.txt`, read once."""
    return frozenset(word for line in word_lines(f"{name}.txt") for word in line)


def read_json(file: Path | Traversable) -> Any:
    """The JSON of a file."""
    return json.loads(file.read_text(encoding="utf-8"))


def _file(name: str) -> Traversable:
    return resources.files("rag").joinpath(f"data/{name}")
