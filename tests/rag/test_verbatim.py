"""Which sentences are quoted."""

from __future__ import annotations

from ingest.records import Span
from rag.verbatim import choose_sentences, runs

TEXT = (
    "您好，感谢关注。公司整体经营平稳。2024年液冷业务收入3.2亿元，同比增长41%。"
    "海外市场方面，公司已在德国和马来西亚设立服务中心。原材料价格上涨对成本有一定影响，公司通过套期保值应对。"
)


BEFORE = " " * 100
CANONICAL = BEFORE + TEXT


def quoted(question: str, limit: int, asks_figure: bool = False) -> str:
    spans = choose_sentences(question, CANONICAL, Span(100, len(CANONICAL)), limit, asks_figure=asks_figure)
    return "".join(span.of(CANONICAL) for span in runs(spans, CANONICAL))


def test_a_short_answer_is_quoted_whole_without_courtesy() -> None:
    assert quoted("液冷收入", 500) == TEXT.removeprefix("您好，感谢关注。")


def test_from_a_long_answer_the_answering_sentence_is_taken() -> None:
    assert "液冷业务收入3.2亿元" in quoted("液冷业务收入多少", 50, asks_figure=True)
    assert "德国和马来西亚" in quoted("海外有哪些服务中心", 60)


def test_text_that_is_all_courtesy_is_still_quoted() -> None:
    text = "感谢您的关注。"
    assert choose_sentences("订单", BEFORE + text, Span(100, 107), 100) == (Span(100, 107),)
