"""The fitted judgement: trees are walked as they were written, and the bundled one knows every signal."""

from __future__ import annotations

import pytest

from rag.finding.judgement import Judgement, bundled_judgement
from rag.finding.signals import signals
from tests.rag.finding.test_signals import candidate

DOCUMENT = {
    "signals": ["met", "value"],
    "start": 0.0,
    "slope": 1.0,
    "shift": 0.0,
    "answers_from": 0.3,
    "shown_from": 0.5,
    "trees": [
        {"signal": [0, -1, -1], "limit": [0.5, 0, 0], "left": [1, 0, 0], "right": [2, 0, 0], "value": [0, -2.0, 2.0]},
        {"signal": [1, -1, -1], "limit": [0.0, 0, 0], "left": [1, 0, 0], "right": [2, 0, 0], "value": [0, -1.0, 1.0]},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("met", "value", "expected"), [(0.5, 0.0, 0.047426), (0.6, 1.0, 0.952574), (0.6, -1.0, 0.731059)]
)
def test_the_trees_add_up(met: float, value: float, expected: float) -> None:
    assert Judgement.of(DOCUMENT).probability({"met": met, "value": value}) == pytest.approx(expected)


def test_the_bundled_one_reads_signals_that_there_are() -> None:
    judge = bundled_judgement()
    told = signals("液冷在手订单有多少", [candidate("液冷订单如何", "在手订单 12 亿元。")])[0]
    assert set(judge.names) <= set(told)
    assert 0 <= judge.probability(told) <= 1
    assert 0 < judge.answers_from < 1
