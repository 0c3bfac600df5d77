"""What the conversation shows: stored turns, and those that are being answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Shown:
    """One stored turn, as much of it as the page shows."""

    number: int
    question: str
    answer: dict[str, Any]
    as_of: str | None = None
    company: str | None = None
    feedback: str | None = None
    comment: str | None = None


@dataclass(slots=True)
class Pending:
    """A turn that is being answered, or waits for it: what has happened so far."""

    number: int
    question: str
    steps: Mapping[str, float] = field(default_factory=dict)
    claims: Sequence[str] = ()
    provisional: Mapping[str, Any] | None = None
    is_waiting: bool = False
