"""What is painted on a PDF page under and over its text: shapes that cover words, grounds that have their colour."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

import pypdfium2.raw as raw  # type: ignore[import-untyped]

Area = tuple[float, float, float, float]
Colour = tuple[int, int, int]
Turn = Callable[[float, float], tuple[float, float]]

SAME = 8
"""Colours whose red, green and blue differ by less than this (of 255) can't be told apart."""
MOST_PAINTED = 400
"""A page with more filled boxes than this (a chart) keeps the largest."""
MOST_COVERED = 0.5
"""Boxes that seem to cover more than this share of a page's text are not trusted: their bounds are clipped unseen."""
PAPER: Colour = (255, 255, 255)


class Boxed(Protocol):
    """What has a box on the page."""

    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def bottom(self) -> float: ...


class Painted(NamedTuple):
    """An opaque filled box: when it is painted, where it is seen, in points, and its colour."""

    order: int
    area: Area
    colour: Colour


class Ink(NamedTuple):
    """When a text object is painted and in which colour; None where its letters are not filled plainly."""

    order: int
    colour: Colour | None


def painted_box(item: object, area: Area, order: int, place: Turn) -> Painted | None:
    """The box that a path fills; None for other shapes, and for what shines through.

    Args:
        item: a path object.
        area: its bounds as seen.
        order: its place among all objects of the page.
        place: how a point of the path's own space is seen.
    """
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(item, fill, stroke) or not fill.value:
        return None
    if raw.FPDFPageObj_HasTransparency(item) or not _is_box(item):
        return None
    parts = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(item, *parts) or parts[3].value < 255:
        return None
    left, top, right, bottom = area
    for x1, y1, x2, y2 in _clips(item, place):
        left, top, right, bottom = max(left, x1), max(top, y1), min(right, x2), min(bottom, y2)
    if left >= right or top >= bottom:
        return None
    return Painted(order, (left, top, right, bottom), (parts[0].value, parts[1].value, parts[2].value))


def _is_box(item: object) -> bool:
    """Whether a path is one rectangle: four or five points, of which two and two share a side."""
    count = raw.FPDFPath_CountSegments(item)
    if not 4 <= count <= 6:
        return False
    x, y = ctypes.c_float(), ctypes.c_float()
    across: set[float] = set()
    down: set[float] = set()
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_BEZIERTO:
            return False
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            return False
        across.add(round(x.value, 1))
        down.add(round(y.value, 1))
    return len(across) == 2 and len(down) == 2


def _clips(item: object, place: Turn) -> Iterable[Area]:
    """The bounds of the paths that an object is clipped by."""
    clip = raw.FPDFPageObj_GetClipPath(item)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(min(count, 20) if count > 0 else 0):
        points = []
        for index in range(min(raw.FPDFClipPath_CountPathSegments(clip, path), 50)):
            segment = raw.FPDFClipPath_GetPathSegment(clip, path, index)
            if segment and raw.FPDFPathSegment_GetPoint(segment, x, y):
                points.append(place(x.value, y.value))
        if points:
            yield (
                min(point[0] for point in points),
                min(point[1] for point in points),
                max(point[0] for point in points),
                max(point[1] for point in points),
            )


def unseen_glyphs(glyphs: Sequence[Boxed], inks: Sequence[Ink], painted: Sequence[Painted]) -> set[int]:
    """Which glyphs nobody sees: covered by a box that is painted later, or in the colour of the box they stand on.

    Args:
        glyphs: with their boxes as seen.
        inks: for each glyph that of its text object.
        painted: the page's filled boxes.
    """
    if not painted:
        return set()
    if len(painted) > MOST_PAINTED:
        painted = sorted(painted, key=lambda each: _size(each.area))[-MOST_PAINTED:]
    painted = sorted(painted)
    covered: set[int] = set()
    faint: set[int] = set()
    for at, (glyph, ink) in enumerate(zip(glyphs, inks, strict=True)):
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        under = PAPER
        on_box = False
        for box in painted:
            left, top, right, bottom = box.area
            if not (left <= x <= right and top <= y <= bottom):
                continue
            if box.order > ink.order:
                covered.add(at)
                break
            under, on_box = box.colour, True
        if on_box and ink.colour is not None and _alike(ink.colour, under):
            faint.add(at)
    if len(covered) > MOST_COVERED * len(glyphs):
        covered = set()
    return covered | faint


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) < SAME for a, b in zip(one, other, strict=True))


def _size(area: Area) -> float:
    return (area[2] - area[0]) * (area[3] - area[1])
