"""Conversations on the page: found, named, deleted and brought back, taken along as files, judged in one's own words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from rag.conversations import Conversation
from tests.ui.test_web import ask
from ui.web.panels.conversations import conversation_list

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]

QUESTIONS = (
    "岚川智冷的二期液冷基地什么时候投产？",
    "澄屿微电的研发费用率是多少？",
    "岚川智冷的食堂几点开饭？",
    "禾愈生物的主要产品是什么？",
)
WORDS = {
    "zh-CN": {"export": "导出", "good": "有帮助", "noted": "已记下", "undo": "撤销", "verdict": "与原文相符", "today": "今天"},
    "en-GB": {"export": "Export", "good": "Helpful", "noted": "Noted", "undo": "Undo", "verdict": "Matches the record", "today": "Today"},
}  # fmt: skip


def fetched(page: Any, link: Any) -> bytes:
    """The file behind a link, asked for as its visitor."""
    answer = page.request.get(page.evaluate("a => a.href", link.element_handle()))
    assert answer.ok and "attachment" in answer.headers["content-disposition"]
    return bytes(answer.body())


@pytest.mark.parametrize("locale, width", [("zh-CN", 1440), ("en-GB", 390)])
def test_conversations_are_searched_named_in_place_deleted_and_brought_back(
    visit: Visit, locale: str, width: int
) -> None:
    words = WORDS[locale]
    page = visit(locale=locale, viewport={"width": width, "height": 900})

    def unfolded() -> Any:
        page.locator(".conversations").evaluate("e => { e.open = true; }")
        return page.locator(".conversations")

    for question in QUESTIONS:
        unfolded().locator("[data-action=new]").click()
        page.wait_for_selector(".welcome")
        ask(page, question)
    assert unfolded().locator("h2").all_inner_texts() == [words["today"]]
    page.fill("#sought-conversation", "研发费用")
    assert page.locator(".conversations .open:visible").count() == 1
    page.fill("#sought-conversation", "没有这样的对话名")
    assert page.locator(".conversations .none").is_visible()
    page.fill("#sought-conversation", "")
    assert page.locator(".conversations .open:visible").count() == 4
    item = page.locator(".conversations li", has_text="研发费用")
    item.locator("[data-action=rename]").click()
    page.keyboard.type("研究 <b>一</b>")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "[...document.querySelectorAll('.conversations .open')].some(e => e.textContent === '研究 <b>一</b>')"
    )
    named = unfolded().locator("li", has_text="研究 <b>一</b>")
    named.locator("[data-action=rename]").click()
    page.keyboard.type("不要")
    page.keyboard.press("Escape")
    assert named.locator(".open").inner_text() == "研究 <b>一</b>"
    named.locator("[data-action=delete]").click()
    page.wait_for_selector(".undo")
    assert unfolded().locator(".open").count() == 3 and "研究" in page.locator(".undo").inner_text()
    page.get_by_role("button", name=words["undo"]).click()
    page.wait_for_function("document.querySelectorAll('.conversations .open').length === 4")
    page.wait_for_selector("#turn-1")
    assert "研发费用" in page.locator("#turn-1 .question").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.notes["errors"] == []


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_an_answer_and_a_conversation_are_exported_with_every_citation(visit: Visit, locale: str) -> None:
    from docx import Document

    words = WORDS[locale]
    page = visit(locale=locale)
    turn = ask(page, QUESTIONS[0])
    ask(page, QUESTIONS[1])
    quote = page.locator("#evidence mark").first.inner_text()
    page.locator("#turn-2 .export > summary").click()
    links = page.locator("#turn-2 .export a")
    assert links.all_inner_texts() == ["Markdown", "Word"]
    text = fetched(page, links.nth(0)).decode()
    plain = text.replace("\\", "")
    for part in (QUESTIONS[1], quote, "澄屿微电", words["verdict"]):
        assert part in plain
    assert QUESTIONS[0] not in text
    assert turn.locator(".export").count() == 1
    page.locator(".tools .export > summary").click()
    document = Document(io.BytesIO(fetched(page, page.locator(".tools .export a").nth(1))))
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert QUESTIONS[0] in told and QUESTIONS[1] in told
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "309001" in cells and words["verdict"] in cells and any("2024" in cell for cell in cells)
    address = page.evaluate("a => a.href", links.nth(0).element_handle())
    stranger = visit()
    assert stranger.request.get(address).status == 404


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_both_thumbs_take_words_and_can_be_changed(visit: Visit, locale: str) -> None:
    words = WORDS[locale]
    page = visit(locale=locale)
    ask(page, QUESTIONS[0])
    page.locator("#turn-1").get_by_role("button", name=words["good"]).click()
    page.wait_for_selector("#turn-1 .noted")
    page.locator("#turn-1 .comment > summary").click()
    page.fill("#turn-1 .comment textarea", "很清楚 <i>谢谢</i>")
    page.locator("#turn-1 .comment button").click()
    page.wait_for_function(
        "document.querySelector('#turn-1 .noted').textContent.includes('很清楚 <i>谢谢</i>')"
    )
    page.reload()
    page.wait_for_selector("#turn-1 .noted")
    assert words["noted"] in page.locator("#turn-1 .noted").inner_text()
    assert page.input_value("#turn-1 .comment textarea") == "很清楚 <i>谢谢</i>"
    assert page.locator("#turn-1 [aria-pressed=true]").inner_text() == words["good"]
    page.locator("#turn-1 .bad > summary").click()
    page.locator("#turn-1 [data-reason=outdated]").click()
    page.wait_for_selector("#turn-1 .bad.chosen")
    assert page.locator("#turn-1 .noted").count() == 1


def test_days_are_told_apart() -> None:
    today = date(2026, 3, 10)

    def of(days: int) -> Conversation:
        moment = datetime(2026, 3, 10, 12, tzinfo=UTC) - timedelta(days=days)
        return Conversation(f"{days}", f"对话{days}", moment, moment)

    shown = str(conversation_list("zh", [of(0), of(1), of(2), of(7), of(8), of(400)], "", today=today))
    order = [
        shown.index(word)
        for word in ("今天", "对话0", "昨天", "对话1", "近 7 天", "对话2", "对话7", "更早", "对话8")
    ]
    assert order == sorted(order) and shown.count("<section") == 4
