"""Made-up files as a browser prints them and a word processor saves them: pairs and fields, to the last character."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from printing import FOLDER, Case, cases, matches, printing, render, value

from eval.gold_labels import normalise
from ingest.errors import NotARecord
from ingest.reading.source_file import read_records
from ingest.settings import Settings

CASES = list(cases(sorted(FOLDER.glob("*.txt"))))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """What prints the pages; the tests of pdf are skipped where there is none."""
    with ExitStack() as stack:
        try:
            opened = stack.enter_context(printing())
        except (ImportError, OSError) as error:
            pytest.skip(str(error))
        yield opened


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_printed(case: Case, request: pytest.FixtureRequest) -> None:
    data = render(case, request.getfixturevalue("browser") if case.kind == "pdf" else None)
    if case.wanted.get("refused"):
        with pytest.raises(NotARecord):
            read_records(data, case.name, Settings())
        return
    records = read_records(data, case.name, Settings())
    pairs = [
        (normalise(pair.question), normalise(pair.answer)) for record in records for pair in record.pairs
    ]
    assert pairs == case.pairs
    for field in case.wanted:
        assert matches(field, value(field, records), case), field
