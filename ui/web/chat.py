"""What happens on the chat tab: asking (streamed), opening evidence, feedback, conversations.

Handlers take and give plain values; `ui/web/layout.py` wires them to the page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from ingest.errors import JupiluError, LibraryMissing
from ui.web.answers import Answers, Asked, Desk
from ui.web.panels.actions import exports
from ui.web.panels.conversations import conversation_list
from ui.web.panels.evidence import evidence_panel
from ui.web.panels.markup import html
from ui.web.panels.shown import Pending, Shown
from ui.web.panels.thread import notice_article, pending_article, thread, turn_article
from ui.web.panels.welcome import welcome
from ui.web.service import Choices, Service, examples_folder
from ui.web.settings import WebSettings
from ui.web.wording import BAD_REASONS, Language, say

if TYPE_CHECKING:
    from rag.conversations import Turn

BEAT = 0.1
"""Seconds between two looks at a running answer: each sends the whole thread again."""
FIRST_BEAT = 0.02
"""Seconds between the first ten looks: an answer in the company's own words is there soon."""
MOST_SHOWN = 100
"""Turns of one conversation shown at a time; earlier ones stay stored."""
TITLE_LENGTH = 40
"""Characters of the first question that name a conversation."""


@dataclass(frozen=True, slots=True)
class View:
    """What the chat tab shows after something happened; None leaves a part as it is."""

    conversation: str
    thread: str
    evidence: str | None = None
    conversations: str | None = None
    is_running: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, from which open page, and the page's language."""

    user: str
    session: str
    language: Language


