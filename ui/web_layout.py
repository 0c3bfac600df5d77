"""The page's components and which handler each of their events calls.

Imports Gradio, which takes seconds and reads the environment: `ui.web.launch` imports this when it is time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio
from markupsafe import escape

from ingest.errors import JupiluError
from ui.web_blocks import LeanBlocks
from ui.web_chat import Chat, View, choices_of, day_of, event_number
from ui.web_eval import EvaluationTab, wire_evaluation
from ui.web_library import LibraryTab, wire_library
from ui.web_routes import user_of
from ui.web_service import Service
from ui.web_settings import WebSettings
from ui.wording import Language, language_of, say

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


@dataclass
class Page:
    """The page's components, and which wording stands on which of them."""

    worded: list[tuple[gradio.components.Component, dict[str, str]]] = field(default_factory=list)

    def say(self, component: Any, **properties: str) -> Any:
        """Remember that `property` of a component shows the wording `key`."""
        self.worded.append((component, properties))
        return component

    def updates(self, language: Language) -> list[dict[str, Any]]:
        """What changes on the components when the language does, in the order of `components`."""
        wanted: list[dict[str, Any]] = [
            {name: say(language, key) for name, key in properties.items()} for _, properties in self.worded
        ]
        return [gradio.update(**properties) for properties in wanted]

    @property
    def components(self) -> list[Any]:
        return [component for component, _ in self.worded]


