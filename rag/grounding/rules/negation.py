"""What the evidence affirms is denied, or the other way round."""

from __future__ import annotations

from typing import Final

from rag.grounding.alignment import shares_words
from rag.grounding.facing import SURE, Facing
from rag.grounding.polarity import denied, denies, negations
from rag.grounding.rules.same import left_out
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_SHARED: Final = 0.3
_VERB: Final = 3  # characters: a claim denies what it does next, evidence all that follows


def decides(facing: Facing) -> Finding | None:
    """Contradicted where one of the two denies what the other says, not checkable where they may speak of different things."""
    mine, theirs = denies(facing.words), denies(facing.stated)
    if facing.kind == "change":
        if negations(facing.claim.text) == negations(facing.whole_text) > 0:
            return None  # the denial stands elsewhere in the sentence
        turns = theirs if left_out(facing) else mine and not facing.stated
        return facing.finding("contradicted", "negation", 0.3) if turns else None
    if (
        mine == theirs
        or facing.share < (SURE if theirs else _SHARED)
        or (facing.kind == "figured" and theirs)
    ):
        return None
    one_sided = not negations(facing.words) or not negations(facing.stated)
    sure = one_sided and facing.share >= SURE and _meets(facing.words, facing.stated)
    return facing.finding(
        "contradicted" if sure else "not_checkable",
        "negation" if sure else "polarity_unsure",
        0.3,
        quote=shortened(facing.stated),
    )


def _meets(mine: str, theirs: str) -> bool:
    """Whether what one of the two denies is spoken of in the other."""
    return shares_words(denied(mine, _VERB), theirs) or shares_words(denied(theirs, len(theirs)), mine)
