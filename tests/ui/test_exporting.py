"""Tables as files: what is written is what was given, and no cell is a formula or markup."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ui.exporting import write_table

ROWS = [["=1+1", "普通"], ["-2", "a|b <b>*x*"], ["+3", "多\n行"], ["@x", ""]]


def test_csv_cells_cannot_act(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    write_table(file, ["甲", "乙"], ROWS)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.reader(opened))
    assert table[0] == ["甲", "乙"]
    assert [row[0] for row in table[1:]] == ["'=1+1", "'-2", "'+3", "'@x"]
    assert table[3][1] == "多\n行"


def test_a_spreadsheet_holds_text_only(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    file = tmp_path / "t.xlsx"
    write_table(file, ["甲", "乙"], ROWS)
    sheet = load_workbook(file).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert cells[2].value == "'=1+1"
    assert all(cell.data_type != "f" for cell in cells)


def test_markdown_is_escaped(tmp_path: Path) -> None:
    file = tmp_path / "t.md"
    write_table(file, ["甲", "乙"], ROWS)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[1] == "|---|---|"
    assert lines[3] == "| -2 | a\\|b &lt;b&gt;\\*x\\* |"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"t\.txt"):
        write_table(tmp_path / "t.txt", ["甲"], [])