def build(service: Service, web: WebSettings, *, may_change: bool) -> gradio.Blocks:
    """The whole page over one service.

    Args:
        service: what it can do.
        web: the limits.
        may_change: whether visitors may add and remove records.
    """

    from ui.api import offer

    page = Page()
    chat = Chat(service, most_characters=web.max_question, may_change=may_change)
    blocks: gradio.Blocks = LeanBlocks(
        title="据披露 · Jupilu", analytics_enabled=False, delete_cache=(3600, 3600), fill_width=True
    )
    with blocks:
        language = gradio.State("zh")
        editing = gradio.State(None)
        # Written by the page's own script: which conversation its address names, and its language.
        conversation = gradio.Textbox(visible="hidden", elem_id="conversation-id", label="conversation")
        arrived_language = gradio.Textbox(visible="hidden", label="language")
        with gradio.Row(elem_id="masthead"):
            masthead = shown_html(elem_id="title")
            switch = page.say(
                gradio.Button(elem_id="switch-language", size="sm", scale=0), value="switch_language"
            )
        with gradio.Tabs():
            with page.say(gradio.Tab(id="chat"), label="chat_tab"), gradio.Row(elem_id="desk"):
                with gradio.Column(elem_id="conversation-column", min_width=200):
                    listed = shown_html(
                        js_on_load="jupilu.conversations(element, trigger, watch, ['open','rename','delete','fresh'])"
                    )
                with gradio.Column(elem_id="thread-column", min_width=280):
                    thread = shown_html(
                        elem_id="thread",
                        js_on_load="jupilu.thread(element, trigger, watch, ['ask','evidence','feedback','amend','samples'])",
                    )
                    edit_note = shown_html(
                        visible=False, js_on_load="jupilu.note(element, trigger, 'discard')"
                    )
                    with gradio.Group(elem_id="asking"):
                        question = page.say(
                            gradio.Textbox(
                                elem_id="question", lines=1, max_lines=8, max_length=web.max_question + 1, autofocus=True,
                                html_attributes=gradio.InputHTMLAttributes(autocomplete="off", enterkeyhint="send"),
                            ),
                            label="question", placeholder="question_hint", submit_btn="send",
                        )  # fmt: skip
                        with gradio.Row(elem_id="filters"):
                            company = page.say(
                                gradio.Dropdown(
                                    allow_custom_value=True, elem_id="company", min_width=150, value=""
                                ),
                                label="company",
                            )
                            as_of = page.say(
                                gradio.Textbox(
                                    elem_id="as-of", lines=1, max_lines=1, max_length=10, min_width=130
                                ),
                                label="as_of",
                            )
                            year = page.say(
                                gradio.Dropdown([("", "")], elem_id="year", min_width=110, value=""),
                                label="period",
                            )
                with gradio.Column(elem_id="evidence-column", min_width=280):
                    evidence = shown_html(elem_id="evidence", js_on_load="jupilu.evidence(element, watch)")
            tab = LibraryTab(service, web, may_change)
            library_parts = wire_library(page, tab, language)
            wire_evaluation(page, EvaluationTab(service), language)

        shown = [conversation, thread, evidence, listed]
        asked = [question, *shown, editing, edit_note]
        filters = [company, as_of, year]

        # ------------------------------------------------------------ handlers

        def arrive(conversation_id: str, code: str, request: gradio.Request) -> list[Any]:
            chosen = language_of(code)
            view = chat.show(_user(request), chosen, conversation_id)
            return [
                chosen,
                _masthead(chosen),
                *page.updates(chosen),
                *_parts(view),
                *_filter_choices(chosen),
                *tab.refresh(chosen),
            ]

        def turn_language(now: Language, conversation_id: str, request: gradio.Request) -> list[Any]:
            return arrive(conversation_id, "en" if now == "zh" else "zh", request)

        def answers(
            text: str, number: int | None, company_name: str, day: str, published: str,
            conversation_id: str, now: Language, request: gradio.Request, in_box: bool,
        ) -> Iterator[list[Any]]:  # fmt: skip
            try:
                choices = choices_of(company_name, day_of(day), published)
            except ValueError:
                gradio.Warning(escape(say(now, "wrong_date", value=day)))
                yield [gradio.skip()] * len(asked)
                return
            running: bool | None = None
            for view in chat.ask(_user(request), now, conversation_id, text, choices, number):
                box = gradio.skip() if running == (not view.done) else _box(now, not view.done)
                running = not view.done
                if in_box:  # emptied once, before the answer: what is typed meanwhile stays
                    in_box = False
                    yield [
                        _box(now, not view.done) | {"value": ""},
                        *_parts(view),
                        None,
                        gradio.update(visible=False),
                    ]
                else:
                    yield [box, *_parts(view), gradio.skip(), gradio.skip()]

        def ask_in_box(
            text: str, number: int | None, company_name: str, day: str, published: str,
            conversation_id: str, now: Language, request: gradio.Request,
        ) -> Iterator[list[Any]]:  # fmt: skip
            yield from answers(
                text, number, company_name, day, published, conversation_id, now, request, True
            )

        def ask_from_thread(
            company_name: str, day: str, published: str, conversation_id: str, now: Language,
            request: gradio.Request, event: gradio.EventData,
        ) -> Iterator[list[Any]]:  # fmt: skip
            text, number = str(event._data.get("question", "")), event_number(event._data, "number")
            yield from answers(
                text, number, company_name, day, published, conversation_id, now, request, False
            )

        def stop(conversation_id: str, now: Language, request: gradio.Request) -> list[Any]:
            return [
                _box(now, False),
                *_parts(chat.stopped(_user(request), now, conversation_id)),
                None,
                gradio.update(visible=False),
            ]

        def open_evidence(
            conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
        ) -> str:
            number, mark = event_number(event._data, "number"), event_number(event._data, "mark")
            return chat.evidence(_user(request), now, conversation_id, number or 0, mark)

        def feedback(
            conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
        ) -> list[Any]:
            data = event._data
            number, good = event_number(data, "number") or 0, bool(data.get("good"))
            return _parts(
                _told(
                    chat.feedback,
                    _user(request),
                    now,
                    conversation_id,
                    number,
                    good,
                    str(data.get("reason", "")),
                )
            )

        def edit(now: Language, event: gradio.EventData) -> list[Any]:
            number = event_number(event._data, "number")
            note = _note(now, number)
            return [str(event._data.get("question", "")), number, gradio.update(value=note, visible=True)]

        def open_conversation(now: Language, request: gradio.Request, event: gradio.EventData) -> list[Any]:
            return _parts(chat.show(_user(request), now, str(event._data.get("id", ""))))

        def new_conversation(now: Language, request: gradio.Request) -> list[Any]:
            return _parts(chat.show(_user(request), now, ""))

        def rename(
            conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
        ) -> str:
            _told(
                chat.rename, _user(request), str(event._data.get("id", "")), str(event._data.get("title", ""))
            )
            return chat.listed(_user(request), now, conversation_id)

        def delete(
            conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
        ) -> list[Any]:
            gone = str(event._data.get("id", ""))
            _told(chat.delete, _user(request), gone)
            return _parts(chat.show(_user(request), now, "" if gone == conversation_id else conversation_id))

        def after_change(conversation_id: str, now: Language, request: gradio.Request) -> list[Any]:
            return [
                *_parts(chat.show(_user(request), now, conversation_id)),
                *_filter_choices(now),
                *tab.refresh(now),
            ]

        def load_samples(now: Language) -> Iterator[str]:
            from ui.panels.markup import html
            from ui.web_service import examples_folder

            folder = examples_folder()
            if not may_change or folder is None:
                raise gradio.Error(say(now, "library_read_only"))
            yield str(
                html("<div class='thread'><p role='status'>{t}</p></div>", t=say(now, "loading_examples"))
            )
            _told(service.ingest, [folder])

        def _filter_choices(now: Language) -> list[Any]:
            companies = [
                (
                    " ".join(
                        filter(None, (c.short_name, c.code, c.company if c.company != c.short_name else ""))
                    ),
                    c.code or c.short_name or "",
                )
                for c in service.companies()
            ]
            years = sorted({r.published_on.year for r in service.records() if r.published_on}, reverse=True)
            return [
                gradio.update(choices=[(say(now, "all_companies"), ""), *companies]),
                gradio.update(
                    choices=[
                        (say(now, "any_period"), ""),
                        *((say(now, "year", year=y), str(y)) for y in years),
                    ]
                ),
            ]

        # -------------------------------------------------------------- wiring

        everything = [language, masthead, *page.components, *shown, company, year, *library_parts.refreshed]
        limits = {"concurrency_id": "questions", "concurrency_limit": web.questions_at_once, **PRIVATE}
        light = {"concurrency_id": "looking", "concurrency_limit": 8, **PRIVATE}
        blocks.load(arrive, [conversation, arrived_language], everything, js="jupilu.arrival", **light)
        switch.click(turn_language, [language, conversation], everything, **light)
        running = [
            # Gradio drops what is sent while it still closes the last answer's stream, unless told to wait.
            question.submit(
                ask_in_box,
                [question, editing, *filters, conversation, language],
                asked,
                trigger_mode="always_last",
                **limits,
            ),
            thread.ask(ask_from_thread, [*filters, conversation, language], asked, **limits),
        ]
        question.stop(stop, [conversation, language], asked, cancels=running, **light)
        thread.evidence(open_evidence, [conversation, language], evidence, **light)
        thread.feedback(feedback, [conversation, language], shown, **light)
        thread.amend(edit, [language], [question, editing, edit_note], **light)
        edit_note.discard(
            lambda: ["", None, gradio.update(visible=False)], None, [question, editing, edit_note], **light
        )
        listed.open(open_conversation, [language], shown, **light)
        listed.fresh(new_conversation, [language], shown, **light)
        listed.rename(rename, [conversation, language], listed, **light)
        listed.delete(delete, [conversation, language], shown, **light)
        changed = [*shown, company, year, *library_parts.refreshed]
        samples = thread.samples(load_samples, [language], thread, concurrency_limit=1, **PRIVATE)
        for event in (samples, *library_parts.changes):
            event.then(after_change, [conversation, language], changed, **light)
        offer(service, web)
    blocks.queue(max_size=web.queue_size, default_concurrency_limit=2)
    return blocks


