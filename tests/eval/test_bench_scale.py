"""The measure of large libraries: what is made is what is said, goes on where it stopped, and can be asked."""

from __future__ import annotations

from pathlib import Path

import numpy
import pytest

from eval.studies.bench_scale import bench_scale, fill, measure, same_as_exact
from eval.studies.made_market import LikeVectors, MadeMarket
from ingest import Library
from ingest.library import index as index_module


@pytest.fixture(scope="module")
def like() -> LikeVectors:
    rows = numpy.random.default_rng(1).standard_normal((50, 384)).astype(numpy.float32)
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    return LikeVectors(rows, rows[::-1].copy())


def test_a_market_is_the_same_each_time_and_every_span_holds() -> None:
    market = MadeMarket(4000)
    records = [record for number in range(market.batch_count) for record in market.batch(number)]
    assert sum(len(record.pairs) for record in records) == pytest.approx(4000, rel=0.15)
    assert [record.id for record in records] == sorted({record.id for record in records})
    for record in records[::50]:
        for pair in record.pairs:
            assert pair.question_span.of(record.text) == pair.question
            assert pair.answer_span.of(record.text) == pair.answer
    assert MadeMarket(4000).batch(1) == market.batch(1)


def test_a_stopped_run_goes_on_and_ends_like_one_that_was_not(tmp_path: Path, like: LikeVectors) -> None:
    whole = fill(tmp_path / "whole", 4000, like)
    stopped = fill(tmp_path / "stopped", 4000, like, seconds=0)
    assert 0 < stopped.passages < whole.passages
    rest = fill(tmp_path / "stopped", 4000, like)
    assert stopped.passages + rest.passages == whole.passages
    assert fill(tmp_path / "stopped", 4000, like).passages == 0
    with Library.open(tmp_path / "whole") as one, Library.open(tmp_path / "stopped") as other:
        assert one.snapshot() == other.snapshot()
        query = one.index.store.table().passage[7]
        assert one.index.dense(query, k=20) == other.index.dense(query, k=20)
        assert one.index.lexical("订单 毛利率", k=20) == other.index.lexical("订单 毛利率", k=20)


def test_a_mapped_library_is_measured_as_exact(
    tmp_path: Path, like: LikeVectors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "EXACT_LIMIT", 1000)
    fill(tmp_path / "made", 3000, like)
    with Library.open(tmp_path / "made") as library:
        assert library.index.store.is_mapped
        assert same_as_exact(library.index) == (20, 20, 20)


@pytest.mark.slow
def test_the_figures_of_a_small_library(tmp_path: Path) -> None:
    figures = list(bench_scale([1500], tmp_path))
    assert any("the same 20 times" in figure.value for figure in figures)
    assert any(figure.what.startswith("ask over all companies") for figure in figures)
    measured = measure(tmp_path / "made-1500")
    assert measured["same"][0] == measured["same"][2]
