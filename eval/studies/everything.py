"""`make eval`: the built-in cases over the examples; over real records, where they are, questions that nobody tuned on.

    python -m eval.studies.everything [--shared DIR] [--library DIR] [--reports DIR]

Prints the report for each set and holds it against eval/thresholds.toml; exit status 1 where one is missed. The
questions under DIR/questions are asked out of fold: each company is answered by trained parts that have not seen it
(eval/fold_models). The old cases over real records are a regression test: the rules were made with them.
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
from eval.folds import FOLD_MODELS, trained_without
from eval.report.html import page
from eval.report.text import print_report
from eval.run_file import as_text, document
from eval.thresholds import DEFAULT, UNSEEN, missed, read_thresholds
from ingest.library.library import Library
from ingest.pipeline.ingesting import ingest
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "eval" / "cases"


def evaluate(
    name: str,
    records: list[Path],
    cases: list[Path],
    library: Path,
    reports: Path | None,
    *,
    unseen: bool = False,
) -> bool:
    """Ingest folders, ask their cases, print what came out; whether every threshold holds.

    `unseen` questions are asked out of fold and held against eval/thresholds_unseen.toml.
    """
    settings = Settings(library=library, model="none")
    report = ingest(records, library, settings)
    print(f"\n{name}: {report.summary()}")
    trained = trained_without(FOLD_MODELS) if unseen else None
    opened = Library.open(library, settings)
    with DisclosureQA(opened, settings, keeps_receipts=False, trained=trained) as qa:
        results = run_cases(qa, read_cases(cases))
        run = document(results, settings=settings, cases=cases, library=qa.library)
    print_report(run, sys.stdout, title=name)
    if reports:
        reports.mkdir(parents=True, exist_ok=True)
        (reports / f"{name}.json").write_text(as_text(run), encoding="utf-8")
        (reports / f"{name}.html").write_text(page([run], [name]), encoding="utf-8")
    file = UNSEEN if unseen else DEFAULT
    lines = missed(run, read_thresholds(file))
    print("\n".join(f"MISSED {line}" for line in lines) or f"every threshold of eval/{file.name} holds")
    return not lines


def main() -> int:
    """Evaluate the examples, and the real records where they are."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.everything", description="The built-in evaluation."
    )
    parser.add_argument("--shared", type=Path, help="a folder with records/ of real companies")
    parser.add_argument("--library", type=Path, help="where to keep the library of the real records")
    parser.add_argument("--reports", type=Path, help="a folder for each run's JSON and HTML")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        good = evaluate(
            "examples",
            [ROOT / "examples" / "records"],
            [CASES / "examples.jsonl"],
            Path(folder) / "examples",
            options.reports,
        )
        if options.shared and (options.shared / "records").is_dir():
            library = options.library or Path(folder) / "real"
            cases = sorted(CASES.glob("shared_*.jsonl"))
            records = options.shared / "records"
            good &= evaluate("real records, seen questions", [records], cases, library, options.reports)
            questions = sorted((options.shared / "questions").glob("*.jsonl"))
            exports = options.shared / "investor_questions"
            if questions and exports.is_dir():
                good &= evaluate(
                    "real records, unseen questions, out of fold",
                    [records, exports],
                    questions,
                    library,
                    options.reports,
                    unseen=True,
                )
            else:
                print("\nno unseen questions: --shared DIR has no questions/ or investor_questions/")
        else:
            print("\nno real records: --shared DIR names a folder that has records/")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
