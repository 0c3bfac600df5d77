"""DisclosureQA with a model: the verbatim answer first, then the written one; conversations carry over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from ingest import ingest
from ingest.settings import Settings
from rag import Answer, DisclosureQA
from rag.answers import Drafted, Provisional
from rag.conversations import Conversations
from rag.writing.model_answer import ModelWriter

QUESTION = "岚川智冷2024年上半年液冷收入是多少？"


class Copyist:
    """A model that copies the first sentence with a figure of the evidence that it is shown, or fails."""

    name, evidence_tokens, deadline = "copyist", 400, 30.0

    def __init__(self, fails: bool = False) -> None:
        self.fails = fails

    def connect(self) -> Any:
        if self.fails:
            raise TimeoutError
        source = self

        class Chat(GenericFakeChatModel):
            def stream(self, input: Any, *given: Any, **named: Any) -> Iterator[Any]:
                shown = input[-1][1].split("答：")[1].split("\n")[0]
                source.shown = input[-1][1]
                copied = next(one for one in shown.split("。") if any(sign.isdigit() for sign in one))
                self.messages = iter([AIMessage(content=f"{copied}[1]。")])
                yield from super().stream(input, *given, **named)

        return Chat(messages=iter([]))

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def qa(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DisclosureQA]:
    folder = tmp_path_factory.mktemp("written") / "library"
    settings = Settings(library=folder, model="none")
    files = [path for path in (examples_dir / "records").iterdir() if "岚川智冷" in path.name]
    assert not ingest(files, folder, settings).failed
    with DisclosureQA.open(folder, settings) as opened:
        yield opened


def events(qa: DisclosureQA, model: Any, question: str = QUESTION, **given: Any) -> list[Any]:
    qa._writer = ModelWriter(model) if model else None
    try:
        return list(qa.stream(question, **given))
    finally:
        qa._writer = None


def same(first: Answer, second: Answer) -> bool:
    plain = {"timings_ms": {}, "notice": None, "receipt": ""}
    return replace(first, **plain) == replace(second, **plain)


def test_the_verbatim_answer_comes_first_and_the_written_one_replaces_it(qa: DisclosureQA) -> None:
    verbatim = qa.ask(QUESTION)
    told = events(qa, Copyist())
    kinds = [type(event) for event in told]
    assert kinds.index(Provisional) < kinds.index(Drafted) < kinds.index(Answer) == len(told) - 1
    provisional = next(event for event in told if isinstance(event, Provisional))
    assert same(provisional.answer, verbatim)
    written = told[-1]
    assert written.model == "copyist" and written.outcome == "answered" and written.claims
    for claim in written.claims:
        assert claim.verdict == "supported"
        for citation in claim.citations:
            assert qa.library.record(citation.record_id).text[citation.start : citation.end] == citation.quote


def test_a_failing_model_leaves_the_verbatim_answer_as_it_was(qa: DisclosureQA) -> None:
    verbatim = qa.ask(QUESTION)
    answer = events(qa, Copyist(fails=True))[-1]
    assert same(answer, verbatim) and "超时" in answer.notice


def test_no_model_no_trace_of_one(qa: DisclosureQA) -> None:
    first, second = qa.ask(QUESTION), qa.ask(QUESTION)
    assert replace(first, timings_ms={}) == replace(second, timings_ms={})
    assert first.model == "none" and first.notice is None


@pytest.mark.parametrize("question", ["今天天气怎么样？", "贵州茅台的毛利率是多少？"])
def test_what_is_refused_asks_no_model(qa: DisclosureQA, question: str) -> None:
    assert not any(isinstance(event, Provisional) for event in events(qa, Copyist(), question))


def test_a_conversation_carries_over_and_keeps_its_citations(qa: DisclosureQA, tmp_path: Path) -> None:
    store = Conversations(tmp_path / "conversations.sqlite")
    made = store.create("li")
    first = qa.ask(QUESTION, as_of=date(2025, 6, 30))
    store.add("li", made.id, first, company=None, as_of=date(2025, 6, 30))
    history = Conversations(tmp_path / "conversations.sqlite").turns("li", made.id)
    second = qa.ask("去年同期是多少？", history=history, as_of=date(2025, 6, 30))
    assert second.question == "去年同期是多少？"
    assert second.standalone_question.startswith("岚川智冷2023年上半年液冷收入")
    for claim in history[0].answer["claims"]:
        for citation in claim["citations"]:
            text = qa.library.record(citation["record_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_receipt_is_kept_and_can_be_replayed(qa: DisclosureQA) -> None:
    answer = qa.ask(QUESTION, company="岚川智冷", as_of="2025-06-30")
    replayed = qa.replay(answer.receipt)
    assert replayed.changes == () and replayed.receipt.answer["text"] == answer.text
    written = events(qa, Copyist())[-1]
    replayed = qa.replay(written.receipt)
    assert replayed.changes == () and replayed.receipt.model == "copyist" and replayed.receipt.prompt
