"""Answers on their way: kept by conversation, in order, stopped at once, sent to no page that has turned away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.answers import Answer, Provisional, Searched, Step
from rag.conversations import Conversations
from rag.disclosure_qa import Event
from ui.web.answers import Answers, Desk
from ui.web.service import Choices

LI = "li"


def answer(question: str) -> Answer:
    return Answer(question, question, "answered", f"答：{question}", None, None, Searched(1, None, None))


class Slow:
    """A service that answers when it is let: `words` first where it has them."""

    def __init__(self, folder: Path, *, words: bool = False) -> None:
        self.store = Conversations(folder / "conversations.sqlite")
        self.go = threading.Event()
        self.asked: list[str] = []
        self.let_go = threading.Event()
        self._words = words

    def conversations(self) -> Conversations:
        return self.store

    def stream(
        self, question: str, choices: Choices, history: Any, stopped: Callable[[], bool]
    ) -> Iterator[Event]:
        self.asked.append(question)
        yield Step("question", 1.0)
        if self._words:
            yield Provisional(answer(question))
        while not self.go.wait(0.01):
            if stopped():
                self.let_go.set()
                return
        yield answer(question)


def line(service: Slow, **limits: int) -> tuple[Answers, str]:
    given: dict[str, Any] = {"at_once": 2, "most_open": 10, **limits}
    answers = Answers(service, lambda *_: [], **given)  # type: ignore[arg-type]  # as much of it as is used
    return answers, service.store.create(LI, "t").id


def until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.005)


def test_questions_of_one_conversation_are_answered_in_the_order_of_the_pages_clock(tmp_path: Path) -> None:
    service = Slow(tmp_path)
    answers, conversation = line(service)
    for question, at in (("一", 1.0), ("三", 3.0), ("二", 2.0)):
        answers.ask(LI, conversation, question, Choices(), "zh", asked_at=at)
        until(lambda: service.asked == ["一"])
    assert [one.state for one in answers.of(LI, conversation)] == ["running", "waiting", "waiting"]
    assert answers.at_work(LI) == {conversation} and answers.at_work("wang") == set()
    service.go.set()
    until(lambda: not answers.standing(LI, conversation)[1])
    assert [turn.question for turn in service.store.turns(LI, conversation)] == ["一", "二", "三"]
    assert answers.of(LI, conversation) == []


def test_stop_keeps_the_words_that_were_found_and_lets_the_model_go(tmp_path: Path) -> None:
    service = Slow(tmp_path, words=True)
    answers, conversation = line(service)
    answers.ask(LI, conversation, "一", Choices(), "zh")
    until(lambda: any(one.words for one in answers.of(LI, conversation)))
    answers.stop(LI, conversation)
    (turn,) = service.store.turns(LI, conversation)
    assert turn.answer["text"] == "答：一" and "已停止" in turn.answer["notice"]
    assert service.let_go.wait(5)
    answers.ask(LI, conversation, "二", Choices(), "zh")
    until(lambda: service.asked == ["一", "二"])


def test_stop_without_words_keeps_each_question(tmp_path: Path) -> None:
    service = Slow(tmp_path)
    answers, conversation = line(service)
    for question in ("一", "二"):
        answers.ask(LI, conversation, question, Choices(), "en")
    until(lambda: service.asked == ["一"])
    answers.stop(LI, conversation)
    kept = answers.of(LI, conversation)
    assert [(one.question, one.state) for one in kept] == [("一", "stopped"), ("二", "stopped")]
    assert service.store.turns(LI, conversation) == []
    service.go.set()
    answers.ask(LI, conversation, "一", Choices(), "en", again=kept[0].serial)
    until(lambda: len(service.store.turns(LI, conversation)) == 1)
    assert [one.question for one in answers.of(LI, conversation)] == ["二"]


def test_a_turn_is_replaced_only_by_an_answer(tmp_path: Path) -> None:
    service = Slow(tmp_path)
    answers, conversation = line(service)
    service.store.add(LI, conversation, answer("旧"), company=None, as_of=None)
    answers.ask(LI, conversation, "新", Choices(), "zh", replaces=1)
    until(lambda: service.asked == ["新"])
    answers.stop(LI, conversation)
    assert [turn.question for turn in service.store.turns(LI, conversation)] == ["旧"]
    service.go.set()
    answers.ask(LI, conversation, "新", Choices(), "zh", replaces=1)
    until(lambda: not answers.standing(LI, conversation)[1])
    assert [turn.question for turn in service.store.turns(LI, conversation)] == ["新"]


def test_what_goes_wrong_is_told_and_the_next_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = Slow(tmp_path)
    service.go.set()
    answers, conversation = line(service)
    whole = service.stream

    def broken(question: str, *rest: Any, **named: Any) -> Iterator[Event]:
        if question == "坏":
            raise RuntimeError("/secret/path")
        return whole(question, *rest, **named)

    monkeypatch.setattr(service, "stream", broken)
    for question in ("坏", "好"):
        answers.ask(LI, conversation, question, Choices(), "zh")
    until(lambda: not answers.standing(LI, conversation)[1])
    (failed,) = answers.of(LI, conversation)
    assert failed.state == "failed" and "secret" not in failed.notice and "编号" in failed.notice
    assert [turn.question for turn in service.store.turns(LI, conversation)] == ["好"]


def test_too_many_are_refused_and_a_deleted_conversation_is_let_go(tmp_path: Path) -> None:
    service = Slow(tmp_path)
    answers, conversation = line(service, most_open=2)
    for question in ("一", "二", "三"):
        answers.ask(LI, conversation, question, Choices(), "zh")
    assert [one.state for one in answers.of(LI, conversation)][-1] == "failed"
    until(lambda: service.asked == ["一"])
    answers.forget(LI, conversation)
    assert answers.of(LI, conversation) == [] and service.let_go.wait(5)


def test_no_more_at_once_than_allowed(tmp_path: Path) -> None:
    service = Slow(tmp_path)
    answers, _ = line(service, at_once=2)
    others = [service.store.create(LI, str(n)).id for n in range(3)]
    for conversation in others:
        answers.ask(LI, conversation, conversation, Choices(), "zh")
    until(lambda: len(service.asked) == 2)
    time.sleep(0.1)
    assert len(service.asked) == 2
    service.go.set()
    until(lambda: not answers.at_work(LI))
    assert len(service.asked) == 3


def test_a_page_is_followed_until_it_turns() -> None:
    desk = Desk()
    assert desk.shows("page", "from the address") == "from the address"
    turned = desk.turn_to("page", "a")
    assert desk.holds("page", turned) and desk.shows("page", "x") == "a"
    assert desk.turn_to("page", "b") and not desk.holds("page", turned)


def test_a_page_that_turned_away_is_sent_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The chat's own follower, over a chat that shows only which conversation it is."""
    from ui.web.chat import Chat, View, Visitor

    service = Slow(tmp_path)
    answers, conversation = line(service)
    chat = Chat.__new__(Chat)
    chat.answers, chat.desk = answers, Desk()
    monkeypatch.setattr(chat, "show", lambda visitor, shown, turn=True: View(shown, shown))
    visitor = Visitor(LI, "page", "zh")
    seen: list[str] = []

    async def watch() -> None:
        answers.ask(LI, conversation, "一", Choices(), "zh")
        async for view in chat.follow(visitor, conversation):
            seen.append(view.conversation)

    async def both() -> None:
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.2)
        chat.desk.turn_to("page", "")
        service.go.set()
        await watching

    asyncio.run(both())
    assert seen and set(seen) == {conversation}
    before = len(seen)
    until(lambda: len(service.store.turns(LI, conversation)) == 1)
    assert len(seen) == before
