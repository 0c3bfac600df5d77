"""Answers as documents: what stands in them is text, whoever wrote it, and every citation is there."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest

from rag.answers import Answer, Citation, Claim, Searched
from rag.conversations import Turn
from ui.web.documents import as_docx, as_markdown_document
from ui.web.tables import header, rows

NASTY = "# 标题 | <script>x</script> [链](javascript:y) *粗* \u202e=1+1"


def turn(quote: str = "产能 77 万件。", view: dict[str, Any] | None = None) -> Turn:
    citation = Citation(
        1,
        "r" * 16,
        "记录.pdf",
        "309001",
        "岚川智冷",
        "2025-001",
        date(2025, 6, 3),
        2,
        "产能？",
        quote,
        5,
        9,
        3,
    )
    answer = Answer(
        "产能是多少？",
        "产能是多少？",
        "answered",
        f"“{quote}” [1]",
        None,
        date(2025, 6, 3),
        Searched(1, date(2025, 6, 3), date(2025, 6, 3)),
        claims=(Claim(quote, "supported", (), (citation,)),),
        view=view,
    )
    return Turn(1, answer.question, None, None, answer.as_json(), None)


@pytest.mark.parametrize("language, verdict", [("zh", "与原文相符"), ("en", "Matches the record")])
def test_a_citation_has_company_record_day_page_quote_and_verdict(language: Any, verdict: str) -> None:
    from docx import Document

    text = as_markdown_document(language, "研究", [turn()])
    row = next(line for line in text.splitlines() if line.startswith("| \\[1\\]"))
    for part in (
        "岚川智冷",
        "309001",
        "2025-001",
        "2025-06-03",
        "产能 77 万件。",
        "| 3 |",
        verdict,
        "记录.pdf",
    ):
        assert part in row
    long = Document(io.BytesIO(as_docx(language, "研究", [turn("公司产能逐季提升。" * 12)])))
    widths = [cell.width for cell in long.tables[0].rows[1].cells]
    assert widths[1] == max(widths) and widths[1] > 3 * widths[0]  # the quote has room
    document = Document(io.BytesIO(as_docx(language, "研究", [turn()])))
    assert document.paragraphs[0].text == "研究"
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert {"岚川智冷", "309001", "2025-001", "2025-06-03", "3", verdict} <= set(cells)


def test_nothing_in_a_document_acts() -> None:
    text = as_markdown_document("zh", NASTY, [turn(NASTY)])
    assert "<script" not in text and "](" not in text.replace("\\]", "") and "\u202e" not in text
    assert "\n# 标题" not in text.replace("# \\# 标题", "")
    assert as_docx("zh", NASTY + "\x00\x0b", [turn(NASTY + "\x00")])


def test_a_views_table_has_no_column_twice() -> None:
    quote = {"text": "产能 77 万件。", "mark": 1}
    views: dict[str, dict[str, Any]] = {
        "timeline": {
            "entries": [
                {"day": "2025-06-03", "notes": ["新"], "figures": ["产能 77 万件"], "quotes": [quote], "gap": "",
                 "overtaken": False, "declined": False}
            ]
        },
        "comparison": {
            "columns": ["岚川智冷", "澄屿微电"],
            "rows": [
                {"name": "产能", "cells": [
                    {"status": "figure", "text": "77 万件 [1]", "quotes": [quote], "higher": True},
                    {"status": "silent", "text": "没有说（3 份记录）", "quotes": [], "higher": False},
                ]}
            ],
        },
        "list": {
            "items": [{"company": "岚川智冷", "code": "309001", "day": "2025-06-03", "hits": 2, "question": "产能？",
                       "notes": [], "quote": quote}]
        },
        "brief": {
            "items": [
                {"pair": 2, "question": "产能？", "quote": quote, "news": "", "new": False},
                {"pair": 3, "question": "股价？", "quote": None, "news": "", "new": False},
            ]
        },
    }  # fmt: skip
    for kind, parts in views.items():
        answer = turn(view={"kind": kind, "head": [], "tail": [], "length": 0, **parts}).answer
        for language in ("zh", "en"):
            names = header(language, answer)  # type: ignore[arg-type]  # the loop's own literals
            table = rows(language, answer)  # type: ignore[arg-type]
            assert len(set(names)) == len(names), kind
            assert all(len(row) == len(names) for row in table) and len(table) >= 1
            assert "记录.pdf" in table[0] and "产能 77 万件。" in table[0]
