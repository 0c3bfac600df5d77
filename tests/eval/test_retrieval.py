"""Figures over a BEIR folder equal those counted by hand, and what is left out is said."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from eval.benchmarks import fintruthqa
from eval.retrieval import evaluate_beir, measure, read_beir, table
from ingest.settings import Settings
from tests.rag.shelf import WordEmbeddings

DOCUMENTS = {
    "d1": "液冷产品已批量交付三家客户。",
    "d2": "毛利率保持稳定。",
    "d3": "截至2024年9月30日股东户数为2万户。",
    "d4": "截至2024年6月30日股东户数为3万户。",
}
QUERIES = {"q1": "液冷产品交付了吗", "q2": "9月底股东户数", "q3": "没有人判断过", "q4": "毛利率稳定吗"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    beir = tmp_path / "beir"
    (beir / "qrels").mkdir(parents=True)
    (beir / "corpus.jsonl").write_text(
        "".join(json.dumps({"_id": i, "title": "", "text": t}) + "\n" for i, t in DOCUMENTS.items())
    )
    (beir / "queries.jsonl").write_text(
        "".join(json.dumps({"_id": i, "text": t}) + "\n" for i, t in QUERIES.items())
    )
    (beir / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td3\t1\nq4\td2\t1\nq4\td4\t0\nq4\tgone\t1\n"
    )
    return beir


def test_measures_equal_those_counted_by_hand() -> None:
    relevant = {"a": {"x": 1}, "b": {"x": 1, "y": 1}, "c": {"z": 1}}
    rankings = {"a": ["x", "y"], "b": ["z", "q", "y", "x"], "c": ["x", "y"]}
    ideal = 1 + 1 / math.log2(3)
    gain = 1 / math.log2(4) + 1 / math.log2(5)
    assert measure(relevant, rankings) == {
        "hit@1": round(1 / 3, 4),
        "hit@5": round(2 / 3, 4),
        "hit@10": round(2 / 3, 4),
        "mrr@10": round((1 + 1 / 3) / 3, 4),
        "ndcg@10": round((1 + gain / ideal) / 3, 4),
    }


def test_a_query_without_hits_counts_as_nothing() -> None:
    assert measure({"a": {"x": 1}, "b": {"x": 1}}, {"a": ["x"]})["mrr@10"] == 0.5


def test_the_product_s_way_over_a_folder(folder: Path) -> None:
    told: list[str] = []
    settings = Settings(embedding_model="words")
    report = evaluate_beir(folder, settings, embeddings=WordEmbeddings(), progress=told.append)
    document = report.as_json()
    assert list(document) == ["hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10", "ms_per_query", "queries"]
    assert document["hit@1"] == 1.0  # the day tells d3 from d4
    assert document["queries"] == 3
    assert document["ms_per_query"] > 0
    assert set(report.modes) == {"dense", "lexical", "reciprocal_ranks", "fused", "reranked"}
    assert "1 queries without a relevant document were left out" in table(report)
    assert "1 judgements name documents that are not in the corpus" in table(report)
    assert told[-1] == "3 of 3 queries"


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is no BEIR folder"):
        read_beir(tmp_path)


def test_nothing_to_judge_is_no_score(folder: Path) -> None:
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tgone\t1\n")
    with pytest.raises(ValueError, match="no query with a relevant document"):
        read_beir(folder)


def test_fintruthqa_becomes_a_beir_folder(tmp_path: Path) -> None:
    rows = [
        ("有液冷产品吗？", "有。", "Positive", "3"),
        ("毛利率多少？", "请关注定期报告。", "Positive", "1"),
        ("加油！", "谢谢支持。", "Negative", "3"),
        ("户数？", "请查阅公告。", "Positive", "3"),
        ("何时分红？", "请查阅公告。", "Positive", "3"),
    ]
    source = tmp_path / "dev.csv"
    with source.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([fintruthqa.COLUMNS, *rows])
    assert fintruthqa.main([str(source), str(tmp_path / "beir")]) == 0
    data = read_beir(tmp_path / "beir")
    assert [document.text for document in data.documents] == [
        "有。",
        "请关注定期报告。",
        "谢谢支持。",
        "请查阅公告。",
    ]
    assert list(data.queries.values()) == ["有液冷产品吗？"]
    assert data.relevant == {"q00000": {"a00000": 1}}


def test_another_csv_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    assert fintruthqa.main([str(tmp_path / "other.csv"), str(tmp_path / "beir")]) == 2
    assert "no column QUES" in capsys.readouterr().err


@pytest.mark.slow
def test_retrieval_on_public_questions(shared_dir: Path, tmp_path: Path) -> None:
    fintruthqa.convert(shared_dir / "benchmarks" / "fintruthqa_dev.csv", tmp_path / "beir")
    figures = evaluate_beir(tmp_path / "beir", Settings(), modes=()).as_json()
    assert figures["queries"] == 1802
    assert figures["hit@10"] >= 0.74
    assert figures["mrr@10"] >= 0.59
