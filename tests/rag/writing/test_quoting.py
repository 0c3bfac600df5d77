"""Neighbouring sentences are quoted unbroken."""

from __future__ import annotations

from ingest.records import Span
from rag.writing.quoting import runs

TEXT = "甲。乙。丙。丁。"


def test_neighbours_are_joined_and_gaps_kept() -> None:
    assert runs([Span(0, 2), Span(2, 4), Span(6, 8)], TEXT) == [Span(0, 4), Span(6, 8)]
