"""From the glyphs and drawn lines of a page to text lines inside table cells, in reading order.

A record is a form: a table, drawn with lines, that goes on over pages. Reading straight across the
page would mix the label column into the answers, so the page is cut where lines are drawn: a table
into rows where a line crosses all of it, a row into cells where a line stands through all of it, and
each cell again (participants and figures stand in tables inside cells).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_drawings import Ruling
from ingest.readers.pdf_page import Glyph, Sheet
from ingest.readers.spacing import NARROWEST, full_width, narrow_space, usual_gap, word_gap

NEAR = 3.5
"""Drawn lines closer than this (points) meet; a line that misses a border by less reaches it."""
MOST_RULINGS = 800
"""A page with more drawn lines than this each way (a drawing, a chart) keeps the longest."""
PADDING = 5.4
"""What word processors leave between a cell's border and its text (0.19 cm), in points."""


@dataclass(slots=True)
class Line:
    """One printed line inside one cell: its characters with their boxes (None for a space put in).

    `cell_left` and `cell_right` are where text may run between, in points.
    """

    page: int
    text: str
    glyphs: list[Glyph | None]
    left: float
    right: float
    top: float
    bottom: float
    base: float
    size: float
    cell_left: float = 0.0
    cell_right: float = 0.0


@dataclass(slots=True)
class Table:
    """A drawn table: rows of cells, each cell a list of lines and tables in reading order."""

    left: float
    top: float
    right: float
    bottom: float
    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Cell:
    """One cell: its borders and what stands in it."""

    left: float
    top: float
    right: float
    bottom: float
    blocks: list[Line | Table] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """All lines in the cell, those of tables inside it too."""
        return [line for block in self.blocks for line in lines_in(block)]


def lines_in(block: Line | Table) -> list[Line]:
    """The lines of a block, in reading order."""
    if isinstance(block, Line):
        return [block]
    return [line for row in block.rows for cell in row for line in cell.lines()]


def read_layout(sheet: Sheet) -> list[Line | Table]:
    """The lines and tables of a page, from top to bottom."""
    upright, level = _merged(sheet.upright), _merged(sheet.level)
    return _read_area(sheet.glyphs, upright, level, sheet.number, (0.0, sheet.width))


def _merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Borders are drawn piece by piece, often twice: one ruling for each straight run."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings):
        if groups and ruling.at - groups[-1][-1].at < 1.5:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    merged: list[Ruling] = []
    for group in groups:
        at = median(ruling.at for ruling in group)
        start, end = None, 0.0
        for ruling in sorted(group, key=lambda r: r.start):
            if start is not None and ruling.start - end <= NEAR:
                end = max(end, ruling.end)
                continue
            if start is not None:
                merged.append(Ruling(at, start, end))
            start, end = ruling.start, ruling.end
        if start is not None:
            merged.append(Ruling(at, start, end))
    longest = sorted(merged, key=lambda ruling: ruling.start - ruling.end)[:MOST_RULINGS]
    return sorted(longest)


def _read_area(
    glyphs: Sequence[Glyph],
    upright: Sequence[Ruling],
    level: Sequence[Ruling],
    page: int,
    margins: tuple[float, float],
) -> list[Line | Table]:
    """Lines and floating tables of an area (a page, or a cell that no line divides)."""
    frames = _frames(upright, level)
    if margins[0] == 0.0:
        outside = [
            stand
            for stand in upright
            if not any(
                f[0] - NEAR <= stand.at <= f[2] + NEAR and f[1] - NEAR <= stand.start < f[3] for f in frames
            )
        ]
        opened = _open_frames(glyphs, outside, level, margins[1])
        frames = opened + [frame for frame in frames if not any(_holds(other, frame) for other in opened)]
    rest: list[Glyph] = []
    inside: list[list[Glyph]] = [[] for _ in frames]
    for glyph in glyphs:
        x, y = (glyph.left + glyph.right) / 2, (glyph.top + glyph.bottom) / 2
        for at, (left, top, right, bottom) in enumerate(frames):
            if left <= x <= right and top <= y <= bottom:
                inside[at].append(glyph)
                break
        else:
            rest.append(glyph)
    blocks: list[Line | Table] = list(read_lines(rest, page, margins))
    for frame, held in zip(frames, inside, strict=True):
        table = Table(*frame)
        _fill(table, held, upright, level, page)
        blocks.append(table)
    blocks.sort(key=lambda block: block.top)
    return blocks


