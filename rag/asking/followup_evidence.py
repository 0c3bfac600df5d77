"""Which of several readings of a follow-up holds: the one that the records answer best.

Whether 有什么应对措施 asks on about what went before, and with how much of it, no rule can tell; what the search
brings up for each reading tells it more often (docs/decisions/0015-follow-ups.md has by how much).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from rag.asking.followups import Standalone
from rag.finding.signals import grams

# In logits, by the way in which a reading was made. Few words of one's own find something anywhere; more words find more.
# Chosen on 105 dialogues (docs/decisions/0015-follow-ups.md).
PRIOR = {
    "beside": 1.0, "thing beside": -1.0, "topic beside": -2.0, "little alone": -1.0, "period": -0.5, "named after": -1.5,
    "named alone": -2.0,
}  # fmt: skip
SURE = 0.99
UNHEARD = 20.0  # beyond any evidence


@dataclass(frozen=True, slots=True)
class Strength:
    """How well the records answer one reading: how likely the best evidence answers it (0..1), the words searched for,
    and that evidence with its question."""

    probability: float
    words: str = ""
    evidence: str = ""


def likeliest(found: Standalone, strength: Callable[[str], Strength]) -> Standalone:
    """The same with the reading that the evidence speaks for; the rules' own where several are as likely.

    A follow-up that says much by itself is not read with the topic before where the best evidence for that holds none of its
    own words: it would answer the earlier question again (它的食堂几点开饭 after 二期什么时候投产).

    Args:
        found: as the rules read it.
        strength: how well the records answer a text.
    """
    if len(found.readings) < 2:
        return found
    told = [strength(one.text) for one in found.readings]
    own = next((one.words for one, way in zip(told, found.readings, strict=True) if way.way == "alone"), "")
    values = [
        _logit(one.probability)
        + PRIOR.get(reading.way, 0.0)
        - (UNHEARD if _unheard(own, one, reading.way) else 0.0)
        for one, reading in zip(told, found.readings, strict=True)
    ]
    best = found.readings[values.index(max(values))]
    return Standalone(best.text, found.sure, found.as_of, found.readings)


def _unheard(own: str, told: Strength, way: str) -> bool:
    """Whether nothing of a follow-up's own words stands in the evidence for a reading that adds others."""
    return (
        bool(own)
        and way not in ("alone", "little alone", "named alone")
        and not grams(own) & grams(told.evidence)
    )


def _logit(probability: float) -> float:
    held = min(max(probability, 1 - SURE), SURE)
    return math.log(held / (1 - held))
