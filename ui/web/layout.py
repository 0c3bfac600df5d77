"""The page's components and which handler each of their events calls.

Imports Gradio, which takes seconds and reads the environment: `ui.web.page.launch` imports this when it is time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio

from ui.web.blocks import LeanBlocks
from ui.web.chat import Chat
from ui.web.chat_events import ChatParts, page_error, shown, told, visitor, wire_chat
from ui.web.components import LIGHT, PRIVATE, Page, shown_html
from ui.web.evaluation import EvaluationTab, wire_evaluation
from ui.web.examples import load_examples
from ui.web.library import LibraryTab, wire_library
from ui.web.library_routes import LibraryDesk
from ui.web.panels.filters import filters
from ui.web.service import Service
from ui.web.settings import WebSettings
from ui.web.wording import Language, language_of, say


class PageHandlers:
    """What the events of the whole page do; Gradio tells a handler by the type of its last parameter who asks."""

    def __init__(self, service: Service, web: WebSettings, page: Page, chat: Chat, tab: LibraryTab) -> None:
        self.service, self.web, self.page = service, web, page
        self.chat, self.tab = chat, tab

    def arrive(self, conversation_id: str, code: str, request: gradio.Request) -> list[Any]:
        now = language_of(code)
        shown_now = self.refreshed(now, conversation_id, request)
        return [now, _masthead(now), *self.page.updates(now), *shown_now]

    def turn_language(self, now: Language, conversation_id: str, request: gradio.Request) -> list[Any]:
        showing = self.chat.desk.shows(request.session_hash or "", conversation_id)
        return self.arrive(showing, "en" if now == "zh" else "zh", request)

    def refreshed(self, now: Language, conversation_id: str, request: gradio.Request) -> list[Any]:
        view = self.chat.show(visitor(now, request), conversation_id)
        models = self.service.models
        choices = self.service.filter_choices()
        row = filters(now, *choices, self.web.max_question, models.offered(), models.default())
        return [*shown(now, view), str(row), *self.tab.refresh(now)]

    def after_change(self, conversation_id: str, now: Language, request: gradio.Request) -> list[Any]:
        showing = self.chat.desk.shows(request.session_hash or "", conversation_id)
        return self.refreshed(now, showing, request)

    def load_samples(self, now: Language) -> Iterator[str]:
        if not self.tab.may_change:
            raise page_error(now, say(now, "library_read_only"))
        loading = load_examples(self.service, now)
        while (shown_now := told(now, next, loading, None)) is not None:
            yield shown_now


def build(service: Service, web: WebSettings, desk: LibraryDesk, *, may_change: bool) -> gradio.Blocks:
    """The whole page over one service.

    Args:
        service: what it can do.
        web: the limits.
        desk: what the library tab looks through.
        may_change: whether visitors may add and remove records.
    """
    from ui.web.api import offer

    page = Page()
    chat = Chat(service, web, may_change=may_change)
    blocks: gradio.Blocks = LeanBlocks(
        title="据披露 · Jupilu", analytics_enabled=False, delete_cache=(3600, 3600), fill_width=True
    )
    with blocks:
        language = gradio.State("zh")
        # Written by the page's own script: which conversation its address names, its language, the filters.
        conversation = gradio.Textbox(visible="hidden", elem_id="conversation-id", label="conversation")
        arrived_language = gradio.Textbox(visible="hidden", label="language")
        chosen = gradio.Textbox(visible="hidden", label="filters")
        with gradio.Row(elem_id="masthead"):
            masthead = shown_html(elem_id="title")
            switch = page.say(
                gradio.Button(elem_id="switch-language", size="sm", scale=0), value="switch_language"
            )
        with gradio.Tabs():
            parts = _desk(page)
            tab = LibraryTab(service, web, desk, may_change)
            library_parts = wire_library(page, tab, language)
            with_evaluation = wire_evaluation(page, EvaluationTab(service), language)

        do = PageHandlers(service, web, page, chat, tab)
        changed = [*parts.shown, parts.filters, *library_parts.refreshed]
        everything = [language, masthead, *page.components, *changed]
        arrived = blocks.load(
            do.arrive, [conversation, arrived_language], everything, js="jupilu.arrival", **LIGHT
        )
        switched = switch.click(do.turn_language, [language, conversation], everything, **LIGHT)
        samples = parts.thread.samples(
            do.load_samples, [language], parts.thread, concurrency_limit=1, **PRIVATE
        )
        followed = wire_chat(chat, parts, conversation, chosen, language)
        for event in (arrived, switched):
            followed(event)
            with_evaluation(event)
        for event in (samples, *library_parts.changes):
            followed(event.then(do.after_change, [conversation, language], changed, **LIGHT))
        offer(service, web)
    blocks.queue(max_size=web.queue_size, default_concurrency_limit=2)
    return blocks


def _desk(page: Page) -> ChatParts:
    """The chat tab's components, within the Tabs that are open."""
    with page.say(gradio.Tab(id="chat"), label="chat_tab"), gradio.Row(elem_id="desk"):
        with gradio.Column(elem_id="conversation-column", min_width=200):
            listed = shown_html(
                js_on_load="jupilu.conversations(element, trigger, watch, ['open','rename','delete','fresh','restore'])"
            )
        with gradio.Column(elem_id="thread-column", min_width=280):
            thread = shown_html(
                elem_id="thread",
                js_on_load="jupilu.thread(element, trigger, watch,"
                " ['ask','evidence','feedback','amend','samples','halt','late'])",
            )
            edit_note = shown_html(visible=False, js_on_load="jupilu.note(element, trigger, 'discard')")
            with gradio.Group(elem_id="asking"):
                question = page.say(
                    gradio.Textbox(
                        elem_id="question", lines=1, max_lines=8, autofocus=True,
                        html_attributes=gradio.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                    ),
                    label="question", placeholder="question_hint", submit_btn="send",
                )  # fmt: skip
                row = shown_html(elem_id="filters", js_on_load="jupilu.filters(element, watch)")
        with gradio.Column(elem_id="evidence-column", min_width=280):
            evidence = shown_html(elem_id="evidence", js_on_load="jupilu.evidence(element, watch)")
    return ChatParts(question, thread, evidence, listed, edit_note, row)


def _masthead(language: Language) -> str:
    from ui.web.panels.markup import html

    return str(
        html(
            "<h1 data-language='{code}' data-drop='{drop}' data-or='{either}' data-click='{click}'"
            " data-answering='{answering}' data-answered='{answered}' data-conversations='{conversations}'"
            " data-evidence='{evidence}' data-thread='{thread}' data-skip='{skip}'>{title}</h1><p>{tagline}</p>",
            answering=say(language, "checking"),
            answered=say(language, "announce_answered", outcome="{outcome}"),
            conversations=say(language, "conversations"),
            evidence=say(language, "evidence"),
            thread=say(language, "chat_tab"),
            skip=say(language, "skip_to_question"),
            code="zh-CN" if language == "zh" else "en",
            drop=say(language, "drop_here"),
            either=say(language, "drop_or"),
            click=say(language, "drop_click"),
            title=say(language, "title"),
            tagline=say(language, "tagline"),
        )
    )
