"""Lists that stand side by side in one tall row of cells, without rules between: which lines belong together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ingest.readers.layout import Line

_MOST_HEADS, _MOST_LINES = 3, 12
"""So many lines of the first column, and beside them, make a row at most."""
_ALONE = 0.6
"""What a row with nothing beside it costs, in type sizes."""
_BROKEN = 0.5
"""What it costs where a line ends though the next one's first word had room in it."""
_MORE = 0.05
"""What each further line of a row costs: where nothing else tells, rows are short."""
_OFF = 1.5
"""Lines whose baselines are farther apart (type sizes) than this make no row."""

Row = list[list[Line]]
"""The lines of one row, a list a column."""


def side_by_side(cells: Sequence[Sequence[Line]]) -> list[Row]:
    """The rows of one tall row of cells; the whole as one row where it is no list.

    Only where the first column is a list of short lines and most of them have lines beside them, which
    begin at their baseline or are centred on it.
    """
    first = cells[0]
    whole = [[list(cell) for cell in cells]]
    if len(cells) < 2 or len(first) < 3:
        return whole
    short = sum(line.cell_right - line.right > line.size for line in first)
    if short * 10 < len(first) * 8:
        return whole
    rows = _rows(first, cells[1])
    if rows is None:
        return whole
    for column in range(2, len(cells)):
        for line in cells[column]:
            row = min(rows, key=lambda each: _distance(each[0] or each[1], [line]))
            row += [[] for _ in range(column + 1 - len(row))]
            row[column].append(line)
    filled = sum(len(row[0]) for row in rows if any(row[1:]))
    if filled * 10 < len(first) * 8:
        return whole
    return [[cell for cell in row if cell] for row in rows]


class _Step(NamedTuple):
    """The least cost of a beginning of two columns, and how many lines of each its last row takes."""

    cost: float
    heads: int
    lines: int


def _rows(first: Sequence[Line], second: Sequence[Line]) -> list[Row] | None:
    """The rows of two columns, page by page; None where lines stand beside nothing."""
    rows: list[Row] = []
    for page in sorted({line.page for line in (*first, *second)}):
        heads = [line for line in first if line.page == page]
        lines = [line for line in second if line.page == page]
        if not heads:
            if not rows:
                return None
            rows[-1][1] += lines
            continue
        ways = [_Page(heads, lines, middle).rows() for middle in (False, True)]
        possible = [way for way in ways if way is not None]
        if not possible:
            return None
        _, carried, found = min(possible, key=lambda way: way[0])
        if carried and rows:
            rows[-1][1] += carried
        elif carried:
            rows.append([[], carried])
        rows += found
    return rows


class _Page:
    """Two columns on one page.

    `middle`: what belongs together is centred on each other, else begins on one baseline.
    """

    def __init__(self, heads: Sequence[Line], lines: Sequence[Line], middle: bool) -> None:
        self.heads = heads
        self.lines = lines
        self.middle = middle
        self._bases = [line.base for line in lines]
        self._breaks = [0.0, *(_break(before, after) for before, after in pairwise(lines))]
        self._head_breaks = [0.0, *(_break(before, after) for before, after in pairwise(heads))]

    def rows(self) -> tuple[float, list[Line], list[Row]] | None:
        """The cost, the lines that still belong to the page before, and the rows; None if none fit."""
        steps: dict[tuple[int, int], _Step] = {(0, 0): _Step(0.0, 0, 0)}
        for count in range(1, min(_MOST_LINES, len(self.lines)) + 1):
            steps[0, count] = _Step(_ALONE + self._broken(self.lines[:count]), 0, count)
        for at in range(len(self.heads)):
            for reached in range(len(self.lines) + 1):
                before = steps.get((at, reached))
                if before is not None:
                    self._extend(steps, at, reached, before.cost)
        place = (len(self.heads), len(self.lines))
        if place not in steps:
            return None
        cost, found = steps[place].cost, []
        while place[0]:
            _, heads, lines = steps[place]
            start = (place[0] - heads, place[1] - lines)
            found.append([list(self.heads[start[0] : place[0]]), list(self.lines[start[1] : place[1]])])
            place = start
        return cost, list(self.lines[: place[1]]), found[::-1]

    def _extend(self, steps: dict[tuple[int, int], _Step], at: int, reached: int, cost: float) -> None:
        most = min(_MOST_LINES, len(self.lines) - reached)
        for heads in range(1, min(_MOST_HEADS, len(self.heads) - at) + 1):
            first, last = self.heads[at], self.heads[at + heads - 1]
            broken = cost + sum(self._head_breaks[at + 1 : at + heads])
            middle = (first.base + last.base) / 2
            rough = 0.0
            for count in range(most + 1):
                rough += self._breaks[reached + count - 1] if count > 1 else 0.0
                now = broken + _ALONE
                if count:
                    below = self._bases[reached + count - 1]
                    if self.middle:
                        off = abs(middle - (self._bases[reached] + below) / 2) / first.size
                    else:
                        off = abs(first.base - self._bases[reached]) / first.size
                    if off > _OFF:
                        if below > last.base:
                            break  # the more lines, the farther down
                        continue
                    now = broken + off + rough
                    if heads > 1 and count > 1:
                        now += _BROKEN  # seldom do both columns of a row wrap
                place = (at + heads, reached + count)
                known = steps.get(place)
                if known is None or now < known.cost:
                    steps[place] = _Step(now, heads, count)

    def _broken(self, lines: Sequence[Line]) -> float:
        return sum(_break(before, after) for before, after in pairwise(lines))


def _break(before: Line, after: Line) -> float:
    """What the end of a line inside a row costs."""
    return _MORE if _wraps(before, after) else _BROKEN


def _distance(heads: Sequence[Line], lines: Sequence[Line]) -> float:
    """How far the middles of two runs of lines are apart, in type sizes; a page counts for many."""
    middle, other = ((each[0].base + each[-1].base) / 2 for each in (heads, lines))
    return 1000.0 * abs(heads[0].page - lines[0].page) + abs(middle - other) / heads[0].size


def _wraps(before: Line, after: Line) -> bool:
    """Whether the first word of a line had no room left in the line before it."""
    word = after.text.split(" ", 1)[0]
    letter = 0.7 if word.isupper() else 0.55
    width = letter * after.size * len(word) if word.isascii() else after.size
    return before.cell_right - before.right < width + 0.5 * after.size
