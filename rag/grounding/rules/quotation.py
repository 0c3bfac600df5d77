"""Quotations in a claim: exact, altered, stitched, misattributed or not found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.facing import Facing
from rag.grounding.reading import Reading, find, plain
from rag.grounding.verdicts import Finding
from rag.grounding.wording import shortened

_BREAK: Final = re.compile(r"\.{2,}|…+|[，。；！？:、]")


def decides(facing: Facing) -> Finding | None:
    """Hold one quotation against the evidence."""
    readings, wanted, words = facing.readings, plain(facing.words), shortened(facing.words)
    for source, reading in enumerate(readings):
        place = find(wanted, reading)
        if place is not None:
            stands = facing.at(source, *place)
            if any(one.asks for one in reading.sentences if one.start <= place[0] < one.end):
                return stands.finding("contradicted", "quote_misattributed", 0.3, words=words)
            return stands.finding("supported", "quote_exact", 1.0, words=words)
    pieces = [piece for piece in (plain(part) for part in _BREAK.split(facing.words)) if len(piece) >= 2]
    stitched = len(pieces) > 1 and all(_stands(piece, readings) for piece in pieces)
    if stitched or _in_two_places(wanted, readings):
        return facing.finding("contradicted", "quote_stitched", 0.3, words=words)
    nearest = _nearest(wanted, readings)
    if nearest is None:
        return facing.finding("unsupported", "quote_not_found", 0.1, words=words)
    altered = facing.at(*nearest)
    return altered.finding(
        "contradicted", "quote_altered", 0.3, words=words, stated=shortened(altered.stated)
    )


def _stands(piece: str, readings: Sequence[Reading]) -> bool:
    return any(find(piece, reading) is not None for reading in readings)


def _in_two_places(wanted: str, readings: Sequence[Reading]) -> bool:
    """Whether the quotation is one stretch of the evidence up to some point and another from there on."""
    for cut in range(4, len(wanted) - 3):
        if not _stands(wanted[:cut], readings):
            return False
        if _stands(wanted[cut:], readings):
            return True
    return False


def _nearest(wanted: str, readings: Sequence[Reading]) -> tuple[int, int, int] | None:
    best: tuple[float, int, int, int] | None = None
    for source, reading in enumerate(readings):
        for sentence in reading.sentences:
            text = plain(reading.text[sentence.start : sentence.end])
            matcher = SequenceMatcher(None, wanted, text, autojunk=False)
            if matcher.real_quick_ratio() * 2 < 0.5:
                continue
            share = sum(block.size for block in matcher.get_matching_blocks() if block.size > 1) / len(wanted)
            if share >= 0.7 and (best is None or share > best[0]):
                best = (share, source, sentence.start, sentence.end)
    return best[1:] if best is not None else None