def _frames(upright: Sequence[Ruling], level: Sequence[Ruling]) -> list[tuple[float, float, float, float]]:
    """The outer borders of each group of drawn lines that meet and make a table."""
    groups: list[tuple[list[Ruling], list[Ruling]]] = []
    for stand in upright:
        if stand.end - stand.start < 8:
            continue
        touched = [group for group in groups if any(_meet(stand, lie) for lie in group[1])]
        lying = [lie for lie in level if _meet(stand, lie) and not any(lie in group[1] for group in touched)]
        joined = ([stand], lying)
        for group in touched:
            joined[0].extend(group[0])
            joined[1].extend(group[1])
            groups.remove(group)
        groups.append(joined)
    frames: list[tuple[float, float, float, float]] = []
    for standing, lying in groups:
        if len(standing) < 2:
            continue
        left = min(ruling.at for ruling in standing)
        right = max(ruling.at for ruling in standing)
        # the outer borders of a form may be left out: then its rows reach beyond the last upright line
        beyond = [lie for lie in lying if lie.start < left - 20]
        left = min(lie.start for lie in beyond) if len(beyond) > 1 else left
        beyond = [lie for lie in lying if lie.end > right + 20]
        right = max(lie.end for lie in beyond) if len(beyond) > 1 else right
        top = min([r.start for r in standing] + [r.at for r in lying])
        bottom = max([r.end for r in standing] + [r.at for r in lying])
        if right - left > 30 and bottom - top > 10:
            frames.append((left, top, right, bottom))
    # a table inside a cell of another is found again when that cell is read
    return [
        frame for frame in frames if not any(other is not frame and _holds(other, frame) for other in frames)
    ]


def _holds(other: tuple[float, float, float, float], frame: tuple[float, float, float, float]) -> bool:
    """Whether the first frame is drawn around the second."""
    return other[0] <= frame[0] and other[1] <= frame[1] and other[2] >= frame[2] and other[3] >= frame[3]


def _open_frames(
    glyphs: Sequence[Glyph], upright: Sequence[Ruling], level: Sequence[Ruling], width: float
) -> list[tuple[float, float, float, float]]:
    """The frame of a form whose outer borders are not drawn: one line between labels and content."""
    tall = [ruling for ruling in upright if ruling.end - ruling.start > 30]
    places = {round(ruling.at) for ruling in tall}
    if len(places) != 1 or not 0.1 * width < tall[0].at < 0.45 * width:
        return []
    top = min(ruling.start for ruling in tall)
    bottom = max(ruling.end for ruling in tall)
    crossing = [lie for lie in level if any(_meet(stand, lie) for stand in tall)]
    beside = [glyph for glyph in glyphs if top <= (glyph.top + glyph.bottom) / 2 <= bottom]
    left = min([lie.start for lie in crossing] + [glyph.left - PADDING for glyph in beside])
    right = max([lie.end for lie in crossing] + [glyph.right + PADDING for glyph in beside])
    return [(left, top, right, bottom)] if right - left > 30 else []


def _meet(stand: Ruling, lie: Ruling) -> bool:
    return stand.start - NEAR <= lie.at <= stand.end + NEAR and lie.start - NEAR <= stand.at <= lie.end + NEAR


def _fill(
    table: Table, glyphs: Sequence[Glyph], upright: Sequence[Ruling], level: Sequence[Ruling], page: int
) -> None:
    """Cut a table into rows and cells and put the glyphs where they stand."""
    cuts = _crossings(level, table.top, table.bottom, table.left, table.right)
    for top, bottom in zip([table.top, *cuts], [*cuts, table.bottom], strict=True):
        held = [glyph for glyph in glyphs if top <= (glyph.top + glyph.bottom) / 2 < bottom]
        sides = _crossings(upright, table.left, table.right, top, bottom)
        row: list[Cell] = []
        for left, right in _columns([table.left, *sides, table.right], level, top, bottom):
            cell = Cell(left, top, right, bottom)
            mine = [glyph for glyph in held if left <= (glyph.left + glyph.right) / 2 < right]
            _fill_cell(cell, mine, upright, level, page, whole=not sides and not cuts)
            row.append(cell)
        table.rows.append(row)


def _columns(
    edges: Sequence[float], level: Sequence[Ruling], top: float, bottom: float
) -> list[tuple[float, float]]:
    """The columns of a row; neighbours that the same lines divide further are read together, row by row.

    Beside a cell that spans several rows stand such neighbours: read one by one, their figures would
    be torn from each other.
    """
    columns: list[tuple[float, float]] = []
    divided: list[list[float]] = []
    for left, right in pairwise(edges):
        cuts = _crossings(level, top, bottom, left, right)
        same = bool(columns) and bool(cuts) and len(cuts) == len(divided[-1])
        if same and all(abs(a - b) < NEAR for a, b in zip(cuts, divided[-1], strict=True)):
            columns[-1] = (columns[-1][0], right)
        else:
            columns.append((left, right))
            divided.append(cuts)
    return columns


