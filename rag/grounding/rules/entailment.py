"""A paraphrase that a trained judge takes to follow from the evidence; without such a judge this rule is silent."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.rules import certainty, condition, extent, negation
from rag.grounding.verdicts import Finding

_LIKELY: Final = 0.9  # score from which a clause is taken to follow; a judge brings scores fitted to this
_VETOES: Final = (negation.decides, certainty.decides, extent.decides, condition.decides)


def decides(facing: Facing) -> Finding | None:
    """Supported where the judge is sure and nothing speaks against it.

    It is asked after every rule that may contradict; those that compare a clause only where much of it is found
    are asked once more as if all of it were. Figures, periods and names are other parts of the claim or stand
    before this rule in the table: the worst finding decides."""
    if facing.scorer is None or facing.source is None:
        return None
    if any(veto(replace(facing, share=1.0)) is not None for veto in _VETOES):
        return None
    part = facing.reading.parts[facing.whole.part]
    score = facing.scorer(facing.words, facing.reading.text[slice(*part)])
    if score < _LIKELY:
        return None
    return facing.finding("supported", "entailed", score, score=f"{score:.2f}")
