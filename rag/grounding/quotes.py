"""Quotations in a claim: exact, altered, stitched, misattributed or not found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Final

from rag.grounding.reading import Reading, plain
from rag.grounding.verdicts import DecidingSpan, Finding
from rag.grounding.wording import shortened

MINIMUM: Final = 6  # characters of Chinese; shorter ones are names and terms, judged as words
_OPENING: Final = {"“": "”", "「": "」", "『": "』", '"': '"', "＂": "＂"}
_CLOSING: Final = frozenset(_OPENING.values())
_BREAK: Final = re.compile(r"\.{2,}|…+|[，。；！？:、]")


def quotations(claim: Reading) -> list[tuple[int, int]]:
    """The ranges of the claim's normalised text between quotation marks, long enough to be quotations."""
    found = []
    for start, end in _outermost(claim.original):
        inside = [index for index, origin in enumerate(claim.normal.origins) if start <= origin < end]
        weight = sum(2 if claim.text[i] >= "⺀" else 1 for i in inside if claim.text[i].isalnum())
        if weight >= 2 * MINIMUM:
            found.append((inside[0], inside[-1] + 1))
    return found


def _outermost(text: str) -> list[tuple[int, int]]:
    """What stands between quotation marks in a text as given; a quotation inside another is part of it."""
    found: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for position, character in enumerate(text):
        if character in _CLOSING and opened and opened[-1][0] == character:
            _, start = opened.pop()
            if not opened:
                found.append((start, position))
        elif character in _OPENING:
            opened.append((_OPENING[character], position + 1))
    return found


def judge_quotation(claim: Reading, span: tuple[int, int], readings: Sequence[Reading]) -> Finding:
    """Hold one quotation against the evidence."""
    words = claim.text[slice(*span)]
    wanted = plain(words)
    values = (("words", shortened(words)),)
    here = claim.normal.original(*span)
    for source, reading in enumerate(readings):
        place = find(wanted, reading)
        if place is not None:
            asks = _asked(reading, place[0])
            where = DecidingSpan(*here, source, *reading.normal.original(*place))
            if asks:
                return Finding("contradicted", "quote_misattributed", values, 0.3, where)
            return Finding("supported", "quote_exact", values, 1.0, where)
    pieces = [piece for piece in (plain(part) for part in _BREAK.split(words)) if len(piece) >= 2]
    places = [_where(piece, readings) for piece in pieces]
    if len(pieces) > 1 and all(place is not None for place in places):
        return Finding("contradicted", "quote_stitched", values, 0.3, DecidingSpan(*here))
    halves = _two_places(wanted, readings)
    if halves:
        return Finding("contradicted", "quote_stitched", values, 0.3, DecidingSpan(*here))
    nearest = _nearest(wanted, readings)
    if nearest is not None:
        source, start, end = nearest
        reading = readings[source]
        return Finding(
            "contradicted", "quote_altered", (*values, ("stated", shortened(reading.text[start:end]))), 0.3,
            DecidingSpan(*here, source, *reading.normal.original(start, end)),
        )  # fmt: skip
    return Finding("unsupported", "quote_not_found", values, 0.1, DecidingSpan(*here))


def find(wanted: str, reading: Reading) -> tuple[int, int] | None:
    """Where the evidence has these characters, white space and punctuation aside, in its normalised text."""
    plain, origins = reading.plain
    position = plain.find(wanted) if wanted else -1
    if position < 0:
        return None
    return origins[position], origins[position + len(wanted) - 1] + 1


def _asked(reading: Reading, position: int) -> bool:
    return any(s.asks for s in reading.sentences if s.start <= position < s.end)


def _where(piece: str, readings: Sequence[Reading]) -> tuple[int, int] | None:
    for source, reading in enumerate(readings):
        place = find(piece, reading)
        if place is not None:
            return source, place[0]
    return None


def _two_places(wanted: str, readings: Sequence[Reading]) -> bool:
    """Whether the quotation is one stretch of the evidence up to some point and another from there on."""
    for cut in range(4, len(wanted) - 3):
        if _where(wanted[:cut], readings) is None:
            return False
        if _where(wanted[cut:], readings) is not None:
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