def _fill_cell(
    cell: Cell,
    glyphs: Sequence[Glyph],
    upright: Sequence[Ruling],
    level: Sequence[Ruling],
    page: int,
    *,
    whole: bool,
) -> None:
    inner_upright = _clipped(upright, cell.left, cell.right, cell.top, cell.bottom)
    inner_level = _clipped(level, cell.top, cell.bottom, cell.left, cell.right)
    if not whole and _crossings(inner_level, cell.top, cell.bottom, cell.left, cell.right):
        table = Table(cell.left, cell.top, cell.right, cell.bottom)
        _fill(table, glyphs, inner_upright, inner_level, page)
        cell.blocks = [table]
        return
    margins = (cell.left + PADDING, cell.right - PADDING)
    cell.blocks = _read_area(glyphs, inner_upright, inner_level, page, margins)


def _crossings(rulings: Sequence[Ruling], low: float, high: float, start: float, end: float) -> list[float]:
    """Where rulings cross the whole of an area, strictly inside it."""
    return [
        ruling.at
        for ruling in rulings
        if low + NEAR < ruling.at < high - NEAR and ruling.start <= start + NEAR and ruling.end >= end - NEAR
    ]


def _clipped(rulings: Sequence[Ruling], low: float, high: float, start: float, end: float) -> list[Ruling]:
    """The parts of rulings that run inside an area, its borders left out."""
    return [
        Ruling(ruling.at, max(ruling.start, start), min(ruling.end, end))
        for ruling in rulings
        if low + NEAR < ruling.at < high - NEAR and min(ruling.end, end) - max(ruling.start, start) > 1
    ]


def read_lines(glyphs: Sequence[Glyph], page: int, margins: tuple[float, float]) -> list[Line]:
    """Gather glyphs into lines by their baselines, so that the order in the file does not matter."""
    if not glyphs:
        return []
    tall = median(glyph.bottom - glyph.top for glyph in glyphs)
    lines: list[Line] = []
    held: list[Glyph] = []
    for glyph in sorted(glyphs, key=lambda g: g.base):
        if held and glyph.base - held[-1].base > 0.4 * tall:
            lines.extend(_line(held, page, margins))
            held = []
        held.append(glyph)
    lines.extend(_line(held, page, margins))
    return lines


def _line(glyphs: list[Glyph], page: int, margins: tuple[float, float]) -> list[Line]:
    """One line from glyphs on one baseline (none if only white space)."""
    glyphs.sort(key=lambda g: g.left)
    text: list[str] = []
    kept: list[Glyph | None] = []
    printed: list[Glyph] = []
    usual, even = usual_gap(glyphs)
    em: float | None = None
    for at, glyph in enumerate(glyphs):
        if glyph.char == " ":
            if text and text[-1] != " ":
                text.append(" ")
                kept.append(None)
            continue
        if any(glyph.char == before.char and _double(glyph, before) for before in printed[-2:]):
            continue
        if printed and text[-1] != " " and (gap := glyph.left - printed[-1].right - usual) > 0:
            # fonts that tell the ink's box give 一 hardly any height
            size = max(glyph.bottom - glyph.top, printed[-1].bottom - printed[-1].top)
            spaced = gap > word_gap(printed[-1].char, glyph.char) * size
            if not spaced and even and at and gap > NARROWEST * size:
                em = full_width(glyphs) if em is None else em
                spaced = narrow_space(glyphs, at, em)
            if spaced:
                text.append(" ")
                kept.append(None)
        text.append(glyph.char)
        kept.append(glyph)
        printed.append(glyph)
    if not printed:
        return []
    while text[-1] == " ":
        text.pop()
        kept.pop()
    return [
        Line(
            page,
            "".join(text),
            kept,
            printed[0].left,
            max(glyph.right for glyph in printed),
            min(glyph.top for glyph in printed),
            max(glyph.bottom for glyph in printed),
            median(glyph.base for glyph in printed),
            median(max(glyph.bottom - glyph.top, 1.0) for glyph in printed),
            *margins,
        )
    ]


def _double(glyph: Glyph, before: Glyph) -> bool:
    """Whether a glyph is printed a second time with a small shift, to look bold."""
    width = max(before.right - before.left, 1.0)
    return (
        glyph.char == before.char
        and abs(glyph.left - before.left) < 0.3 * width
        and abs(glyph.base - before.base) < 0.3 * width
    )
