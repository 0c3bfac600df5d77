"""Files of the kinds that a person may drop in, each written before the code had seen it: pages, feeds, tables, dumps.

A file in `kinds/` holds cases: `=== file name`, a line of JSON with what is wanted, `---`, and the bytes as text,
in which ⟪question⟫ and ⟦answer⟧ are the pairs wanted.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval.gold_labels import normalise
from ingest.errors import NotARecord
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.settings import Settings

_MARKS = re.compile("[⟪⟫⟦⟧]")
CASES = [
    case
    for path in sorted((Path(__file__).parents[1] / "kinds").glob("*.txt"))
    for case in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.partition("\n")[0])
def test_kinds(case: str) -> None:
    head, _, marked = case.partition("\n---\n")
    name, _, told = head.partition("\n")
    wanted: dict[str, Any] = json.loads(told)
    data = _MARKS.sub("", marked).encode()
    if wanted.get("refused"):
        with pytest.raises(NotARecord):
            read_records(data, name, Settings())
        return
    records = read_records(data, name, Settings())
    found = record_as_json(records)
    questions, answers = (re.findall(p, marked, re.DOTALL) for p in ("⟪(.*?)⟫", "⟦(.*?)⟧"))
    plain = [re.sub(r"<[^>]*>", "", words) for words in (*questions, *answers)]
    assert [normalise(pair["question"]) for pair in found["pairs"]] == [
        normalise(words) for words in plain[: len(questions)]
    ]
    assert [normalise(pair["answer"]) for pair in found["pairs"]] == [
        normalise(words) for words in plain[len(questions) :]
    ]
    for field, value in wanted.items():
        if field == "codes":
            assert [record.form.code for record in records] == value
        elif field == "days":
            assert [each and each.isoformat() for each in (r.published_on for r in records)] == value
        elif field == "warns":
            assert any("wording" in warning for warning in found["warnings"])
        elif field == "participants":
            assert len(found["participants"]) == value
        else:
            assert found[field] == value, field
    assert all(record.form.code or record.warnings for record in records)
