"""Excel workbooks: sheets of investor questions, one a row, or the activity form in cells."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from ingest.errors import NotARecord, SourceError
from ingest.readers.blocks import Block, Cell, Table, canonical_text
from ingest.readers.csv import columns_of, read_rows
from ingest.records import SourceText

MOST_ROWS = 50_000
MOST_COLUMNS = 100
HEADING_WITHIN = 10
"""The row that names the columns is among so many first ones: a title may stand above it."""


def read(data: bytes, name: str) -> SourceText:
    """The canonical text of a workbook: of its first sheet of questions and answers, else of all its shown sheets.

    Raises:
        SourceError: damaged, or too many rows.
        NotARecord: no shown sheet says anything.
    """
    sheets = _sheets(data, name)
    for rows in sheets:
        for at, row in enumerate(rows[:HEADING_WITHIN]):
            columns = columns_of(row)
            if "question" in columns and "answer" in columns:
                below: Iterator[Sequence[str]] = iter(rows[at:])
                return read_rows(below, name, "xlsx")
    blocks: list[Block] = [
        Table([[Cell(list(cell.split("\n"))) for cell in row] for row in rows]) for rows in sheets if rows
    ]
    canonical, labels, bold = canonical_text(blocks)
    if not canonical.strip():
        raise NotARecord(f"{name}: no shown sheet of the workbook says anything")
    return SourceText("xlsx", canonical, labels=labels, bold=bold)


def _sheets(data: bytes, name: str) -> list[list[list[str]]]:
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        try:
            return [_rows(sheet, name) for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
        finally:
            workbook.close()
    except SourceError:
        raise
    except (MemoryError, RecursionError):
        raise
    except Exception as error:
        raise SourceError(
            f"{name}: the workbook is damaged ({type(error).__name__}); save it again"
        ) from error


def _rows(sheet: Any, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        if number > MOST_ROWS:
            raise SourceError(f"{name}: more than {MOST_ROWS} rows in a sheet; split it")
        cells = [_words(value) for value in row]
        if any(cells):
            rows.append(cells)
    return rows


def _words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
