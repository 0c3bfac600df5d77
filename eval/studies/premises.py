"""Questions that take for granted what the records contradict: is it told, and never of another question?

    python -m eval.studies.premises --library LIB [--cases eval/cases/premises.jsonl] [--answerable QUESTIONS.jsonl ...]

A case is {"half", "question", "company", "gold": [{"file", "pair"}]}: the pairs whose words contradict the question.
`--answerable` takes files of questions with outcomes, as `../shared/questions` has them: whatever is told of one that is
answered is a false alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.studies.given import CASES, lines_of, opened
from rag.asking.premises import Contradiction, contradicted_premise
from rag.disclosure_qa import DisclosureQA


def told_of(qa: DisclosureQA, case: Mapping[str, Any]) -> Contradiction | None:
    """What is told of a question's premise over what is found for it."""
    company, as_of = case.get("company"), case.get("as_of")
    asked = qa.understood(case["question"], company=company, as_of=as_of)
    if len(asked.companies) != 1:
        return None
    one = asked.companies[0]
    names = [name for name in (one.short_name, one.company) if name]
    passages = [
        item.passage for group in qa.search(case["question"], company=company, as_of=as_of) for item in group
    ]
    return contradicted_premise(asked.standalone, names, passages)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.premises")
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--cases", type=Path, default=CASES / "premises.jsonl")
    parser.add_argument("--answerable", type=Path, nargs="*", default=[])
    given = parser.parse_args(arguments)
    with opened(given.library) as qa:
        cases = list(lines_of(given.cases))
        for half in sorted({case["half"] for case in cases}):
            own = [case for case in cases if case["half"] == half]
            told = [(case, told_of(qa, case)) for case in own]
            right = sum(
                any(
                    (one["file"], one["pair"]) == (found.passage.record_id, found.passage.number)
                    for one in case["gold"]
                )
                for case, found in told
                if found is not None
            )
            print(
                f"{half}: {right} of {len(own)} told rightly, {sum(f is not None for _, f in told) - right} wrongly"
            )
        asked = [case for path in given.answerable for case in lines_of(path)]
        asked = [case for case in asked if case["outcome"] == "answered" and not case.get("history")]
        alarms = [case["id"] for case in asked if told_of(qa, case) is not None]
        if asked:
            print(
                f"false alarms: {len(alarms)} of {len(asked)} answerable questions {' '.join(alarms)}".rstrip()
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
