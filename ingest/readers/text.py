"""Plain text, mostly dumps of Word files: leftovers of the dump go, labels that stand alone are hinted."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left

from ingest.readers.bars import cells_of
from ingest.readers.blocks import canonical_text
from ingest.readers.grid import grid_blocks
from ingest.readers.labels import is_column_label, is_label
from ingest.records import SourceText, Span

# What dumps of Word files leave behind: bookmarks, field codes, picture marks.
_LEFTOVERS = re.compile(
    r"\[(?:bookmark|image|picture|embed|object)[^\]\n]{0,120}\]|HYPERLINK\s+\"[^\"\n]{0,300}\"|\x13[^\x14\x15\n]{0,300}\x14"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x9f\ufeff\u200b\u200e\u200f\u2060\ufffe\uffff]")


_PAGE_NUMBER = re.compile(
    r"第\s*(?P<a>\d{1,3})\s*页(?:\s*[,，/／]?\s*共\s*\d{1,3}\s*页)?|[-—–]\s*(?P<b>\d{1,3})\s*[-—–]|(?P<c>\d{1,3})\s*[/／]\s*\d{1,3}"
    r"|共\s*\d{1,3}\s*页\s*[,，]?\s*第\s*(?P<d>\d{1,3})\s*页|Page\s*(?P<e>\d{1,3})(?:\s*(?:of|/)\s*\d{1,3})?",
    re.IGNORECASE,
)
_RUNNING = 40
"""A header that comes back on every page has fewer characters than this."""
WIDE_GAP = re.compile(r"[^\S\n]{41,}")
NARROW_GAP = " " * 40
"""Gaps between columns are narrower; patterns need not look through wider ones."""


def read_text(text: str) -> SourceText:
    """The canonical text: one paragraph a line, white space at line ends and leftovers gone.

    Tabs inside a line separate columns and become single tabs; a row `label | value` becomes two lines. A line that reads as a form label is
    hinted as one.
    """
    cleaned = clean(text)
    drawn = grid_blocks(cleaned)
    if drawn is not None:
        told, labels, _ = canonical_text(drawn)
        return SourceText("txt", told, labels=labels)
    canonical, columns = _rows_parted(cleaned)
    return SourceText("txt", canonical, labels=label_lines(canonical, columns))


def _rows_parted(text: str) -> tuple[str, frozenset[int]]:
    """The text with `label | value` rows in lines of their own, as other tables become, and which lines are labels."""
    if "|" not in text and "｜" not in text:
        return text, frozenset()
    lines: list[str] = []
    labels: set[int] = set()
    for line in text.split("\n"):
        cells = cells_of(line)
        goes_on = bool(labels) and cells is not None and len(cells) > 1 and not cells[0]
        if not cells or len(cells) < 2 or not (goes_on or is_column_label(cells[0])):
            lines.append(line)
            continue
        for at, cell in enumerate(each for each in cells if each):
            if is_label(cell) or (at == 0 and not goes_on):
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
    return re.sub(r"\n{3,}", "\n\n", "\n".join(_without_page_ends(lines))).strip("\n")


def _without_page_ends(lines: list[str]) -> list[str]:
    """The lines without page numbers that count on, and without the header that comes back beside them."""
    numbers = [(at, found) for at, line in enumerate(lines) if (found := _PAGE_NUMBER.fullmatch(line))]
    counted = [int(next(filter(None, found.groups()))) for _, found in numbers]
    apart = all(
        any(lines[before[0] + 1 : after[0]]) for before, after in itertools.pairwise(numbers)
    )  # a page says something
    if not numbers or not apart or any(after != before + 1 for before, after in itertools.pairwise(counted)):
        return lines
    if len(numbers) == 1 and "页" not in numbers[0][1][0]:
        return lines
    gone = {at for at, _ in numbers}
    filled = [at for at, line in enumerate(lines) if line and at not in gone]
    beside = [
        {at for at in (_last(filled, number), _next(filled, number)) if at is not None}
        for number, _ in numbers
    ]
    first = filled[:3]
    for at in set().union(*beside) - set(first):
        line = lines[at]
        copies = sum(any(lines[each] == line for each in pair) for pair in beside)
        if (
            len(line) < _RUNNING
            and not line.endswith(("。", "？", "?", "！", "：", ":"))
            and (copies > 1 or any(lines[each] == line for each in first))
        ):
            gone.add(at)
    return [line for at, line in enumerate(lines) if at not in gone]


def _last(places: list[int], before: int) -> int | None:
    at = bisect_left(places, before)
    return places[at - 1] if at else None


def _next(places: list[int], behind: int) -> int | None:
    at = bisect_left(places, behind)
    return places[at] if at < len(places) else None


def label_lines(text: str, known: frozenset[int] = frozenset()) -> tuple[Span, ...]:
    """The lines that are form labels, whole; `known` are the numbers of lines that stood in a label's column."""
    labels: list[Span] = []
    start = 0
    for number, line in enumerate(text.split("\n")):
        if number in known or (2 <= len(line) <= 40 and is_label(line)):
            labels.append(Span(start, start + len(line)))
        start += len(line) + 1
    return tuple(labels)
