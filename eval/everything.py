"""`make eval`: the built-in cases over the examples, and over real records where they are.

    python -m eval.everything [--shared DIR] [--library DIR]

Prints for each set: parsing against the labels, answers against the cases, and whether citations hold. Libraries
are made in a temporary folder; `--library` keeps the one of the real records for another time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from eval.answers import faults_and_outcomes, run_cases, summarise
from eval.cases import read_cases
from ingest.pipeline import ingest
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "eval" / "cases"
# What issue-level aims ask of the answers; the exit status is 1 below any of them.
AT_LEAST = {
    "right_pair_top5": 0.95,
    "right_pair_top1": 0.80,
    "key_facts_present": 0.85,
    "outcome_right": 0.90,
}


def evaluate(name: str, records: Path, cases: list[Path], library: Path) -> bool:
    """Ingest a folder, ask its cases, print what came out; whether every aim was reached."""
    settings = Settings(library=library, model="none")
    report = ingest([records], library, settings)
    print(f"\n{name}: {report.summary()}")
    with DisclosureQA.open(library, settings) as qa:
        results = run_cases(qa, read_cases(cases))
    summary = summarise(results)
    print("\n".join(faults_and_outcomes(results)))
    good = not summary["errors"] and not summary["unfaithful_citations"]
    for key, value in summary.items():
        aim = AT_LEAST.get(key)
        missed = aim is not None and (value is None or value < aim)
        good = good and not missed
        print(f"{key:32} {value}" + (f"  (aim {aim}{': MISSED' if missed else ''})" if aim else ""))
    return good and summary["answered_with_another_company"] == 0


def main() -> int:
    """Evaluate the examples, and the real records where they are."""
    parser = argparse.ArgumentParser(prog="python -m eval.everything", description="The built-in evaluation.")
    parser.add_argument("--shared", type=Path, help="a folder with records/ of real companies")
    parser.add_argument("--library", type=Path, help="where to keep the library of the real records")
    options = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        good = evaluate(
            "examples", ROOT / "examples" / "records", [CASES / "examples.jsonl"], Path(folder) / "examples"
        )
        if options.shared and (options.shared / "records").is_dir():
            library = options.library or Path(folder) / "real"
            good &= evaluate(
                "real records", options.shared / "records", sorted(CASES.glob("shared_*.jsonl")), library
            )
        else:
            print("\nno real records: --shared DIR names a folder that has records/")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
