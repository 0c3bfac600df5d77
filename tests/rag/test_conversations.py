"""Conversations are kept, belong to one user, and survive a restart."""

from __future__ import annotations

import sqlite3
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingest.errors import ConversationUnknown
from rag.answers import Answer, Citation, Claim, Searched
from rag.conversations import Conversations


def answer(question: str) -> Answer:
    citation = Citation(
        1, "a" * 16, "f.txt", "309001", "岚川智冷", None, date(2024, 5, 12), 2, "问？", "答。", 5, 7, None
    )
    return Answer(
        question=question,
        standalone_question=question,
        outcome="answered",
        text="“答。” [1]",
        as_of=None,
        newest_record=date(2024, 5, 12),
        searched=Searched(1, date(2024, 5, 12), date(2024, 5, 12)),
        claims=(Claim("答。", "supported", (), (citation,)),),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "library" / "conversations.sqlite"


def test_turns_come_back_after_a_restart_with_their_citations(path: Path) -> None:
    store = Conversations(path)
    made = store.create("li")
    store.add("li", made.id, answer("订单如何？"), company="309001", as_of=date(2024, 6, 30))
    store.feedback("li", made.id, 1, False, "答非所问")
    turn = Conversations(path).turns("li", made.id)[0]
    assert (turn.number, turn.question) == (1, "订单如何？")
    assert (turn.company, turn.as_of) == ("309001", date(2024, 6, 30))
    assert turn.answer["claims"][0]["citations"][0]["quote"] == "答。"
    assert (turn.feedback, turn.reason) == ("bad", "答非所问")
    assert Conversations(path).list("li")[0].title == "订单如何？"


def test_last_touched_first_and_a_given_title_stays(path: Path) -> None:
    store = Conversations(path)
    first, second = store.create("li", "甲"), store.create("li")
    assert [c.id for c in store.list("li")] == [second.id, first.id]
    store.add("li", first.id, answer("问"), company=None, as_of=None)
    assert [(c.id, c.title) for c in store.list("li")] == [(first.id, "甲"), (second.id, "")]
    store.rename("li", second.id, "乙")
    assert {c.title for c in store.list("li")} == {"甲", "乙"}


def test_asking_again_drops_that_turn_and_later_ones(path: Path) -> None:
    store = Conversations(path)
    made = store.create("li")
    for number in range(3):
        store.add("li", made.id, answer(f"问{number}"), company=None, as_of=None)
    store.replace_from("li", made.id, 2)
    assert store.add("li", made.id, answer("新问"), company=None, as_of=None).number == 2
    assert [turn.question for turn in store.turns("li", made.id)] == ["问0", "新问"]
    store.delete("li", made.id)
    assert store.list("li") == []


def test_another_users_conversation_is_unknown(path: Path) -> None:
    store = Conversations(path)
    made = store.create("li")
    store.add("li", made.id, answer("问"), company=None, as_of=None)
    for attempt in (
        lambda: store.turns("wang", made.id),
        lambda: store.rename("wang", made.id, "x"),
        lambda: store.delete("wang", made.id),
        lambda: store.replace_from("wang", made.id, 1),
        lambda: store.feedback("wang", made.id, 1, True, None),
        lambda: store.add("wang", made.id, answer("x"), company=None, as_of=None),
        lambda: store.feedback("li", made.id, 7, True, None),
    ):
        with pytest.raises(ConversationUnknown):
            attempt()
    assert store.list("wang") == []
    assert len(store.turns("li", made.id)) == 1


def test_many_threads_add_turns(path: Path) -> None:
    store = Conversations(path)
    made = store.create("li")
    threads = [
        threading.Thread(target=lambda: store.add("li", made.id, answer("问"), company=None, as_of=None))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [turn.number for turn in store.turns("li", made.id)] == list(range(1, 9))


def test_a_deleted_conversation_can_be_brought_back_for_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Conversations(path)
    made, other = store.create("li", "甲"), store.create("li", "乙")
    store.add("li", made.id, answer("问"), company=None, as_of=None)
    store.delete("li", made.id)
    assert [one.id for one in store.list("li")] == [other.id]
    for attempt in (lambda: store.turns("li", made.id), lambda: store.restore("wang", made.id)):
        with pytest.raises(ConversationUnknown):
            attempt()
    store.restore("li", made.id)
    assert len(store.turns("li", made.id)) == 1
    store.delete("li", made.id)
    monkeypatch.setattr("rag.conversations.UNDO_TIME", timedelta(seconds=-1))
    store.delete("li", other.id)
    with pytest.raises(ConversationUnknown):
        store.restore("li", made.id)


def test_what_was_said_of_an_answer_and_the_model_chosen_are_kept(path: Path) -> None:
    store = Conversations(path)
    made = store.create("li")
    store.add("li", made.id, answer("订单如何？"), company=None, as_of=None)
    store.feedback("li", made.id, 1, True, None, "  说得清楚  ")
    assert (store.turns("li", made.id)[0].feedback, store.turns("li", made.id)[0].comment) == (
        "good",
        "说得清楚",
    )
    store.feedback("li", made.id, 1, False, "outdated")
    assert store.turns("li", made.id)[0].comment is None
    assert store.get("li", made.id).model is None
    store.choose_model("li", made.id, "local")
    assert Conversations(path).get("li", made.id).model == "local"
    assert "订单如何" in store.list("li")[0].questions


def test_a_file_of_an_earlier_version_is_opened(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE conversations (id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL,"
            " created_at TEXT NOT NULL, updated_at TEXT NOT NULL);"
            "CREATE TABLE turns (conversation TEXT NOT NULL, number INTEGER NOT NULL, question TEXT NOT NULL,"
            " company TEXT, as_of TEXT, answer TEXT NOT NULL, feedback TEXT, reason TEXT,"
            " PRIMARY KEY (conversation, number));"
            "INSERT INTO conversations VALUES ('a', 'li', '旧', '2024-01-01T00:00:00+00:00', '2024-01-01T00:00:00+00:00');"
            "INSERT INTO turns VALUES ('a', 1, '问', NULL, NULL, '{}', 'bad', '答非所问');"
        )
    store = Conversations(path)
    assert store.list("li")[0].title == "旧"
    assert (store.turns("li", "a")[0].reason, store.turns("li", "a")[0].comment) == ("答非所问", None)
    store.delete("li", "a")
    assert Conversations(path).list("li") == []
