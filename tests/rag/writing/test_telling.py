"""Which sentences of an answer lead."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ingest.records import Span
from rag.finding.declining import bundled_declining
from rag.writing.telling import bundled_telling, leading, spoken_sentences

TEXT = (
    "您好，感谢关注。公司整体经营平稳，各项业务有序推进，管理层对全年经营保持信心。2024年液冷业务收入3.2亿元，同比增长41%。"
    "海外市场方面，公司已在德国和马来西亚设立服务中心。原材料价格上涨对成本有一定影响，公司通过套期保值应对。"
)
TABLE = "产能如下：\n产品\t产能\n磷烷\t105吨\n砷烷\t100吨\n公司将继续扩产，满足客户需求，也会加强研发投入。"


def leads(question: str, text: str) -> str:
    told = bundled_telling().read(question, text, Span(0, len(text)), bundled_declining())
    return "".join(one.span.of(text) for one in told if one.leads)


def test_courtesy_is_not_quoted_unless_it_is_all_there_is() -> None:
    assert "感谢" not in leads("液冷收入", TEXT)
    assert leads("订单", "感谢您的关注。") == "感谢您的关注。"


def test_the_telling_sentence_leads() -> None:
    assert "液冷业务收入3.2亿元" in leads("液冷业务收入多少", TEXT)
    assert "德国和马来西亚" in leads("海外有哪些服务中心", TEXT)


def test_a_table_stays_whole() -> None:
    assert [span.of(TABLE) for span in spoken_sentences(TABLE, Span(0, len(TABLE)))][1] == (
        "产品\t产能\n磷烷\t105吨\n砷烷\t100吨"
    )


@given(st.text(max_size=200), st.text(alphabet="公司海外收入。，增长3%？\n\t但：", max_size=200))
def test_whatever_the_text_something_leads_and_spans_are_exact(question: str, text: str) -> None:
    told = bundled_telling().read(question, text, Span(0, len(text)), bundled_declining())
    assert any(one.leads for one in told) or not text.strip()
    assert [one.span for one in told] == sorted((one.span for one in told), key=lambda span: span.start)
    assert all(one.span.of(text).strip() == one.span.of(text) != "" for one in told)


def test_so_many_characters_of_the_likeliest() -> None:
    told = bundled_telling().read("海外有哪些服务中心", TEXT, Span(0, len(TEXT)), bundled_declining())
    (span,) = leading(told, 10)
    assert "德国" in span.of(TEXT)
    assert len(leading([replace(one, likely=0.5) for one in told], 10_000)) == len(told)
