"""The questions that were written for training, found again in a library.

`questions.jsonl` holds questions that people who had not seen the program wrote over public filings: three for
each pair: two that it answers (or declines) and one near miss; `questions_plain.jsonl` the same in plain and formal words over 320
of the pairs, for a longer training forgets these otherwise. A pair is named by its file, its number and a
hash of its question; the filings themselves are not part of the project. `judged.jsonl` holds what readers said of
passages that a search brought up for some of them; `fintruthqa_questions.jsonl` has the same kind of questions over rows
of FinTruthQA's development half (Apache-2.0).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ingest.language.folding import nfkc
from ingest.library.library import Library
from ingest.records import Passage

HERE = Path(__file__).resolve().parent
Label = Literal["answers", "declines", "neither"]
Unit = tuple[str, int, int]  # record, number of the pair, number of the statement
_NOT_WORDS = re.compile(r"\W+")
SAME_ANSWER = 200  # answers of one company that begin alike for so many characters count as one


@dataclass(frozen=True, slots=True)
class Written:
    """A question written over a pair (or statement); `units` are all that give the same answer."""

    question: str
    label: Label
    code: str
    home: Unit
    units: frozenset[Unit]


def unit_of(passage: Passage) -> Unit:
    """The pair or statement that a passage belongs to."""
    return passage.record_id, passage.number, passage.unit


def mark_of(question: str) -> str:
    """The first 12 hex digits of SHA-1 of the first 16 characters, after NFKC, without white space."""
    plain = re.sub(r"\s", "", nfkc(question))[:16]
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()[:12]


def written(library: Library) -> list[Written]:
    """All questions whose pair is in the library; one whose pair has changed is left out."""
    files = {record.id: record.source_file for record in library.records()}
    found: dict[tuple[str, int, int], tuple[Unit, str, str | None]] = {}
    same: dict[tuple[str | None, str], set[Unit]] = defaultdict(set)
    for record_id, file in files.items():
        record = library.record(record_id)
        spoken = [(p.number, 0, p.question, p.answer) for p in record.pairs]
        spoken += [(0, n, s.title, s.span.of(record.text)) for n, s in enumerate(record.statements)]
        for number, unit, question, answer in spoken:
            place = (record_id, number, unit)
            key = (record.form.code, _NOT_WORDS.sub("", nfkc(answer))[:SAME_ANSWER])
            same[key].add(place)
            found[file, number, unit] = (place, question, record.form.code)
    home_of = {place: frozenset(group) for group in same.values() for place in group}
    questions: list[Written] = []
    for row in (*rows("questions.jsonl"), *rows("questions_plain.jsonl")):
        name = (str(row["file"]), int(row["pair"]), int(row.get("unit", 0)))
        if name not in found or mark_of(found[name][1]) != row["question_sha1"]:
            continue
        place, _, code = found[name]
        questions.append(Written(row["question"], row["label"], code or "", place, home_of[place]))
    return questions


def rows(name: str) -> Iterator[dict[str, Any]]:
    """The objects of one of the files beside this one."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def by_home(questions: Sequence[Written]) -> dict[Unit, list[Written]]:
    """The questions of each pair."""
    groups: dict[Unit, list[Written]] = defaultdict(list)
    for one in questions:
        groups[one.home].append(one)
    return groups
