"""What stands on one PDF page: its characters with their boxes, and the lines that are drawn on it.

Everything here is geometry in points with the origin at the page's top left corner as a reader sees
the page (a rotated page is turned upright). Nothing is interpreted; `layout.py` does that.

pdfium is called through its raw bindings, with the buffers made once a page: four calls a character
are affordable (about 5 ms for a page of 1,000), one Python object more for each call is not.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pypdfium2.raw as raw  # type: ignore[import-untyped]

from ingest.readers.pdf_drawings import WHITE, Ruling, drawings
from ingest.readers.pdf_paint import Area, Colour, Ink, Turn, unseen_glyphs

SMALLEST = 2.0
"""Characters lower than this (points) can't be read by anybody and are left out."""
UNPRINTED = frozenset([0, 10, 13, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xFFFF])
"""Code points that print nothing."""
BOLD = 600
"""Font weights from here on are bold."""


class Glyph(NamedTuple):
    """One printed character; `base` is the height of its baseline, `bold` how it is printed."""

    char: str
    left: float
    right: float
    top: float
    bottom: float
    base: float
    bold: bool = False


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


def read_sheet(page: pdfium.PdfPage, number: int) -> Sheet:
    """Take the glyphs and drawn lines of a page.

    Args:
        page: an open page; it is not closed here.
        number: the page's number, from 1.
    """
    width, height, turn = _upright_view(page)
    textpage = page.get_textpage()
    try:
        printed = _glyphs(textpage, turn, width, height)
        if (
            printed.quarter
        ):  # the text itself runs sideways: turn the page so that it reads from left to right
            width, height, turn = _turned(width, height, turn, printed.quarter)
            printed = _glyphs(textpage, turn, width, height)
        upright, level, grounds, pictures, painted, orders = drawings(page, turn)
    finally:
        textpage.close()
    glyphs = printed.glyphs
    hidden = set[int]()
    if painted:
        inks = [Ink(orders.get(address, 0), printed.looks[address].colour) for address in printed.addresses]
        hidden = {at for at in unseen_glyphs(glyphs, inks, painted) if not _seen(glyphs[at], pictures)}
    white, unseen = printed.white, printed.unseen
    if white or unseen or hidden:
        # nobody who reads the page sees white on white, so nobody said it; table heads stay, and so does the
        # unprinted text that lies over a scan: the picture shows it
        shown = grounds + pictures
        glyphs = [
            glyph
            for at, glyph in enumerate(glyphs)
            if (at not in white or _seen(glyph, shown))
            and (at not in unseen or _seen(glyph, pictures))
            and at not in hidden
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


class _Printed(NamedTuple):
    """The page's glyphs, which of them are white, which unprinted, how many quarter turns clockwise would level them,
    and for each glyph the address of its text object, with the looks of these."""

    glyphs: list[Glyph]
    white: set[int]
    unseen: set[int]
    quarter: int
    addresses: list[int]
    looks: dict[int, _Look]


def _glyphs(textpage: pdfium.PdfTextPage, turn: Turn, width: float, height: float) -> _Printed:
    """What a page's text objects print."""
    handle = textpage.raw
    box = raw.FS_RECTF()
    box_ref = ctypes.byref(box)
    x, y = ctypes.c_double(), ctypes.c_double()
    x_ref, y_ref = ctypes.byref(x), ctypes.byref(y)
    get_unicode, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    get_origin, get_object = raw.FPDFText_GetCharOrigin, raw.FPDFText_GetTextObject
    generated = raw.FPDFText_IsGenerated
    looks: dict[int, _Look] = {}
    fonts: dict[int, _Font] = {}
    glyphs: list[Glyph] = []
    white: set[int] = set()
    unseen: set[int] = set()
    addresses: list[int] = []
    directions = [0, 0, 0, 0]
    for index in range(textpage.count_chars()):
        code = get_unicode(handle, index)
        if code in UNPRINTED or (code == 32 and generated(handle, index) == 1):
            continue
        item = get_object(handle, index)
        address = ctypes.addressof(item.contents) if item else 0
        look = looks.get(address)
        if look is None:
            look = looks[address] = _look(handle, index, item, fonts)
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
            addresses.pop()
            char = chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00))
        if look.white:
            white.add(len(glyphs))
        if look.unseen:
            unseen.add(len(glyphs))
        glyphs.append(Glyph(char, left, right, top, bottom, base, look.bold))
        addresses.append(address)
    # half a surrogate pair is no character: a space keeps the count
    glyphs = [g._replace(char=" ") if "\ud800" <= g.char <= "\udfff" else g for g in glyphs]
    most = max(range(4), key=directions.__getitem__)
    return _Printed(glyphs, white, unseen, _direction_seen(turn, most), addresses, looks)


