"""Questions with their gold: what an investor asks, and what a right answer must do.

A case file is JSONL; each line is an object with

    id          unique in the file
    type        paraphrase, number, as_of, change, two_companies, evaded, not_found, out_of_scope,
                company_unknown, english, traditional or injection
    question    as a person types it
    history     earlier questions of the conversation, oldest first (optional)
    company     what is chosen beside the question (code or name), or null
    as_of       YYYY-MM-DD or null
    outcome     the outcome of a right answer (DESIGN §1)
    also_right  other outcomes that a fair reader accepts (optional)
    gold        [{"file": source file name or first 16 hex digits of its SHA-256, "pair": number}, …]:
                every pair that answers; one of them suffices (one for each company in two_companies)
    key_facts   strings that the answer must contain (after NFKC and removal of white space); a list
                inside the list holds alternatives
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from eval.gold_labels import normalise

BUILT_IN: Final = Path(__file__).parent / "cases" / "examples.jsonl"
"""The cases over the example records, which come with the project."""


@dataclass(frozen=True, slots=True)
class GoldPair:
    """A pair that answers: its source file (name, or first 16 hex digits of the SHA-256) and number."""

    file: str
    pair: int


@dataclass(frozen=True, slots=True)
class Case:
    """One question with its gold; `key_facts` holds the alternatives of each fact."""

    id: str
    type: str
    question: str
    company: str | None
    as_of: date | None
    outcome: str
    gold: tuple[GoldPair, ...]
    key_facts: tuple[tuple[str, ...], ...]
    history: tuple[str, ...] = ()
    also_right: tuple[str, ...] = ()

    def accepts(self, outcome: str) -> bool:
        """Whether an outcome is right."""
        return outcome == self.outcome or outcome in self.also_right


def read_cases(paths: Sequence[Path]) -> list[Case]:
    """All cases of the files. Raises ValueError naming file and line of one that cannot be read."""
    cases: list[Case] = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                cases.append(_case(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path.name}:{number}: not a case ({error}); see eval/cases.py") from error
    return cases


def facts_found(case: Case, text: str) -> int:
    """How many of the case's key facts stand in `text`."""
    plain = normalise(text).lower()
    return sum(
        any(normalise(one).lower() in plain for one in alternatives) for alternatives in case.key_facts
    )


def _case(raw: dict[str, object]) -> Case:
    gold = raw.get("gold") or []
    facts = raw.get("key_facts") or []
    history = raw.get("history") or []
    also_right = raw.get("also_right") or []
    if not isinstance(also_right, list):
        raise TypeError("also_right is a list")
    if not isinstance(gold, list) or not isinstance(facts, list) or not isinstance(history, list):
        raise TypeError("gold, key_facts and history are lists")
    return Case(
        id=str(raw["id"]),
        type=str(raw["type"]),
        question=str(raw["question"]),
        company=str(raw["company"]) if raw.get("company") else None,
        as_of=date.fromisoformat(str(raw["as_of"])) if raw.get("as_of") else None,
        outcome=str(raw["outcome"]),
        gold=tuple(GoldPair(str(g["file"]), int(g["pair"])) for g in gold),
        key_facts=tuple(tuple(map(str, f)) if isinstance(f, list) else (str(f),) for f in facts),
        history=tuple(map(str, history)),
        also_right=tuple(map(str, also_right)),
    )
