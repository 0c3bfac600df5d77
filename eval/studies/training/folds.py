"""Which company belongs to which fold: whatever is fitted is measured on companies that it has not seen."""

from __future__ import annotations

from typing import Final

COUNT: Final = 3
# Chosen once, so that each fold has about as many questions; peers of one trade may lie in different folds.
_OF: Final = {
    code: fold
    for fold, codes in enumerate(
        (
            "002837 002415 000425 001309 002202 600406 601888",
            "300499 300470 002156 300476 002352 000636 600547 689009",
            "300346 301018 301269 688787 300750 002465 002487 002840 300285 301358",
        )
    )
    for code in codes.split()
}


def fold_of(code: str | None) -> int:
    """The fold of a company: 0, 1 or 2; of others than those trained on, by the number of its code."""
    if code in _OF:
        return _OF[code]
    return int(code) % COUNT if code and code.isdigit() else 0