class Chat:
    """The chat tab over one service; what is on its way is kept by conversation, never by page."""

    def __init__(self, service: Service, web: WebSettings, *, may_change: bool) -> None:
        self.service = service
        self.most_characters = web.max_question
        self.may_change = may_change
        self.desk = Desk()
        self.answers = Answers(service, self._before, at_once=web.questions_at_once, most_open=web.queue_size)

    # ----------------------------------------------------------------- asking

    async def ask(
        self,
        visitor: Visitor,
        conversation: str,
        question: str,
        choices: Choices,
        *,
        replaces: int | None = None,
        again: int | None = None,
        asked_at: float = 0.0,
    ) -> AsyncIterator[View]:
        """Line a question up in a conversation, which is made where there is none, and show what comes of it.

        Args:
            visitor: who asks.
            conversation: that the page has named; what the page was turned to last counts more.
            question: as typed.
            choices: the filters beside the question.
            replaces: the turn that this question takes the place of, with all after it.
            again: the serial of an unanswered question that it takes the place of.
            asked_at: the page's own clock: requests of one moment may overtake each other.
        """
        question = _whole(question).strip()
        conversation = self.desk.shows(visitor.session, conversation)
        if question and len(question) <= self.most_characters:
            try:
                # Not in a thread: questions sent within a moment must be lined up as they came.
                conversation = self._own(visitor, conversation, question)
                if choices.model:
                    store = self.service.conversations()
                    store.choose_model(visitor.user, conversation, choices.model)
                self.answers.ask(
                    visitor.user,
                    conversation,
                    question,
                    choices,
                    visitor.language,
                    replaces=replaces,
                    again=again,
                    asked_at=asked_at,
                )
            except LibraryMissing:
                pass
        self.desk.turn_to(visitor.session, conversation)
        async for view in self.follow(visitor):
            yield view

    async def follow(
        self, visitor: Visitor, conversation: str = "", *, only_running: bool = False
    ) -> AsyncIterator[View]:
        """What the page's conversation shows, anew whenever that changes, until all of it is answered.

        `only_running`: nothing where no answer is on its way; else it is shown once more, for something that
        was sent of the conversation before may have come late.
        Ends early where the page is turned to another conversation, or another call follows this one.
        """
        conversation = self.desk.shows(visitor.session, conversation)
        turned = self.desk.turn_to(visitor.session, conversation)
        seen, looks = -1, 0
        while self.desk.holds(visitor.session, turned):
            changes, is_running = self.answers.standing(visitor.user, conversation)
            if only_running and seen < 0 and not is_running:
                return
            if changes != seen:
                seen = changes
                view = await run_in_threadpool(self.show, visitor, conversation, turn=False)
                if not self.desk.holds(visitor.session, turned):
                    return
                yield view
            if not is_running:
                return
            looks += 1
            await asyncio.sleep(FIRST_BEAT if looks <= 10 else BEAT)

    def stop(self, visitor: Visitor, conversation: str) -> View:
        """End what the page waits for; what was found stays, and so does the question."""
        conversation = self.desk.shows(visitor.session, conversation)
        self.answers.stop(visitor.user, conversation)
        return self.show(visitor, conversation, turn=False)

    def _own(self, visitor: Visitor, conversation: str, question: str) -> str:
        """The conversation, or a new one where there is none or it is not the visitor's. Raises LibraryMissing."""
        self.service.library()
        store = self.service.conversations()
        if not conversation or self._turns(visitor.user, conversation) is None:
            title = " ".join(question.split())[:TITLE_LENGTH]
            conversation = store.create(visitor.user, title).id
        return conversation

    # ---------------------------------------------------------------- showing

    def show(self, visitor: Visitor, conversation: str, *, turn: bool = True) -> View:
        """A conversation: what is stored, what is on its way, and the evidence of the last turn that has any.

        Args:
            visitor: who looks.
            conversation: "" for the welcome.
            turn: whether the page is turned to it, which ends what was sent to it of another one.
        """
        user, language = visitor.user, visitor.language
        look = self.desk.look()
        turns = self._turns(user, conversation)
        notice = Markup("")
        if turns is None:
            notice = html("<p class='notice' role='alert'>{t}</p>", t=say(language, "conversation_gone"))
            conversation, turns = "", []
        if turn:
            self.desk.turn_to(visitor.session, conversation)
        asked = self.answers.of(user, conversation)
        replaced = [one.replaces for one in asked if one.is_open and one.replaces is not None]
        turns = [one for one in turns if not replaced or one.number < min(replaced)]
        stored = self._stored(language, turns, conversation, is_last=not asked)
        body = stored + self._asked(language, turns, asked)
        tools = _tools(language, conversation) if turns else Markup("")
        return View(
            conversation,
            _framed(
                look,
                conversation,
                notice + tools + (body or self._welcome(language)),
                self._model(user, conversation),
            ),
            self._newest_evidence(language, turns, asked),
            self.listed(user, language, conversation),
            any(one.is_open for one in asked),
        )

    def evidence(self, visitor: Visitor, conversation: str, number: int, mark: int | None) -> str:
        """The evidence panel of one turn, the card of one mark in front."""
        conversation = self.desk.shows(visitor.session, conversation)
        turns = self._turns(visitor.user, conversation) or []
        answers = {turn.number: turn.answer for turn in turns}
        for place, one in enumerate(self.answers.of(visitor.user, conversation), _next_number(turns)):
            if one.words is not None:
                answers[place] = one.words.as_json()
        return str(
            evidence_panel(visitor.language, number, answers.get(number), self.service.record, open_mark=mark)
        )

    def listed(
        self, user: str, language: Language, conversation: str, deleted: tuple[str, str] | None = None
    ) -> str:
        """The user's list of conversations; `deleted` is id and title of one that may be brought back."""
        if not self.service.is_ready():
            return str(conversation_list(language, [], ""))
        own, at_work = self.service.conversations().list(user), self.answers.at_work(user)
        return str(conversation_list(language, own, conversation, at_work, deleted=deleted))

    # --------------------------------------------------------------- changing

    def feedback(
        self, visitor: Visitor, conversation: str, number: int, good: bool, reason: str, comment: str = ""
    ) -> View:
        """Keep what the user thinks of an answer, in a word of ours and in words of their own."""
        conversation = self.desk.shows(visitor.session, conversation)
        kept = reason if reason in BAD_REASONS else None
        store = self.service.conversations()
        store.feedback(visitor.user, conversation, number, good, kept, _whole(comment))
        return self.show(visitor, conversation, turn=False)

    def rename(self, user: str, conversation: str, title: str) -> None:
        """Give a conversation another title."""
        self.service.conversations().rename(user, conversation, title.strip()[:80])

    def delete(self, visitor: Visitor, conversation: str, showing: str) -> View:
        """Delete a conversation, and end what it waits for; the list then offers to bring it back."""
        store = self.service.conversations()
        title = store.get(visitor.user, conversation).title
        store.delete(visitor.user, conversation)
        self.answers.forget(visitor.user, conversation)
        view = self.show(visitor, "" if conversation == showing else showing)
        listed = self.listed(visitor.user, visitor.language, view.conversation, (conversation, title))
        return replace(view, conversations=listed)

    def restore(self, visitor: Visitor, conversation: str) -> View:
        """Bring a deleted conversation back and open it."""
        self.service.conversations().restore(visitor.user, conversation)
        return self.show(visitor, conversation)

    # -------------------------------------------------------------- internals

    def _stored(
        self, language: Language, turns: Sequence[Shown], conversation: str, *, is_last: bool
    ) -> Markup:
        """The stored turns; under the last one, where nothing follows, the companies to choose and what to ask next."""
        if not is_last or not turns:
            return _articles(language, turns, conversation)
        last = turns[-1]
        candidates = self.service.candidates(last.answer)
        related = self.service.related(last.answer, last.company)
        earlier = _articles(language, turns[:-1], conversation)
        return earlier + thread(language, [last], related, candidates, conversation)

    def _asked(self, language: Language, turns: Sequence[Shown], asked: Sequence[Asked]) -> Markup:
        """What is not stored: on its way, or without an answer."""
        body = Markup("")
        for number, one in enumerate(asked, _next_number(turns)):
            if not one.is_open:
                body += notice_article(language, number, one.question, one.notice, one.serial)
                continue
            words = one.words.as_json() if one.words else None
            waits = one.state == "waiting"
            body += pending_article(
                language, Pending(number, one.question, one.steps, one.drafts, words, waits)
            )
        return body

    def _newest_evidence(self, language: Language, turns: Sequence[Shown], asked: Sequence[Asked]) -> str:
        answers = [(turn.number, turn.answer) for turn in turns[-1:]]
        answers += [
            (number, one.words.as_json())
            for number, one in enumerate(asked, _next_number(turns))
            if one.words is not None
        ]
        number, answer = answers[-1] if answers else (None, None)
        return str(evidence_panel(language, number, answer, self.service.record))

    def _before(self, user: str, conversation: str, number: int | None) -> list[Shown]:
        turns = self._turns(user, conversation) or []
        return [turn for turn in turns if number is None or turn.number < number]

    def _model(self, user: str, conversation: str) -> str:
        """What the conversation's answers are written with; "" where nothing was chosen."""
        if not conversation:
            return ""
        return self.service.conversations().get(user, conversation).model or ""

    def _welcome(self, language: Language) -> Markup:
        return welcome(
            language,
            self.service.records(),
            self.service.examples(language),
            can_load=self.may_change and examples_folder() is not None,
        )

    def _turns(self, user: str, conversation: str) -> list[Shown] | None:
        """The stored turns; None where this user has no such conversation."""
        if not conversation or not self.service.is_ready():
            return []
        try:
            return [_shown(turn) for turn in self.service.conversations().turns(user, conversation)]
        except JupiluError:
            return None


