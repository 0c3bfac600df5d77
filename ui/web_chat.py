"""What happens on the chat tab: asking (streamed), opening evidence, feedback, conversations.

Handlers take and give plain values; `ui/web.py` wires them to the page.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ingest.errors import JupiluError, LibraryMissing
from rag.answers import Answer, Claim, Drafted, Provisional, Step
from ui.panels.conversations import conversation_list
from ui.panels.evidence import cards_of, evidence_panel
from ui.panels.markup import html
from ui.panels.thread import Pending, Shown, notice_article, pending_article, thread, turn_article, welcome
from ui.web_service import Choices, Service, examples_folder
from ui.wording import BAD_REASONS, Language, say

if TYPE_CHECKING:
    from rag.conversations import Turn

logger = logging.getLogger(__name__)
BEAT = 0.1
"""Seconds between two looks at a running answer: each sends the whole thread again."""
MOST_SHOWN = 100
"""Turns of one conversation shown at a time; earlier ones stay stored."""


@dataclass(frozen=True, slots=True)
class View:
    """What the chat tab shows after something happened; None leaves a part as it is."""

    conversation: str
    thread: str
    evidence: str | None = None
    conversations: str | None = None
    done: bool = True


class Chat:
    """The chat tab over one service; holds nothing of any user between two calls."""

    def __init__(self, service: Service, *, most_characters: int, may_change: bool) -> None:
        self.service = service
        self.most_characters = most_characters
        self.may_change = may_change

    # ----------------------------------------------------------------- asking

    def ask(
        self,
        user: str,
        language: Language,
        conversation: str,
        question: str,
        choices: Choices,
        replace: int | None = None,
    ) -> Iterator[View]:
        """Answer a question in a conversation, which is made where there is none.

        Args:
            user: whose conversation it is.
            language: of the page.
            conversation: its id, "" for a new one.
            question: as typed.
            choices: the filters beside the question.
            replace: the turn that this question takes the place of, with all after it.
        """
        question = question.strip()
        if not question:
            yield self.show(user, language, conversation)
            return
        turns = self._turns(user, conversation)
        if turns is None:
            conversation, turns = "", []
        kept = [turn for turn in turns if replace is None or turn.number < replace]
        before = _articles(language, kept)
        number = kept[-1].number + 1 if kept else 1
        if len(question) > self.most_characters:
            text = say(language, "question_too_long", most=self.most_characters)
            yield View(
                conversation, _framed(conversation, before + notice_article(language, number, question, text))
            )
            return
        try:
            yield from self._answered(
                user, language, conversation, question, choices, kept, before, number, replace
            )
        except LibraryMissing:
            yield self.show(user, language, conversation)
        except (JupiluError, ValueError) as error:
            text = say(language, "failed", reason=str(error))
            yield View(
                conversation, _framed(conversation, before + notice_article(language, number, question, text))
            )
        except Exception:
            incident = secrets.token_hex(4)
            logger.exception("question failed (%s)", incident)
            text = say(language, "failed_inside", number=incident)
            yield View(
                conversation, _framed(conversation, before + notice_article(language, number, question, text))
            )

    def _answered(
        self,
        user: str,
        language: Language,
        conversation: str,
        question: str,
        choices: Choices,
        kept: list[Shown],
        before: Markup,
        number: int,
        replace: int | None,
    ) -> Iterator[View]:
        pending = Pending(number, question)
        yield View(
            conversation, _framed(conversation, before + pending_article(language, pending)), done=False
        )
        answer: Answer | None = None
        told = time.monotonic()
        for event in self.service.stream(question, choices, kept):
            if isinstance(event, Answer):
                answer = event
            elif isinstance(event, Step):
                pending.steps[event.name] = event.milliseconds
            elif isinstance(event, Claim):
                pending.claims.append(event.text)
            elif isinstance(event, Provisional):
                pending.provisional = event.answer.as_json()
                pending.claims.clear()
            elif isinstance(event, Drafted) and event.claim is not None:
                pending.claims.append(event.claim.text)
            if answer is None and (isinstance(event, Provisional) or time.monotonic() - told >= BEAT):
                told = time.monotonic()
                yield View(
                    conversation,
                    _framed(conversation, before + pending_article(language, pending)),
                    done=False,
                )
        if answer is None:
            raise RuntimeError("the stream ended without an answer")
        store = self.service.conversations()
        if not conversation:
            conversation = store.create(user).id
        elif replace is not None:
            store.replace_from(user, conversation, replace)
        turn = _shown(store.add(user, conversation, answer, company=choices.company, as_of=choices.as_of))
        yield View(
            conversation,
            _framed(
                conversation,
                before + thread(language, [turn], self.service.related(turn.answer, choices.company)),
            ),
            str(evidence_panel(language, turn.number, turn.answer, self.service.record)),
            self.listed(user, language, conversation),
        )

    def stopped(self, user: str, language: Language, conversation: str) -> View:
        """The conversation as it is stored, with a word that the running question was dropped."""
        view = self.show(user, language, conversation)
        note = html("<p class='notice' role='status'>{text}</p>", text=say(language, "stopped"))
        return View(view.conversation, _framed(view.conversation, Markup(view.thread) + note), view.evidence)

    # ---------------------------------------------------------------- showing

    def show(self, user: str, language: Language, conversation: str) -> View:
        """A conversation as it is stored, with the evidence of its last turn that has any."""
        turns = self._turns(user, conversation)
        notice = Markup("")
        if turns is None:
            notice = html("<p class='notice' role='alert'>{t}</p>", t=say(language, "conversation_gone"))
            conversation, turns = "", []
        last = next((turn for turn in reversed(turns) if cards_of(turn.answer)), None)
        body = (
            _articles(language, turns[:-1])
            + thread(language, turns[-1:], self.service.related(turns[-1].answer, turns[-1].company))
            if turns
            else self._welcome(language)
        )
        return View(
            conversation,
            _framed(conversation, notice + body),
            str(
                evidence_panel(
                    language,
                    last.number if last else None,
                    last.answer if last else None,
                    self.service.record,
                )
            ),
            self.listed(user, language, conversation),
        )

    def evidence(
        self, user: str, language: Language, conversation: str, number: int, mark: int | None
    ) -> str:
        """The evidence panel of one turn, the card of one mark in front."""
        turn = next((t for t in self._turns(user, conversation) or [] if t.number == number), None)
        return str(
            evidence_panel(
                language, number, turn.answer if turn else None, self.service.record, open_mark=mark
            )
        )

    def listed(self, user: str, language: Language, conversation: str) -> str:
        """The user's list of conversations."""
        if not self._ready():
            return str(conversation_list(language, [], ""))
        return str(conversation_list(language, self.service.conversations().list(user), conversation))

    # --------------------------------------------------------------- changing

    def feedback(
        self, user: str, language: Language, conversation: str, number: int, good: bool, reason: str
    ) -> View:
        """Keep what the user thinks of an answer."""
        kept = reason if reason in BAD_REASONS else None
        self.service.conversations().feedback(user, conversation, number, good, kept)
        return self.show(user, language, conversation)

    def rename(self, user: str, conversation: str, title: str) -> None:
        """Give a conversation another title."""
        self.service.conversations().rename(user, conversation, title.strip()[:80])

    def delete(self, user: str, conversation: str) -> None:
        """Delete a conversation."""
        self.service.conversations().delete(user, conversation)

    # -------------------------------------------------------------- internals

    def _welcome(self, language: Language) -> Markup:
        examples = self.service.examples()
        return welcome(
            language,
            examples,
            is_empty=not self.service.records(),
            can_load=self.may_change and examples_folder() is not None,
        )

    def _ready(self) -> bool:
        """Whether there is a library; conversations are kept beside one, and none is made just by looking."""
        try:
            self.service.library()
        except LibraryMissing:
            return False
        return True

    def _turns(self, user: str, conversation: str) -> list[Shown] | None:
        """The stored turns; None where this user has no such conversation."""
        if not conversation or not self._ready():
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
    )


def _articles(language: Language, turns: Sequence[Shown]) -> Markup:
    return Markup("").join(turn_article(language, turn) for turn in turns[-MOST_SHOWN:])


def _framed(conversation: str, body: Markup) -> str:
    """The thread with its conversation's id, which the page puts into its address so that a reload finds it."""
    return str(html("<div class='thread' data-conversation='{id}'>{body}</div>", id=conversation, body=body))


def day_of(text: str | None) -> date | None:
    """A date from its field; None where it is empty. Raises ValueError."""
    text = (text or "").strip()
    return date.fromisoformat(text[:10]) if text else None


def choices_of(company: str | None, as_of: date | None, year: str | None) -> Choices:
    """The filters of one question; a year means published in that year, at the latest on the as-of day."""
    if not year:
        return Choices(company or None, as_of)
    first, last = date(int(year), 1, 1), date(int(year), 12, 31)
    return Choices(company or None, min(as_of, last) if as_of else last, first)


def event_number(data: dict[str, Any], key: str) -> int | None:
    """A whole number that came with a click; None where there is none."""
    value = str(data.get(key, ""))
    return int(value) if value.isdecimal() and len(value) < 7 else None
