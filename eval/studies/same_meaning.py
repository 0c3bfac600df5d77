"""Do questions that mean the same get the same answer? Over pairs of questions and a library.

    python -m eval.studies.same_meaning LIBRARY [FILE]

A line is `kind | one question | another`. Same is the same outcome, and the same first citation where there is one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.library.library import Library
from ingest.settings import Settings
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA


def first_of(answer: Answer) -> tuple[str, str, int]:
    """What two answers are compared on: outcome, record and pair of the first citation."""
    for claim in answer.claims:
        for citation in claim.citations:
            return answer.outcome, citation.record_id, citation.pair
    return answer.outcome, "", 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the share that is the same by kind, and each pair that is not."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.same_meaning", description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument(
        "file", type=Path, nargs="?", default=Path(__file__).parents[1] / "cases" / "same_meaning.txt"
    )
    given = parser.parse_args(arguments)
    settings = Settings(library=given.library, model="none")
    all_of, same = Counter[str](), Counter[str]()
    with DisclosureQA(Library.open(given.library, settings), settings, keeps_receipts=False) as qa:
        for line in given.file.read_text(encoding="utf-8").splitlines():
            if not line.strip() or line.startswith("#"):
                continue
            kind, *questions = (part.strip() for part in line.split("|"))
            one, other = (first_of(qa.ask(question)) for question in questions)
            all_of[kind] += 1
            same[kind] += one == other
            if one != other:
                print(
                    f"{kind}: {questions[0]} → {one[0]} {one[1][:8]}#{one[2]}; {questions[1]} → {other[0]} {other[1][:8]}#{other[2]}"
                )
    print("  ".join(f"{kind} {same[kind]}/{count}" for kind, count in all_of.items()))
    print(
        f"{sum(same.values())} of {sum(all_of.values())} the same ({sum(same.values()) / sum(all_of.values()):.1%})"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
