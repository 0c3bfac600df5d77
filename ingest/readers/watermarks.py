"""Watermarks that run level: large letters at the same place of every page, over what the page says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from ingest.readers.pdf_page import Glyph, Sheet

LARGER = 1.6
"""A watermark's letters are so many times as high as the page's others."""
EVERYWHERE = 0.8
"""The share of a document's pages that a watermark stands on."""


def without_watermarks(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The pages without large letters that come again at the same place; slanted ones are gone already."""
    if len(sheets) < 2:
        return list(sheets)
    large = [_large(sheet) for sheet in sheets]
    pages = Counter(key for each in large for key in each)
    repeated = {key for key, count in pages.items() if count >= max(2, EVERYWHERE * len(sheets))}
    if not repeated:
        return list(sheets)
    return [
        replace(sheet, glyphs=[each for each in sheet.glyphs if _key(each) not in repeated])
        if not repeated.isdisjoint(found)
        else sheet
        for sheet, found in zip(sheets, large, strict=True)
    ]


def _large(sheet: Sheet) -> set[tuple[str, int, int, int]]:
    heights = [glyph.bottom - glyph.top for glyph in sheet.glyphs]
    if not heights:
        return set()
    limit = LARGER * median(heights)
    return {
        _key(glyph)
        for glyph, height in zip(sheet.glyphs, heights, strict=True)
        if height > limit and glyph.char != " "
    }


def _key(glyph: Glyph) -> tuple[str, int, int, int]:
    return glyph.char, round(glyph.left), round(glyph.top), round(glyph.bottom - glyph.top)
