"""Conversations: who asked what, what was answered, and whether it helped. One SQLite file."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from ingest.errors import ConversationUnknown
from ingest.library.damage import explained
from rag.answers import Answer

FILE_NAME = "conversations.sqlite"  # in the library's folder
TITLE_LENGTH = 40  # characters of the first question that become the title
UNDO_TIME = timedelta(minutes=10)  # a deleted conversation can be brought back for so long; then it is gone
SOUGHT_LENGTH = 600  # characters of a conversation's questions that a search looks through
COMMENT_LENGTH = 1000  # characters of what a user says of an answer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, user TEXT NOT NULL, title TEXT NOT NULL,
    created_at TEXT NOT NULL, updated_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS conversations_of_user ON conversations (user, updated_at);
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    number INTEGER NOT NULL, question TEXT NOT NULL, company TEXT, as_of TEXT, answer TEXT NOT NULL,
    feedback TEXT, reason TEXT, PRIMARY KEY (conversation, number)
);
"""
# Columns that came later; a file made before has them added when it is opened.
_LATER = {"conversations": ("deleted_at TEXT", "model TEXT"), "turns": ("comment TEXT",)}


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation of one user; the times are UTC.

    `model` is what the user wants answers written with, None where nothing was chosen; `questions` are the first
    `SOUGHT_LENGTH` characters of all that was asked in it, for a search.
    """

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    model: str | None = None
    questions: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its answer.

    `number` counts from 1; `company` and `as_of` are what the user had chosen beside the question;
    `answer` is `Answer.as_json()` as it was given then, so its citations keep their meaning;
    `feedback` is "good" or "bad", None until the user says, `reason` what of a list the user chose, and `comment`
    the user's own words.
    """

    number: int
    question: str
    company: str | None
    as_of: date | None
    answer: dict[str, Any]
    feedback: str | None
    reason: str | None = None
    comment: str | None = None


