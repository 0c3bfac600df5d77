"""FinTruthQA (Apache-2.0) as a BEIR folder: a question, and its own answer among all answers.

python -m eval.benchmarks.fintruthqa CSV OUTDIR
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from pathlib import Path

COLUMNS = ("QUES", "ANS", "IS_QUESTION", "ANS_RELEVANCE")
ANSWERS = "3"


def convert(source: Path, folder: Path) -> tuple[int, int]:
    """Write `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`; how many documents and queries.

    Documents are all distinct answers, without their questions. Queries are the rows that are
    questions (`IS_QUESTION`), whose answer answers (`ANS_RELEVANCE` 3) and is given once only; an
    answer that stands under several questions has no question of its own.

    Args:
        source: the csv file, UTF-8.
        folder: made if it is not there; files in it are replaced.

    Raises:
        ValueError: columns are missing.
    """
    with source.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    missing = [column for column in COLUMNS if not rows or column not in rows[0]]
    if missing:
        raise ValueError(f"{source} is no FinTruthQA file: no column {', '.join(missing)}")
    given = Counter(row["ANS"] for row in rows)
    documents = {answer: f"a{number:05d}" for number, answer in enumerate(given)}
    asked = [
        (f"q{number:05d}", row)
        for number, row in enumerate(rows)
        if row["IS_QUESTION"] == "Positive" and row["ANS_RELEVANCE"] == ANSWERS and given[row["ANS"]] == 1
    ]
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    with (folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for answer, name in documents.items():
            file.write(json.dumps({"_id": name, "title": "", "text": answer}, ensure_ascii=False) + "\n")
    with (folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        for name, row in asked:
            file.write(json.dumps({"_id": name, "text": row["QUES"]}, ensure_ascii=False) + "\n")
    with (folder / "qrels" / "test.tsv").open("w", encoding="utf-8") as file:
        file.write("query-id\tcorpus-id\tscore\n")
        for name, row in asked:
            file.write(f"{name}\t{documents[row['ANS']]}\t1\n")
    return len(documents), len(asked)


def main(arguments: list[str]) -> int:
    """The command: 0 when the folder was written, 2 when it was called wrongly."""
    if len(arguments) != 2:
        print("usage: python -m eval.benchmarks.fintruthqa CSV OUTDIR", file=sys.stderr)
        return 2
    try:
        documents, queries = convert(Path(arguments[0]), Path(arguments[1]))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{documents} documents, {queries} queries in {arguments[1]}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
