"""The second look prefers passages that speak of the time asked for, and newer ones where none is."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.errors import ModelUnavailable
from ingest.language.periods import Period
from rag.finding.reranking import ModelReranker, Time, second_look
from tests.rag.shelf import pair

FIRST_HALF = Period(date(2024, 1, 1), date(2024, 6, 30), "2024年上半年")
SPOKEN_IN_TIME = pair("r1", 1, "毛利率如何？", "上半年毛利率为30%。", date(2024, 8, 30))
SPOKEN_EARLIER = pair("r2", 1, "毛利率如何？", "上半年毛利率为28%。", date(2023, 8, 30))
TIMELESS = pair("r3", 1, "毛利率如何？", "毛利率受产品结构影响。", date(2024, 9, 30))


def test_another_period_costs() -> None:
    time = Time.of("上半年毛利率", [FIRST_HALF])
    in_time, earlier, timeless = second_look(
        time, [SPOKEN_IN_TIME, SPOKEN_EARLIER, TIMELESS], [0.0, 0.0, 0.0]
    )
    assert in_time == timeless == 0.0
    assert earlier < -1


def test_a_question_s_own_words_name_the_time() -> None:
    time = Time.of("2024年上半年毛利率")
    in_time, earlier = second_look(time, [SPOKEN_IN_TIME, SPOKEN_EARLIER], [0.0, 0.0])
    assert in_time == 0.0 > earlier


def test_without_a_time_the_newer_is_slightly_better() -> None:
    newer, older = second_look(Time.of("毛利率如何"), [TIMELESS, SPOKEN_EARLIER], [1.0, 1.0])
    assert newer == 1.0
    assert 0.8 < older < 1.0


def test_a_passage_without_a_date_is_not_judged_by_it() -> None:
    undated = pair("r4", 1, "毛利率如何？", "毛利率受产品结构影响。", None)
    assert second_look(Time.of("毛利率", [FIRST_HALF]), [undated], [0.5]) == [0.5]


def test_a_model_that_is_not_here_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="jupilu models pull no/such-reranker"):
        ModelReranker("no/such-reranker").scores("毛利率", [TIMELESS])
