"""How much of what the gate refuses of FinEval's true statements is the gate's fault? Labels made by reading.

    python -m eval.studies.fineval_audit CSV

The labels (eval/meta/fineval_audit.jsonl: hashes and words only) are of the tuning half: the first 60 true statements
by SHA-256 that the gate did not call supported, and the first 30 statements with a moved period that it did, as it was
on the day of reading. One reader, one pass. A true statement is `not_said` (the evidence gives it another date, person
or company, or prints no such figure), `table` (it stands in a table whose cells ran together), `gate` (a reader finds
it in the evidence) or `arguable`; a moved one is as `true` as the statement it was made from, `false` or `arguable`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from eval.studies.mutation_sources import fineval_sources
from eval.studies.mutations import cases
from rag.grounding import check


def labels() -> dict[tuple[str, str], str]:
    """What was read: (kind of statement, its SHA-256) and the label."""
    text = resources.files("eval.studies.meta").joinpath("fineval_audit.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    return {(row["kind"], row["claim_sha256"]): row["label"] for row in rows}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts, and what the gate says today; exit status 1 where no label joins."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.fineval_audit", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("csv", type=Path)
    read = labels()
    counts: Counter[tuple[str, str, bool]] = Counter()
    for case in cases(fineval_sources(parser.parse_args(arguments).csv, "tune"), ("period",)):
        label = read.pop((case.kind, hashlib.sha256(case.claim.encode()).hexdigest()), None)
        if label is not None:
            counts[case.kind, label, check(case.claim, case.evidence).verdict == "supported"] += 1
    print(f"{'statement':<10}{'read as':<10}{'cases':>6}{'supported today':>17}")
    for kind, label in sorted({(kind, label) for kind, label, _ in counts}):
        today = counts[kind, label, True]
        print(f"{kind:<10}{label:<10}{today + counts[kind, label, False]:>6}{today:>17}")
    print(f"labels that joined no statement: {len(read)}")
    return 0 if counts else 1


if __name__ == "__main__":
    raise SystemExit(main())