class Conversations:
    """The conversations of all users; every method takes the user and touches only their own.

    Safe to share between threads: each call has its own connection.

    >>> conversations = Conversations(library_folder / FILE_NAME)
    >>> conversation = conversations.create("li")
    >>> conversations.add("li", conversation.id, answer, company="688787", as_of=None).number
    1
    """

    def __init__(self, path: Path) -> None:
        """Open the file at `path`, made when missing."""
        self._path = path
        with explained(path, path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._open() as database:
            database.executescript(_SCHEMA)
            _add_later_columns(database)

    def list(self, user: str) -> list[Conversation]:
        """The user's conversations, last touched first."""
        with self._open() as database:
            rows = database.execute(
                f"SELECT {_COLUMNS} FROM conversations WHERE user = ? AND deleted_at IS NULL"
                " ORDER BY updated_at DESC, rowid DESC",
                (user,),
            ).fetchall()
        return [_conversation(row) for row in rows]

    def get(self, user: str, conversation_id: str) -> Conversation:
        """One conversation. Raises ConversationUnknown."""
        with self._own(user, conversation_id) as database:
            row = database.execute(
                f"SELECT {_COLUMNS} FROM conversations WHERE id = ?", (conversation_id,)
            ).fetchone()
        return _conversation(row)

    def choose_model(self, user: str, conversation_id: str, model: str | None) -> None:
        """Remember what a conversation's answers are to be written with. Raises ConversationUnknown."""
        with self._own(user, conversation_id) as database:
            database.execute("UPDATE conversations SET model = ? WHERE id = ?", (model, conversation_id))

    def create(self, user: str, title: str = "") -> Conversation:
        """A new, empty conversation; without a title, the first question becomes it."""
        made = Conversation(uuid.uuid4().hex, title.strip(), now := _now(), now)
        with self._open() as database:
            database.execute(
                "INSERT INTO conversations (id, user, title, created_at, updated_at) VALUES (?, ?, ?, ?, ?)",
                (made.id, user, made.title, _stamp(now), _stamp(now)),
            )
        return made

    def rename(self, user: str, conversation_id: str, title: str) -> None:
        """Give a conversation another title. Raises ConversationUnknown."""
        with self._own(user, conversation_id) as database:
            database.execute(
                "UPDATE conversations SET title = ? WHERE id = ?", (title.strip(), conversation_id)
            )

    def delete(self, user: str, conversation_id: str) -> None:
        """Delete a conversation with all its turns; `restore` brings it back within `UNDO_TIME`.

        Those whose time has passed are erased. Raises ConversationUnknown.
        """
        with self._own(user, conversation_id) as database:
            database.execute("DELETE FROM conversations WHERE deleted_at < ?", (_stamp(_now() - UNDO_TIME),))
            database.execute(
                "UPDATE conversations SET deleted_at = ? WHERE id = ?", (_stamp(_now()), conversation_id)
            )

    def restore(self, user: str, conversation_id: str) -> None:
        """Bring a deleted conversation back. Raises ConversationUnknown: it is another's, or erased."""
        with self._own(user, conversation_id, deleted=True) as database:
            database.execute("UPDATE conversations SET deleted_at = NULL WHERE id = ?", (conversation_id,))

    def turns(self, user: str, conversation_id: str) -> Sequence[Turn]:
        """The turns of a conversation, in order. Raises ConversationUnknown."""
        with self._own(user, conversation_id) as database:
            rows = database.execute(
                "SELECT number, question, company, as_of, answer, feedback, reason, comment FROM turns"
                " WHERE conversation = ? ORDER BY number",
                (conversation_id,),
            ).fetchall()
        return [_turn(row) for row in rows]

    def add(
        self, user: str, conversation_id: str, answer: Answer, *, company: str | None, as_of: date | None
    ) -> Turn:
        """Append a turn.

        Args:
            user: whose conversation it is.
            conversation_id: of that user.
            answer: the final answer; its question becomes the turn's.
            company: what the user had chosen beside the question.
            as_of: likewise.

        Raises:
            ConversationUnknown: the user has no such conversation.
        """
        question, body = answer.question, answer.as_json()
        with self._own(user, conversation_id) as database:
            (last,) = database.execute(
                "SELECT COALESCE(MAX(number), 0) FROM turns WHERE conversation = ?", (conversation_id,)
            ).fetchone()
            number = int(last) + 1
            database.execute(
                "INSERT INTO turns (conversation, number, question, company, as_of, answer)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    conversation_id,
                    number,
                    question,
                    company,
                    as_of.isoformat() if as_of else None,
                    json.dumps(body, ensure_ascii=False),
                ),
            )
            database.execute(
                "UPDATE conversations SET updated_at = ?, title = CASE title WHEN '' THEN ? ELSE title END"
                " WHERE id = ?",
                (_stamp(_now()), " ".join(question.split())[:TITLE_LENGTH], conversation_id),
            )
        return Turn(number, question, company, as_of, body, None)

    def replace_from(self, user: str, conversation_id: str, number: int) -> None:
        """Drop the turn `number` and all later ones, before it is edited or asked again.

        Raises:
            ConversationUnknown: the user has no such conversation.
        """
        with self._own(user, conversation_id) as database:
            database.execute(
                "DELETE FROM turns WHERE conversation = ? AND number >= ?", (conversation_id, number)
            )

    def feedback(
        self,
        user: str,
        conversation_id: str,
        number: int,
        good: bool,
        reason: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Keep whether a turn's answer helped, and why; what was said of it before is replaced.

        Raises:
            ConversationUnknown: the user has no such conversation, or it has no such turn.
        """
        with self._own(user, conversation_id) as database:
            changed = database.execute(
                "UPDATE turns SET feedback = ?, reason = ?, comment = ? WHERE conversation = ? AND number = ?",
                (
                    "good" if good else "bad",
                    reason,
                    (comment or "").strip()[:COMMENT_LENGTH] or None,
                    conversation_id,
                    number,
                ),
            ).rowcount
            if not changed:
                raise ConversationUnknown(f"conversation {conversation_id} has no turn {number}")

    @contextmanager
    def _own(self, user: str, conversation_id: str, *, deleted: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction in which the conversation is known to be the user's, and deleted or not."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            known = database.execute(
                "SELECT deleted_at IS NOT NULL FROM conversations WHERE id = ? AND user = ?",
                (conversation_id, user),
            ).fetchone()
            if known is None or bool(known[0]) != deleted:
                # The same words whether it is another user's or nobody's: ids tell nothing.
                raise ConversationUnknown(
                    f"there is no conversation {conversation_id}; reload the list of conversations"
                )
            yield database

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with explained(self._path, self._path.parent):
            database = sqlite3.connect(self._path, timeout=30, isolation_level=None)
            try:
                database.execute("PRAGMA foreign_keys = ON")
                with database:
                    yield database
            finally:
                database.close()


def _now() -> datetime:
    return datetime.now(UTC)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


_COLUMNS = (
    "id, title, created_at, updated_at, model, substr((SELECT group_concat(question, ' ') FROM turns"
    f" WHERE turns.conversation = conversations.id), 1, {SOUGHT_LENGTH})"
)


def _add_later_columns(database: sqlite3.Connection) -> None:
    """Give a file that was made before what it lacks; two programs that open it at once may both try."""
    database.execute("BEGIN IMMEDIATE")
    for table, columns in _LATER.items():
        known = {row[1] for row in database.execute(f"PRAGMA table_info({table})")}
        for column in columns:
            if column.split()[0] not in known:
                database.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    database.execute("COMMIT")


def _conversation(row: tuple[str, str, str, str, str | None, str | None]) -> Conversation:
    identity, title, created, updated, model, questions = row
    made, touched = datetime.fromisoformat(created), datetime.fromisoformat(updated)
    return Conversation(identity, title, made, touched, model, questions or "")


def _turn(row: tuple[Any, ...]) -> Turn:
    number, question, company, as_of, answer, feedback, reason, comment = row
    return Turn(
        number,
        question,
        company,
        date.fromisoformat(as_of) if as_of else None,
        json.loads(answer),
        feedback,
        reason,
        comment,
    )
