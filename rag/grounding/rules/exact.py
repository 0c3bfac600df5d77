"""The words as they stand in what the company says, not cut out of a denial, a doubt or a question."""

from __future__ import annotations

import re
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.modality import certainty, condition_before, wider
from rag.grounding.polarity import denies
from rag.grounding.reading import Reading, plain
from rag.grounding.rules.term import is_term
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_BREAK: Final = "，。；！？:\n"
_UNIT: Final = "元吨件台套片只个"  # of which 3000元/吨 has another figure


def decides(facing: Facing) -> Finding | None:
    """Supported where one piece of evidence has the sentence, white space and punctuation aside."""
    wanted = plain(facing.words)
    if not wanted:
        return None
    fits = _unqualified if is_term(facing) else _same_sense
    for source, reading in enumerate(facing.readings):
        position = -1
        text, origins = reading.plain
        while (position := text.find(wanted, position + 1)) >= 0:
            start, end = origins[position], origins[position + len(wanted) - 1] + 1
            asks = any(one.asks for one in reading.sentences if one.start < end and start < one.end)
            cut = _cuts_a_number(reading.text, start, end) or _cuts_a_period(reading, start)
            if not asks and not cut and fits(reading.text, start, end):
                stands = facing.at(source, start, end)
                return stands.finding("supported", "exact", 1.0, quote=shortened(stands.stated))
    return None


def _cuts_a_number(text: str, start: int, end: int) -> bool:
    before, first = text[start - 1 : start], text[start : start + 1]
    last, after = text[end - 1 : end], text[end : end + 1]
    if (last in _UNIT and after == "/") or (last in "万亿" and re.match("[美港欧日英]元", text[end:])):
        return True
    decimal = after in {"%", "."} and text[end + 1 : end + 2].isdigit()
    if last.isascii() and last.isalnum() and after.isascii() and (after.isalnum() or decimal):
        return True
    if last.isdigit() and after in {"万", "亿", "千", "百", "%", "‰"}:
        return True
    joined = before.isascii() and (before.isalnum() or before in {".", "-"})
    return first.isascii() and first.isalnum() and joined


def _cuts_a_period(reading: Reading, start: int) -> bool:
    return any(one.start < start < one.end for one in reading.periods)


def _unqualified(text: str, start: int, end: int) -> bool:
    """Whether nothing in front of a name in its clause denies or doubts it; what follows speaks of it."""
    left = max((text.rfind(stop, 0, start) for stop in _BREAK), default=-1) + 1
    before, name = text[left:start], text[start:end]
    return not denies(before) and certainty(before) >= min(certainty(name), 2)


def _same_sense(text: str, start: int, end: int) -> bool:
    """Whether the clause around an exact match says no more against it than the match itself does."""
    left = max((text.rfind(stop, 0, start) for stop in _BREAK), default=-1) + 1
    right = _next_break(text, end)
    if condition_before(text, left):
        return False
    inner_left = max((text.rfind(stop, start, end) for stop in _BREAK), default=-1) + 1
    first_right = _next_break(text, start)
    for whole, part in (
        (text[left : min(first_right, right)], text[start : min(first_right, end)]),
        (text[max(inner_left, left) : right], text[max(inner_left, start) : end]),
    ):
        if denies(whole) != denies(part) or certainty(whole) < min(certainty(part), 2) or wider(part, whole):
            return False
    return True


def _next_break(text: str, start: int) -> int:
    return min((place for stop in _BREAK if (place := text.find(stop, start)) >= 0), default=len(text))
