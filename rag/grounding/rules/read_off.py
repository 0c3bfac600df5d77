"""All parts of a sentence stand, but it can't be read off the evidence: roles exchanged, a predicate moved, somebody else in between."""

from __future__ import annotations

from dataclasses import replace

from rag.grounding.claim_parts import candidates, clauses_of
from rag.grounding.facing import Facing
from rag.grounding.left_to_right import obstacle
from rag.grounding.quotes import quotations
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Not checkable where a clause can be read off no sentence of the evidence; quotations and computed figures (`masked`) are
    judged by other rules."""
    judged = [*quotations(facing.claim), *facing.masked]
    for span in clauses_of(facing.claim, *facing.claim_part):
        if any(start < span[1] and span[0] < end for start, end in judged):
            continue
        inside = tuple(item for item in facing.figures if span[0] <= item.claimed.figure.start < span[1])
        part = replace(
            facing,
            claim_part=span,
            figures=inside,
            masked=(),
            begins=facing.claim_part[0],
            told=facing.figures,
        )
        bound = [item.best for item in inside if item.best is not None]
        places = [(match.source, match.stated.sentence) for match in bound] or candidates(part)
        found = [obstacle(part, place) for place in dict.fromkeys(places)]
        if found and all(words is not None for words in found):
            return part.finding("not_checkable", "apart", 0.5, words=found[0] or "")
    return None
