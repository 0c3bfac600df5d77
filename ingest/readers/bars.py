"""Rows whose cells are parted by bars: Markdown documents, and plain texts with `label | value` lines."""

from __future__ import annotations

import itertools
import re

from ingest.readers.blocks import BOLD, PLAIN, Block, Cell, Table, canonical_text, unmarked
from ingest.readers.labels import is_column_label
from ingest.records import SourceText

_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*")
_LEADING = re.compile(r"\s*>\s?|\s*[-*+]\s+(?=\S)")
"""The signs of a quotation and of a list's item."""
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BOLD_TYPE = re.compile(r"(?<!\*)\*\*(?=\S)([^*\n]{1,400}?)\*\*(?!\*)")
_ITALIC_TYPE = re.compile(r"(?<![*\w])\*(?=[^\s*])([^*\n]{1,400}?)(?<=[^\s*])\*(?![*\w])")
_BAR = re.compile(r"(?<!\\)[|｜]")
_ESCAPED = re.compile(r"\\([\\|*_`#\[\]()<>~+.!-])")


def is_markdown(text: str, name: str) -> bool:
    """Whether a text has a Markdown table in it, or is called .md and has headings or bold type."""
    lines = text[:200_000].split("\n")
    if any(
        "|" in above and _RULE.fullmatch(below) and "|" in below for above, below in itertools.pairwise(lines)
    ):
        return True
    called = name.lower().endswith((".md", ".markdown"))
    return called and any(_HEADING.fullmatch(line) or "**" in line for line in lines)


def read_markdown(text: str) -> SourceText:
    """The canonical text of a Markdown document: headings and paragraphs as lines, tables as tables."""
    blocks: list[Block] = []
    table: Table | None = None
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        cells = cells_of(line)
        if table is not None and (cells is None or not line.strip()):
            table = None
        if cells is None or (table is None and not line.lstrip().startswith(("|", "｜")) and not _row(cells)):
            blocks.append(_paragraph(line))
        elif not _RULE.fullmatch(line):
            if table is None:
                table = Table()
                blocks.append(table)
            table.rows.append([Cell([_paragraph(part) for part in _BREAK.split(cell)]) for cell in cells])
    canonical, labels, bold = canonical_text(blocks)
    return SourceText("md", canonical, labels=labels, bold=bold)


def cells_of(line: str) -> list[str] | None:
    """The cells of a line that bars part; None where none does."""
    if not _BAR.search(line):
        return None
    return [cell.strip() for cell in _BAR.split(line.strip().strip("|｜"))]


def _row(cells: list[str]) -> bool:
    return len(cells) > 1 and is_column_label(cells[0])


def _paragraph(text: str) -> str:
    heading = _HEADING.fullmatch(text)
    words = heading[1] if heading else text[found.end() :] if (found := _LEADING.match(text)) else text
    words = _BOLD_TYPE.sub(rf"{BOLD}\1{PLAIN}", unmarked(words))
    words = _ITALIC_TYPE.sub(r"\1", words)
    return _ESCAPED.sub(r"\1", words)
