"""How well a claimed figure stands where the evidence has its value: one linear score, its weights fitted."""

from __future__ import annotations

from typing import Final

from rag.grounding.binding import Bound

# Printed by `python -m eval.standing_weights CSV` from the tuning half of the FinEval mutations.
WEIGHTS: Final[dict[str, float]] = {
    "recall": 1.25, "precision": 1.44, "core": 0.38, "lag": 0.02, "behind": -3.88, "together": 0.92,
    "governs": 2.86, "inside": 1.24, "dateline": 2.45, "dateline, carried": 1.88, "dateline, own": 0.31,
    "dateline, sentence": 0.28, "sentence, own": 1.37, "sentence, sentence": 0.51, "part": 1.01,
    "part, carried": -1.97, "part, own": -1.73, "part, sentence": -2.08, "undated": 2.00, "elsewhere": -1.30,
    "elsewhere, carried": -2.61, "elsewhere, own": -2.71, "elsewhere, sentence": -2.93, "constant": -2.73,
}  # fmt: skip
_AHEAD: Final = -0.5  # a lead over the best rival counts no further than this


def terms(bound: Bound, together: float) -> dict[str, float]:
    """What the score adds up: how well the labels meet (`recall`, `precision`, `core`, each 0 to 1), how far the
    best rival of another value is ahead (`lag`, and again `behind` where it is), the share of the claim's other
    figures that stand in the same sentence (`together`), and the place of the claim's period (1 for one of them).

    Args:
        bound: a figure that was found.
        together: see above.
    """
    best = bound.best
    if best is None:
        return {}
    lag = max(_AHEAD, (bound.rival.quality if bound.rival is not None else 0.0) - best.quality)
    place, conflict = best.period
    return {
        "recall": best.recall,
        "precision": best.precision,
        "core": best.core_recall,
        "lag": lag,
        "behind": max(0.0, lag),
        "together": together,
        place if conflict == "free" else f"{place}, {conflict}": 1.0,
        "constant": 1.0,
    }


def standing(bound: Bound, together: float) -> float:
    """Positive where true statements lie, negative where swapped ones and those of another period do."""
    if bound.best is None:
        return -9.0
    return sum(WEIGHTS.get(name, _UNSEEN) * value for name, value in terms(bound, together).items())


_UNSEEN: Final = -2.0  # a place of the period that the tuning half never had
