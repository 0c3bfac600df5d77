"""What stands on one PDF page: its characters with their boxes, and the lines that are drawn on it.

Everything here is geometry in points with the origin at the page's top left corner as a reader sees
the page (a rotated page is turned upright). Nothing is interpreted; `layout.py` does that.

pdfium is called through its raw bindings, with the buffers made once a page: four calls a character
are affordable (about 5 ms for a page of 1,000), one Python object more for each call is not.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

THIN = 3.0
"""Filled boxes thinner than this (points) are drawn lines."""
SMALLEST = 2.0
"""Characters lower than this (points) can't be read by anybody and are left out."""
UNPRINTED = frozenset([0, 10, 13, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFF])
"""Code points that print nothing."""
WHITE = 250
"""A colour whose red, green and blue are all above this (of 255) is white."""
BOLD = 600
"""Font weights from here on are bold."""
DEEPEST = 4
"""How deep form objects inside form objects are followed in search of drawn lines."""


class Glyph(NamedTuple):
    """One printed character; `base` is the height of its baseline, `bold` how it is printed."""

    char: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    bold: bool = False


class Ruling(NamedTuple):
    """A drawn line: it stands at `at` (an x if upright, else a y) and runs from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's glyphs and drawn lines; `upright` rulings stand at an x, `level` ones at a y.

    `pictured` is the share of the page, 0 to 1, that its largest picture covers.
    """

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    upright: list[Ruling]
    level: list[Ruling]
    pictured: float


Turn = Callable[[float, float], tuple[float, float]]
Area = tuple[float, float, float, float]


def read_sheet(page: pdfium.PdfPage, number: int) -> Sheet:
    """Take the glyphs and drawn lines of a page.

    Args:
        page: an open page; it is not closed here.
        number: the page's number, from 1.
    """
    width, height, turn = _upright_view(page)
    textpage = page.get_textpage()
    try:
        glyphs, white, unseen, quarter = _glyphs(textpage, turn, width, height)
        if quarter:  # the text itself runs sideways: turn the page so that it reads from left to right
            width, height, turn = _turned(width, height, turn, quarter)
            glyphs, white, unseen, _ = _glyphs(textpage, turn, width, height)
        upright, level, grounds, pictures = _drawings(page, turn)
    finally:
        textpage.close()
    if white or unseen:
        # nobody who reads the page sees white on white, so nobody said it; table heads stay, and so does the
        # unprinted text that lies over a scan: the picture shows it
        shown = grounds + pictures
        glyphs = [
            glyph
            for at, glyph in enumerate(glyphs)
            if (at not in white or _seen(glyph, shown)) and (at not in unseen or _seen(glyph, pictures))
        ]
    covered = max(((x2 - x1) * (y2 - y1) for x1, y1, x2, y2 in pictures), default=0.0)
    return Sheet(number, width, height, glyphs, upright, level, covered / max(width * height, 1.0))


def _upright_view(page: pdfium.PdfPage) -> tuple[float, float, Turn]:
    """Width and height as seen, and how a point of the page's own space is seen."""
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    rotation = page.get_rotation()
    if rotation == 90:
        return height, width, lambda x, y: (y - bottom, x - left)
    if rotation == 180:
        return width, height, lambda x, y: (right - x, y - bottom)
    if rotation == 270:
        return height, width, lambda x, y: (top - y, right - x)
    return width, height, lambda x, y: (x - left, top - y)


def _turned(width: float, height: float, turn: Turn, quarter: int) -> tuple[float, float, Turn]:
    """The same page after `quarter` quarter turns clockwise."""
    for _ in range(quarter):
        turn = _quarter_turn(turn, height)
        width, height = height, width
    return width, height, turn


def _quarter_turn(turn: Turn, height: float) -> Turn:
    def turned(x: float, y: float) -> tuple[float, float]:
        seen_x, seen_y = turn(x, y)
        return height - seen_y, seen_x

    return turned


