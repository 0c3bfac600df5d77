"""`make eval`: the built-in cases over the examples, and over real records where they are.

    python -m eval.everything [--shared DIR] [--library DIR] [--reports DIR]

Prints the report for each set and holds it against eval/thresholds.toml; exit status 1 where one is missed.
Libraries are made in a temporary folder; `--library` keeps the one of the real records for another time,
`--reports` keeps each run as JSON and HTML.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from eval.answers import run_cases
from eval.cases import read_cases
from eval.report_html import page
from eval.report_text import print_report
from eval.run_file import as_text, document
from eval.thresholds import DEFAULT, missed, read_thresholds
from ingest.pipeline import ingest
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "eval" / "cases"


def evaluate(name: str, records: Path, cases: list[Path], library: Path, reports: Path | None) -> bool:
    """Ingest a folder, ask its cases, print what came out; whether every threshold holds."""
    settings = Settings(library=library, model="none")
    report = ingest([records], library, settings)
    print(f"\n{name}: {report.summary()}")
    with DisclosureQA.open(library, settings) as qa:
        results = run_cases(qa, read_cases(cases))
        run = document(results, settings=settings, cases=cases, library=qa.library)
    print_report(run, sys.stdout, title=name)
    if reports:
        reports.mkdir(parents=True, exist_ok=True)
        (reports / f"{name}.json").write_text(as_text(run), encoding="utf-8")
        (reports / f"{name}.html").write_text(page([run], [name]), encoding="utf-8")
    lines = missed(run, read_thresholds(DEFAULT))
    print("\n".join(f"MISSED {line}" for line in lines) or "every threshold of eval/thresholds.toml holds")
    return not lines


def main() -> int:
    """Evaluate the examples, and the real records where they are."""
    parser = argparse.ArgumentParser(prog="python -m eval.everything", description="The built-in evaluation.")
    parser.add_argument("--shared", type=Path, help="a folder with records/ of real companies")
    parser.add_argument("--library", type=Path, help="where to keep the library of the real records")
    parser.add_argument("--reports", type=Path, help="a folder for each run's JSON and HTML")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good = evaluate(
            "examples",
            ROOT / "examples" / "records",
            [CASES / "examples.jsonl"],
            Path(folder) / "examples",
            options.reports,
        )
        if options.shared and (options.shared / "records").is_dir():
            library = options.library or Path(folder) / "real"
            cases = sorted(CASES.glob("shared_*.jsonl"))
            good &= evaluate("real records", options.shared / "records", cases, library, options.reports)
        else:
            print("\nno real records: --shared DIR names a folder that has records/")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
