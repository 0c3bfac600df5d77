"""Plain text, mostly dumps of Word files: leftovers of the dump go, labels that stand alone are hinted."""

from __future__ import annotations

import re

from ingest.readers.bars import cells_of
from ingest.readers.labels import is_column_label, is_label
from ingest.readers.sniffing import decode
from ingest.records import SourceText, Span
from ingest.settings import Settings

# What dumps of Word files leave behind: bookmarks, field codes, picture marks.
_LEFTOVERS = re.compile(
    r"\[(?:bookmark|image|picture|embed|object)[^\]\n]{0,120}\]|HYPERLINK\s+\"[^\"\n]{0,300}\"|\x13[^\x14\x15\n]{0,300}\x14"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ufeff\u200b\u200e\u200f\u2060\ufffe\uffff]")


WIDE_GAP = re.compile(r"[^\S\n]{41,}")
NARROW_GAP = " " * 40
"""Gaps between columns are narrower; patterns need not look through wider ones."""


def read(data: bytes, name: str, settings: Settings) -> SourceText:
    """Read a text file in UTF-8, UTF-16 or GB18030; see `read_text`."""
    return read_text(decode(data, name), name)


def read_text(text: str, name: str) -> SourceText:
    """The canonical text: one paragraph a line, white space at line ends and leftovers gone.

    Tabs inside a line separate columns and become single tabs; a row `label | value` becomes two lines. A line that reads as a form label is
    hinted as one.
    """
    canonical, columns = _rows_parted(clean(text))
    return SourceText("txt", canonical, labels=label_lines(canonical, columns))


def _rows_parted(text: str) -> tuple[str, frozenset[int]]:
    """The text with `label | value` rows in lines of their own, as other tables become, and which lines are labels."""
    if "|" not in text and "｜" not in text:
        return text, frozenset()
    lines: list[str] = []
    labels: set[int] = set()
    for line in text.split("\n"):
        cells = cells_of(line)
        if not cells or len(cells) < 2 or not is_column_label(cells[0]):
            lines.append(line)
            continue
        for at, cell in enumerate(each for each in cells if each):
            if is_label(cell) or at == 0:
                labels.add(len(lines))
                cell = re.sub(r"\s", "", cell)
            lines.append(cell)
    return "\n".join(lines), frozenset(labels)


def clean(text: str) -> str:
    """Line ends as newlines, no control characters, no leftovers, no more than one empty line in a row."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    text = _LEFTOVERS.sub("", text)
    text = _CONTROLS.sub("", text)
    text = WIDE_GAP.sub(NARROW_GAP, text)
    lines = [re.sub(r"\t+", "\t", line).strip() for line in text.replace("\u2028", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def label_lines(text: str, known: frozenset[int] = frozenset()) -> tuple[Span, ...]:
    """The lines that are form labels, whole; `known` are the numbers of lines that stood in a label's column."""
    labels: list[Span] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        if number in known or (2 <= len(line) <= 40 and is_label(line)):
            labels.append(Span(start, start + len(line)))
        start += len(line) + 1
    return tuple(labels)
