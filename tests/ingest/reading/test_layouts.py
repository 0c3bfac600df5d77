"""Made-up records in the layouts that companies use: their pairs and fields, in every format they are rendered in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from layouts import Layout, layouts

from eval.gold_labels import field_hash, form_values, normalise
from ingest.reading.dialogue import read_dialogue
from ingest.reading.source_file import read_records
from ingest.records import SourceText, Span
from ingest.settings import Settings

CASES = [pytest.param(each, kind, id=f"{kind}: {each.name}") for each in layouts() for kind in each.formats]
DIALOGUES = [
    case
    for path in sorted((Path(__file__).parents[1] / "layouts").glob("*.dialogues"))
    for case in path.read_text(encoding="utf-8").split("=== ")[1:]
]


@pytest.mark.parametrize(("layout", "kind"), CASES)
def test_pairs_and_fields(layout: Layout, kind: str) -> None:
    (record,) = read_records(layout.render(kind), layout.file_name(kind), Settings())
    found = [(normalise(pair.question), normalise(pair.answer)) for pair in record.pairs]
    assert found == [(normalise(question), normalise(answer)) for question, answer in layout.pairs]
    values = form_values(record.form)
    for field, wanted in layout.form.items():
        if field == "participants_count":
            assert len(values["participants"]) == wanted
            assert all(each["people"] for each in values["participants"])
            continue
        if field == "participants":
            wanted = [{"institution": institution, "people": people} for institution, people in wanted]
        assert field_hash(field, values[field]) == field_hash(field, wanted), (field, values[field])


@pytest.mark.parametrize("kind", ["pdf", "txt"])
@pytest.mark.parametrize("case", DIALOGUES, ids=lambda case: case.partition("\n")[0])
def test_dialogues(case: str, kind: str) -> None:
    _, _, marked = case.partition("\n")
    text = re.sub("[⟪⟫⟦⟧]", "", marked).strip()
    reading = read_dialogue(SourceText(kind, text), Span(0, len(text)))  # type: ignore[arg-type]
    questions, answers = (re.findall(p, marked, re.DOTALL) for p in ("⟪(.*?)⟫", "⟦(.*?)⟧"))
    assert [(normalise(each.question), normalise(each.answer)) for each in reading.pairs] == [
        (normalise(question), normalise(answer)) for question, answer in zip(questions, answers, strict=True)
    ]
