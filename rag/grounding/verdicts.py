"""What the gate says of a claim: a verdict, its reasons in words, a score and the spans that decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

Verdict = Literal["supported", "contradicted", "unsupported", "not_checkable"]

SEVERITY: Final[dict[Verdict, int]] = {
    "supported": 0,
    "not_checkable": 1,
    "unsupported": 2,
    "contradicted": 3,
}


@dataclass(frozen=True, slots=True)
class DecidingSpan:
    """Where in claim and evidence a finding stands: half-open character ranges in the texts as given.

    `source` counts the pieces of evidence from 0; it is None when nothing in the evidence answers.
    """

    claim_start: int
    claim_end: int
    source: int | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found about one part of a claim.

    `rule` names the rule; `values` fill the wording of that rule. `strength` in [0, 1] is how far the
    part is accounted for (1: to the last character).
    """

    verdict: Verdict
    rule: str
    values: tuple[tuple[str, str], ...] = ()
    strength: float = 0.0
    span: DecidingSpan | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The gate's result for one claim; never an exception, never NaN.

    `score` in [0, 1] orders claims by how well they stand: supported lies in [0.6, 1], not checkable
    in [0.4, 0.5), unsupported in [0.1, 0.4), contradicted in [0, 0.1).
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    score: float
    spans: tuple[DecidingSpan, ...] = ()
    rules: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The JSON shape of `jupilu check`."""
        return {"verdict": self.verdict, "reasons": list(self.reasons), "score": self.score}


def scored(verdict: Verdict, strength: float) -> float:
    """Put a strength in [0, 1] into the band of its verdict, rounded so that runs print alike."""
    low, high = {
        "supported": (0.6, 1.0),
        "not_checkable": (0.4, 0.5),
        "unsupported": (0.1, 0.4),
        "contradicted": (0.0, 0.1),
    }[verdict]
    return round(
        low + (high - low) * min(1.0, max(0.0, strength)) * (1.0 if verdict == "supported" else 0.99), 4
    )
