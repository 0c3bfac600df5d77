"""The canonical text of a PDF: a paragraph a line, each character with the page and box it is printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.form_table import Piece
from ingest.readers.layout import Line
from ingest.readers.paragraphs import join, split_paragraphs
from ingest.readers.pdf_page import Glyph
from ingest.records import Box, Span


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical text; `places[i]` is the printed line (its count, its page) and glyph of character i.

    White space that no glyph stands for has no place.
    """

    text: str
    places: Sequence[tuple[int, int, Glyph] | None]
    labels: tuple[Span, ...]

    def bold(self) -> tuple[Span, ...]:
        """The stretches that are printed bold; white space does not part them."""
        found: list[Span] = []
        start: int | None = None
        end = 0
        for at, place in enumerate(self.places):
            if place is None:
                continue
            if place[2].bold:
                start, end = (at if start is None else start), at + 1
            elif start is not None:
                found.append(Span(start, end))
                start = None
        if start is not None:
            found.append(Span(start, end))
        return tuple(found)

    def page_spans(self, count: int) -> list[Span]:
        """For each of `count` pages: from its first character to behind its last; empty if it has none.

        A label that is printed on a later page than its row's content begins stands before it in the
        text; it is not counted, so that the spans of the pages don't overlap.
        """
        moved = {at for label in self.labels for at in range(label.start, label.end)}
        first: dict[int, int] = {}
        last: dict[int, int] = {}
        for at, place in enumerate(self.places):
            if place is not None and at not in moved:
                first.setdefault(place[1], at)
                last[place[1]] = at + 1
        spans: list[Span] = []
        for number in range(1, count + 1):
            reached = spans[-1].end if spans else 0
            spans.append(Span(first.get(number, reached), last.get(number, reached)))
        return spans

    def boxes(self, span: Span) -> list[Box]:
        """One box for each printed line that a span touches, in the text's order."""
        found: list[Box] = []
        current = -1
        for place in self.places[span.start : span.end]:
            if place is None:
                continue
            line, page, glyph = place
            if line == current:
                last = found[-1]
                found[-1] = Box(
                    page,
                    min(last.left, glyph.left),
                    min(last.top, glyph.top),
                    max(last.right, glyph.right),
                    max(last.bottom, glyph.bottom),
                )
            else:
                found.append(Box(page, glyph.left, glyph.top, glyph.right, glyph.bottom))
                current = line
        return found


class _Writer:
    """Collects characters with their places."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.places: list[tuple[int, int, Glyph] | None] = []
        self.lines = 0

    def blank(self, text: str) -> None:
        """White space between what is printed; never at the start of the text."""
        if self.places:
            self.parts.append(text)
            self.places.extend([None] * len(text))

    def paragraph(self, lines: Sequence[Line]) -> None:
        for at, line in enumerate(lines):
            if at:
                self.blank(join(lines[at - 1].text, line.text))
            self.parts.append(line.text)
            self.places.extend(
                None if glyph is None else (self.lines, line.page, glyph) for glyph in line.glyphs
            )
            self.lines += 1


def canonical_text(pieces: Iterable[Piece]) -> Canonical:
    """Write the flow of a record down: labels, paragraphs and table rows each on a line of their own."""
    writer = _Writer()
    labels: list[Span] = []
    for piece in pieces:
        if piece.kind == "cells":
            for row in _side_by_side(piece.cells):
                writer.blank("\n")
                for at, cell in enumerate(row):
                    if at:
                        writer.blank("\t")
                    for number, paragraph in enumerate(split_paragraphs(cell)):
                        if number:
                            writer.blank(" ")
                        writer.paragraph(paragraph)
            continue
        if piece.kind == "label":
            writer.blank("\n")
            start = len(writer.places)
            writer.paragraph(piece.lines)
            labels.append(Span(start, len(writer.places)))
            continue
        for paragraph in split_paragraphs(piece.lines):
            writer.blank("\n")
            writer.paragraph(paragraph)
    return Canonical("".join(writer.parts), writer.places, tuple(labels))


def _side_by_side(cells: Sequence[Sequence[Line]]) -> list[list[list[Line]]]:
    """The rows of one tall row of cells: lists that stand side by side, line by line, without rules between.

    Only where the first column is a list of short lines and most of them have a line beside them on the
    same baseline; a line that has none goes on with the row above.
    """
    first = cells[0]
    whole = [[list(cell) for cell in cells]]
    if len(cells) < 2 or len(first) < 3:
        return whole
    short = sum(line.cell_right - line.right > line.size for line in first)
    if short * 10 < len(first) * 8:
        return whole
    rows: list[list[list[Line]]] = [[[line], *([] for _ in cells[1:])] for line in first]
    for column, cell in enumerate(cells[1:], 1):
        beside = 0
        for line in cell:
            above = [
                at
                for at, other in enumerate(first)
                if (other.page, other.base) <= (line.page, line.base + 0.4 * line.size)
            ]
            at = above[-1] if above else 0
            beside += abs(first[at].base - line.base) <= 0.4 * line.size and not rows[at][column]
            rows[at][column].append(line)
        if beside * 10 < len(first) * 8:
            return whole
    joined: list[list[list[Line]]] = []
    for row in rows:
        # A name too long for its column goes on in a line that has nothing beside it.
        if joined and not any(row[1:]) and _wraps(joined[-1][0][-1], row[0][0]):
            joined[-1][0] += row[0]
        else:
            joined.append(row)
    return [[cell for cell in row if cell] for row in joined]


def _wraps(before: Line, after: Line) -> bool:
    """Whether the first word of a line had no room left in the line before it."""
    word = after.text.split(" ", 1)[0]
    width = 0.55 * after.size * len(word) if word.isascii() else after.size
    return before.cell_right - before.right < width + 0.5 * after.size
