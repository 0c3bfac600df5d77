"""The plain pipeline over the examples, and the table that puts it beside Jupilu."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from eval.cases import Case, GoldPair, read_cases
from eval.recorded import RecordedAnswer, RecordedPassage
from eval.studies.plain_pipeline import CHUNK_CHARACTERS, PlainPipeline, asked_of, chunks_of, quoted
from eval.studies.versus import gold_places, measure, resumed, table
from ingest.library.library import Library
from ingest.settings import Settings
from tests.rag.shelf import WordEmbeddings

CASE = Case(
    "c",
    "paraphrase",
    "海外收入多少？",
    None,
    date(2024, 6, 30),
    "answered",
    (GoldPair("r", 1),),
    (("3.2亿元",),),
)
PASSAGE = RecordedPassage(1, "公司海外收入3.2亿元。", None, "600001", "云岭科技", date(2024, 5, 1), "r", 1)
ANSWER = RecordedAnswer(CASE.question, "公司海外收入3.2亿元。[1]", (PASSAGE,), "c", "answered", 0.5, "test")
GOLD: dict[tuple[str, int], str | None] = {("r", 1): "600001"}


@pytest.fixture(scope="module")
def library(example_library_of_words: Path) -> Iterator[Library]:
    with Library.open(example_library_of_words, Settings(), embeddings=WordEmbeddings()) as opened:
        yield opened


@pytest.fixture
def pipeline(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlainPipeline:
    monkeypatch.setattr("ingest.embedding.embeddings.open_embeddings", lambda settings: WordEmbeddings())
    return PlainPipeline(library, tmp_path / "plain")


def test_chunks_are_at_their_place_and_know_their_pairs(library: Library) -> None:
    named: set[tuple[str, int]] = set()
    for summary in library.records():
        record = library.record(summary.id)
        for chunk in chunks_of(record):
            assert chunk.text == chunk.span.of(record.text) and 0 < len(chunk.text) <= CHUNK_CHARACTERS
            named |= {(record.id, number) for number in chunk.pairs}
        assert {(record.id, pair.number) for pair in record.pairs} <= named


def test_a_second_opening_embeds_nothing_again(
    library: Library, pipeline: PlainPipeline, tmp_path: Path
) -> None:
    class Counting(WordEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise AssertionError("embedded again")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.embedding.embeddings.open_embeddings", lambda settings: Counting())
        again = PlainPipeline(library, tmp_path / "plain")
    assert [c.id for c in again.search("液冷订单")] == [c.id for c in pipeline.search("液冷订单")]


def test_the_extractive_answer_quotes_the_top_chunk(pipeline: PlainPipeline) -> None:
    answer = pipeline.answer(replace(CASE, question="液冷业务在手订单有多少"))
    assert answer.outcome == "answered" and len(answer.passages) == 5
    words = answer.answer.replace("[1]", "").replace(" ", "")
    assert words == "".join(answer.passages[0].text.split()) and "[1]" in answer.answer
    assert quoted(()) == ""


def test_a_model_s_i_don_t_know_is_a_refusal(pipeline: PlainPipeline) -> None:
    model = FakeListChatModel(responses=["我不知道。", "海外收入3.2亿元[2]。"])
    assert pipeline.answer(CASE, model).outcome == "not_found"
    written = pipeline.answer(CASE, model)
    assert written.outcome == "answered" and written.answer == "海外收入3.2亿元[2]。"


def test_a_company_beside_the_question_goes_into_the_words() -> None:
    assert asked_of(replace(CASE, company="600001")) == "600001：海外收入多少？"
    assert asked_of(CASE) == CASE.question


def test_a_right_answer_is_measured_as_right() -> None:
    good = measure(CASE, ANSWER, [frozenset({("r", 1)})], GOLD)
    assert good.facts == 1 and good.outcome_right and good.record_found and good.pair_found
    assert good.supported == good.sentences == 1 and good.precise == good.citations == 1
    assert not good.wrong_and_cited and not good.too_late


def test_what_is_wrong_is_measured_as_wrong() -> None:
    found = [frozenset({("x", 9)})]
    foreign = replace(ANSWER, passages=(replace(PASSAGE, code="600002", record_id="x", pair=9),))
    assert measure(CASE, foreign, found, GOLD).wrong_and_cited
    absent = replace(CASE, outcome="not_found", gold=(), key_facts=())
    refused = replace(ANSWER, answer="", passages=(), outcome="not_found")
    assert measure(absent, ANSWER, found, {}).wrong_and_cited
    assert not measure(absent, refused, [], {}).wrong_and_cited
    late = replace(ANSWER, passages=(replace(PASSAGE, published_on=date(2024, 7, 1)),))
    assert measure(CASE, late, found, GOLD).too_late
    missed = measure(CASE, ANSWER, [frozenset({("r", 2)})], GOLD)
    assert missed.record_found and not missed.pair_found
    assert measure(absent, ANSWER, found, {}).pair_found is None


def test_the_table_never_divides_by_nothing() -> None:
    shown = table({"one": [measure(CASE, ANSWER, [], GOLD)]}, [CASE])
    assert "100.0% (1 of 1)" in shown and "— (0)" in shown and "nan" not in shown.lower()


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(case: Case) -> RecordedAnswer:
        asked.append(case.id)
        if case.id == "stop":
            raise KeyboardInterrupt
        return replace(ANSWER, id=case.id)

    cases = [CASE, replace(CASE, id="stop"), replace(CASE, id="last")]
    with pytest.raises(KeyboardInterrupt):
        resumed(tmp_path / "run.jsonl", cases, answer)
    done = resumed(tmp_path / "run.jsonl", [cases[0], cases[2]], answer)
    assert [one.id for one in done] == ["c", "last"] and asked == ["c", "stop", "last"]
    assert done[0] == ANSWER


def test_gold_is_found_by_file_name_and_by_hash(library: Library, examples_dir: Path) -> None:
    cases = read_cases([examples_dir.parent / "eval" / "cases" / "examples.jsonl"])
    for case in cases:
        assert bool(gold_places(library, case)) == bool(case.gold)
