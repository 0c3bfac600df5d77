"""A share with its uncertainty: percentile bootstrap over cases, seeded, so that two runs print alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RESAMPLES: Final = 1000
SEED: Final = 20230524
LEVEL: Final = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A ratio in [0, 1] with its interval; all three are None where there is nothing to count."""

    value: float | None
    low: float | None
    high: float | None


def estimate(parts: Sequence[float], wholes: Sequence[float]) -> Estimate:
    """The ratio sum(parts) / sum(wholes) and its 95% percentile interval (Efron 1979) over resampled cases.

    Args:
        parts: one number a case: what was right in it.
        wholes: one number a case: how much there was to be right (0: the case does not count).
    """
    import numpy

    counted = [(part, whole) for part, whole in zip(parts, wholes, strict=True) if whole]
    if not counted:
        return Estimate(None, None, None)
    part, whole = (numpy.asarray(column, dtype=float) for column in zip(*counted, strict=True))
    chosen = numpy.random.default_rng(SEED).integers(0, len(counted), (RESAMPLES, len(counted)))
    ratios = part[chosen].sum(axis=1) / whole[chosen].sum(axis=1)
    low, high = numpy.percentile(ratios, [(1 - LEVEL) * 50, (1 + LEVEL) * 50])
    return Estimate(*(round(float(value), 4) for value in (part.sum() / whole.sum(), low, high)))
