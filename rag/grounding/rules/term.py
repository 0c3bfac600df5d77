"""A claim that is a name or a term rather than a statement: only its presence can be judged."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from rag.grounding.alignment import atoms, coverage
from rag.grounding.claim_parts import aligned
from rag.grounding.facing import Facing
from rag.grounding.reading import plain
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_LONGEST: Final = 8  # words or characters; longer ones state something
_STATES: Final = re.compile(
    r"[是有在会能要没不未无已了将被把让给到去来做想用说看得着过，；:]|\b(?:is|are|was|were|has|have|had|will|won|did)\b|\b\w+ed\b",
    re.IGNORECASE,
)
_SUBJECT: Final = re.compile(r"(?:[她他它我你咱]们?|该|[这那]|此|大家|人们|有人)(?=[一-龥])")


def is_term(facing: Facing) -> bool:
    """Whether the part is a name or a term."""
    text = facing.words
    return (
        len(atoms(text)) <= _LONGEST and _STATES.search(text) is None and _SUBJECT.match(text.strip()) is None
    )


def decides(facing: Facing) -> Finding | None:
    """Unsupported where no sentence of the evidence has all of a term; whether its words stand together there is for other rules."""
    printed = plain(facing.words)
    denied = any(printed in reading.plain[0] for reading in facing.readings)  # or doubted, or cut out
    if facing.figures or facing.periods or denied or not is_term(facing):
        return None
    facing = aligned(facing)
    if facing.source is not None:
        known = facing.reading.sentence_keys[facing.sentence]
        if coverage(facing.claim.text, atoms(facing.claim.text, *facing.claim_part), known).share >= 0.99:
            return None
    absent = replace(facing, source=None)
    return absent.finding("unsupported", "name_absent", 0.2, words=shortened(facing.words.strip("。 \n")))
