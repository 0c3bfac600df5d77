"""The pages of a record as one flow: each form label, then what its cell says, row after row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.readers.blocks import LEAST_HEADS
from ingest.readers.labels import is_column_label, label_key
from ingest.readers.layout import Cell, Line, Table, lines_in

SAME_COLUMN = 8.0
"""The label column stands within this (points) of where it stood on the page before."""


@dataclass(slots=True)
class Piece:
    """A stretch of the flow: a label, a column of text, or one row of a table inside a cell."""

    kind: Literal["label", "text", "cells"]
    lines: list[Line] = field(default_factory=list)
    cells: list[list[Line]] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A row of the form that may go on over the next page."""

    label: list[Line] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def label_text(self) -> str:
        return "".join(line.text for line in self.label)


def flow(pages: Sequence[Sequence[Line | Table]]) -> list[Piece]:
    """Put the blocks of all pages into one order, with the label of each row before its content.

    Args:
        pages: the blocks of each page, from top to bottom, page furniture already removed.
    """
    columns = _form_columns(pages)
    pieces: list[Piece] = []
    open_row: _Row | None = None

    def close() -> None:
        nonlocal open_row
        if open_row is not None:
            if open_row.label:
                pieces.append(Piece("label", open_row.label))
            pieces.extend(open_row.pieces)
        open_row = None

    for blocks in pages:
        for block in blocks:
            if isinstance(block, Line):
                close()
                _add_line(pieces, block)
                continue
            form = _is_form(block, columns)
            for at, cells in enumerate(_upended(block.rows) if form else block.rows):
                if not form:
                    close()
                    _add_cells(pieces, cells)
                    continue
                label, rest = _label_and_rest(cells, columns)
                if open_row is None or at > 0 or _starts_row(open_row, label):
                    close()
                    open_row = _Row()
                if label_key("".join(x.text for x in label)) != label_key(open_row.label_text):
                    open_row.label.extend(label)
                _add_content(open_row.pieces, rest)
    close()
    return pieces


def _upended(rows: Sequence[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows; labels that stand side by side over their contents are put in front of them instead."""
    heads: list[Cell] = []
    for row in rows:
        if heads and len(row) == len(heads) and not any(map(_is_head, row)):
            yield from ([head, cell] for head, cell in zip(heads, row, strict=True))
            heads = []
            continue
        if heads:
            yield heads
        heads = row if len(row) >= LEAST_HEADS and all(map(_is_head, row)) else []
        if not heads:
            yield row
    if heads:
        yield heads


def _is_head(cell: Cell) -> bool:
    return is_column_label("".join(line.text for line in cell.lines()))


def _form_columns(pages: Sequence[Sequence[Line | Table]]) -> list[tuple[float, float]]:
    """Left border and right border of the label column, for each table that has form labels in it."""
    columns: list[tuple[float, float]] = []
    for blocks in pages:
        for block in blocks:
            if isinstance(block, Table):
                for row in block.rows:
                    first = row[0]
                    if is_column_label("".join(line.text for line in first.lines())):
                        columns.append((first.left, first.right))
    return columns


def _is_form(table: Table, columns: Iterable[tuple[float, float]]) -> bool:
    """Whether a table is the form or its continuation: its label column stands where the form's does."""
    edges = {(row[0].left, row[0].right) for row in table.rows}
    return any(
        abs(left - known_left) < SAME_COLUMN and (abs(right - known_right) < SAME_COLUMN)
        for left, right in edges
        for known_left, known_right in columns
    )


def _label_and_rest(
    cells: Sequence[Cell], columns: Iterable[tuple[float, float]]
) -> tuple[list[Line], Sequence[Cell]]:
    """The lines of a row's label cell and the cells beside it; no label where the row is one cell of text."""
    lines = cells[0].lines()
    narrow = any(abs(cells[0].right - right) < SAME_COLUMN for _, right in columns)
    if is_column_label("".join(line.text for line in lines)) or (len(cells) > 1 and narrow):
        return lines, cells[1:]
    return [], cells


def _starts_row(open_row: _Row, label: Sequence[Line]) -> bool:
    """Whether the first row of a page is a new one rather than the open one going on."""
    text = label_key("".join(line.text for line in label))
    opened = label_key(open_row.label_text)
    if not text or text == opened or is_column_label(opened + text):
        return False
    return is_column_label(text) or is_column_label(opened)


def _add_line(pieces: list[Piece], line: Line) -> None:
    if pieces and pieces[-1].kind == "text" and pieces[-1].lines[-1].cell_right == line.cell_right:
        pieces[-1].lines.append(line)
    else:
        pieces.append(Piece("text", [line]))


def _add_content(pieces: list[Piece], cells: Sequence[Cell]) -> None:
    """Add the cells beside a label; a row may hold a second label with its own content."""
    if len(cells) == 1:
        _add_blocks(pieces, cells[0].blocks)
        return
    labels = [is_column_label("".join(line.text for line in cell.lines())) for cell in cells]
    if len(cells) % 2 and all(labels[1::2]) and not any(labels[0::2]):
        # a row of four: label, content, label, content
        for cell, label in zip(cells, labels, strict=True):
            if label:
                pieces.append(Piece("label", cell.lines()))
            else:
                _add_blocks(pieces, cell.blocks)
        return
    _add_cells(pieces, cells)


def _add_blocks(pieces: list[Piece], blocks: Iterable[Line | Table]) -> None:
    for block in blocks:
        if isinstance(block, Line):
            if pieces and pieces[-1].kind == "text" and _same_column(pieces[-1].lines[-1], block):
                pieces[-1].lines.append(block)
            else:
                pieces.append(Piece("text", [block]))
        else:
            for row in block.rows:
                _add_cells(pieces, row)


def _same_column(before: Line, after: Line) -> bool:
    return before.page != after.page or abs(before.cell_right - after.cell_right) < SAME_COLUMN


def _add_cells(pieces: list[Piece], cells: Sequence[Cell]) -> None:
    if len(cells) == 1:
        _add_blocks(pieces, cells[0].blocks)
        return
    for row in _spread(cells):
        if row:
            pieces.append(Piece("cells", cells=row))


def _spread(cells: Iterable[Cell]) -> list[list[list[Line]]]:
    """A row of cells as rows of lines: cells that are divided further give the rows below the first."""
    first: list[list[Line]] = []
    below: list[list[list[Line]]] = []
    for cell in cells:
        if len(cell.blocks) == 1 and isinstance(cell.blocks[0], Table):
            inner = [spread for row in cell.blocks[0].rows for spread in _spread(row)]
            first.extend(inner[0])
            below.extend(inner[1:])
        elif lines := [line for block in cell.blocks for line in lines_in(block)]:
            first.append(lines)
    return [first, *below]