def _glyphs(
    textpage: pdfium.PdfTextPage, turn: Turn, width: float, height: float
) -> tuple[list[Glyph], set[int], set[int], int]:
    """The page's glyphs, which of them are white, which unprinted, and how many quarter turns clockwise would level them."""
    handle = textpage.raw
    box = raw.FS_RECTF()
    box_ref = ctypes.byref(box)
    x, y = ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    get_unicode, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    get_origin, get_object = raw.FPDFText_GetCharOrigin, raw.FPDFText_GetTextObject
    generated = raw.FPDFText_IsGenerated
    looks: dict[int, _Look] = {}
    glyphs: list[Glyph] = []
    white: set[int] = set()
    unseen: set[int] = set()
    directions = [0, 0, 0, 0]
    for index in range(textpage.count_chars()):
        code = get_unicode(handle, index)
        if code in UNPRINTED or (code == 32 and generated(handle, index) == 1):
            continue
        item = get_object(handle, index)
        address = ctypes.addressof(item.contents) if item else 0
        look = looks.get(address)
        if look is None:
            look = looks[address] = _look(handle, index, item)
        if look.direction is None:
            continue  # slanted: a watermark
        directions[look.direction] += 1
        if not get_box(handle, index, box_ref) or not get_origin(handle, index, x_ref, y_ref):
            continue
        first_x, first_y = turn(box.left, box.top)
        second_x, second_y = turn(box.right, box.bottom)
        _, base = turn(x.value, y.value)
        left, right = (first_x, second_x) if first_x <= second_x else (second_x, first_x)
        top, bottom = (first_y, second_y) if first_y <= second_y else (second_y, first_y)
        if right < 0 or left > width or bottom < 0 or top > height:
            continue
        char = _char(code)
        # a Type 3 font tells the ink's box: that of 一 or 。 is low, and a space has none
        if bottom - top < SMALLEST and look.size < 2 * SMALLEST:
            continue
        if 0xDC00 <= code <= 0xDFFF and glyphs and "\ud800" <= glyphs[-1].char <= "\udbff":
            high = ord(glyphs.pop().char)
            char = chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
        if look.white:
            white.add(len(glyphs))
        if look.unseen:
            unseen.add(len(glyphs))
        glyphs.append(Glyph(char, left, right, top, bottom, base, look.bold))
    # half a surrogate pair is no character: a space keeps the count
    glyphs = [g._replace(char=" ") if "\ud800" <= g.char <= "\udfff" else g for g in glyphs]
    most = max(range(4), key=directions.__getitem__)
    return glyphs, white, unseen, _direction_seen(turn, most)


class _Look(NamedTuple):
    """How all characters of a text object are printed; `direction` in quarter turns, None if slanted.

    `size` is the font's size on the page in points, where the font is of Type 3; else 0;
    `unseen` says that nothing is printed: no fill and no stroke, or a fill that is wholly transparent.
    """

    direction: int | None
    bold: bool
    white: bool
    size: float
    unseen: bool


def _look(handle: object, index: int, item: object) -> _Look:
    """The look of a text object, taken from one of its characters; asking once an object saves time."""
    quarters = raw.FPDFText_GetCharAngle(handle, index) / 1.5707963267948966
    direction = round(quarters)
    parts = [ctypes.c_uint() for _ in range(4)]
    coloured = raw.FPDFText_GetFillColor(handle, index, *parts)
    white = coloured and min(p.value for p in parts[:3]) > WHITE
    mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else raw.FPDF_TEXTRENDERMODE_FILL
    clear = coloured and parts[3].value == 0 and mode == raw.FPDF_TEXTRENDERMODE_FILL
    return _Look(
        direction % 4 if abs(quarters - direction) < 0.05 else None,
        bool(item) and _is_bold(item),
        bool(white),
        _drawn_size(handle, index, item) if item else 0.0,
        bool(clear) or mode in (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP),
    )


def _drawn_size(handle: object, index: int, item: object) -> float:
    """The size on the page, in points, of a text object whose font has no name, as those of Type 3 have none."""
    font = raw.FPDFTextObj_GetFont(item)
    if not font or raw.FPDFFont_GetBaseFontName(font, None, 0) > 1:
        return 0.0
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return 0.0
    size: float = raw.FPDFText_GetFontSize(handle, index) * (matrix.c**2 + matrix.d**2) ** 0.5
    return size


