"""Words behind a figure that was found, which the evidence does not have there."""

from __future__ import annotations

from rag.grounding.alignment import is_report_word
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding


def decides(facing: Facing) -> Finding | None:
    """Not checkable: what a clause adds behind its last figure is a statement of its own."""
    end = max(item.claimed.figure.end for item in facing.figures)
    behind = tuple(span for span in facing.residue if span[0] >= end and span[1] - span[0] >= 2)
    words = next((word for word in facing.printed(behind) if not is_report_word(word)), None)
    return None if words is None else facing.finding("not_checkable", "paraphrase", 0.5, words=words)