def _shown(turn: Turn) -> Shown:
    return Shown(
        turn.number,
        turn.question,
        turn.answer,
        turn.as_of.isoformat() if turn.as_of else None,
        turn.company,
        (turn.reason or turn.feedback) if turn.feedback else None,
        turn.comment,
    )


def _articles(language: Language, turns: Sequence[Shown], conversation: str) -> Markup:
    return Markup("").join(
        turn_article(language, turn, conversation=conversation) for turn in turns[-MOST_SHOWN:]
    )


def _tools(language: Language, conversation: str) -> Markup:
    """What can be done with the conversation as a whole."""
    address, title = f"jupilu/conversations/{conversation}/all", say(language, "export_conversation")
    return html("<div class='tools'>{export}</div>", export=exports(language, address, "export-all", title))


def _framed(look: int, conversation: str, body: Markup, model: str) -> str:
    """The thread with its conversation's id, which the page puts into its address so that a reload finds it.

    By the number of the look the page knows what comes late.
    """
    frame = (
        "<div class='thread' data-conversation='{id}' data-look='{look}' data-model='{model}'>{body}</div>"
    )
    return str(html(frame, id=conversation, look=look, model=model, body=body))


def day_of(text: str | None) -> date | None:
    """A date from its field; None where it is empty. Raises ValueError."""
    text = (text or "").strip()
    return date.fromisoformat(text[:10]) if text else None


def _whole(text: str) -> str:
    """Without halves of characters, which a page can send and no file can hold."""
    return "".join(character for character in text if not "\ud800" <= character <= "\udfff")


def _next_number(turns: Sequence[Shown]) -> int:
    return turns[-1].number + 1 if turns else 1


def choices_of(company: str | None, as_of: date | None, year: str | None) -> Choices:
    """The filters of one question; a year means published in that year, at the latest on the as-of day."""
    if not year:
        return Choices(company or None, as_of)
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    return Choices(company or None, min(as_of, last) if as_of else last, first)


def sent_read(text: str) -> tuple[Choices, float]:
    """The filters as the page's script sends them, and when: JSON with company, as_of, year, model and at. Raises ValueError."""
    given: Any = json.loads(text) if text.strip() else {}
    if not isinstance(given, Mapping):
        raise ValueError(text[:40])
    company, day, year, model = (
        _whole(str(given.get(key) or "")).strip() for key in ("company", "as_of", "year", "model")
    )
    if len(company) > 80 or len(model) > 80 or (year and not (year.isdecimal() and len(year) == 4)):
        raise ValueError(year or company[:80])
    at = given.get("at")
    choices = replace(choices_of(company, day_of(day), year), model=model or None)
    return choices, float(at) if isinstance(at, int | float) else 0.0


def event_number(data: dict[str, Any], key: str) -> int | None:
    """A whole number that came with a click; None where there is none."""
    value = str(data.get(key, ""))
    return int(value) if value.isdecimal() and len(value) < 7 else None
