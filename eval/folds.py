"""Which company belongs to which fold: whatever is fitted is measured on companies that it has not seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from rag.finding.trained import Trained

COUNT: Final = 3
FOLD_MODELS: Final = Path(__file__).resolve().parent / "fold_models"
"""Trained parts that have not seen a fold, in a checkout of the project; they are not part of the wheel."""
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


def trained_without(folder: Path) -> Callable[[str | None], Trained]:
    """Gives each company the trained parts that have not seen it (of all companies at once: the first fold's).

    Args:
        folder: with a folder for each fold, as `python -m eval.studies.training` writes them.
    """
    parts = {fold: Trained.at(folder / str(fold)) for fold in range(COUNT)}
    return lambda code: parts[fold_of(code) if code else 0]
