"""Sentences and their marks, however the stream is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.writing.citation_marks import Sentence, Sentences


def read(text: str, evidence: int = 3, step: int = 1) -> list[Sentence]:
    parser = Sentences(evidence)
    found = [s for at in range(0, len(text), step) for s in parser.feed(text[at : at + step])]
    return found + parser.finish()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("收入增长41%[1]。毛利率31.2%[2]。", [("收入增长41%。", (1,)), ("毛利率31.2%。", (2,))]),
        ("收入增长。[1]毛利率提高。【2】", [("收入增长。", (1,)), ("毛利率提高。", (2,))]),
        ("收入增长［１］［2］。", [("收入增长。", (1, 2))]),
        ("收入增长[1, 3]。", [("收入增长。", (1, 3))]),
        ("收入增长[1-3]。", [("收入增长。", (1, 2, 3))]),
        ("收入增长[资料2]。", [("收入增长。", (2,))]),
        ("- **收入**增长[1]\n- 毛利率提高[2]", [("收入增长", (1,)), ("毛利率提高", (2,))]),
        ("1. 收入增长[1]。\n2. 毛利率提高[2]。", [("收入增长。", (1,)), ("毛利率提高。", (2,))]),
        ("Revenue grew 4.5% [1]. Margin rose. [2]", [("Revenue grew 4.5%.", (1,)), ("Margin rose.", (2,))]),
        ("1.6T光模块已量产[1]。", [("1.6T光模块已量产。", (1,))]),
        ("答：收入增长[1]", [("收入增长", (1,))]),
        ("收入增长", [("收入增长", ())]),
        ("收入增长[1", [("收入增长", ())]),
        ("。。。[1]\n\n", []),
    ],
)
def test_marks_are_read_wherever_they_stand(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(s.text, s.marks) for s in read(text)] == expected


def test_invented_numbers_are_dropped_and_told() -> None:
    assert read("收入增长[1][7]。", evidence=2) == [Sentence("收入增长。", (1,), (7,))]
    assert read("收入增长[999]。", evidence=2) == [Sentence("收入增长。", (), (999,))]


def test_nothing_is_given_while_a_mark_is_partial() -> None:
    parser = Sentences(2)
    assert parser.feed("收入增长。") == []
    assert parser.feed("[") == []
    assert parser.feed("2") == []
    assert parser.feed("]毛") == [Sentence("收入增长。", (2,))]


@given(
    st.lists(
        st.sampled_from(
            ["收入增长41%", "毛利率 4.5", "[1]", "【2】", "[", "]", "。", "\n", "- ", "abc. ", "1、", "？"]
        ),
        max_size=24,
    )
)
def test_the_cut_of_the_stream_changes_nothing(pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = read(text, step=max(1, len(text)))
    assert read(text, step=1) == whole == read(text, step=3)
    assert all(not set("【】") & set(s.text) or "【" in s.text for s in whole)
