"""What is drawn on a PDF page: lines, shaded areas, pictures, filled boxes, and when each text object is painted."""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from ingest.readers.pdf_paint import Area, Painted, Turn, painted_box

THIN = 3.0
"""Filled boxes thinner than this (points) are drawn lines."""
WHITE = 250
"""A colour whose red, green and blue are all above this (of 255) is white."""
DEEPEST = 4
"""How deep form objects inside form objects are followed in search of drawn lines."""


class Ruling(NamedTuple):
    """A drawn line: it stands at `at` (an x if upright, else a y) and runs from `start` to `end`."""

    at: float
    start: float
    end: float


class Drawn(NamedTuple):
    """Upright and level drawn lines of the page, its shaded areas, its pictures, its filled boxes, and the order in
    which its text objects are painted, by their addresses."""

    upright: list[Ruling]
    level: list[Ruling]
    grounds: list[Area]
    pictures: list[Area]
    painted: list[Painted]
    orders: dict[int, int]


def drawings(page: pdfium.PdfPage, turn: Turn) -> Drawn:
    """What is drawn on a page."""
    walk = _Walk(turn)
    walk.through(
        raw.FPDFPage_CountObjects(page), partial(raw.FPDFPage_GetObject, page), lambda x, y: (x, y), 0
    )
    return walk.drawn


class _Walk:
    """One walk through a page's objects, in the order in which they are painted."""

    def __init__(self, turn: Turn) -> None:
        self.turn = turn
        self.drawn = Drawn([], [], [], [], [], {})
        self.count_on = itertools.count(1)
        self.bounds = [ctypes.c_float() for _ in range(4)]
        self.matrix = raw.FS_MATRIX()

    def through(self, count: int, get: Callable[[int], Any], place: Turn, depth: int) -> None:
        """Some objects, and those inside form objects among them.

        Args:
            count: how many.
            get: gives one by its index.
            place: how a point of theirs is placed on the page.
            depth: how many form objects they are inside of.
        """
        for index in range(count):
            item = get(index)
            kind = raw.FPDFPageObj_GetType(item)
            order = next(self.count_on)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                self.drawn.orders[ctypes.addressof(item.contents)] = order
            elif kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(item, place, order)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                if raw.FPDFPageObj_GetBounds(item, *self.bounds):
                    left, bottom, right, top = (bound.value for bound in self.bounds)
                    self.drawn.pictures.append(self._area(place(left, bottom), place(right, top)))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
                matrix = self.matrix
                if not raw.FPDFPageObj_GetMatrix(item, matrix):
                    continue
                inner = _placed(place, matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                inside = raw.FPDFFormObj_CountObjects(item)
                self.through(inside, partial(raw.FPDFFormObj_GetObject, item), inner, depth + 1)

    def _path(self, item: Any, place: Turn, order: int) -> None:
        """A thin path is a line; a larger one may have strokes, shade an area or paint over it."""
        if not raw.FPDFPageObj_GetBounds(item, *self.bounds):
            return
        left, bottom, right, top = (bound.value for bound in self.bounds)
        if right - left < THIN or top - bottom < THIN:
            self._line(*place(left, bottom), *place(right, top))
            return
        _outline(item, place, self._line)
        covers = self._area(place(left, bottom), place(right, top))
        if _shaded(item):
            self.drawn.grounds.append(covers)
        box = painted_box(item, covers, order, partial(_through, self.turn, place))
        if box is not None:
            self.drawn.painted.append(box)

    def _line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        first_x, first_y = self.turn(x1, y1)
        second_x, second_y = self.turn(x2, y2)
        left, right = sorted((first_x, second_x))
        top, bottom = sorted((first_y, second_y))
        if right - left < THIN:
            self.drawn.upright.append(Ruling((left + right) / 2, top, bottom))
        if bottom - top < THIN:
            self.drawn.level.append(Ruling((top + bottom) / 2, left, right))

    def _area(self, first: tuple[float, float], second: tuple[float, float]) -> Area:
        (x1, y1), (x2, y2) = self.turn(*first), self.turn(*second)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _through(turn: Turn, place: Turn, x: float, y: float) -> tuple[float, float]:
    """How a point inside a form object is seen."""
    return turn(*place(x, y))


def _shaded(path: object) -> bool:
    """Whether a path is filled with a colour other than white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not fill.value:
        return False
    parts = [ctypes.c_uint() for _ in range(4)]
    return bool(raw.FPDFPageObj_GetFillColor(path, *parts)) and min(p.value for p in parts[:3]) <= WHITE


def _placed(place: Turn, a: float, b: float, c: float, d: float, e: float, f: float) -> Turn:
    """How a point inside a form object is placed on the page."""
    return lambda x, y: place(a * x + c * y + e, b * x + d * y + f)


def _outline(path: object, place: Turn, add: Callable[[float, float, float, float], None]) -> None:
    """Add the straight strokes of a larger path (a frame or a grid drawn in one go)."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not stroke.value:
        return
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(path, matrix):
        return
    count = raw.FPDFPath_CountSegments(path)
    if not 2 <= count <= 2000:
        return
    within = _placed(place, matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    x, y = ctypes.c_float(), ctypes.c_float()
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = within(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            add(*last, *point)
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            add(*last, *start)
