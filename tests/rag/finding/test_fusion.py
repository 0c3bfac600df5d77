"""Parts are comparable after fusion, ties have one order, and whitening leaves small libraries alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy
import pytest

from rag.finding.fusion import Pool, Space, Whitening, fuse, gather, order, standardised, typical_questions
from tests.rag.shelf import Shelf, pair

NAN = float("nan")


def test_scale_does_not_matter_and_weights_do() -> None:
    pool = Pool(
        ("a", "b", "c"),
        {"passage": numpy.array([0.81, 0.80, 0.79]), "words": numpy.array([10.0, 20.0, 30.0])},
    )
    assert order(pool.ids, fuse(len(pool.ids), standardised(pool), {"passage": 2.0, "words": 1.0})) == [
        0,
        1,
        2,
    ]
    assert order(pool.ids, fuse(len(pool.ids), standardised(pool), {"passage": 1.0, "words": 2.0})) == [
        2,
        1,
        0,
    ]


def test_equals_come_in_the_order_of_their_ids() -> None:
    assert order(("b", "c", "a"), numpy.array([1.0, 2.0, 1.0])) == [1, 2, 0]


def test_a_part_that_does_not_apply_is_left_to_the_others() -> None:
    pool = Pool(
        ("pair", "statement"),
        {"passage": numpy.array([0.7, 0.9]), "question": numpy.array([0.9, NAN])},
    )
    fused = fuse(len(pool.ids), standardised(pool), {"passage": 1.0, "question": 1.0})
    assert numpy.isfinite(fused).all()
    assert fused[1] > fused[0]


def test_fusing_nothing() -> None:
    assert fuse(0, standardised(Pool((), {"passage": numpy.array([])}))).shape == (0,)


def test_whitening_hardly_changes_a_small_library() -> None:
    rows = numpy.random.default_rng(7).normal(size=(5, 64)).astype(numpy.float32)
    centred = rows - rows.astype(numpy.float64).mean(axis=0)
    plain = centred / numpy.linalg.norm(centred, axis=1, keepdims=True)
    assert numpy.allclose(Whitening.of(rows)(rows), plain, atol=0.05)


def test_whitening_evens_out_the_directions() -> None:
    generator = numpy.random.default_rng(7)
    rows = (generator.normal(size=(3000, 32)) * numpy.linspace(0.05, 3, 32)).astype(numpy.float32)

    def spread(vectors: numpy.typing.NDArray[numpy.float64]) -> float:
        return float(vectors.std(axis=0).max() / vectors.std(axis=0).min())

    assert spread(Whitening.of(rows)(rows)) < 0.5 * spread(rows.astype(numpy.float64))


def test_gather_finds_by_meaning_and_by_words(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path,
        [
            pair("r1", 1, "液冷订单如何？", "在手订单充足。", date(2024, 5, 1)),
            pair("r1", 2, "毛利率如何？", "毛利率保持稳定。", date(2024, 5, 1)),
        ],
    )
    space = Space(shelf.index)
    pool = gather(shelf.index, space, "液冷订单", shelf.embeddings.embed_query("液冷订单"))
    assert pool.ids == ("r1:1:0", "r1:2:0")
    assert pool.parts["words"][0] > pool.parts["words"][1] == 0.0
    assert pool.parts["passage"][0] > pool.parts["passage"][1]
    assert order(pool.ids, fuse(len(pool.ids), standardised(pool))) == [0, 1]


def test_an_empty_index_has_no_candidates(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, [])
    assert gather(shelf.index, Space(shelf.index), "订单", shelf.embeddings.embed_query("订单")).ids == ()


def test_typical_questions_belong_to_the_bundled_model() -> None:
    vectors = typical_questions("multilingual-e5-small")
    assert vectors is not None
    assert vectors.shape == (120, 384)
    assert numpy.linalg.norm(vectors, axis=1) == pytest.approx(numpy.ones(120), abs=1e-2)
    assert typical_questions("another/model") is None


def test_a_large_index_gives_the_same_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = [pair(f"r{n}", n, f"问题{n}如何？", f"回答{n}是{n * 7}台。") for n in range(1, 9)]
    shelf = Shelf(tmp_path, passages)
    typical = numpy.array(shelf.embeddings.embed_documents(["问题如何？", "有多少台？"]), dtype=numpy.float32)
    query = numpy.array(shelf.embeddings.embed_query("问题3"))
    ids = [passage.id for passage in passages[2:6]]
    in_memory = Space(shelf.index, typical).cosines(ids, query, "question")
    monkeypatch.setattr("rag.finding.fusion.EXACT_LIMIT", 3)
    as_needed = Space(shelf.index, typical).cosines(ids, query, "question")
    assert numpy.allclose(in_memory, as_needed, atol=1e-5)


def test_passages_that_come_during_a_search_wait_for_the_next(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, [pair("r1", 1, "订单如何？", "在手订单充足。")])
    space = Space(shelf.index)
    late = pair("r2", 1, "订单多吗？", "在手订单很多。")
    shelf.index.add([late], shelf.embeddings.embed_documents([late.indexed_text]))
    assert gather(shelf.index, space, "订单", shelf.embeddings.embed_query("订单")).ids == ("r1:1:0",)
