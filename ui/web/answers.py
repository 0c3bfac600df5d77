"""Answers that are on their way: each belongs to its conversation, not to the page that asked.

A page may be closed, reloaded or turned to another conversation; the answer is finished and kept all the
same, and whoever opens the conversation sees it grow.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING, Any, Literal

from ingest.errors import JupiluError
from rag.answers import Answer, Claim, Drafted, Provisional, Step
from ui.web.plain_words import plain_error
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ui.web.panels.shown import Shown
    from ui.web.service import Choices, Service

MOST_CONVERSATIONS = 500
"""Conversations whose unanswered questions are remembered until the page is stopped."""
MOST_NOTICES = 20
"""Unanswered questions that one conversation keeps in sight."""
State = Literal["waiting", "running", "done", "failed", "stopped"]
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Asked:
    """One question until its answer is stored, or the word on why there is none.

    `replaces` is the number of the stored turn that the answer takes the place of, with all after it.
    """

    serial: int
    question: str
    choices: Choices
    language: Language
    replaces: int | None = None
    state: State = "waiting"
    notice: str = ""
    steps: dict[str, float] = field(default_factory=dict)
    drafts: tuple[str, ...] = ()
    words: Answer | None = None
    """The company's own words, while a model still writes."""
    asked_at: float = 0.0

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running")


@dataclass(slots=True)
class _Line:
    """The questions of one conversation that are not stored; `changes` counts what happened to them."""

    asked: list[Asked] = field(default_factory=list)
    changes: int = 0


