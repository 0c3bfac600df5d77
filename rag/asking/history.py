"""Earlier turns of a conversation, in whatever form a program has them, as turns that follow-ups are read from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

_ASKS = frozenset(("user", "human", "question"))
_ANSWERS = frozenset(("assistant", "ai", "bot", "answer"))


class TurnLike(Protocol):
    """What of an earlier turn is read; `answer` is `Answer.as_json()`."""

    @property
    def question(self) -> str: ...

    @property
    def answer(self) -> dict[str, Any]: ...


HistoryItem: TypeAlias = (
    "str | tuple[object, object] | Sequence[object] | Mapping[str, object] | BaseMessage | TurnLike"
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier turn; `answer` holds what is known of it, at least its text where there was one."""

    question: str
    answer: dict[str, Any] = field(default_factory=dict)
    company: str | None = None
    as_of: date | None = None


def turns(history: Sequence[HistoryItem]) -> list[TurnLike]:
    """Earlier turns, oldest first, from questions, (question, answer) pairs, messages or turns of ours.

    Messages are {"role", "content"} or LangChain's; a system message says nothing, an answer belongs to the
    question before it, and content in parts is joined. A turn without words is left out.
    """
    found: list[TurnLike] = []
    for item in history:
        role, content = _message(item)
        if role == "asks":
            found.append(Earlier(_text(content)))
        elif role == "answers":
            if found and not found[-1].answer:
                found[-1] = Earlier(found[-1].question, _answer(content))
        elif role == "turn":
            found.append(_turn(item))
    return [turn for turn in found if turn.question.strip()]


def _message(item: HistoryItem) -> tuple[str, object]:
    """Whether an item asks, answers, or is a whole turn, and its content; nothing for one that is neither."""
    if isinstance(item, str):
        return "asks", item
    if isinstance(item, Mapping):
        if "role" not in item and "type" not in item:
            return "turn", None
        role, content = str(item.get("role") or item.get("type")), item.get("content")
    elif hasattr(item, "type") and hasattr(item, "content"):
        role, content = str(item.type), item.content
    else:
        return "turn", None
    return ("asks" if role in _ASKS else "answers" if role in _ANSWERS else ""), content


def _turn(item: HistoryItem) -> TurnLike:
    if isinstance(item, Mapping):
        return Earlier(_text(item.get("question")), _answer(item.get("answer")))
    if isinstance(item, Sequence):
        question, answer = (*item, None, None)[:2]
        return Earlier(_text(question), _answer(answer))
    return item  # type: ignore[return-value]


def _answer(content: object) -> dict[str, Any]:
    if content is None:
        return {}
    if isinstance(content, Mapping):
        return dict(content)
    if hasattr(content, "as_json"):
        told: dict[str, Any] = content.as_json()
        return told
    return {"text": _text(content)}


def _text(content: object) -> str:
    """The words of a message: a string, or parts of which some are text."""
    if isinstance(content, str):
        return content
    if isinstance(content, Mapping):
        return _text(content.get("text"))
    if isinstance(content, Sequence):
        return "".join(map(_text, content))
    return "" if content is None else str(content)
