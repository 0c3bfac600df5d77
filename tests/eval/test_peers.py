"""Peers are scored by one measure that is fair to chunks and to pairs."""

from __future__ import annotations

from eval.studies.peers import Place, Score, System, hits, table
from ingest.records import Span


def test_half_of_either_is_a_hit() -> None:
    gold = [Place("r", Span(100, 200))]
    assert hits(Place("r", Span(90, 600)), gold)  # the chunk holds the whole answer
    assert hits(Place("r", Span(120, 140)), gold)  # a slice of it
    assert hits(Place("r", Span(150, 900)), gold)
    assert not hits(Place("r", Span(151, 900)), gold)
    assert not hits(Place("r", Span(0, 149)), [Place("r", Span(100, 300))])
    assert not hits(Place("another", Span(100, 200)), gold)
    assert not hits(Place("r", Span(100, 200)), [])


def test_the_table_counts() -> None:
    system = System("Jupilu", 10.0, 50, 2**20, lambda case: [])
    told = table([system], [Score(1, 2, 3, (0.01, 0.02, 0.03, 0.04))], 6, 20, 4.0)
    assert "| records a second | 2.0 |" in told
    assert "| first passage hits | 25.0% (1 of 4) |" in told
    assert "| indexed in, s | 10 (reading alone: 4) |" in told
