"""The word lists in `data/*.txt`: words between white space, lines that open with # left out."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `data/NAME.txt`, read once."""
    text = resources.files("rag").joinpath(f"data/{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
