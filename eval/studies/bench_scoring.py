"""How fast are answers scored? One process, nothing cached between answers, no model.

    python -m eval.studies.bench_scoring [--recorded ANSWERS.jsonl] [--records DIR]

Without recorded answers, every answer of the examples' pairs becomes one: each sentence cites its own answer and the
next pair's, so that recall takes one judgement and precision up to three more; in every third sentence a figure or the
end is changed, as a wrong answer would be.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from eval.attribution import score
from eval.recorded import RecordedAnswer, RecordedPassage, read_recorded
from eval.studies.bench_figures import Figure
from ingest.language.sentences import sentence_spans
from ingest.reading.source_file import read_records
from ingest.settings import Settings
from rag.grounding.reading import read

ROOT: Final = Path(__file__).resolve().parents[2]
BAR: Final = 200.0  # sentences a second
SUFFIXES: Final = (".pdf", ".docx", ".html", ".txt", ".csv")


def made(folder: Path) -> list[RecordedAnswer]:
    """Recorded answers from the pairs of the records in a folder."""
    answers: list[RecordedAnswer] = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in SUFFIXES:
            continue
        for record in read_records(path.read_bytes(), path.name, Settings()):
            pairs = list(record.pairs)
            for number, pair in enumerate(pairs):
                other = pairs[(number + 1) % len(pairs)]
                passages = tuple(
                    RecordedPassage(
                        mark, one.answer, one.question, record.form.code, record.form.short_name,
                        record.published_on, record.id, one.number,
                    )
                    for mark, one in enumerate((pair, other), 1)
                )  # fmt: skip
                spans = sentence_spans(pair.answer)
                told = [_changed(span.of(pair.answer), n) for n, span in enumerate(spans)]
                text = "".join(f"{sentence}[1][2]\n" for sentence in told)
                answers.append(RecordedAnswer(pair.question, text, passages, outcome="answered"))
    return answers


def _changed(sentence: str, number: int) -> str:
    """Every third sentence with another last digit, or with a denial where it has no digit."""
    if number % 3 != 2:
        return sentence
    changed = re.sub(r"\d(?=\D*$)", lambda m: str((int(m.group()) + 3) % 10), sentence)
    return changed if changed != sentence else f"并非{sentence}"


def measure(answers: Sequence[RecordedAnswer]) -> Figure:
    """Score all answers once, from a cold start, and count sentences a second."""
    read.cache_clear()
    started = time.perf_counter()
    scores = [score(answer) for answer in answers]
    seconds = time.perf_counter() - started
    sentences = sum(len(one.sentences) for one in scores)
    citations = sum(len(s.citations) for one in scores for s in one.sentences)
    rate = sentences / seconds if seconds else 0.0
    told = f"{rate:.0f} sentences a second ({sentences} sentences, {citations} citations, {len(answers)} answers, {seconds:.1f} s)"
    return Figure("scoring", told, f"at least {BAR:.0f}", rate >= BAR)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figure; exit status 1 below the bar."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.bench_scoring", description=__doc__)
    parser.add_argument("--recorded", type=Path, help="recorded answers (JSONL)")
    parser.add_argument(
        "--records", type=Path, default=ROOT / "examples" / "records", help="records to make them from"
    )
    given = parser.parse_args(arguments)
    answers = read_recorded(given.recorded) if given.recorded else made(given.records)
    if not answers:
        print("no answers to score", file=sys.stderr)
        return 2
    figure = measure(answers)
    print(figure)
    return 0 if figure.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