def shown_html(**properties: Any) -> gradio.HTML:
    """An HTML part that is styled by our own sheet alone."""
    return gradio.HTML(apply_default_css=False, **properties)


def _box(language: Language, running: bool) -> dict[str, Any]:
    """The question box while a question runs (a stop button) and after (a send button)."""

    if running:
        return gradio.update(submit_btn=False, stop_btn=say(language, "stop"))
    return gradio.update(submit_btn=say(language, "send"), stop_btn=False)


def _parts(view: View) -> list[Any]:

    def given(value: str | None) -> Any:
        return gradio.skip() if value is None else value

    return [view.conversation, view.thread, given(view.evidence), given(view.conversations)]


def _told(work: Callable[..., Any], *values: Any) -> Any:
    """Do something; what goes wrong is told on the page in its own words."""

    try:
        return work(*values)
    except JupiluError as error:
        raise gradio.Error(escape(str(error)), print_exception=False) from error


def _masthead(language: Language) -> str:
    from ui.panels.markup import html

    return str(
        html(
            "<h1 data-language='{code}'>{title}</h1><p>{tagline}</p>",
            code="zh-CN" if language == "zh" else "en",
            title=say(language, "title"),
            tagline=say(language, "tagline"),
        )
    )


def _note(language: Language, number: int | None) -> str:
    from ui.panels.markup import html

    return str(
        html(
            "<p class='editing' role='status'>{text} <button type='button' data-action='discard'>{cancel}</button></p>",
            text=say(language, "editing", number=number),
            cancel=say(language, "cancel_edit"),
        )
    )


def _user(request: gradio.Request) -> str:
    return user_of(dict(request.cookies or {}), request.username, request.session_hash)
