"""The canonical text of a PDF: a paragraph a line, each character with the page and box it is printed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.readers.form_table import Piece
from ingest.readers.layout import Line
from ingest.readers.paragraphs import join, split_paragraphs
from ingest.readers.pdf_page import Glyph
from ingest.readers.side_by_side import side_by_side
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
            for row in side_by_side(piece.cells):
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
