"""The evidence has the value, but perhaps, or surely, as a figure of another metric."""

from __future__ import annotations

from typing import Final

from rag.grounding.binding import Match
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.labels import comparable
from rag.grounding.reading import BoundFigure
from rag.grounding.verdicts import Finding
from rag.grounding.words import pattern

_UNSURE: Final = -1.5  # of the figure's score; see `python -m eval.studies.standing_weights`


def decides(facing: Facing) -> Finding | None:
    """What a figure that does not stand comes to: the last rule for figures."""
    bound, best = facing.figures[0], facing.figures[0].best
    if best is None:
        return None
    if not (_outdoes(bound.rival, best, 0.8) or _outdoes(bound.rival_here, best, 0.8)):
        if facing.share > _UNSURE:
            return found(facing, best, "not_checkable", "figure_unsure", 0.5 + facing.share / 2)
        return found(facing, best, "unsupported", "figure_unsure", 0.3)
    here = _outdoes(bound.rival_here, best, 0.8) and different_metrics(bound.claimed, best.stated)
    return found(facing, best, "contradicted" if here else "unsupported", "figure_other_metric", 0.5)


def _outdoes(rival: Match | None, best: Match, core: float) -> bool:
    """Whether a figure of another value bears the claim's metric, and better."""
    return rival is not None and rival.core_recall >= core and rival.quality > best.quality + 0.2


def different_metrics(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether both labels name what is measured, and name different things."""
    labels = claimed.zone, f"{stated.zone} {stated.label}"
    mine, theirs = (frozenset(pattern("label.metrics").findall(comparable(label))) for label in labels)
    return bool(mine and theirs) and not mine & theirs
