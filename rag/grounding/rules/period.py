"""A statement without figures that the evidence makes of another period only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rag.grounding.alignment import atoms, coverage
from rag.grounding.claim_parts import candidates
from rag.grounding.dates import Period, agree
from rag.grounding.facing import Facing
from rag.grounding.sentence_periods import named_before, period_of_sentence
from rag.grounding.standing import TOLD_OF
from rag.grounding.verdicts import Finding

_TOLD: Final = 0.7  # share of a clause that a sentence must have to tell the same
_VALUE_OF: Final = re.compile(r"([一-龥]{2})(?:日期?|时间)?(?:为|是|:|于)$")


def decides(facing: Facing) -> Finding | None:
    """Where a sentence tells the same, and none that does is of the claim's period."""
    claimed = [period for period in facing.periods if not _is_value(facing, period)]
    if facing.source is None or facing.share < _TOLD or not claimed:
        return None
    wanted = [claimed[-1], *claimed[:-1]]
    found = atoms(facing.claim.text, *facing.claim_part)
    taken = [(period.start, period.end) for period in claimed]
    for source, number in candidates(facing):
        keys = facing.readings[source].sentence_keys[number]
        told = coverage(facing.claim.text, found, keys, taken).share >= _TOLD
        if told and period_of_sentence(wanted, facing.readings, source, number) in TOLD_OF:
            return None
    end = facing.stated_part[1]
    fit = period_of_sentence(wanted, facing.readings, facing.source, facing.sentence, end)
    if fit in TOLD_OF:
        return None
    part = replace(facing, claim_part=(wanted[0].start, wanted[0].end))
    if fit[1] == "free":
        return part.finding("unsupported", "period_unsaid", 0.3, claimed=part.words)
    stated = named_before(facing.reading, facing.sentence, end)[0]
    there = part.at(facing.source, stated.start, stated.end)
    return there.finding("contradicted", "period_other", 0.3, claimed=part.words, stated=there.stated)


def _is_value(facing: Facing, period: Period) -> bool:
    """Whether a date is what a claim states (成立日期为2031年9月21日), and the evidence has it under the same name."""
    name = _VALUE_OF.search(facing.claim.text, 0, period.start)
    return name is not None and any(
        agree(period, other) and name[1] in reading.text[max(0, other.start - len(name[1]) - 4) : other.start]
        for reading in facing.readings
        for other in reading.periods
    )
