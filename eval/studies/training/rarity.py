"""Counts in how many public questions and answers words stand (`rag.finding.rarity`).

    python -m eval.studies.training.rarity FINTRUTHQA_CSV [--out rag/data/rarity.json]

FinTruthQA's questions and answers (Apache-2.0) are of hundreds of companies. Only counts are kept, of what stands in
three texts or more: no text, and nothing that only one company says.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest.language.folding import nfkc
from rag.finding.rarity import FILE
from rag.finding.signals import grams

LEAST = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Count and write."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.rarity", description=__doc__)
    parser.add_argument("texts", type=Path, help="a csv with the columns QUES and ANS")
    parser.add_argument("--out", type=Path, default=Path("rag") / FILE)
    options = parser.parse_args(arguments)
    documents, found, characters = 0, Counter[str](), Counter[str]()
    with options.texts.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for text in (row["QUES"], row["ANS"]):
                documents += 1
                found.update(grams(text))
                characters.update(set(nfkc(text).lower()))
    kept = {
        "documents": documents,
        "grams": {gram: count for gram, count in sorted(found.items()) if count >= LEAST},
        "characters": {one: count for one, count in sorted(characters.items()) if count >= LEAST},
    }
    options.out.write_text(
        json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
