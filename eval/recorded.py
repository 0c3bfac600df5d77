"""Recorded answers: what any system said to a question, with the passages that its marks point at.

A file is JSONL; each line is an object with

    id        of the case that was asked, or null
    question  as it was asked
    answer    the text that a person reads, with marks such as [1] or 【1】 after sentences, no list of sources
    passages  [{"mark": 1, "text", "question", "code", "short_name", "published_on", "record_id", "pair"}, …]:
              what the marks point at; all but mark and text may be null. `question` is the investor's
              question that the passage answers
    outcome   answered, not_found, evaded, company_unknown, out_of_scope (DESIGN §1), or null
    seconds   until the answer was there, or null
    system    what answered, or null
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from ingest.language.sentences import sentence_spans
from rag.answers import Answer, Citation, Outcome

OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
# How systems that state no outcome say that they have no answer. Only an answer that cites nothing is read so.
_REFUSES: Final = re.compile(
    r"(?:没有|未能?|无法|不能)(?:在\S{0,20})?(?:找到|检索到|查到|提供|提及|回答|确定|得知|包含|涉及)|不知道|无相关(?:信息|资料)"
    r"|(?:not|n't|no)\s(?:\w+\s){0,3}?(?:found|find|mention|answer|know|information|contain)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RecordedPassage:
    """What one mark points at; `pair` is the pair's number in its record (0 for a statement)."""

    mark: int
    text: str
    question: str | None = None
    code: str | None = None
    short_name: str | None = None
    published_on: date | None = None
    record_id: str | None = None
    pair: int | None = None


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One answer of one system; `seconds` is wall-clock time."""

    question: str
    answer: str
    passages: tuple[RecordedPassage, ...] = ()
    id: str | None = None
    outcome: str | None = None
    seconds: float | None = None
    system: str | None = None

    @property
    def told_outcome(self) -> str:
        """The outcome, else what the words say: a refusal without any mark is not_found, all else answered."""
        if self.outcome:
            return self.outcome
        cites = re.search(r"[\[［【]\s*\^?\d{1,3}", self.answer)
        if not self.answer.strip() or (not cites and _REFUSES.search(self.answer)):
            return "not_found"
        return "answered"


def read_recorded(path: Path) -> list[RecordedAnswer]:
    """The answers of a file. Raises ValueError naming file and line of one that cannot be read."""
    answers: list[RecordedAnswer] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            answers.append(_recorded(json.loads(line)))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"{path.name}:{number}: not a recorded answer ({error}); see eval/recorded.py"
            ) from error
    return answers


def write_recorded(path: Path, answers: Iterable[RecordedAnswer]) -> None:
    """One line for each answer, keys in the order of the schema."""
    lines = [json.dumps(_plain(answer), ensure_ascii=False) for answer in answers]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def from_answer(
    case_id: str | None, answer: Answer, seconds: float | None = None, system: str | None = None
) -> RecordedAnswer:
    """An answer of DisclosureQA as recorded: its claims, each sentence followed by its marks.

    Every span that is cited becomes a passage with a mark of its own, so that a claim is judged against
    exactly what it cites. Headings and notes around the claims are left out; an answer without claims
    keeps its text.
    """
    marks: dict[tuple[str, int, int], int] = {}
    passages: list[RecordedPassage] = []
    pieces: list[str] = []
    for claim in answer.claims:
        own: list[int] = []
        for citation in claim.citations:
            place = (citation.record_id, citation.start, citation.end)
            if place not in marks:
                marks[place] = len(marks) + 1
                passages.append(_passage(marks[place], citation))
            own.append(marks[place])
        printed = "".join(f"[{mark}]" for mark in dict.fromkeys(own))
        pieces += [f"{span.of(claim.text)}{printed}\n" for span in sentence_spans(claim.text)]
    return RecordedAnswer(
        question=answer.question,
        answer="".join(pieces).strip() if answer.claims else answer.text,
        passages=tuple(passages),
        id=case_id,
        outcome=answer.outcome,
        seconds=seconds,
        system=system,
    )


def _passage(mark: int, citation: Citation) -> RecordedPassage:
    return RecordedPassage(
        mark,
        citation.quote,
        citation.question or None,
        citation.code,
        citation.short_name,
        citation.published_on,
        citation.record_id,
        citation.pair,
    )


def _recorded(raw: dict[str, Any]) -> RecordedAnswer:
    outcome = raw.get("outcome")
    if outcome is not None and outcome not in OUTCOMES:
        raise ValueError(f"outcome {outcome!r} is none of {', '.join(OUTCOMES)}")
    passages = tuple(_recorded_passage(one) for one in raw.get("passages") or ())
    if len({one.mark for one in passages}) < len(passages):
        raise ValueError("two passages have the same mark")
    if not isinstance(raw["question"], str) or not isinstance(raw["answer"], str):
        raise TypeError("question and answer are texts")
    return RecordedAnswer(
        question=raw["question"],
        answer=raw["answer"],
        passages=passages,
        id=None if raw.get("id") is None else str(raw["id"]),
        outcome=outcome,
        seconds=None if raw.get("seconds") is None else float(raw["seconds"]),
        system=None if raw.get("system") is None else str(raw["system"]),
    )


def _recorded_passage(raw: dict[str, Any]) -> RecordedPassage:
    if not isinstance(raw["text"], str):
        raise TypeError("a passage's text is a text")
    day = raw.get("published_on")
    return RecordedPassage(
        mark=int(raw["mark"]),
        text=raw["text"],
        question=raw.get("question"),
        code=raw.get("code"),
        short_name=raw.get("short_name"),
        published_on=date.fromisoformat(str(day)) if day else None,
        record_id=raw.get("record_id"),
        pair=None if raw.get("pair") is None else int(raw["pair"]),
    )


def _plain(answer: RecordedAnswer) -> dict[str, Any]:
    body = asdict(answer)
    order = ("id", "question", "answer", "passages", "outcome", "seconds", "system")
    plain = {key: body[key] for key in order}
    for passage in plain["passages"]:
        day = passage["published_on"]
        passage["published_on"] = day.isoformat() if day else None
    plain["passages"] = list(plain["passages"])
    return plain
