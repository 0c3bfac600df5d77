"""A figure that is only what something is said to be above or below: 高于2024年的5.6亿元."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding

_COMPARED: Final = re.compile(r"(?:高|低|快|慢|大|小|多|少|优|好|强|弱)于|超过|不及|不如|超出")


def decides(facing: Facing) -> Finding | None:
    """Not checkable where the claim compares, by more than the bound of its figure, and the evidence's sentence does not."""
    bounds = [item.claimed.figure.start for item in facing.figures]
    marks = [facing.claim_part[0] + match.end() for match in _COMPARED.finditer(facing.words)]
    apart = [mark for mark in marks if mark not in bounds]
    if not apart or _COMPARED.search(facing.whole_text):
        return None
    return facing.finding("not_checkable", "paraphrase", 0.4, words=facing.words)
