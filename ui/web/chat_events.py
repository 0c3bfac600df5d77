"""Which handler each event of the chat tab calls, and what of the page each handler changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import gradio
from markupsafe import escape

from ingest.errors import JupiluError
from ui.web.chat import Chat, View, Visitor, event_number, sent_read
from ui.web.components import LIGHT, WATCHING
from ui.web.panels.actions import MOST_SAID
from ui.web.plain_words import plain_error
from ui.web.routes import user_of
from ui.web.wording import Language, say


@dataclass(frozen=True, slots=True)
class ChatParts:
    """The chat tab's components."""

    question: Any
    thread: Any
    evidence: Any
    listed: Any
    edit_note: Any
    filters: Any

    @property
    def shown(self) -> list[Any]:
        """What every look at a conversation changes: see `shown`."""
        return [self.question, self.thread, self.evidence, self.listed]


def shown(language: Language, view: View) -> list[Any]:
    """A view as updates to `ChatParts.shown`; the question box has a stop button while an answer is on its way."""
    buttons: dict[str, Any] = {"submit_btn": False, "stop_btn": say(language, "stop")}
    if not view.is_running:
        buttons = {"submit_btn": say(language, "send"), "stop_btn": False}
    rest = [gradio.skip() if part is None else part for part in (view.evidence, view.conversations)]
    return [gradio.update(**buttons), view.thread, *rest]


class ChatHandlers:
    """What each event of the chat tab does; Gradio tells a handler by the types of its last parameters who asks and what."""

    def __init__(self, chat: Chat, parts: ChatParts) -> None:
        self.chat = chat
        self.nothing_shown = [gradio.skip()] * len(parts.shown)
        # What was asked also empties the question's number and the note about it.
        self.nothing = [*self.nothing_shown, gradio.skip(), gradio.skip()]

    async def ask_in_box(
        self, text: str, number: int | None, given: str, conversation_id: str, now: Language, request: gradio.Request
    ) -> AsyncIterator[list[Any]]:  # fmt: skip
        who = visitor(now, request)
        async for update in self._answers(who, conversation_id, text, given, in_box=True, replaces=number):
            yield update

    async def ask_from_thread(
        self, conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
    ) -> AsyncIterator[list[Any]]:
        data, who = event._data, visitor(now, request)
        text, given = str(data.get("question", "")), str(data.get("filters", ""))
        if data.get("anew"):  # asked from elsewhere: in a conversation of its own
            conversation_id = ""
            self.chat.desk.turn_to(who.session, "")
        options = {"replaces": event_number(data, "number"), "again": event_number(data, "again")}
        async for update in self._answers(who, conversation_id, text, given, in_box=False, **options):
            yield update

    async def follow(
        self, conversation_id: str, now: Language, request: gradio.Request
    ) -> AsyncIterator[list[Any]]:
        yield self.nothing_shown
        async for view in self.chat.follow(visitor(now, request), conversation_id):
            yield shown(now, view)

    async def follow_running(
        self, conversation_id: str, now: Language, request: gradio.Request
    ) -> AsyncIterator[list[Any]]:
        yield self.nothing_shown  # a generator that gives nothing empties what it was to fill
        async for view in self.chat.follow(visitor(now, request), conversation_id, only_running=True):
            yield shown(now, view)

    def stop(self, conversation_id: str, now: Language, request: gradio.Request) -> list[Any]:
        return shown(now, self.chat.stop(visitor(now, request), conversation_id))

    def open_evidence(
        self, conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
    ) -> str:
        number, mark = event_number(event._data, "number"), event_number(event._data, "mark")
        return self.chat.evidence(visitor(now, request), conversation_id, number or 0, mark)

    def feedback(
        self, conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
    ) -> list[Any]:
        data, who = event._data, visitor(now, request)
        number, reason = event_number(data, "number") or 0, str(data.get("reason", ""))
        good, comment = bool(data.get("good")), str(data.get("comment") or "")[:MOST_SAID]
        return shown(now, told(now, self.chat.feedback, who, conversation_id, number, good, reason, comment))

    def edit(self, now: Language, event: gradio.EventData) -> list[Any]:
        number = event_number(event._data, "number")
        note = gradio.update(value=_note(now, number), visible=True)
        return [str(event._data.get("question", "")), number, note]

    def open_conversation(self, now: Language, request: gradio.Request, event: gradio.EventData) -> list[Any]:
        return shown(now, self.chat.show(visitor(now, request), str(event._data.get("id", ""))))

    def new_conversation(self, now: Language, request: gradio.Request) -> list[Any]:
        return [*shown(now, self.chat.show(visitor(now, request), "")), None, gradio.update(visible=False)]

    def rename(
        self, conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
    ) -> str:
        who, data = visitor(now, request), event._data
        told(now, self.chat.rename, who.user, str(data.get("id", "")), str(data.get("title", "")))
        return self.chat.listed(who.user, now, self.chat.desk.shows(who.session, conversation_id))

    def delete(
        self, conversation_id: str, now: Language, request: gradio.Request, event: gradio.EventData
    ) -> list[Any]:
        who, gone = visitor(now, request), str(event._data.get("id", ""))
        showing = self.chat.desk.shows(who.session, conversation_id)
        return shown(now, told(now, self.chat.delete, who, gone, showing))

    def restore(self, now: Language, request: gradio.Request, event: gradio.EventData) -> list[Any]:
        return shown(now, told(now, self.chat.restore, visitor(now, request), str(event._data.get("id", ""))))

    async def _answers(
        self, who: Visitor, conversation_id: str, text: str, given: str, *, in_box: bool, **options: Any
    ) -> AsyncIterator[list[Any]]:
        most = self.chat.most_characters
        # The page's script has emptied the box: what is not asked stands in it again.
        refused = [gradio.update(value=text), *self.nothing[1:]] if in_box else self.nothing
        try:
            choices, asked_at = sent_read(given)
        except ValueError as error:
            warn(who.language, say(who.language, "wrong_filters", value=str(error)))
            yield refused
            return
        if len(text.strip()) > most:  # the page's script refuses it before it is sent
            warn(who.language, say(who.language, "question_too_long", most=most))
            yield refused
            return
        yield self.nothing  # a generator that gives nothing empties what it was to fill
        is_running: bool | None = None
        async for view in self.chat.ask(who, conversation_id, text, choices, asked_at=asked_at, **options):
            box, *rest = shown(who.language, view)
            edited = [gradio.skip(), gradio.skip()]
            if in_box:  # what it was to take the place of is told once, before the answer
                in_box, edited = False, [None, gradio.update(visible=False)]
            changed = gradio.skip() if view.is_running == is_running else box
            yield [changed, *rest, *edited]
            is_running = view.is_running


