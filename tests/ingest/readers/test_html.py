"""Web pages; all companies are fictional."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import NotARecord, SourceError
from ingest.readers import read
from ingest.readers.html import read_text
from ingest.settings import Settings

PAGE = """<!DOCTYPE html><html><head><meta charset="gbk"><title>标题</title><style>p{}</style>
<script>var x = "<p>脚本</p>"</script></head><body><!-- 注释 --><nav>首页</nav>
<h1>星河示例股份有限公司</h1><div style="display: none">看不见</div><p hidden>也看不见</p>
<p>编号：2024-001<br>A &amp; B&nbsp;&lt;C&gt;</p>
<table><tr><th>投资者关系活动类别</th><td>√其他 □路演活动</td></tr>
<tr><td>时间</td><td>2024年1月2日</td><td>地点</td><td>公司</td></tr>
<tr><td>投资者关系活动主<br>要内容介绍</td><td><p>1、问题？</p><p>答：好<b>的</b>。</p>
<table><tr><td>年</td><td>收入</td></tr><tr><td>2023</td><td>1.2</td></tr></table>完。</td></tr></table>
<ul><li>甲</li><li>乙</li></ul></body></html>"""


def test_blocks_tables_entities_and_labels() -> None:
    source = read(PAGE.encode("gbk"), "记录.html", Settings())
    assert source.text.split("\n") == [
        "星河示例股份有限公司", "编号：2024-001", "A & B <C>",
        "投资者关系活动类别", "√其他 □路演活动", "时间", "2024年1月2日", "地点", "公司",
        "投资者关系活动主要内容介绍", "1、问题？", "答：好的。", "年\t收入", "2023\t1.2", "完。",
        "甲", "乙",
    ]  # fmt: skip
    assert [label.of(source.text) for label in source.labels] == [
        "投资者关系活动类别", "时间", "地点", "投资者关系活动主要内容介绍",
    ]  # fmt: skip
    assert source.format == "html"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_charsets(encoding: str) -> None:
    page = "<html><body><p>问：公司的收入如何？</p><p>答：感谢您的关注，公司收入增长。</p></body></html>"
    assert read(page.encode(encoding), "x.html", Settings()).text.startswith("问：公司的收入如何？")


def test_a_page_without_text_is_no_record() -> None:
    with pytest.raises(NotARecord):
        read_text("<html><body><script>1</script></body></html>", "x.html")


def test_deep_nesting_is_refused_and_deep_tables_are_read() -> None:
    with pytest.raises(SourceError, match="deep"):
        read_text("<html>" + "<div>" * 200_000 + "正文", "x.html")
    assert "正文" in read_text("<html>" + "<table><tr><td>" * 900 + "正文", "x.html").text


def test_unclosed_paragraphs_are_no_nesting() -> None:
    assert read_text("<html>" + "<p>你好" * 20_000, "x.html").text.count("\n") == 19_999


@given(st.lists(st.sampled_from(
    ["<table>", "</table>", "<tr>", "<td>", "</td>", "<p>", "</div>", "<div>", "<br>", "时间", "<li>", "&#0;", "<!--", "-->", "<script>", "</script>", "问：好？"]
), max_size=60))  # fmt: skip
def test_any_soup_is_read_or_refused(pieces: list[str]) -> None:
    try:
        source = read_text("<html>" + "".join(pieces), "x.html")
    except SourceError:
        return
    assert all(label.of(source.text) for label in source.labels)
