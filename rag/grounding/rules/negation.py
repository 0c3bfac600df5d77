"""What the evidence affirms is denied, or the other way round."""

from __future__ import annotations

from typing import Final

from rag.grounding.facing import SURE, Facing
from rag.grounding.polarity import denies
from rag.grounding.rules.same import left_out
from rag.grounding.verdicts import Finding, Verdict
from rag.grounding.wording import shortened

_SHARED: Final = 0.3


def decides(facing: Facing) -> Finding | None:
    """Contradicted where one of the two denies and they speak of the same; else unsupported where the claim denies."""
    mine, theirs = denies(facing.words), denies(facing.stated)
    if facing.kind == "change":
        turns = theirs if left_out(facing) else mine and not facing.stated
        return facing.finding("contradicted", "negation", 0.3) if turns else None
    if (
        mine == theirs
        or facing.share < (SURE if theirs else _SHARED)
        or (facing.kind == "figured" and theirs)
    ):
        return None
    verdict: Verdict = "contradicted" if facing.share >= SURE else "unsupported"
    return facing.finding(verdict, "negation", 0.3, quote=shortened(facing.stated))
