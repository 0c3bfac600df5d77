"""Paragraphs and tables of a flowing document (docx, html), and how they become canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.labels import is_label
from ingest.records import Span

_LONG_CELL = 200  # characters; a table with longer cells lays out text rather than data
_MANY_PARAGRAPHS = 3


@dataclass
class Cell:
    """One cell of a table: paragraphs and tables in reading order."""

    blocks: list[Block] = field(default_factory=list)
    flat: str | None = None  # the cell as one line, once it has been asked for: tables may be nested deep


@dataclass
class Table:
    """Rows of cells; merged cells stand once, where they begin."""

    rows: list[list[Cell]] = field(default_factory=list)


Block = str | Table
"""A paragraph (lines within it parted by newlines) or a table."""


def canonical_text(blocks: Sequence[Block]) -> tuple[str, tuple[Span, ...]]:
    """The canonical text of a document's blocks, one paragraph a line, and the form labels in it.

    Rows of the form become the label's line and the content's lines; other tables a line a row, cells
    parted by tabs; tables of questions and answers 问：/答： lines.
    """
    parts: list[str] = []
    labels: list[Span] = []
    length = 0
    for is_form_label, text in _lines(blocks):
        if parts:
            parts.append("\n")
            length += 1
        if is_form_label:
            labels.append(Span(length, length + len(text)))
        parts.append(text)
        length += len(text)
    return "".join(parts), tuple(labels)


def _lines(blocks: Sequence[Block]) -> Iterator[tuple[bool, str]]:
    for block in blocks:
        if isinstance(block, Table):
            yield from _table_lines(block)
            continue
        for line in block.split("\n"):
            if tidied := _tidy(line):
                yield is_label(tidied), tidied


def _table_lines(table: Table) -> Iterator[tuple[bool, str]]:
    rows = [row for row in table.rows if row]
    is_form = sum(is_label(_flat(row[0])) for row in rows) >= min(2, len(rows))
    asked = _question_columns(rows[0]) if rows else None
    if asked and not is_form:
        for row in rows[1:]:
            question, answer = (_flat(row[at]) if at < len(row) else "" for at in asked)
            if question:
                yield False, f"问：{question}"
            if answer:
                yield False, f"答：{answer}"
        return
    for row in rows:
        filled = [cell for cell in row if _flat(cell)]
        if not filled:
            continue
        if len(filled) == 1 and (not is_form or not is_label(_flat(filled[0]))):
            yield from _lines(filled[0].blocks)
        elif is_form or any(_is_long(cell) for cell in filled):
            for cell in filled:
                words = _flat(cell)
                # "投资者关系活动主\n要内容介绍": a label wrapped by hand is one line.
                if is_label(words):
                    yield True, re.sub(r"\s+", "", words)
                else:
                    yield from _lines(cell.blocks)
        else:
            yield False, "\t".join(_flat(cell) for cell in filled)


def _question_columns(row: Sequence[Cell]) -> tuple[int, int] | None:
    """Which columns hold questions and answers, by the table's first row."""
    heads = [re.sub(r"\s", "", _flat(cell)) for cell in row]
    question = next(
        (
            at
            for at, head in enumerate(heads)
            if re.fullmatch(r"(?:投资者)?(?:提出的)?(?:提问|问题)(?:内容)?", head)
        ),
        None,
    )
    answer = next(
        (
            at
            for at, head in enumerate(heads)
            if re.fullmatch(r"(?:公司|上市公司)?(?:回答|回复|答复|解答)(?:内容|情况)?", head)
        ),
        None,
    )
    return (question, answer) if question is not None and answer is not None else None


def _is_long(cell: Cell) -> bool:
    return (
        any(isinstance(block, Table) for block in cell.blocks)
        or len(cell.blocks) > _MANY_PARAGRAPHS
        or len(_flat(cell)) > _LONG_CELL
    )


def _flat(cell: Cell) -> str:
    """A cell as one line; lines of Chinese join without a space."""
    if cell.flat is None:
        joined = ""
        for _, line in _lines(cell.blocks):
            chinese = re.search(r"[\u2e80-\uffee]$", joined) and re.match(r"[\u2e80-\uffee]", line)
            joined += ("" if not joined or chinese else " ") + line
        cell.flat = joined
    return cell.flat


def _tidy(line: str) -> str:
    line = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b-\u200d\u2060]", "", line)
    return re.sub(r"\t+", "\t", line.replace("\xa0", " ")).strip()
