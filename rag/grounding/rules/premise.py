"""What the investor's question says and the company does not."""

from __future__ import annotations

from typing import Final

from rag.grounding.alignment import atoms, coverage
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding

_ASKED: Final = 0.85  # share of the clause that the question has
_SAID: Final = 0.9  # share from which the company says it too
_WEIGHT: Final = 4  # characters; fewer may be met by chance


def decides(facing: Facing) -> Finding | None:
    """Unsupported where the question has the clause, and the company's words have less of it."""
    if facing.source is None:
        return None
    claim = facing.claim
    found = atoms(claim.text, *facing.claim_part)
    everything = frozenset().union(*(reading.company_keys for reading in facing.readings))
    said = coverage(claim.text, found, everything, facing.masked)
    if said.share >= _SAID and not said.residue:
        return None
    for reading in facing.readings:
        asked = coverage(claim.text, found, reading.investor_keys)
        if (
            reading.investor_keys
            and asked.share >= _ASKED
            and asked.share > said.share + 0.05
            and asked.weight >= _WEIGHT
        ):
            return facing.finding("unsupported", "premise", 0.2, quote=facing.words)
    return None
