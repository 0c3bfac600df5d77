"""Answers that are views: a layout of their own, within the page's width, and a table to take along."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from tests.ui.test_page_conversations import fetched
from tests.ui.test_web import ask

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]

VIEWS = {
    "timeline": "岚川智冷的液冷在手订单有什么变化？",
    "comparison": "岚川智冷和澄屿微电的研发费用率对比",
    "list": "哪些公司提到液冷？",
    "brief": "总结岚川智冷最近一次调研",
}
PARTS = {
    "timeline": ".days > li time",
    "comparison": ".compared tbody th",
    "list": ".found tbody tr",
    "brief": ".asked-here > li",
}


@pytest.mark.parametrize(
    "locale, width, theme", [("zh-CN", 1280, "light"), ("en-GB", 390, "dark")], ids=["zh-1280", "en-390-dark"]
)
def test_each_view_has_its_layout_and_its_marks_lead_to_the_evidence(
    visit: Visit, locale: str, width: int, theme: str
) -> None:
    page = visit(locale=locale, path=f"/?__theme={theme}", viewport={"width": width, "height": 900})
    for kind, question in VIEWS.items():
        turn = ask(page, question)
        view = turn.locator(f".view.{kind}")
        assert view.locator(PARTS[kind]).count() >= 1, kind
        assert "|" not in view.inner_text() and "jupilu" not in view.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), kind
        marks = view.locator("a.mark.supported")
        assert marks.count() >= 1
        number = turn.get_attribute("data-number")
        marks.first.click()
        page.wait_for_function("n => document.activeElement.id === `evidence-${n}-1`", arg=number)
    assert page.locator("#filters").evaluate("e => e.scrollWidth <= e.clientWidth + 1")
    scrolling = page.locator(".view.comparison .scroll")
    assert scrolling.evaluate("e => getComputedStyle(e).overflowX") == "auto"
    if width < 400:
        assert scrolling.evaluate("e => e.scrollWidth > e.clientWidth")
    assert page.notes["errors"] == []


@pytest.mark.parametrize("locale, verdict", [("zh-CN", "与原文相符"), ("en-GB", "Matches the record")])
def test_each_view_is_a_table_to_take_along(visit: Visit, locale: str, verdict: str) -> None:
    from openpyxl import load_workbook

    page = visit(locale=locale)
    for number, (kind, question) in enumerate(VIEWS.items(), start=1):
        ask(page, question)
        quote = page.locator(f"#turn-{number} .view .verbatim").first.inner_text()
        page.locator(f"#turn-{number} .export > summary").click()
        links = page.locator(f"#turn-{number} .export p").nth(1).locator("a")
        assert links.all_inner_texts() == ["CSV", "Excel", "Markdown"], kind
        rows = list(csv.reader(io.StringIO(fetched(page, links.nth(0)).decode("utf-8-sig"))))
        assert any(quote in cell for row in rows for cell in row), kind
        assert any(verdict in row for row in rows) and len({len(row) for row in rows}) == 1
        sheet = load_workbook(io.BytesIO(fetched(page, links.nth(1)))).active
        assert sheet.max_row == len(rows) and sheet.max_column == len(rows[0])
        assert fetched(page, links.nth(2)).decode().startswith("| ")


def test_a_document_of_a_view_has_its_table(visit: Visit) -> None:
    page = visit()
    ask(page, VIEWS["comparison"])
    page.locator("#turn-1 .export > summary").click()
    text = fetched(page, page.locator("#turn-1 .export p").first.locator("a").first).decode()
    assert "| 岚川智冷" in text or "岚川智冷（309001）" in text
    assert "<" not in text.replace("&lt;", "")
