"""How well evasive answers are told from real ones, against FinTruthQA's human labels.

    python -m eval.evasion fintruthqa_dev.csv

Label 1 (does not answer) should be evasive, label 3 (answers) should not. The labels judge the
answer's relevance to its question, and many 3s thank for a suggestion: a floor, not a ceiling.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from rag.evasion import is_evasive


def measure(path: Path) -> dict[str, float]:
    """Share of the answers of each label (1, 2, 3) that are called evasive."""
    called: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            total[row["ANS_RELEVANCE"]] += 1
            called[row["ANS_RELEVANCE"]] += is_evasive(row["ANS"], row["QUES"])
    return {label: called[label] / total[label] for label in sorted(total)}


if __name__ == "__main__":
    for label, share in measure(Path(sys.argv[1])).items():
        print(f"label {label}: {share:.3f} called evasive")
