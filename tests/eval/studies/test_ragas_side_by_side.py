"""The side-by-side report with scores as ragas would give them: counted, never NaN, furthest apart first."""

from __future__ import annotations

from typing import Any

from eval.studies.ragas_side_by_side import mean, report


def row(name: str, system: str, facts: float | None, response: str = "公司收入3亿元。") -> dict[str, Any]:
    ours = {"citation_recall": 1.0, "citation_precision": None, "key_facts": facts, "outcome_right": 1.0}
    return {
        "id": name,
        "system": system,
        "response": response,
        "reference": "公司收入3亿元。",
        "retrieved_contexts": ["公司收入3亿元。"],
        "reference_contexts": ["公司收入3亿元。"],
        "ours": ours,
    }


def test_what_cannot_be_scored_is_counted_and_not_averaged() -> None:
    assert mean([1.0, None, 0.5]) == "0.750 (n = 2), 1 not scored"
    assert mean([None]) == "— (n = 0), 1 not scored"


def test_the_report_counts_copies_and_names_the_furthest_apart_first() -> None:
    rows = [row("a", "one", 1.0), row("b", "one", 1.0, "别的。"), row("c", "two", None)]
    scores: list[dict[str, float | None]] = [
        {"ROUGE-L": 0.5, "context recall": 0.0},
        {"ROUGE-L": 0.0, "context recall": 1.0},
        {"ROUGE-L": 0.0, "context recall": None},
    ]
    told = report(rows, scores)
    assert "hold their reference word for word: 2; ROUGE-L 0 for 1 of them" in told
    assert (
        "one: passages that hold a gold answer's first 30 characters: 2 answers; context recall 0 for 1"
        in told
    )
    assert told.index("  b one: +1.00") < told.index("  a one: +0.50")
    assert "  c two" not in told and "nan" not in told.lower()
