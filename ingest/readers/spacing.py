"""Where a printed line has spaces: gaps between its characters, told from what type setters put there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.pdf_page import Glyph

EVEN = 0.06
"""A line is set evenly whose gaps differ by less than this, three in five, in the size of the type."""
NARROWEST = 0.16
"""In a line set evenly this gap between two Chinese characters is a space, in the size of the type."""


def usual_gap(glyphs: Sequence[Glyph]) -> tuple[float, bool]:
    """How far apart the characters of a line stand as a rule, where justifying parts them (never negative), and
    whether hardly any stand farther apart."""
    if len(glyphs) <= 5:
        return 0.0, False
    gaps = sorted([after.left - before.right for before, after in pairwise(glyphs)])
    middle = len(gaps) // 2
    usual = max(0.0, gaps[middle] if len(gaps) % 2 else (gaps[middle - 1] + gaps[middle]) / 2)
    size = max(glyphs[0].bottom - glyphs[0].top, glyphs[1].bottom - glyphs[1].top)
    return usual, gaps[len(gaps) * 3 // 5] - usual < EVEN * size


def full_width(glyphs: Sequence[Glyph]) -> float:
    """The width of a full character of a line; 0 where none is printed."""
    wide = [glyph.right - glyph.left for glyph in glyphs if _is_full(glyph.char)]
    return max(wide, default=0.0)


def narrow_space(glyphs: Sequence[Glyph], at: int, em: float) -> bool:
    """Whether a space of a sixth of the size or more stands before a glyph, between two Chinese characters of a line
    set evenly: fonts have such spaces. Looked at by the characters' middles, for some boxes are those of the ink; a name
    spaced for looks has several such gaps in a row.
    """

    def gap(index: int) -> float:
        if not 1 <= index < len(glyphs):
            return 0.0
        before, after = glyphs[index - 1], glyphs[index]
        if not (_is_full(before.char) and _is_full(after.char)):
            return max(0.0, after.left - before.right)
        return (after.left + after.right - before.left - before.right) / 2 - em

    here = gap(at)
    return (
        _is_full(glyphs[at - 1].char)
        and _is_full(glyphs[at].char)
        and here > NARROWEST * em
        and gap(at - 1) < 0.5 * here
        and gap(at + 1) < 0.5 * here
    )


def _is_full(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def word_gap(before: str, after: str) -> float:
    """From which gap on two characters of a line have a space between them, in the size of the type.

    Type setters part digits and Chinese characters a little; that is no space.
    """
    if before.isascii() and after.isascii():
        return 0.22
    if before.isascii() or after.isascii():
        return 0.8
    return 0.4
