"""How well a claimed figure stands where the evidence has its value: one linear score, its weights fitted."""

from __future__ import annotations

from typing import Final

from rag.grounding.binding import Bound, Match
from rag.grounding.period_fit import PeriodFit

# Printed by `python -m eval.studies.standing_weights CSV` from the tuning half of the FinEval mutations.
WEIGHTS: Final[dict[str, float]] = {
    "recall": 1.96, "precision": 1.60, "core": -0.16, "scant": -1.80, "lag": -4.25, "lag_here": -1.36,
    "together": 2.29, "alone": -1.32, "few": -0.41, "reach": -1.64, "constant": -2.04,
}  # fmt: skip
# Where a figure may be told of the claim's period: no other one stands next to it, or the part was published then.
TOLD_OF: Final[frozenset[PeriodFit]] = frozenset(
    {
        ("governs", "free"), ("inside", "free"), ("inside", "carried"), ("inside", "sentence"),
        ("dateline", "free"), ("dateline", "carried"), ("dateline", "own"), ("dateline", "sentence"),
        ("part", "free"), ("undated", "free"),
    }
)  # fmt: skip
STANDS: Final = -0.6  # a score from which a figure stands; see what the command prints of each threshold
_AHEAD: Final = -0.5  # a lead over the best rival counts no further than this
_SCANT: Final = 0.6  # a label of which less is found is held against the claim once more
_FEW: Final = 2  # significant digits by which a value may be met by chance


def terms(bound: Bound, together: float) -> dict[str, float]:
    """What the score adds up.

    `recall`, `precision`, `core` in [0, 1]: how well the labels meet; `scant`: how far the claim's is missed.
    `lag`, `lag_here`: how far the best rival of another value is ahead, in all the evidence and in the same part.
    `together`: the share of the claim's other figures that stand in the same sentence. One for each of: `alone`
    (no rival bears the metric), `few` (two digits or less), `reach` (one of the two
    says how far back it looks).
    """
    best = bound.best
    if best is None:
        return {}
    claimed, stated = bound.claimed, best.stated
    return {
        "recall": best.recall,
        "precision": best.precision,
        "core": best.core_recall,
        "scant": max(0.0, _SCANT - best.recall),
        "lag": _lag(best, bound.rival),
        "lag_here": _lag(best, bound.rival_here),
        "together": together,
        "alone": float(bound.rival is None),
        "few": float(len(claimed.figure.value.normalize().as_tuple().digits) <= _FEW),
        "reach": float(bool(claimed.reach) != bool(stated.reach)),
        "constant": 1.0,
    }


def _lag(best: Match, rival: Match | None) -> float:
    return max(_AHEAD, (rival.quality if rival is not None else 0.0) - best.quality)


def standing(bound: Bound, together: float) -> float:
    """Positive where true statements lie, negative where swapped ones do; its period is not asked here."""
    if bound.best is None:
        return -9.0
    return sum(WEIGHTS[name] * value for name, value in terms(bound, together).items())
