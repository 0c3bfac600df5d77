"""Tables as files: csv, xlsx or Markdown by the file's name; no cell can act as a formula or as markup."""

from __future__ import annotations

import csv
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

FORMATS = (".csv", ".xlsx", ".md")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table in the format that the file's name ends in.

    Args:
        path: ends in .csv (UTF-8 with a mark, so that spreadsheets read it), .xlsx or .md.
        header: the columns' names.
        rows: as many cells each as the header has.

    Raises:
        ValueError: the name ends in none of these.
        OSError: the file cannot be written.
    """
    writers = {".csv": _write_csv, ".xlsx": _write_xlsx, ".md": _write_markdown}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path.name}: the name of a table ends in {', '.join(FORMATS)}")
    writer(path, [list(header), *(list(row) for row in rows)])


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before =, +, - and @; control characters go."""
    plain = "".join(character for character in cell if character in "\n\t" or character.isprintable())
    return f"'{plain}" if plain.lstrip().startswith(_FORMULA) or plain.startswith(_FORMULA) else plain


def _write_csv(path: Path, table: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([harmless(cell) for cell in row] for row in table)


def _write_xlsx(path: Path, table: Sequence[Sequence[str]]) -> None:
    from openpyxl import Workbook  # type: ignore[import-untyped]  # no stubs; here, since only a spreadsheet needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Jupilu")
    for row in table:
        sheet.append([harmless(cell) for cell in row])
    book.save(path)


def _write_markdown(path: Path, table: Sequence[Sequence[str]]) -> None:
    lines = ["| " + " | ".join(map(_markdown, row)) + " |" for row in table]
    lines.insert(1, "|" + "---|" * len(table[0]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _markdown(cell: str) -> str:
    escaped = html.escape(" ".join(cell.split()), quote=False)
    for mark in "\\`*_[]|":
        escaped = escaped.replace(mark, f"\\{mark}")
    return escaped