class Answers:
    """Answers questions in threads of its own, those of one conversation one after the other."""

    def __init__(
        self,
        service: Service,
        history: Callable[[str, str, int | None], list[Shown]],
        *,
        at_once: int,
        most_open: int,
    ) -> None:
        """
        Args:
            service: answers, and keeps conversations.
            history: gives a user's stored turns of a conversation, those before a number where one is given.
            at_once: so many questions are answered at the same time; others wait.
            most_open: so many are answered or wait; more are refused.
        """
        self.service = service
        self._history = history
        self._room = threading.Semaphore(at_once)
        self._most_open = most_open
        self._lines: OrderedDict[tuple[str, str], _Line] = OrderedDict()
        self._lock = threading.RLock()
        self._serials = count(1)

    # ----------------------------------------------------------------- asking

    def ask(
        self,
        user: str,
        conversation: str,
        question: str,
        choices: Choices,
        language: Language,
        *,
        replaces: int | None = None,
        again: int | None = None,
        asked_at: float = 0.0,
    ) -> None:
        """Line a question up; `again` is the serial of an unanswered one that it takes the place of.

        Those that still wait are answered in the order of `asked_at`, of the page's clock.
        """
        with self._lock:
            line = self._lines.setdefault((user, conversation), _Line())
            self._lines.move_to_end((user, conversation))
            line.asked = [one for one in line.asked if one.is_open or one.serial != again]
            asked = Asked(next(self._serials), question, choices, language, replaces, asked_at=asked_at)
            if sum(one.is_open for other in self._lines.values() for one in other.asked) >= self._most_open:
                asked.state, asked.notice = "failed", say(language, "too_busy")
            line.asked.append(asked)
            waiting = sorted(
                (one for one in line.asked if one.state == "waiting"), key=lambda one: one.asked_at
            )
            line.asked = [one if one.state != "waiting" else waiting.pop(0) for one in line.asked]
            line.changes += 1
            self._advance(user, conversation, line)
            for key in [key for key, one in self._lines.items() if not any(a.is_open for a in one.asked)]:
                if len(self._lines) <= MOST_CONVERSATIONS:
                    break
                del self._lines[key]

    def stop(self, user: str, conversation: str) -> None:
        """End all that a conversation waits for, at once; what has been found stays."""
        with self._lock:
            line = self._lines.get((user, conversation))
            for asked in [one for one in line.asked if one.is_open] if line else ():
                if asked.words is None:
                    self._unanswered(user, conversation, asked, "stopped", say(asked.language, "stopped"))
                else:
                    notice = say(asked.language, "stopped_writing")
                    self._keep(user, conversation, asked, replace(asked.words, notice=notice))

    def forget(self, user: str, conversation: str) -> None:
        """Drop what belongs to a conversation that is deleted."""
        with self._lock:
            line = self._lines.pop((user, conversation), _Line())
            for asked in line.asked:
                asked.state = "stopped"

    # ---------------------------------------------------------------- looking

    def of(self, user: str, conversation: str) -> list[Asked]:
        """The questions of a conversation that are not stored, in the order in which they were asked."""
        with self._lock:
            line = self._lines.get((user, conversation))
            return [replace(one, steps=dict(one.steps)) for one in line.asked] if line else []

    def standing(self, user: str, conversation: str) -> tuple[int, bool]:
        """A number that grows with every change, and whether an answer is still on its way."""
        with self._lock:
            line = self._lines.get((user, conversation))
            return (line.changes, any(one.is_open for one in line.asked)) if line else (0, False)

    def at_work(self, user: str) -> set[str]:
        """The user's conversations in which an answer is on its way."""
        with self._lock:
            return {
                conversation
                for (whose, conversation), line in self._lines.items()
                if whose == user and any(one.is_open for one in line.asked)
            }

    # -------------------------------------------------------------- internals

    def _advance(self, user: str, conversation: str, line: _Line) -> None:
        """Begin with the next question of a conversation, where none is being answered."""
        unfinished = [one for one in line.asked if one.is_open]
        if unfinished and not any(one.state == "running" for one in unfinished):
            # Daemons: a model that takes long to let go must not keep the program from ending.
            work = threading.Thread(
                target=self._answer, args=(user, conversation, unfinished[0]), daemon=True, name="answer"
            )
            work.start()

    def _answer(self, user: str, conversation: str, asked: Asked) -> None:
        with self._room:
            self._answer_now(user, conversation, asked)

    def _answer_now(self, user: str, conversation: str, asked: Asked) -> None:
        with self._lock:
            line = self._lines.get((user, conversation))
            busy = line is None or any(one.state == "running" for one in line.asked)
            if asked.state != "waiting" or busy:
                return
            self._change(user, conversation, asked, state="running")
        try:
            answer = self._heard(user, conversation, asked)
        except (JupiluError, ValueError) as error:
            why = say(asked.language, "failed", reason=plain_error(asked.language, error))
            self._unanswered(user, conversation, asked, "failed", why)
        except Exception:
            incident = secrets.token_hex(4)
            logger.exception("question failed (%s)", incident)
            why = say(asked.language, "failed_inside", number=incident)
            self._unanswered(user, conversation, asked, "failed", why)
        else:
            if answer is not None:
                self._keep(user, conversation, asked, answer)

    def _heard(self, user: str, conversation: str, asked: Asked) -> Answer | None:
        """Follow the events to the answer; None where the question was stopped meanwhile."""
        history = self._history(user, conversation, asked.replaces)
        events = self.service.stream(
            asked.question, asked.choices, history, stopped=lambda: asked.state != "running"
        )
        for event in events:
            if asked.state != "running":
                return None
            if isinstance(event, Answer):
                return event
            if isinstance(event, Step):
                self._change(user, conversation, asked, steps={**asked.steps, event.name: event.milliseconds})
            elif isinstance(event, Claim):
                self._change(user, conversation, asked, drafts=(*asked.drafts, event.text))
            elif isinstance(event, Provisional):
                self._change(user, conversation, asked, words=event.answer, drafts=())
            elif isinstance(event, Drafted) and event.claim is not None:
                self._change(user, conversation, asked, drafts=(*asked.drafts, event.claim.text))
        raise RuntimeError("the stream ended without an answer")

    def _keep(self, user: str, conversation: str, asked: Asked, answer: Answer) -> None:
        with self._lock:
            if asked.state != "running":
                return
            store = self.service.conversations()
            choices = asked.choices
            try:
                if asked.replaces is not None:
                    store.replace_from(user, conversation, asked.replaces)
                store.add(user, conversation, answer, company=choices.company, as_of=choices.as_of)
            except JupiluError as error:  # the conversation was deleted in another window
                why = say(asked.language, "failed", reason=plain_error(asked.language, error))
                self._unanswered(user, conversation, asked, "failed", why)
                return
            self._finish(user, conversation, asked, state="done")

    def _unanswered(self, user: str, conversation: str, asked: Asked, state: State, why: str) -> None:
        with self._lock:
            if asked.is_open:
                self._finish(user, conversation, asked, state=state, notice=why)

    def _finish(self, user: str, conversation: str, asked: Asked, **changes: Any) -> None:
        self._change(user, conversation, asked, **changes)
        line = self._lines.get((user, conversation))
        if line is not None:
            kept = [one for one in line.asked if one.state in ("failed", "stopped")][-MOST_NOTICES:]
            line.asked = [one for one in line.asked if one.is_open or one in kept]
            self._advance(user, conversation, line)

    def _change(self, user: str, conversation: str, asked: Asked, **changes: Any) -> None:
        with self._lock:
            if not asked.is_open:
                return
            for name, value in changes.items():
                setattr(asked, name, value)
            line = self._lines.get((user, conversation))
            if line is not None:
                line.changes += 1


class Desk:
    """Which conversation each open page shows, so that nothing of another one is sent to it."""

    def __init__(self) -> None:
        self._shown: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._turns = count(1)
        self._looks = count(int(time.time() * 1000))  # a page outlives a restart

    def look(self) -> int:
        """A number above that of every look before it."""
        return next(self._looks)

    def shows(self, session: str, otherwise: str) -> str:
        """The conversation that a page shows; `otherwise` where the page is not known (after a restart)."""
        with self._lock:
            return self._shown.get(session, (otherwise, 0))[0]

    def turn_to(self, session: str, conversation: str) -> int:
        """A page shows this conversation from now on; gives a number that holds until it is turned again."""
        with self._lock:
            turned = next(self._turns)
            self._shown[session] = (conversation, turned)
            self._shown.move_to_end(session)
            while len(self._shown) > 4 * MOST_CONVERSATIONS:
                self._shown.popitem(last=False)
            return turned

    def holds(self, session: str, turned: int) -> bool:
        """Whether the page has not been turned since."""
        with self._lock:
            return self._shown.get(session, ("", 0))[1] == turned
