"""What programs send and what they get, whichever door they come through: the page's tools or `jupilu serve`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ingest.errors import JupiluError
from ui.web.plain_words import without_commands

if TYPE_CHECKING:
    from ingest.records import Record
    from rag.answers import Answer
    from rag.asking.history import HistoryItem
    from rag.disclosure_qa import DisclosureQA
    from rag.finding.retrieval import Evidence

MOST_RESULTS = 20
"""Passages that one search gives."""


class WrongRequest(JupiluError):
    """What a program sent can't be worked with; `part` names what of it."""

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.part = part


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as `DisclosureQA.ask` takes it, with the limits already held."""

    question: str
    company: str | None = None
    as_of: date | None = None
    published_from: date | None = None
    history: tuple[HistoryItem, ...] = ()


def asking(question: str, company: str | None, as_of: str | None, most: int) -> Asking:
    """A question with what was chosen beside it, checked.

    Args:
        question: in Chinese or English.
        company: code or name; nothing for the question's own.
        as_of: YYYY-MM-DD; nothing for all records.
        most: characters that a question may have.

    Raises:
        WrongRequest: the message says what is wrong, for who wrote the program.
    """
    if not question.strip():
        raise WrongRequest("the question is empty; ask something", "question")
    if len(question) > most:
        raise WrongRequest(f"the question is longer than {most} characters; shorten it", "question")
    if has_halves(f"{question}{company or ''}"):
        raise WrongRequest(
            "half a character (a lone surrogate) in the question or the company; send whole ones", "question"
        )
    return Asking(question, (company or "").strip() or None, day_of(as_of, "as_of"))


def has_halves(text: str) -> bool:
    """Whether a text has half a character (a lone surrogate), which no file or stream can hold."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def day_of(text: str | None, name: str) -> date | None:
    """A day written YYYY-MM-DD; None for an empty text. Raises WrongRequest."""
    if not text or not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise WrongRequest(f"{name} is no date: {text[:40]!r}; write it YYYY-MM-DD", name) from error


def company_refused(qa: DisclosureQA, asked: Asking, answer: Answer) -> str | None:
    """One line where the company that was chosen beside the question is none of the library's.

    A question that names its own company wins over the chosen one, and its answer says so: that is no fault.
    """
    if asked.company is None or answer.outcome != "company_unknown":
        return None
    read = qa.understood(
        asked.question, company=asked.company, as_of=asked.as_of, history=list(asked.history)
    )
    return (
        None
        if read.passed_over
        else f"no company of the library is meant by {asked.company[:80]!r}: {without_commands(answer.text)}"
    )


def passage_as_json(evidence: Evidence) -> dict[str, Any]:
    """A passage that a search found."""
    passage = evidence.passage
    return {
        "record_id": passage.record_id,
        "code": passage.code,
        "short_name": passage.short_name,
        "published_on": passage.published_on.isoformat() if passage.published_on else None,
        "pair": passage.number,
        "question": passage.question,
        "text": passage.text,
        "start": passage.span.start,
        "end": passage.span.end,
        "score": round(evidence.score, 4),
        "repeats": [repeat.record_id for repeat in evidence.repeats],
    }


def found_passages(groups: list[list[Evidence]], count: int) -> list[dict[str, Any]]:
    """The passages of `DisclosureQA.search`, of all companies in one list, at most `count`."""
    most = min(max(count, 1), MOST_RESULTS)
    return [passage_as_json(evidence) for group in groups for evidence in group][:most]


def whole_record(record: Record) -> dict[str, Any]:
    """A record as `jupilu show --json` prints it."""
    from ingest.library.export import record_as_json

    return {"id": record.id, "source_file": record.source_file, **record_as_json([record])}
