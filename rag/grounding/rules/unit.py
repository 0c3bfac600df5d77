"""The evidence has the same digits in another unit or scale: 5.2万 and 5.2亿."""

from __future__ import annotations

from rag.grounding.binding import Match
from rag.grounding.facing import Facing
from rag.grounding.figure_findings import found
from rag.grounding.figures import Figure
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Contradicted by the first figure of the same digits, where no figure has the claimed value."""
    bound = facing.figures[0]
    if bound.same:
        return None
    for source, reading in enumerate(facing.readings):
        for stated in reading.figures:
            if not reading.sentences[stated.sentence].asks and _same_digits(
                bound.claimed.figure, stated.figure
            ):
                match = Match(reading, source, stated, 0.0, 0.0, 0.0, ("nowhere", "free"))
                return found(facing, match, "contradicted", "figure_unit", 0.2)
    return None


def _same_digits(claimed: Figure, stated: Figure) -> bool:
    """The same digits with another scale or a unit of the same kind."""
    if claimed.is_rate != stated.is_rate or not claimed.unit or not stated.unit:
        return False
    if claimed.unit != stated.unit and (claimed.scale != stated.scale or claimed.value != stated.value):
        return False
    if claimed.unit == stated.unit and claimed.value == stated.value:
        return False
    if claimed.value == 0 or stated.value == 0 or claimed.high is not None or stated.high is not None:
        return False
    digits = [abs(figure.value).normalize().as_tuple().digits for figure in (claimed, stated)]
    return digits[0] == digits[1] and len(digits[0]) >= 2