def _is_bold(item: object) -> bool:
    """Whether a text object is printed bold: by its font, or by letters that are filled and stroked."""
    if raw.FPDFTextObj_GetTextRenderMode(item) in (
        raw.FPDF_TEXTRENDERMODE_FILL_STROKE,
        raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP,
    ):
        return True
    font = raw.FPDFTextObj_GetFont(item)
    if not font:
        return False
    if raw.FPDFFont_GetWeight(font) >= BOLD:
        return True
    name = ctypes.create_string_buffer(128)
    raw.FPDFFont_GetBaseFontName(font, name, len(name))
    return any(mark in name.value.lower() for mark in (b"bold", b"simhei", b"heiti", b"black", b"heavy"))


def _direction_seen(turn: Turn, direction: int) -> int:
    """Quarter turns clockwise that bring text of this direction (quarters, as pdfium counts) to the level."""
    step_x, step_y = ((1, 0), (0, -1), (-1, 0), (0, 1))[direction]
    origin, tip = turn(0, 0), turn(step_x, step_y)
    seen = (round(tip[0] - origin[0]), round(tip[1] - origin[1]))
    return {(1, 0): 0, (0, -1): 1, (-1, 0): 2, (0, 1): 3}.get(seen, 0)


def _char(code: int) -> str:
    """pdfium's code as a character; its mark for a hyphen at a line's end and all white space made plain."""
    if code in (0x02, 0xFFFE):
        return "-"
    char = chr(code)
    return " " if char.isspace() or code < 32 else char


def _seen(glyph: Glyph, grounds: list[Area]) -> bool:
    """Whether a white glyph stands on something that is not white."""
    x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in grounds)


def _drawings(page: pdfium.PdfPage, turn: Turn) -> tuple[list[Ruling], list[Ruling], list[Area], list[Area]]:
    """Upright and level drawn lines of the page, its shaded areas, and its pictures."""
    upright: list[Ruling] = []
    level: list[Ruling] = []
    grounds: list[Area] = []
    pictures: list[Area] = []

    def add(x1: float, y1: float, x2: float, y2: float) -> None:
        first_x, first_y = turn(x1, y1)
        second_x, second_y = turn(x2, y2)
        left, right = sorted((first_x, second_x))
        top, bottom = sorted((first_y, second_y))
        if right - left < THIN:
            upright.append(Ruling((left + right) / 2, top, bottom))
        if bottom - top < THIN:
            level.append(Ruling((top + bottom) / 2, left, right))

    def area(first: tuple[float, float], second: tuple[float, float]) -> Area:
        (x1, y1), (x2, y2) = turn(*first), turn(*second)
        return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)

    bounds = [ctypes.c_float() for _ in range(4)]
    matrix = raw.FS_MATRIX()

    def walk(count: int, get: Callable[[int], object], place: Turn, depth: int) -> None:
        for index in range(count):
            item = get(index)
            kind = raw.FPDFPageObj_GetType(item)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                if not raw.FPDFPageObj_GetBounds(item, *bounds):
                    continue
                left, bottom, right, top = (bound.value for bound in bounds)
                if right - left < THIN or top - bottom < THIN:
                    add(*place(left, bottom), *place(right, top))
                else:
                    _outline(item, place, add)
                    if _shaded(item):
                        grounds.append(area(place(left, bottom), place(right, top)))
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                if raw.FPDFPageObj_GetBounds(item, *bounds):
                    left, bottom, right, top = (bound.value for bound in bounds)
                    pictures.append(area(place(left, bottom), place(right, top)))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
                if not raw.FPDFPageObj_GetMatrix(item, matrix):
                    continue
                inner = _placed(place, matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
                walk(
                    raw.FPDFFormObj_CountObjects(item),
                    partial(raw.FPDFFormObj_GetObject, item),
                    inner,
                    depth + 1,
                )

    walk(raw.FPDFPage_CountObjects(page), partial(raw.FPDFPage_GetObject, page), lambda x, y: (x, y), 0)
    return upright, level, grounds, pictures


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
