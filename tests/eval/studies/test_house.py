"""How the house stands: no import circles, and they are found where there are any."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

from eval.studies.house import PACKAGES, Module, circles, modules

ROOT = Path(__file__).resolve().parents[3]


def test_a_circle_is_found_wherever_the_import_stands() -> None:
    found = [
        Module("rag.one", "from rag.two import name\n"),
        Module("rag.two", "def late():\n    import rag.three\n"),
        Module("rag.three", "from rag import one\n"),
        Module("rag.four", "from rag.one import name\n"),
    ]
    assert circles(found) == [["rag.one", "rag.three", "rag.two"]]


def test_no_modules_import_each_other() -> None:
    assert circles(list(chain.from_iterable(modules(ROOT, package) for package in PACKAGES))) == []
