"""A figure of a narrower metric told of the wider one: 净利润1.2亿元 where the evidence tells the 扣非净利润."""

from __future__ import annotations

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.labels import comparable
from rag.grounding.rules.figure import stands
from rag.grounding.verdicts import Finding
from rag.grounding.words import table


def decides(facing: Facing) -> Finding | None:
    """Contradicted where a word that makes it another metric stands beside the figure in one text only."""
    bound = facing.figures[0]
    if bound.best is None or not stands(facing):
        return None
    mine, theirs = comparable(bound.claimed.zone), comparable(bound.best.stated.zone)
    if all((word in mine) == (word in theirs) for word in table("level.qualifier")):
        return None
    return found(facing, bound.best, "contradicted", "figure_other_metric", 0.5)
