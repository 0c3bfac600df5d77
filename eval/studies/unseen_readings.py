"""How questions are read on sets that another person wrote without seeing the program.

    python -m eval.studies.unseen_readings --library DIR [--pairs eval/cases/same_meaning.txt]

Prints, for the files `*_unseen.jsonl`, `*_third.jsonl` and `*_fourth.jsonl` of eval/cases: companies named rightly; questions of one meaning that have the same
outcome and first pair; follow-ups that have the company, and the outcome and first pair, of their standalone question.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.studies.given import CASES, lines_of, opened
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA

# Each by another writer; all but the last were looked at while rules were made.
SETS = ("unseen", "third", "fourth")


def first_pair(answer: Answer) -> tuple[str, tuple[str, int] | None]:
    """The outcome and the pair that is cited first."""
    cited = [(one.record_id, one.pair) for claim in answer.claims for one in claim.citations]
    return answer.outcome, cited[0] if cited else None


def company_is_right(qa: DisclosureQA, case: dict[str, Any]) -> bool:
    """Whether a question's companies are read as the case expects."""
    asked = qa.understood(case["q"])
    codes = {company.code for company in asked.companies}
    if case["expect"] == "resolved":
        return codes == set(case["codes"])
    if case["expect"] == "any":
        return not codes and not asked.unknown and not asked.ambiguous
    told = any(code in name for code in case["codes"] for name in asked.unknown)
    return not codes and bool(asked.unknown) and (case["expect"] == "unknown" or told)


def follow_up(qa: DisclosureQA, case: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the last turn has the company of its standalone question, and its outcome and first pair."""
    history: list[tuple[str, str]] = []
    for turn in case["turns"][:-1]:
        history.append((turn, qa.ask(turn, history=history).text))
    last, alone = case["turns"][-1], case["standalone"]
    read, wanted = qa.understood(last, history=history), qa.understood(alone)
    same = {c.code for c in read.companies} == {c.code for c in wanted.companies}
    return same, same and first_pair(qa.ask(last, history=history)) == first_pair(qa.ask(alone))


def print_pairs(qa: DisclosureQA, file: Path) -> None:
    """The share of pairs of questions with the same outcome and first pair, by kind, and each pair that differs."""
    every, same = Counter[str](), Counter[str]()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            kind, *questions = (part.strip() for part in line.split("|"))
            one, other = (first_pair(qa.ask(question)) for question in questions)
            every[kind] += 1
            same[kind] += one == other
            if one != other:
                print(f"{kind}: {questions[0]} → {one}; {questions[1]} → {other}")
    print("  ".join(f"{kind} {same[kind]}/{count}" for kind, count in every.items()))
    print(f"{same.total()} of {every.total()} the same ({same.total() / max(1, every.total()):.1%})")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.unseen_readings")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, help="instead: a file of lines `kind | one question | another`")
    given = parser.parse_args(arguments)
    folder = given.library
    with opened(folder) as qa:
        if given.pairs:
            print_pairs(qa, given.pairs)
            return 0
        named = [company_is_right(qa, case) for case in lines_of(CASES / "companies_unseen.jsonl")]
        print(f"companies: {sum(named)} of {len(named)}")
        for name in SETS:
            alike = [
                (first_pair(qa.ask(case["a"])), first_pair(qa.ask(case["b"])))
                for case in lines_of(CASES / f"same_meaning_{name}.jsonl")
            ]
            outcomes = sum(one[0] == other[0] for one, other in alike)
            pairs = sum(one == other for one, other in alike)
            print(f"same meaning, {name}: outcome {outcomes}, and first pair {pairs} of {len(alike)}")
            turns = [follow_up(qa, case) for case in lines_of(CASES / f"dialogues_{name}.jsonl")]
            print(
                f"follow-ups, {name}: company {sum(company for company, _ in turns)} of {len(turns)}, ",
                end="",
            )
            print(f"outcome and first pair of the standalone question {sum(same for _, same in turns)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
