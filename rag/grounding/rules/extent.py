"""All for some, only for one of several."""

from __future__ import annotations

from typing import Final

from rag.grounding.alignment import repeated
from rag.grounding.facing import Facing
from rag.grounding.modality import conditional, exclusive, extent, extent_words, wider
from rag.grounding.rules.same import left_out
from rag.grounding.verdicts import Finding, Verdict
from rag.grounding.wording import shortened

_SHARED: Final = 0.3


def decides(facing: Facing) -> Finding | None:
    """Contradicted where all is claimed of what the evidence says of a part; unsupported where the claim is only wider."""
    mine, theirs = facing.words, facing.stated
    if facing.kind == "change":
        added = not theirs and (exclusive(mine) or extent(mine) == 3)
        dropped = left_out(facing) and extent(theirs) == 0
        return facing.finding("unsupported", "extent", 0.3) if added or dropped else None
    if facing.kind == "repeated":
        theirs = repeated(theirs, mine)
        some_of_them = extent(mine) == 3 and extent(theirs) == 0
        values = {"quote": shortened(facing.whole_text), "stated": extent_words(theirs)}
        return facing.finding("contradicted", "extent", 0.3, **values) if some_of_them else None
    if facing.kind == "figured":
        all_of_them = extent(mine) == 3 and extent(theirs) < 3
        return facing.finding("unsupported", "extent", 0.3, quote=shortened(theirs)) if all_of_them else None
    if (
        facing.share < _SHARED
        or conditional(mine)
        or not (wider(mine, theirs) or (exclusive(mine) and not exclusive(theirs)))
    ):
        return None
    verdict: Verdict = "contradicted" if extent(mine) == 3 and extent(theirs) < 2 else "unsupported"
    return facing.finding(verdict, "extent", 0.3, quote=shortened(theirs), stated=extent_words(theirs))
