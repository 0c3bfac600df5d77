"""Tables that are drawn with characters in plain text: rules of `+---+` or `━━━`, cells parted by bars."""

from __future__ import annotations

import re
from itertools import pairwise

from ingest.readers.blocks import Block, Cell, Table

_RULE = re.compile(r"[+|│┃║├┤┌┐└┘┬┴┼╋╠╣╦╩╬╔╗╚╝╟╢\s\-=─━═_]{8,}")
_STROKES = re.compile(r"[-=─━═_]{3}")
_BAR = re.compile(r"[|│┃║]")


def grid_blocks(text: str) -> list[Block] | None:
    """The paragraphs and tables of a text that has drawn tables in it; None for other texts.

    Args:
        text: cleaned, its lines without white space at their ends.
    """
    lines = text.split("\n")
    rules = [at for at, line in enumerate(lines) if _STROKES.search(line) and _RULE.fullmatch(line)]
    bands = [(above, below) for above, below in pairwise(rules) if _is_row(lines[above + 1 : below])]
    if not bands:
        return None
    blocks: list[Block] = []
    table: Table | None = None
    reached = 0
    for above, below in bands:
        between = [line for at, line in enumerate(lines[reached:above], reached) if at not in rules and line]
        if between:
            blocks += between
            table = None
        if table is None:
            table = Table()
            blocks.append(table)
        table.rows.append(_row(lines[above + 1 : below]))
        reached = below
    blocks += [line for at, line in enumerate(lines[reached:], reached) if at not in rules and line]
    return blocks


def _is_row(lines: list[str]) -> bool:
    """Whether lines between two rules are one row of a table: its first line has two cells at least."""
    return bool(lines) and len(_cells(lines[0])) > 1


def _cells(line: str) -> list[str]:
    inner = re.sub(r"^[|│┃║]|[|│┃║]$", "", line)
    return [cell.strip() for cell in _BAR.split(inner)]


def _row(lines: list[str]) -> list[Cell]:
    row = [Cell() for _ in _cells(lines[0])]
    for line in lines:
        cells = _cells(line)
        if len(cells) == len(row):
            for cell, words in zip(row, cells, strict=True):
                if words:
                    cell.blocks.append(words)
        elif words := _BAR.sub("", line).strip():
            row[-1].blocks.append(words)
    return row
