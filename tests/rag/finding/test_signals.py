"""Signals are plain numbers for every candidate, and say what they are meant to say."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from rag.asking.moments import Agreement
from rag.finding.signals import NAMES, Candidate, grams, signals
from tests.rag.shelf import pair


def candidate(question: str, answer: str, value: float = 1.0) -> Candidate:
    raw = {"passage": 0.8, "words": 3.0, "question": math.nan}
    return Candidate(pair("r1", 1, question, answer), value, raw, Agreement(), 0.0, 0.0)  # type: ignore[arg-type]


def test_a_decimal_and_its_unit_are_one_word() -> None:
    assert "1.6t" in grams("1.6T光模块")
    assert "6t" not in grams("1.6T光模块")


def test_words_that_a_passage_has_count_the_more_the_rarer_they_are() -> None:
    near = candidate("液冷订单如何", "液冷在手订单充足。")
    far = candidate("毛利率如何", "毛利率稳定。")
    told = signals("液冷订单有多少", [near, far, far, far])
    assert told[0]["met"] > told[1]["met"]


def test_no_candidates_no_signals() -> None:
    assert signals("订单", []) == []


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), min_size=1, max_size=5),
)
def test_every_signal_is_a_number_whatever_the_text(question: str, texts: list[tuple[str, str]]) -> None:
    told = signals(question, [candidate(asked, answer) for asked, answer in texts])
    assert len(told) == len(texts)
    assert all(math.isfinite(value) for one in told for value in one.values())
    assert {tuple(sorted(one)) for one in told} == {tuple(sorted(NAMES))}
