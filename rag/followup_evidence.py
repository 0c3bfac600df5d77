"""Which of several readings of a follow-up holds: the one that the records answer best.

Whether 有什么应对措施 asks on about what went before, and with how much of it, no rule can tell; what the search
brings up for each reading tells it more often (docs/decisions/0015-follow-ups.md has by how much).
"""

from __future__ import annotations

import math
from collections.abc import Callable

from rag.followups import Standalone

# In logits, by the way in which a reading was made. Few words of one's own find something anywhere; more words find more.
# Chosen on 105 dialogues (docs/decisions/0015-follow-ups.md).
PRIOR = {"topic": -0.5, "alone": -1.0, "little alone": -1.5, "named after": -0.5, "named alone": -2.0}
SURE = 0.99


def likeliest(found: Standalone, strength: Callable[[str], float]) -> Standalone:
    """The same with the reading that the evidence speaks for; the rules' own where several are as likely.

    Args:
        found: as the rules read it.
        strength: how likely the best evidence for a text answers it, 0..1.
    """
    if len(found.readings) < 2:
        return found
    values = [_logit(strength(one.text)) + PRIOR.get(one.way, 0.0) for one in found.readings]
    best = found.readings[values.index(max(values))]
    return Standalone(best.text, found.sure, found.as_of, found.readings)


def _logit(probability: float) -> float:
    held = min(max(probability, 1 - SURE), SURE)
    return math.log(held / (1 - held))
