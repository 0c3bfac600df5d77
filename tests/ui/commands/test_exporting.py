"""Tables as files: nothing in a cell acts, whatever the format."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from ui.commands.exporting import as_csv, as_markdown, as_xlsx, harmless, write_table

HEADER = ["公司", "披露日期", "问答", "原句"]
ROWS = [
    ["霁川光电", date(2025, 4, 22), 3, '=HYPERLINK("http://x","点")'],
    ["澜屏热控", None, 12, "第一行\n第二行 | <b>粗</b> \x07响铃"],
]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-5%", "@SUM(A1)", "  =1", "\t=1", "＝1", "|cmd", "\u200b=1"])
def test_no_cell_calculates(cell: str) -> None:
    assert str(harmless(cell)).startswith("'")


@pytest.mark.parametrize("cell", ["液冷", "5%", 3, 1.5, None, date(2025, 1, 1), "a=b"])
def test_other_cells_stay_what_they_are(cell: object) -> None:
    assert harmless(cell) == cell  # type: ignore[arg-type]


def test_csv_opens_in_a_spreadsheet() -> None:
    data = as_csv(HEADER, ROWS)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows[0] == HEADER
    assert rows[1] == ["霁川光电", "2025-04-22", "3", "'" + str(ROWS[0][3])]
    assert rows[2][3] == "第一行\n第二行 | <b>粗</b> 响铃"


def test_a_workbook_keeps_days_and_numbers() -> None:
    sheet = load_workbook(io.BytesIO(as_xlsx(HEADER, ROWS))).active
    first = next(sheet.iter_rows(min_row=2, max_row=2))
    assert first[1].value.date() == date(2025, 4, 22) and first[2].value == 3
    assert first[3].data_type == "s" and first[3].value.startswith("'=")
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold


def test_markdown_has_a_line_a_row_and_no_acting_sign() -> None:
    lines = as_markdown(HEADER, ROWS).splitlines()
    assert len(lines) == 4
    assert lines[3] == r"| 澜屏热控 |  | 12 | 第一行 第二行 \| &lt;b&gt;粗&lt;/b&gt; 响铃 |"


def test_the_name_says_the_format(tmp_path: Path) -> None:
    write_table(tmp_path / "a.md", HEADER, ROWS)
    assert (tmp_path / "a.md").read_text(encoding="utf-8").startswith("| 公司 |")
    with pytest.raises(ValueError, match=r"a\.doc"):
        write_table(tmp_path / "a.doc", HEADER, ROWS)
