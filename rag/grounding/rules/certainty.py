"""A plan or a possibility told as a fact, or what is under way as done."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.alignment import repeated, shares_words
from rag.grounding.facing import SURE, Facing
from rag.grounding.modality import certainty, modal_words, overclaimed, planned, subordinate
from rag.grounding.rules.same import left_out
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_TOLD: Final = 0.75


def decides(facing: Facing) -> Finding | None:
    """Contradicted where the claim is surer than the evidence; unsupported where it plans what the evidence says is done."""
    mine, theirs = facing.words, facing.stated
    if facing.kind == "change":
        return _found(facing, theirs) if _changed(facing) else None
    if facing.kind == "figured":
        theirs = re.split("[:，；]", facing.match.stated.zone)[-1] if facing.match else ""
        sure = overclaimed(mine, theirs) and certainty(facing.claim.text) >= 2
        if certainty(mine) < 2 and certainty(_up_to_figure(facing)) > 2:
            return facing.finding("unsupported", "other_certainty", 0.3)
        return _found(facing, theirs) if sure else None
    if facing.kind == "repeated":
        theirs = repeated(facing.stated, mine)
        return _found(facing, theirs) if overclaimed(mine, theirs) else None
    if facing.share >= SURE and overclaimed(mine, theirs) and not subordinate(mine):
        aimed = planned(theirs)
        return _found(facing, theirs) if not aimed or shares_words(aimed, mine) else None
    if facing.share >= _TOLD and certainty(mine) < 2 and certainty(theirs) == 4:
        return facing.finding("unsupported", "other_certainty", 0.3, quote=shortened(theirs))
    return None


def _up_to_figure(facing: Facing) -> str:
    end = facing.match.stated.figure.end if facing.match else facing.whole.end
    return facing.reading.text[facing.whole.start : max(end, facing.stated_part[1])]


def _changed(facing: Facing) -> bool:
    mine, theirs = facing.words, facing.stated
    if mine and theirs and certainty(mine) == 4 and certainty(theirs) < 3:
        return True
    return left_out(facing) and certainty(theirs) < 2 <= certainty(facing.claim.text)


def _found(facing: Facing, theirs: str) -> Finding:
    quote = facing.whole_text if facing.kind in {"change", "repeated"} else facing.stated
    values = {"stated": modal_words(theirs), "quote": shortened(quote)}
    return facing.finding("contradicted", "overclaimed", 0.3, **values)
