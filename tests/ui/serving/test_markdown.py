"""An answer as Markdown: footnotes, nothing of a record acts, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.serving.markdown import as_markdown, as_words, escaped


def answer(text: str, *quotes: str, **more: Any) -> dict[str, Any]:
    """An answer that cites each quote under a mark of its own, all in one record."""
    claims = [
        {
            "text": quote,
            "verdict": "supported",
            "citations": [
                {
                    "mark": mark,
                    "record_id": "r1",
                    "source_file": "岚川_智冷.pdf",
                    "code": "309001",
                    "short_name": "岚川智冷",
                    "number": "[2024]011",
                    "published_on": "2024-11-06",
                    "pair": 2,
                    "question": "",
                    "quote": quote,
                    "start": 100 * mark,
                    "end": 100 * mark + len(quote),
                    "page": 3,
                }
            ],
        }
        for mark, quote in enumerate(quotes, 1)
    ]
    return {"text": text, "claims": claims, "outcome": "answered", **more}


def test_marks_become_footnotes_and_a_record_s_own_brackets_stay() -> None:
    told = as_markdown(
        answer("“见附件[1]，收入2.68亿元。” [1]\n——岚川智冷 记录[2024]011", "见附件[1]，收入2.68亿元。")
    )
    body, note = told.split("\n\n")
    assert body == "“见附件\\[1\\]，收入2.68亿元。” [^1]  \n——岚川智冷 记录\\[2024\\]011"
    assert (
        note
        == "[^1]: 岚川智冷（309001） 2024-11-06 记录\\[2024\\]011 问答2 第3页：“见附件\\[1\\]，收入2.68亿元。”"
    )


def test_quotes_of_one_mark_stand_together() -> None:
    document = answer("“收入增长。”… [1]", "收入增长。")
    first = document["claims"][0]["citations"][0]
    far = {**first, "quote": "利润下降。", "start": 500, "end": 505}
    document["claims"].append({**document["claims"][0], "citations": [far]})
    assert as_markdown(document).endswith("“收入增长。…利润下降。”")


@pytest.mark.parametrize(
    "words",
    [
        "![x](https://a.example/p.png)",
        "[click](javascript:alert(1))",
        "<script>alert(1)</script>",
        "<https://a.example>",
        "https://a.example/?q=1",
        "www.a.example",
        "a@b.example",
        "**bold** _x_ `code` ~~gone~~",
        "# heading",
        "- item",
        "1. item",
        "| a | b |",
        "$x^2$",
        "&lt;b&gt;",
        "[^9]: note",
        "===",
    ],
)
def test_nothing_of_a_record_acts(words: str) -> None:
    """Rendered by a Markdown reader with tables and links of its own making, only text is left."""
    reader = pytest.importorskip("markdown_it", reason="markdown-it-py comes with rich")
    told = as_markdown(answer(f"“{words}” [1]\n\n{words}", words))
    tokens = reader.MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(told)
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
    assert kinds <= {"paragraph_open", "paragraph_close", "inline", "text", "hardbreak", "softbreak"}
    shown = "".join(c.content for token in tokens for c in token.children or () if c.type == "text")
    assert shown.count(words.strip()) == 3


@given(st.text(max_size=60))
def test_what_is_escaped_is_read_back(text: str) -> None:
    plain = "".join(character for character in text if character.isprintable())
    assert as_words(escaped(plain)) == plain


def test_an_earlier_answer_is_read_as_it_was_said() -> None:
    text = "“收入2.68亿元（约数）。” [1]\n——岚川智冷 记录[2024]011\n\n“见[2]页。” [2]"
    assert as_words(as_markdown(answer(text, "收入2.68亿元（约数）。", "见[2]页。"))) == text


def test_a_notice_and_what_is_for_a_terminal() -> None:
    told = as_markdown(answer("没有“甲”的记录。可用 jupilu companies 查看。", notice="1 份记录没有日期"))
    assert "jupilu" not in told and told.endswith("1 份记录没有日期")
