"""The evidence has the value as a figure of something else, and the claim's own metric with another value beside it."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.labels import comparable
from rag.grounding.reading import BoundFigure
from rag.grounding.rules.figure import stands
from rag.grounding.verdicts import Finding
from rag.grounding.words import pattern

_AHEAD: Final = 0.4  # share of the metric's words by which the other figure must be ahead
_BORNE: Final = 0.6
_SHARE: Final = re.compile(r"占|比重|份额")


def decides(facing: Facing) -> Finding | None:
    """Unsupported where a figure of another value in the same part bears the claim's metric and the best one does
    not, or where a growth is told as a share, or the other way round."""
    bound = facing.figures[0]
    best, rival = bound.best, bound.rival_here
    if best is None or not stands(facing):
        return None
    if rival is not None and rival.core_recall >= _BORNE and best.core_recall <= rival.core_recall - _AHEAD:
        return found(facing, best, "unsupported", "figure_other_metric", 0.5)
    if different_metrics(bound.claimed, best.stated):
        return found(facing, best, "unsupported", "figure_other_metric", 0.4)
    kinds = {_kind(bound.claimed), _kind(best.stated)}
    if kinds == {"share", "growth"}:
        return found(facing, best, "unsupported", "figure_other_metric", 0.4)
    return None


def different_metrics(claimed: BoundFigure, stated: BoundFigure) -> bool:
    """Whether both labels name what is measured, and name different things."""
    labels = claimed.zone, f"{stated.zone} {stated.label}"
    mine, theirs = (frozenset(pattern("label.metrics").findall(comparable(label))) for label in labels)
    return bool(mine and theirs) and not mine & theirs


def _kind(bound: BoundFigure) -> str:
    if bound.figure.unit != "%":
        return ""
    if _SHARE.search(bound.label):
        return "share"
    return "growth" if bound.direction or bound.basis else ""
