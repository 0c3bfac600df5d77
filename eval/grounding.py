"""How well the gate's verdicts agree with human labels: balanced accuracy, AUC, coverage, a table by label.

    python -m eval.grounding PAIRS.jsonl      # {"id", "claim", "evidence", "label"} on each line

`label` is supported / unsupported / contradicted, or one of the words that public data uses for these.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rag.grounding import CheckContext, check_lines

_TRUE: Final = frozenset(
    ("supported", "entailment", "entailed", "support", "true", "faithful", "consistent", "1", "yes")
)
_FALSE: Final = frozenset(
    ("unsupported", "contradicted", "contradiction", "neutral", "not_supported", "refuted", "false", "hallucinated", "inconsistent",
     "not_entailed", "0", "no")
)  # fmt: skip
_VERDICTS: Final = ("supported", "not_checkable", "unsupported", "contradicted")


@dataclass(frozen=True, slots=True)
class Judged:
    """One labelled pair with the gate's word on it."""

    label: str
    true: bool
    verdict: str
    score: float


@dataclass(frozen=True, slots=True)
class Report:
    """Scores over labelled pairs. A score that can't be computed is None and is printed as "-"; never NaN.

    `balanced_accuracy` counts not checkable as not supported. `covered_accuracy` is accuracy where the gate
    decides, `coverage` how often it does. `errors` are lines that could not be judged at all.
    """

    pairs: int
    errors: int
    balanced_accuracy: float | None
    auc: float | None
    coverage: float | None
    covered_accuracy: float | None
    by_label: dict[str, dict[str, int]]
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """One JSON document."""
        return {
            "pairs": self.pairs, "errors": self.errors, "balanced_accuracy": self.balanced_accuracy, "auc": self.auc,
            "coverage": self.coverage, "covered_accuracy": self.covered_accuracy, "by_label": self.by_label,
            "seconds": round(self.seconds, 2),
            "checks_per_second": round(self.pairs / self.seconds, 1) if self.seconds else None,
        }  # fmt: skip


def evaluate(lines: Iterable[str], *, context: CheckContext | None = None) -> Report:
    """Judge labelled JSONL lines; those without a known label, or unreadable, count as errors."""
    judged: list[Judged] = []
    errors = pairs = 0
    started = time.perf_counter()
    for line in lines:
        if not line.strip():
            continue
        pairs += 1
        label = _label(line)
        result = next(check_lines([line], context=context), None)
        if label is None or result is None or label not in _TRUE | _FALSE:
            errors += 1
            continue
        judged.append(Judged(label, label in _TRUE, str(result["verdict"]), float(result["score"])))
    return _report(judged, pairs, errors, time.perf_counter() - started)


def _label(line: str) -> str | None:
    try:
        given = json.loads(line)
    except ValueError:
        return None
    return str(given["label"]).strip().lower() if isinstance(given, dict) and "label" in given else None


def _report(judged: Sequence[Judged], pairs: int, errors: int, seconds: float) -> Report:
    by_label: dict[str, dict[str, int]] = {}
    for label in sorted({one.label for one in judged}):
        counts = Counter(one.verdict for one in judged if one.label == label)
        by_label[label] = {verdict: counts[verdict] for verdict in _VERDICTS}
    decided = [one for one in judged if one.verdict != "not_checkable"]
    return Report(
        pairs, errors, balanced_accuracy(judged), auc(judged),
        round(len(decided) / len(judged), 4) if judged else None,
        round(sum((one.verdict == "supported") == one.true for one in decided) / len(decided), 4) if decided else None,
        by_label, seconds,
    )  # fmt: skip


def balanced_accuracy(judged: Sequence[Judged]) -> float | None:
    """Mean of the share of true pairs called supported and of false pairs not called so; None without both."""
    shares = []
    for true in (True, False):
        group = [one for one in judged if one.true == true]
        if not group:
            return None
        shares.append(sum((one.verdict == "supported") == true for one in group) / len(group))
    return round(sum(shares) / 2, 4)


def auc(judged: Sequence[Judged]) -> float | None:
    """The chance that a true pair scores above a false one, ties counting half (Mann-Whitney); None without both."""
    ordered = sorted(judged, key=lambda one: one.score)
    positives = sum(one.true for one in judged)
    negatives = len(judged) - positives
    if not positives or not negatives:
        return None
    ranks = 0.0
    index = 0
    while index < len(ordered):
        last = index
        while last + 1 < len(ordered) and ordered[last + 1].score == ordered[index].score:
            last += 1
        ranks += (index + last + 2) / 2 * sum(one.true for one in ordered[index : last + 1])
        index = last + 1
    return round((ranks - positives * (positives + 1) / 2) / (positives * negatives), 4)


def show(report: Report, title: str) -> str:
    """The report as a table."""

    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:.4f}"

    lines = [
        f"{title}: {report.pairs} pairs, {report.errors} errors",
        f"balanced accuracy {number(report.balanced_accuracy)}   AUC {number(report.auc)}   "
        f"coverage {number(report.coverage)}   accuracy where decided {number(report.covered_accuracy)}",
        f"{'label':<16}" + "".join(f"{verdict:>15}" for verdict in _VERDICTS),
    ]
    lines += [
        f"{label:<16}" + "".join(f"{counts[verdict]:>15}" for verdict in _VERDICTS)
        for label, counts in report.by_label.items()
    ]
    rate = f"{report.pairs / report.seconds:.0f}" if report.seconds else "-"
    return "\n".join([*lines, f"{rate} checks a second"])


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or one JSON document; exit status 1 where some lines could not be judged."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.grounding", description="the gate against human labels"
    )
    parser.add_argument("pairs", type=Path, help="JSONL with claim, evidence, label")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with given.pairs.open(encoding="utf-8") as lines:
        report = evaluate(lines)
    print(json.dumps(report.as_json(), ensure_ascii=False) if given.json else show(report, given.pairs.name))
    return 1 if report.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
