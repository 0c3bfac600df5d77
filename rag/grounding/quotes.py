"""Quotations in a claim: where they stand."""

from __future__ import annotations

from typing import Final

from rag.grounding.reading import Reading

MINIMUM: Final = 6  # characters of Chinese; shorter ones are names and terms, judged as words
_OPENING: Final = {"“": "”", "「": "」", "『": "』", '"': '"', "＂": "＂"}
_CLOSING: Final = frozenset(_OPENING.values())


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
