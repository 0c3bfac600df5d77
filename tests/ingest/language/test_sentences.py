"""Sentence spans cover the text and nothing but the text."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from ingest.language.sentences import sentence_spans


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = "收入增长3.5%。1.6T产品已量产！“是的。”他说\n下一段"
    assert [span.of(text) for span in sentence_spans(text)] == [
        "收入增长3.5%。",
        "1.6T产品已量产！",
        "“是的。”",
        "他说",
        "下一段",
    ]


@given(st.text(alphabet="收入。！？.\n ”）3a", max_size=60))
def test_spans_are_ordered_disjoint_and_complete(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(span.of(text) == span.of(text).strip() for span in spans)