def wire_chat(
    chat: Chat, parts: ChatParts, conversation: Any, chosen: Any, language: Any
) -> Callable[[Any], Any]:
    """Connect the chat tab's events; gives what makes the page follow its conversation after another event."""
    do = ChatHandlers(chat, parts)
    editing = gradio.State(None)
    named = [conversation, language]
    asked = [*parts.shown, editing, parts.edit_note]

    def followed(event: Any, *, only_running: bool = True) -> Any:
        work = do.follow_running if only_running else do.follow
        return event.then(work, named, parts.shown, **WATCHING)

    box, thread, listed = parts.question, parts.thread, parts.listed
    box.submit(do.ask_in_box, [box, editing, chosen, *named], asked, js="jupilu.sent", **WATCHING)
    thread.ask(do.ask_from_thread, named, asked, **WATCHING)
    for event in (box.stop, thread.halt):
        event(do.stop, named, parts.shown, **LIGHT)
    thread.evidence(do.open_evidence, named, parts.evidence, **LIGHT)
    thread.late(do.follow, named, parts.shown, **WATCHING)
    followed(thread.feedback(do.feedback, named, parts.shown, **LIGHT))
    thread.amend(do.edit, [language], [box, editing, parts.edit_note], **LIGHT)
    nothing = [box, editing, parts.edit_note]
    parts.edit_note.discard(lambda: ["", None, gradio.update(visible=False)], None, nothing, **LIGHT)
    followed(listed.open(do.open_conversation, [language], parts.shown, **LIGHT), only_running=False)
    followed(listed.fresh(do.new_conversation, [language], asked, **LIGHT), only_running=False)
    listed.rename(do.rename, named, listed, **LIGHT)
    followed(listed.delete(do.delete, named, parts.shown, **LIGHT))
    followed(listed.restore(do.restore, [language], parts.shown, **LIGHT))
    return followed


def visitor(language: Language, request: gradio.Request) -> Visitor:
    """Who looks at the page: the login or the browser's own secret, and which of its pages."""
    user = user_of(dict(request.cookies or {}), request.username, request.session_hash)
    return Visitor(user, request.session_hash or "", language)


def told(language: Language, work: Callable[..., Any], *values: Any) -> Any:
    """Do something; what goes wrong is told on the page in its own words."""
    try:
        return work(*values)
    except JupiluError as error:
        raise page_error(language, plain_error(language, error)) from error


def page_error(language: Language, text: str) -> gradio.Error:
    """An error for the corner of the page, in its language."""
    return gradio.Error(escape(text), title=say(language, "toast_error"), print_exception=False)


def warn(language: Language, text: str) -> None:
    """A warning in the corner of the page, in its language."""
    gradio.Warning(escape(text), title=say(language, "toast_warning"))


def _note(language: Language, number: int | None) -> str:
    from ui.web.panels.markup import html

    return str(
        html(
            "<p class='editing' role='status'>{text} <button type='button' data-action='discard'>{cancel}</button></p>",
            text=say(language, "editing", number=number),
            cancel=say(language, "cancel_edit"),
        )
    )
