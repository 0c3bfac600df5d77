"""What a later record overtakes: is it marked, and is nothing else?

    python -m eval.studies.overtaken --library LIB --cases eval/cases/changed_topics.jsonl [--without RULE] [--answers]

A case is one company and one topic: {"company", "topic", "statements": [{"file", "pair"[, "published"]}], "superseded":
[{"old": [file, pair], "new": [file, pair], "why"}]}. `file` is a record's id or its source file's name. Statements that no
line of `superseded` names as old still stand. `--answers` also asks each topic and tells how many answers quote the
newest record first.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from eval.studies.given import lines_of, opened
from ingest.errors import RecordUnknown
from ingest.library.library import Library
from ingest.records import Record
from rag.disclosure_qa import DisclosureQA
from rag.overtaking.superseded import RULES, Overtaken, Statement, superseded

Key = tuple[str, int]


@dataclass(slots=True)
class Score:
    """Counts over statements. `right` and `false` are marks by reason; `overtaken` are the statements that should be
    marked, by the gold's reason, `found` those that were; `linked` marks name a statement that the gold names."""

    topics: int = 0
    statements: int = 0
    overtaken: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    linked: int = 0
    milliseconds: list[float] = field(default_factory=list)

    def add(
        self, gold: Mapping[Key, Mapping[Key, str]], keys: Sequence[Key], marks: Mapping[str, Overtaken]
    ) -> None:
        """Count one topic: what should be marked (by which statement, why), its statements, and what was marked."""
        self.topics += 1
        self.statements += len(keys)
        for number, key in enumerate(keys):
            mark = marks.get(str(number))
            why = min(gold[key].values()) if key in gold else None
            if why is not None:
                self.overtaken[why] += 1
            if mark is None:
                continue
            if why is None:
                self.false[mark.reason] += 1
                continue
            self.found[why] += 1
            self.right[mark.reason] += 1
            self.linked += keys[int(mark.by)] in gold[key]

    def told(self) -> str:
        """The figures in words."""
        marked, due = self.right.total() + self.false.total(), self.overtaken.total()
        standing = self.statements - due
        lines = [
            f"{self.topics} topics, {self.statements} statements, {due} overtaken",
            f"superseded marked: {self.right.total()} of {due} ({_share(self.right.total(), due)}); "
            f"by a statement that the gold names: {self.linked}",
            f"false marks: {self.false.total()} of {marked} marks ({_share(self.false.total(), marked)}), "
            f"of {standing} standing statements ({_share(self.false.total(), standing)})",
        ]
        lines += [
            f"  gold {why}: {self.found[why]} of {count} marked"
            for why, count in sorted(self.overtaken.items())
        ]
        for reason in sorted(self.right.keys() | self.false.keys()):
            lines.append(f"  marked {reason}: {self.right[reason]} right, {self.false[reason]} false")
        if self.milliseconds:
            middle = sorted(self.milliseconds)[len(self.milliseconds) // 2]
            lines.append(f"  median {middle:.1f} ms a topic, longest {max(self.milliseconds):.0f} ms")
        return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "none"


class Shelf:
    """Finds the statements of a case in a library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._by_file: dict[str, list[str]] = defaultdict(list)
        for record in library.records():
            self._by_file[record.source_file].append(record.id)

    def statement(self, case: Mapping[str, Any], number: int) -> Statement:
        """The statement of a case, named by its number.

        Raises:
            RecordUnknown: the library does not hold the record, or the record no such pair.
        """
        asked = case["statements"][number]
        record = self._record(asked["file"], asked.get("published"), case["company"])
        for pair in record.pairs:
            if pair.number == asked["pair"]:
                return Statement(
                    str(number), pair.answer, record.published_on, pair.question, pair.answer_span.start
                )
        if asked["pair"] == 0 and record.statements:
            told = record.statements[0]
            return Statement(str(number), told.text, record.published_on, told.title, told.span.start)
        raise RecordUnknown(f"{asked['file']} has no pair {asked['pair']}")

    def _record(self, name: str, published: str | None, code: str) -> Record:
        for one in self._by_file.get(name, [name]):
            record = self._library.record(one)
            day = record.published_on.isoformat() if record.published_on else None
            if published in (None, day) and record.form.code in (None, code):
                return record
        raise RecordUnknown(f"no record {name} of {code}, published {published}")


def gold_of(case: Mapping[str, Any]) -> dict[Key, dict[Key, str]]:
    """By each overtaken statement, which ones overtake it and why."""
    gold: dict[Key, dict[Key, str]] = defaultdict(dict)
    for one in case["superseded"]:
        gold[(one["old"][0], one["old"][1])][(one["new"][0], one["new"][1])] = one["why"]
    return dict(gold)


def measured(cases: Sequence[Mapping[str, Any]], library: Library, rules: frozenset[str] = RULES) -> Score:
    """Mark every case's statements and hold the marks against the gold."""
    shelf, score = Shelf(library), Score()
    for case in cases:
        statements = [shelf.statement(case, number) for number in range(len(case["statements"]))]
        keys = [(one["file"], one["pair"]) for one in case["statements"]]
        started = time.perf_counter()
        marks = superseded(statements, case["topic"], rules=rules)
        score.milliseconds.append((time.perf_counter() - started) * 1000)
        score.add(gold_of(case), keys, marks)
    return score


def newest_first(cases: Sequence[Mapping[str, Any]], qa: DisclosureQA) -> tuple[int, int]:
    """Of the answers that cite records of several days, how many begin with the newest; and how many there are."""
    first = several = 0
    for case in cases:
        answer = qa.ask(case["topic"], company=case["company"])
        days = [one.published_on or date.min for claim in answer.claims for one in claim.citations]
        if len(set(days)) > 1:
            several += 1
            first += days[0] == max(days)
    return first, several


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.overtaken")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--cases", type=Path, required=True)
    parser.add_argument(
        "--without", choices=sorted(RULES), action="append", default=[], help="leave a rule out"
    )
    parser.add_argument("--by-company", action="store_true", help="the figures of each company as well")
    parser.add_argument("--answers", action="store_true", help="ask every topic: is the newest record first?")
    given = parser.parse_args(arguments)
    cases = lines_of(given.cases)
    with opened(given.library) as qa:
        library = qa.library
        print(measured(cases, library, RULES - set(given.without)).told())
        for code in sorted({case["company"] for case in cases}) if given.by_company else ():
            own = measured(
                [case for case in cases if case["company"] == code], library, RULES - set(given.without)
            )
            print(
                f"{code}: {own.right.total()} of {own.overtaken.total()} marked, {own.false.total()} false marks"
            )
        if given.answers:
            first, several = newest_first(cases, qa)
            print(
                f"newest first: {first} of {several} answers that cite several records ({_share(first, several)})"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
