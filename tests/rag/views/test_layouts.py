"""A view's layout says what its text says, with the same quotes under the same marks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.settings import Settings
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA

QUESTIONS = {
    "timeline": "岚川智冷的液冷在手订单有什么变化？",
    "comparison": "岚川智冷和澄屿微电的研发费用率对比",
    "list": "哪些公司提到液冷？",
    "brief": "总结岚川智冷最近一次调研",
}


@pytest.fixture(scope="module")
def answers(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Answer]]:
    from ingest.pipeline.ingesting import ingest

    folder = tmp_path_factory.mktemp("layouts") / "library"
    settings = Settings(library=folder, model="none")
    ingest([examples_dir / "records"], folder, settings)
    with DisclosureQA.open(folder, settings) as qa:
        yield {kind: qa.ask(question) for kind, question in QUESTIONS.items()}


def quotes(value: Any) -> Iterator[dict[str, Any]]:
    """Every quote anywhere in a layout."""
    if isinstance(value, dict):
        if set(value) == {"text", "mark"}:
            yield value
        for part in value.values():
            yield from quotes(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from quotes(part)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_every_quote_of_a_layout_is_a_claim_and_every_claim_is_there(
    answers: dict[str, Answer], kind: str
) -> None:
    answer = answers[kind]
    assert answer.view and answer.view["kind"] == kind
    claimed = {(" ".join(one.text.split()), one.citations[0].mark) for one in answer.claims}
    shown = {(one["text"], one["mark"]) for one in quotes(answer.view)}
    assert shown == claimed


@pytest.mark.parametrize("kind", QUESTIONS)
def test_a_layout_stands_for_the_text_up_to_its_length(answers: dict[str, Answer], kind: str) -> None:
    answer = answers[kind]
    assert answer.view
    covered, rest = answer.text[: answer.view["length"]], answer.text[answer.view["length"] :]
    for claim in answer.claims:
        assert " ".join(claim.text.split()) in covered and claim.text not in rest
    assert not rest or rest.startswith("\n")
    assert json.loads(json.dumps(answer.as_json()))["view"]["kind"] == kind


def test_the_receipt_does_not_depend_on_the_layout(answers: dict[str, Answer]) -> None:
    from dataclasses import replace

    answer = answers["timeline"]
    assert replace(answer, view=None).sealed("x").receipt == answer.sealed("x").receipt
    assert "view" not in replace(answer, view=None).as_json()
