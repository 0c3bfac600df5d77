"""Tables as files for a spreadsheet or a document: csv, xlsx, Markdown.

A table is a header and rows; a cell is text, a number, a day, or None. Text comes from records, so nothing in it may
act: a cell that a spreadsheet would calculate gets an apostrophe in front, Markdown and HTML signs are escaped.

>>> as_markdown(["公司", "原句"], [["岚川智冷", "a|b"]]).splitlines()[2]
'| 岚川智冷 | a\\\\|b |'
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import typer

Cell = str | int | float | date | None

# What makes a spreadsheet calculate, half and full width, behind any white space.
_CALCULATES = re.compile(r"\s*[=+\-@＝＋－＠|%]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~])")
WIDEST = 60  # characters of a column of a workbook


def export(
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    csv_file: Path | None = None,
    xlsx_file: Path | None = None,
    md_file: Path | None = None,
) -> None:
    """Write a table to the files that are named.

    Raises:
        typer.BadParameter: a file cannot be written; the message says which and why.
    """
    table = [list(row) for row in rows]
    made = (
        (csv_file, lambda: as_csv(header, table)),
        (xlsx_file, lambda: as_xlsx(header, table)),
        (md_file, lambda: as_markdown(header, table).encode()),
    )
    for path, make in made:
        if path is None:
            continue
        try:
            path.write_bytes(make())
        except OSError as error:
            raise typer.BadParameter(
                f"{path} cannot be written ({error.strerror or error}): name another file"
            ) from error


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as csv in UTF-8 with a byte order mark, so that spreadsheets read the characters right."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table as a workbook of one sheet: the header in bold and fixed, days and numbers as such."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    table = [[harmless(cell) for cell in row] for row in rows]
    for at, title in enumerate(header):
        width = max([len(str(title)) * 2, *(len(str(row[at] or "")) + 2 for row in table)])
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(width, WIDEST)
    titles = [WriteOnlyCell(sheet, value=harmless(title)) for title in header]
    for title in titles:
        title.font = Font(bold=True)
    sheet.append(titles)
    for row in table:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_markdown(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The table in Markdown, each row in one line."""
    lines = [_row(header), "|" + " --- |" * len(header), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def harmless(cell: Cell) -> Cell:
    """A cell that no spreadsheet calculates: text that looks like a formula gets an apostrophe in front."""
    if not isinstance(cell, str):
        return cell
    text = _visible(cell)
    return f"'{text}" if _CALCULATES.match(text) else text


def _visible(text: str) -> str:
    """The text without control and format characters, which a workbook refuses."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _row(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(cell: Cell) -> str:
    """A cell of a Markdown table: in one line, no sign of Markdown or HTML acting."""
    text = " ".join(_visible(str("" if cell is None else cell)).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", text)
