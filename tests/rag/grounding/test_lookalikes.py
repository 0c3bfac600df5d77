"""Our own small sets in the shape of public ones: altered passages, news keywords, inference pairs (all fictional)."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.grounding import Report, evaluate

LINES = (Path(__file__).parent / "lookalikes.jsonl").read_text(encoding="utf-8").splitlines()


def report(kind: str) -> Report:
    return evaluate(line for line in LINES if f'"id": "{kind}-' in line)


@pytest.mark.parametrize(("kind", "floor"), [("rgb", 0.9), ("news", 0.92)])  # made up, and seen: a floor
def test_balanced_accuracy(kind: str, floor: float) -> None:
    result = report(kind)
    assert result.errors == 0
    assert result.balanced_accuracy is not None and result.balanced_accuracy >= floor


def test_inference_pairs_are_right_where_decided() -> None:
    result = report("nli")
    assert result.coverage is not None and result.coverage >= 0.3
    assert result.covered_accuracy is not None and result.covered_accuracy >= 0.9
