"""What a claim is checked against: pieces of text, each with who speaks and what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Speaker = Literal["company", "investor"]


@dataclass(frozen=True, slots=True)
class EvidenceText:
    """One piece of evidence: quotable `text`, and what is known of it without being quotable.

    `question` is the investor's question that the text answers: it tells what the text is about, but
    what it presumes is not the company's word. `names` are the company's names and code.
    """

    text: str
    question: str = ""
    names: tuple[str, ...] = ()
    published_on: date | None = None
    speaker: Speaker = "company"


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What is known beside claim and evidence.

    `names` are names of the company that the claim is about (for evidence that says only 公司);
    `as_of` is the day that 今年 and 去年 count from where the evidence carries no date of its own. `without` names rules that are left out,
    which only studies do.
    """

    names: tuple[str, ...] = ()
    as_of: date | None = None
    second_opinions: tuple[Any, ...] = ()
    without: frozenset[str] = frozenset()


def as_evidence(evidence: object) -> tuple[EvidenceText, ...]:
    """Evidence as the gate wants it, from a text, a passage, retrieval's evidence, or a sequence of these.

    Raises:
        TypeError: it is none of these.
    """
    if isinstance(evidence, str):
        return (EvidenceText(evidence),)
    if isinstance(evidence, EvidenceText):
        return (evidence,)
    passage: Any = getattr(evidence, "passage", evidence)
    if isinstance(getattr(passage, "text", None), str):
        names = tuple(
            name for name in (getattr(passage, "short_name", None), getattr(passage, "code", None)) if name
        )
        return (
            EvidenceText(
                passage.text,
                getattr(passage, "question", "") or "",
                names,
                getattr(passage, "published_on", None),
            ),
        )
    if isinstance(evidence, Sequence) and not isinstance(evidence, bytes):
        return tuple(piece for item in evidence for piece in as_evidence(item))
    raise TypeError(f"evidence must be text or passages, not {type(evidence).__name__}")
