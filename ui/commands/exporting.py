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

from typer import BadParameter

Cell = str | int | float | date | None

FORMATS = (".csv", ".xlsx", ".md")
# What makes a spreadsheet calculate, half and full width, behind any white space.
_CALCULATES = re.compile(r"\s*[=+\-@＝＋－＠|%]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~])")
WIDEST = 60  # characters of a column of a workbook


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]], kind: str | None = None
) -> None:
    """Write a table as a file.

    Args:
        path: of the file; what is there is written over.
        header: the columns' names.
        rows: as many cells each as the header has.
        kind: one of `FORMATS`; what the file's name ends in, where absent.

    Raises:
        ValueError: the format is none of these.
        OSError: the file cannot be written.
    """
    ending = kind or path.suffix.lower()
    if ending not in FORMATS:
        raise ValueError(f"{path.name}: the name of a table ends in {', '.join(FORMATS)}")
    if ending == ".csv":
        made = as_csv(header, rows)
    elif ending == ".xlsx":
        made = as_xlsx(header, rows)
    else:
        made = as_markdown(header, rows).encode()
    path.write_bytes(made)


def write_tables(
    files: Iterable[tuple[Path | None, str]], header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> None:
    """Write one table into each file that an option names.

    Args:
        files: each with the format that its option stands for, one of `FORMATS`; None where the option is not given.
        header: the columns' names.
        rows: as many cells each as the header has.

    Raises:
        BadParameter: a file cannot be written.
    """
    wanted = [(file, ending) for file, ending in files if file is not None]
    kept = [list(row) for row in rows] if wanted else []
    for file, ending in wanted:
        try:
            write_table(file, header, kept, ending)
        except OSError as error:
            raise BadParameter(
                f"{file} cannot be written ({error.strerror or error}): name another file"
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
    from openpyxl import Workbook  # type: ignore[import-untyped]  # no stubs; here, since only a workbook needs it
    from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
    from openpyxl.styles import Font  # type: ignore[import-untyped]
    from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

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
    return "| " + " | ".join(in_markdown(cell) for cell in cells) + " |"


def in_markdown(cell: Cell) -> str:
    """A cell of a Markdown table: in one line, no sign of Markdown or HTML acting."""
    text = " ".join(_visible(str("" if cell is None else cell)).split())
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(r"\\\1", text)
