"""Paragraphs and tables of a flowing document (docx, html), and how they become canonical text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.readers.csv import columns_of
from ingest.readers.labels import badge, is_column_label, is_label, question_columns
from ingest.records import Span

_LONG_CELL = 200  # characters; a table with longer cells lays out text rather than data
_MANY_PARAGRAPHS = 3
LEAST_HEADS = 3
"""So many labels in a row head the columns below them; two may be a label and its content."""
_WIDE_GAP = re.compile(r"[^\S\n]{41,}")


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
"""A paragraph (lines within it parted by newlines; bold stretches between BOLD and PLAIN) or a table."""

_DAYS = (("asked_on", "提问"), ("answered_on", "回答"))

BOLD, PLAIN = "\x02", "\x03"
"""Control characters that no document may hold as text; readers set them around bold type."""


def unmarked(text: str) -> str:
    """A text without the marks of bold type."""
    return text.replace(BOLD, "").replace(PLAIN, "")


class Canonical(NamedTuple):
    """A document's text, one paragraph a line, where form labels stand in it and what is bold."""

    text: str
    labels: tuple[Span, ...]
    bold: tuple[Span, ...]


class _Line(NamedTuple):
    """A line of the text, whether it is a form label, and its bold stretches."""

    label: bool
    text: str
    bold: tuple[Span, ...] = ()


def canonical_text(blocks: Sequence[Block]) -> Canonical:
    """The canonical text of a document's blocks.

    Rows of the form become the label's line and the content's lines; other tables a line a row, cells
    parted by tabs; tables of questions and answers 问：/答： lines.
    """
    parts: list[str] = []
    labels: list[Span] = []
    bold: list[Span] = []
    length = 0
    for line in _lines(blocks):
        if parts:
            parts.append("\n")
            length += 1
        if line.label:
            labels.append(Span(length, length + len(line.text)))
        bold += (Span(length + each.start, length + each.end) for each in line.bold)
        parts.append(line.text)
        length += len(line.text)
    return Canonical("".join(parts), tuple(labels), tuple(bold))


def _lines(blocks: Sequence[Block]) -> Iterator[_Line]:
    for block in blocks:
        if isinstance(block, Table):
            yield from _table_lines(block)
            continue
        opened = False
        for line in block.split("\n"):
            marked = (BOLD if opened else "") + line
            opened = marked.rfind(BOLD) > marked.rfind(PLAIN)
            if tidied := _tidy(line):
                yield _Line(
                    is_label(tidied), tidied, _bold_stretches(marked, tidied) if BOLD in marked else ()
                )


def _bold_stretches(marked: str, tidied: str) -> tuple[Span, ...]:
    """Where a line's bold type stands in it once it is tidied, which only leaves characters out."""
    found: list[Span] = []
    at = 0
    start: int | None = None
    for char in marked.replace("\xa0", " ") + PLAIN:
        if char == BOLD:
            start = at if start is None else start
        elif char == PLAIN:
            if start is not None and at > start:
                found.append(Span(start, at))
            start = None
        elif at < len(tidied) and tidied[at] == char:
            at += 1
    return tuple(found)


def _table_lines(table: Table) -> Iterator[_Line]:
    rows = [row for row in table.rows if row]
    is_form = sum(is_label(_flat(row[0])) for row in rows) >= min(2, len(rows))
    asked = question_columns([_flat(cell) for cell in rows[0]]) if rows else None
    if asked and not is_form:
        columns = columns_of([_flat(cell) for cell in rows[0]])
        for row in rows[1:]:
            yield from _heading_of_row(
                {field: _flat(row[at]) for field, at in columns.items() if at < len(row)}
            )
            question, answer = (_flat(row[at]) if at < len(row) else "" for at in asked)
            days = {} if "code" in columns else columns
            for sign, words, field in (("问", question, "asked_on"), ("答", answer, "answered_on")):
                if words:
                    yield _Line(False, f"{sign}：{words}")
                if words and field in days and days[field] < len(row) and (day := _flat(row[days[field]])):
                    yield _Line(False, f"{dict(_DAYS)[field]}时间：{day}")
        return
    badged = _speaks_by_badges(rows)
    rows = list(_upended(rows))
    is_form = sum(is_label(_flat(row[0])) for row in rows) >= min(2, len(rows))
    for row in rows:
        filled = [cell for cell in row if _flat(cell)]
        if not filled:
            continue
        if badged and len(filled) > 1 and (mark := badge(_flat(filled[0]))):
            first, *rest = [line for cell in filled[1:] for line in _lines(cell.blocks)]
            yield first._replace(label=False, text=f"{mark}：{first.text}", bold=())
            yield from rest
        elif len(filled) == 1 and (not is_form or not is_label(_flat(filled[0]))):
            yield from _lines(filled[0].blocks)
        elif is_form or any(_is_long(cell) for cell in filled):
            for at, cell in enumerate(filled):
                words = _flat(cell)
                # "投资者关系活动主\n要内容介绍": a label wrapped by hand is one line.
                if is_label(words) or (at == 0 and is_form and len(filled) > 1 and is_column_label(words)):
                    yield _Line(True, re.sub(r"\s+", "", words))
                else:
                    yield from _lines(cell.blocks)
        else:
            yield _Line(False, "\t".join(_flat(cell) for cell in filled))


def _upended(rows: Sequence[list[Cell]]) -> Iterator[list[Cell]]:
    """The rows; labels that stand side by side over their contents are put in front of them instead."""
    heads: list[Cell] = []
    for row in rows:
        if heads and len(row) == len(heads) and not any(is_label(_flat(cell)) for cell in row):
            yield from ([head, cell] for head, cell in zip(heads, row, strict=True))
            heads = []
            continue
        if heads:
            yield heads
        heads = row if len(row) >= LEAST_HEADS and all(is_column_label(_flat(cell)) for cell in row) else []
        if not heads:
            yield row
    if heads:
        yield heads


def _speaks_by_badges(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether rows open with `问` or `答` in a cell of their own, and both occur."""
    heads = [next((text for cell in row if (text := _flat(cell))), "") for row in rows]
    return {badge(head) for head in heads} >= {"问", "答"}


def _heading_of_row(fields: Mapping[str, str]) -> Iterator[_Line]:
    """What a row of questions says beside them, as a csv's canonical text has it: code, name, days."""
    code = re.search(r"(?<!\d)\d{6}(?!\d)", fields.get("code", ""))
    if code:
        days = [f"{word} {fields[field]}" for field, word in _DAYS if fields.get(field)]
        yield _Line(False, " ".join(each for each in (code[0], fields.get("short_name", ""), *days) if each))


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
        for line in _lines(cell.blocks):
            chinese = re.match(r"[\u2e80-\uffee]", joined[-1:]) and re.match(r"[\u2e80-\uffee]", line.text)
            joined += ("" if not joined or chinese else " ") + line.text
        cell.flat = joined
    return cell.flat


def _tidy(line: str) -> str:
    line = re.sub(r"[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b-\u200d\u2060]", "", line)
    return _WIDE_GAP.sub(" " * 40, re.sub(r"\t+", "\t", line.replace("\xa0", " "))).strip()
