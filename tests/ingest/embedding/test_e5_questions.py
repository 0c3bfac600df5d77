"""The question encoder: the bundled model where nothing is changed, and the same vector every time."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest

from ingest.embedding.e5 import QueryEngine, WeightFile
from ingest.embedding.e5_network import difference_at
from ingest.embedding.e5_questions import QuestionEngine
from ingest.errors import ModelUnavailable

QUESTION = "老美加税对公司影响大不大"


def test_without_a_difference_it_is_the_bundled_model() -> None:
    plain = QuestionEngine({}).embed(QUESTION)
    assert float(plain @ QueryEngine(threads=1).queries([QUESTION])[0]) > 0.99


def test_the_trained_one_is_another_and_the_same_every_time() -> None:
    trained = QuestionEngine()
    first = trained.embed(QUESTION)
    assert float(numpy.linalg.norm(first)) == pytest.approx(1, abs=1e-5)
    assert float(first @ QuestionEngine({}).embed(QUESTION)) < 0.999
    assert numpy.array_equal(first, QuestionEngine().embed(QUESTION))


@pytest.mark.parametrize("question", ["", " ", "？", "营收" * 500, "\0<s>\ud800", "🚀"])
def test_any_text_has_a_vector(question: str) -> None:
    assert numpy.isfinite(QuestionEngine({}).embed(question)).all()


def test_a_low_rank_difference_is_added(tmp_path: Path) -> None:
    file = tmp_path / "difference.npz"
    rng = numpy.random.default_rng(0)
    first, second = rng.normal(size=(4, 384)), rng.normal(size=(384, 4)) / 10
    numpy.savez(file, **{"l11.q.A": first.astype("float16"), "l11.q.B": second.astype("float16")})
    changed = QuestionEngine(difference_at(file)).embed(QUESTION)
    assert float(changed @ QuestionEngine({}).embed(QUESTION)) < 0.99999


def test_a_file_that_is_not_there_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.embedding.e5_questions.DIFFERENCE", "data/nothing.npz")
    with pytest.raises(ModelUnavailable, match=r"nothing\.npz is missing"):
        QuestionEngine().embed(QUESTION)


@pytest.mark.parametrize(
    "text",
    [
        "老美加税对公司影响大不大",
        "Gross margin of 2024Q3?",
        "1.6T光模块 ⻓期",
        "",
        "   ",
        "🚀 HBM",
        "毛利率37.6%，同比+2pct",
    ],
)
def test_one_short_text_is_cut_as_the_library_cuts_it(text: str) -> None:
    weights = WeightFile()
    assert weights.token_ids_of_one(f"query: {text}") == weights.token_ids(f"query: {text}")