class _Look(NamedTuple):
    """How all characters of a text object are printed; `direction` in quarter turns, None if slanted.

    `size` is the font's size on the page in points, where the font is of Type 3; else 0;
    `unseen` says that nothing is printed: no fill and no stroke, or a fill that is wholly transparent; `colour` is that
    of letters that are filled and not stroked.
    """

    direction: int | None
    bold: bool
    white: bool
    size: float
    unseen: bool
    colour: Colour | None


class _Font(NamedTuple):
    """What a font says of itself; those of Type 3 have no name."""

    bold: bool
    named: bool


def _look(handle: object, index: int, item: Any, fonts: dict[int, _Font]) -> _Look:
    """The look of a text object, taken from one of its characters; asking once an object saves time."""
    quarters = raw.FPDFText_GetCharAngle(handle, index) / 1.5707963267948966
    direction = round(quarters)
    parts = [ctypes.c_uint() for _ in range(4)]
    coloured = raw.FPDFText_GetFillColor(handle, index, *parts)
    red, green, blue, alpha = (part.value for part in parts)
    filled = raw.FPDF_TEXTRENDERMODE_FILL
    mode = raw.FPDFTextObj_GetTextRenderMode(item) if item else filled
    font = _font(item, fonts) if item else None
    return _Look(
        direction % 4 if abs(quarters - direction) < 0.05 else None,
        font is not None and (font.bold or mode in _STROKED),
        bool(coloured) and min(red, green, blue) > WHITE,
        _drawn_size(handle, index, item) if font is not None and not font.named else 0.0,
        bool(coloured and alpha == 0 and mode == filled) or mode in _INVISIBLE,
        (red, green, blue) if coloured and mode == filled else None,
    )


_STROKED = (raw.FPDF_TEXTRENDERMODE_FILL_STROKE, raw.FPDF_TEXTRENDERMODE_FILL_STROKE_CLIP)
"""Letters that are filled and stroked are printed bold."""
_INVISIBLE = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)


def _font(item: Any, fonts: dict[int, _Font]) -> _Font:
    """The font of a text object, asked once a font."""
    font = raw.FPDFTextObj_GetFont(item)
    address = ctypes.addressof(font.contents) if font else 0
    known = fonts.get(address)
    if known is None:
        known = fonts[address] = _font_told(font)
    return known


def _font_told(font: Any) -> _Font:
    if not font:
        return _Font(False, True)
    name = ctypes.create_string_buffer(128)
    length = raw.FPDFFont_GetBaseFontName(font, name, len(name))
    told = name.value.lower()
    bold = raw.FPDFFont_GetWeight(font) >= BOLD or any(
        mark in told for mark in (b"bold", b"simhei", b"heiti", b"black", b"heavy")
    )
    return _Font(bold, length > 1)


def _drawn_size(handle: object, index: int, item: object) -> float:
    """The size on the page, in points, of a text object whose font has no name, as those of Type 3 have none."""
    matrix = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, matrix):
        return 0.0
    size: float = raw.FPDFText_GetFontSize(handle, index) * (matrix.c**2 + matrix.d**2) ** 0.5
    return size


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
