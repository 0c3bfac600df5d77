"""What most studies are given: a library to ask without a model, and files of cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA

CASES: Final = Path(__file__).resolve().parents[1] / "cases"


@contextmanager
def opened(library: Path) -> Iterator[DisclosureQA]:
    """The library in a folder, answering without a language model; nothing is written into it."""
    settings = Settings(library=library, model="none")
    with DisclosureQA(Library.open(library, settings), settings, keeps_receipts=False) as qa:
        yield qa


def lines_of(file: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
