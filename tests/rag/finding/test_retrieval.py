"""Evidence is one a statement, in one order, with a score that never rises."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest.library.filters import Where
from ingest.settings import Settings
from rag.finding.retrieval import Retriever
from tests.rag.shelf import Shelf, pair

SAID = "公司液冷产品已向三家客户批量供货，目前在手订单充足，产能利用率保持在较高水平。"
PASSAGES = [
    pair("r1", 1, "液冷订单情况如何？", f"您好！{SAID}", date(2024, 5, 1)),
    pair("r2", 1, "请介绍液冷的订单情况", f"{SAID}感谢您的关注！", date(2024, 9, 1)),
    pair("r3", 4, "液冷订单情况？", SAID, date(2023, 9, 1)),
    pair("r2", 2, "液冷订单有多少？", f"截至8月底在手订单12亿元。{SAID}", date(2024, 9, 1)),
    pair("r4", 1, "液冷订单情况如何？", SAID, date(2024, 7, 1), code="600002"),
    pair("r1", 2, "毛利率如何？", "毛利率保持稳定，主要受产品结构影响。", date(2024, 5, 1)),
    pair("r1", 3, "海外市场如何？", "海外收入占比提升，液冷在海外刚刚起步。", date(2024, 5, 1)),
    pair("r1", 3, "海外市场如何？", "海外工厂预计明年投产，届时订单可就近交付。", date(2024, 5, 1), part=1),
]


@pytest.fixture
def retriever(tmp_path: Path) -> Retriever:
    return Retriever(Shelf(tmp_path, PASSAGES), Settings(embedding_model="words"))


def test_the_same_statement_is_one_evidence_with_the_newest_in_front(retriever: Retriever) -> None:
    found = retriever.search("液冷订单情况如何", Where(codes=frozenset({"600001"})))
    head = next(evidence for evidence in found if evidence.repeats)
    assert head.passage.id == "r2:1:0"
    assert [repeat.id for repeat in head.repeats] == ["r1:1:0", "r3:4:0"]


def test_another_figure_is_another_statement(retriever: Retriever) -> None:
    found = retriever.search("液冷订单情况如何", Where(codes=frozenset({"600001"})))
    assert "r2:2:0" in [evidence.passage.id for evidence in found]


def test_two_companies_never_share_a_statement(retriever: Retriever) -> None:
    for evidence in retriever.search("液冷订单情况如何"):
        assert {repeat.code for repeat in evidence.repeats} <= {evidence.passage.code}
    assert "r4:1:0" in [evidence.passage.id for evidence in retriever.search("液冷订单情况如何")]


def test_a_pair_is_found_once(retriever: Retriever) -> None:
    found = retriever.search("海外工厂何时投产", Where(codes=frozenset({"600001"})))
    assert [evidence.passage.id for evidence in found if evidence.passage.number == 3] == ["r1:3:1"]


def test_hard_filters_hold_for_repeats_too(retriever: Retriever) -> None:
    where = Where(codes=frozenset({"600001"}), published_to=date(2024, 6, 1))
    found = retriever.search("液冷订单情况如何", where)
    passages = [passage for evidence in found for passage in (evidence.passage, *evidence.repeats)]
    assert {passage.published_on for passage in passages} <= {date(2024, 5, 1), date(2023, 9, 1)}


def test_scores_never_rise_and_lie_between_0_and_1(retriever: Retriever) -> None:
    scores = [evidence.score for evidence in retriever.search("液冷订单情况如何")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_the_same_question_gives_the_same_evidence(retriever: Retriever) -> None:
    assert retriever.search("液冷订单") == retriever.search("液冷订单")


def test_k_is_the_most(retriever: Retriever) -> None:
    assert len(retriever.search("液冷订单", k=2)) == 2


def test_a_filter_that_nothing_passes(retriever: Retriever) -> None:
    assert retriever.search("液冷订单", Where(codes=frozenset({"999999"}))) == []
