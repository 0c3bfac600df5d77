"""Workbooks: investor questions one a row, or the activity form in cells."""

from __future__ import annotations

import io
from datetime import datetime

import openpyxl
import pytest

from ingest.errors import NotARecord
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.settings import Settings


def workbook(*sheets: list[list[object]], hidden: int | None = None) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at, rows in enumerate(sheets):
        sheet = made.create_sheet(f"表{at}")
        for row in rows:
            sheet.append(row)
        if at == hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


QUESTIONS: list[list[object]] = [
    ["互动平台问答导出"],
    [],
    ["股票代码", "公司简称", "问题", "回答内容", "更新时间"],
    [309917, "栖云精工", "电动缸何时量产？", "预计四季度。", datetime(2026, 8, 5, 19, 30)],
    ["309917", "栖云精工", "有分红计划吗？", None, None],
]


def test_a_sheet_of_questions() -> None:
    found = record_as_json(read_records(workbook(QUESTIONS), "导出.xlsx", Settings()))
    assert (found["code"], found["short_name"], found["published_on"]) == ("309917", "栖云精工", "2026-08-05")
    assert [(pair["question"], pair["answer"]) for pair in found["pairs"]] == [
        ("电动缸何时量产？", "预计四季度。")
    ]
    assert any("1 questions without an answer" in warning for warning in found["warnings"])


def test_the_activity_form_in_cells() -> None:
    form: list[list[object]] = [
        ["证券代码：309917　证券简称：栖云精工"],
        ["栖云精工装备股份有限公司投资者关系活动记录表"],
        ["投资者关系活动类别", "☑特定对象调研"],
        ["参与单位名称及人员姓名", "松岚基金 韩一诺"],
        ["时间", datetime(2026, 5, 12)],
        ["地点", "公司会议室"],
        ["上市公司接待人员姓名", "董事会秘书 段清禾"],
        ["投资者关系活动主要内容介绍", "1、毛利率？\n答：33%。\n2、在手订单？\n答：5.6亿元。"],
    ]
    found = record_as_json(read_records(workbook(form), "记录.xlsx", Settings()))
    assert (found["code"], found["place"]) == ("309917", "公司会议室")
    assert found["held_on"] == ["2026-05-12", "2026-05-12"]
    assert [pair["answer"] for pair in found["pairs"]] == ["33%。", "5.6亿元。"]


def test_hidden_sheets_are_not_read() -> None:
    with pytest.raises(NotARecord):
        read_records(workbook([["别的"]], QUESTIONS, hidden=1), "导出.xlsx", Settings())
