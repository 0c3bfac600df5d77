"""Page furniture: page numbers and running headers, which nobody said and no quote may hold."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial

from ingest.readers.layout import Line, Table, lines_in

MARGIN = 0.13
"""Furniture stands in this share of the page's height at the top or the bottom."""
_PAGE_NUMBER = re.compile(
    r"[-—–―~·•|\s]*(?:第|page|p\.?)?\s*\d{1,4}\s*(?:页)?\s*(?:[/／,，|]|共|of|之)*\s*\d{0,4}\s*(?:页)?[-—–―~·•|\s]*",
    re.IGNORECASE,
)
_TITLE = re.compile(r"证券代码|股票代码|证券简称|股票简称|编号|记录表")
_DIGITS = re.compile(r"\d+")
_BLANK = re.compile(r"\s+")


def without_furniture(
    pages: Sequence[Sequence[Line | Table]], heights: Sequence[float]
) -> list[list[Line | Table]]:
    """The pages without page numbers and without lines that come back at the same place of the pages.

    The first page's copy of a running header stays where it names the record (code, number, title).

    Args:
        pages: the blocks of each page.
        heights: the height of each page, in points.
    """
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, blocks in enumerate(pages):
        for block in blocks:
            for line in lines_in(block):
                if _in_margin(line, heights[at]):
                    places[_key(line)].append((at, line.base / heights[at]))

    def furniture(line: Line, at: int, free: bool) -> bool:
        height = heights[at]
        if not _in_margin(line, height):
            return False
        key = _key(line)
        y = line.base / height
        copies = {page for page, where in places[key] if abs(where - y) < 0.012}
        if free and _PAGE_NUMBER.fullmatch(line.text):
            return True
        if len(copies) < (2 if free else max(3, 0.6 * len(pages))) or len(key) > 60:
            return False
        return not (at == min(copies) and _TITLE.search(line.text))

    kept: list[list[Line | Table]] = []
    for at, blocks in enumerate(pages):
        page: list[Line | Table] = []
        for block in blocks:
            if isinstance(block, Line):
                if not furniture(block, at, True):
                    page.append(block)
            else:
                _strip(block, partial(furniture, at=at, free=False))
                page.append(block)
        kept.append(page)
    return kept


def _in_margin(line: Line, height: float) -> bool:
    return line.bottom < MARGIN * height or line.top > (1 - MARGIN) * height


def _key(line: Line) -> str:
    return _DIGITS.sub("#", _BLANK.sub("", line.text))


def _strip(table: Table, furniture: Callable[[Line], bool]) -> None:
    for row in table.rows:
        for cell in row:
            for block in cell.blocks:
                if isinstance(block, Table):
                    _strip(block, furniture)
            cell.blocks = [b for b in cell.blocks if isinstance(b, Table) or not furniture(b)]
