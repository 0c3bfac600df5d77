"""Statements that a careless reader would let stand, and a few that must: whose figure, which stage, how sure, in what order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.grounding import check

PROBES = [
    json.loads(line) for line in (Path(__file__).parent / "probes.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe["claim"])
def test_only_what_the_evidence_says_stands(probe: dict[str, str | bool]) -> None:
    result = check(str(probe["claim"]), str(probe["evidence"]))
    assert (result.verdict == "supported") is probe["stands"], result
