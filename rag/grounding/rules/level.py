"""A change told as a level, or the reverse: 产能增加至5万吨 where the evidence has 产能增加5万吨."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.rules.figure import stands
from rag.grounding.verdicts import Finding
from rag.grounding.words import alternatives, exact_pattern

_NEAR: Final = "(?:约|近|逾|超过?|接近|大约|共|了)*$"


def decides(facing: Facing) -> Finding | None:
    """Contradicted where one text says by how much and the other up to how much; an amount that the claim tells without any word of
    change is a level."""
    bound = facing.figures[0]
    if bound.best is None or not stands(facing):
        return None
    mine = _told(facing.claim, bound.claimed)
    theirs = _told(bound.best.reading, bound.best.stated)
    if theirs == "change" and not mine and bound.claimed.figure.unit != "%":
        *_, said = exact_pattern("sentence.clause_mark").split(
            facing.claim.text[: bound.claimed.figure.start]
        )
        mine = "" if exact_pattern("level.any").search(said) else "level"
    if not mine or not theirs or mine == theirs:
        return None
    return found(facing, bound.best, "contradicted", "figure_level", 0.5)


def _told(reading: Reading, one: BoundFigure) -> str:
    """`change`, `level` or "" by the words right before a figure."""
    before = reading.text[max(0, one.figure.start - 12) : one.figure.start].rstrip()
    if _level().search(before):
        return "level"
    return "change" if _change().search(before) else ""


@cache
def _change() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives('level.change')}){_NEAR}")


@cache
def _level() -> re.Pattern[str]:
    return re.compile(f"(?:{alternatives('level.change')}|{alternatives('level.set')})(?:至|到|为){_NEAR}")
