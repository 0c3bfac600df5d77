"""Word documents, made here with python-docx; all companies are fictional."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from ingest.errors import SourceError
from ingest.readers import read
from ingest.settings import Settings


def document(build: Callable[[Any], None]) -> bytes:
    """The bytes of a Word document that `build` fills."""
    made = docx.Document()
    build(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def text_of(build: Callable[[Any], None]) -> str:
    return read(document(build), "记录.docx", Settings()).text


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == part else content)
    return out.getvalue()


def form(made: Any) -> None:
    made.add_paragraph("证券代码：309999 证券简称：星河示例")
    table = made.add_table(rows=4, cols=2)
    table.cell(0, 0).text = "投资者关系活动\n类别"
    table.cell(0, 1).text = "√特定对象调研 □其他"
    table.cell(1, 0).text = "时间"
    table.cell(1, 1).text = "2024年5月8日"
    table.cell(2, 0).text = "投资者关系活动主要内容介绍"
    cell = table.cell(2, 1)
    cell.text = "1、收入如何？"
    cell.add_paragraph("答：见下表。")
    inner = cell.add_table(rows=2, cols=2)
    for at, words in enumerate(("年度", "收入", "2023", "1.2亿元")):
        inner.cell(at // 2, at % 2).text = words
    cell.add_paragraph("同比增长一成。")
    table.cell(3, 0).text = "日期"
    table.cell(3, 1).text = "2024年5月9日"
    made.add_paragraph("表后的话")


def test_tables_stand_in_document_order_and_labels_are_hinted() -> None:
    source = read(document(form), "记录.docx", Settings())
    assert source.text.split("\n") == [
        "证券代码：309999 证券简称：星河示例",
        "投资者关系活动类别", "√特定对象调研 □其他",
        "时间", "2024年5月8日",
        "投资者关系活动主要内容介绍", "1、收入如何？", "答：见下表。", "年度\t收入", "2023\t1.2亿元", "同比增长一成。",
        "日期", "2024年5月9日",
        "表后的话",
    ]  # fmt: skip
    assert [label.of(source.text) for label in source.labels] == [
        "投资者关系活动类别", "时间", "投资者关系活动主要内容介绍", "日期",
    ]  # fmt: skip
    assert source.format == "docx"


def test_merged_cells_are_read_once() -> None:
    def build(made: Any) -> None:
        table = made.add_table(rows=3, cols=3)
        table.cell(0, 0).merge(table.cell(0, 2)).text = "合并一行"
        table.cell(1, 0).merge(table.cell(2, 0)).text = "合并两行"
        for row in (1, 2):
            table.cell(row, 1).text, table.cell(row, 2).text = f"甲{row}", f"乙{row}"

    assert text_of(build) == "合并一行\n合并两行\t甲1\t乙1\n甲2\t乙2"


def test_tracked_changes_are_taken_as_accepted() -> None:
    def build(made: Any) -> None:
        paragraph = made.add_paragraph("收入")
        for tag, words, text_tag in (("w:del", "下降", "w:delText"), ("w:ins", "增长", "w:t")):
            change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
            text.text = words
            run.append(text)
            change.append(run)
            paragraph._p.append(change)

    assert text_of(build) == "收入增长"


def test_symbols_breaks_and_boxes() -> None:
    def build(made: Any) -> None:
        paragraph = made.add_paragraph()
        symbol = OxmlElement("w:sym")
        symbol.set(qn("w:font"), "Wingdings 2")
        symbol.set(qn("w:char"), "0052")
        paragraph.add_run()._r.append(symbol)
        paragraph.add_run("现场参观").add_break()
        paragraph.add_run("第二行")

    assert text_of(build) == "\uf052现场参观\n第二行"


def test_automatic_numbers_are_spelled_out() -> None:
    numbering = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/>'
        '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>'
    )

    def build(made: Any) -> None:
        root = made.part.numbering_part.element
        root.insert(0, parse_xml(numbering))
        root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="99"><w:abstractNumId w:val="77"/></w:num>'))
        for words, level in (("产能？", 0), ("一期", 1), ("二期", 1), ("订单？", 0)):
            made.add_paragraph(words)._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="99"/></w:numPr>')
            )

    assert text_of(build) == "1、产能？\n（一）一期\n（二）二期\n2、订单？"


def test_headers_and_footers_are_left_out() -> None:
    def build(made: Any) -> None:
        made.sections[0].header.paragraphs[0].text = "页眉"
        made.sections[0].footer.paragraphs[0].text = "页脚"
        made.add_paragraph("正文")

    assert text_of(build) == "正文"


def test_tables_of_questions_and_answers_become_marked_lines() -> None:
    def build(made: Any) -> None:
        table = made.add_table(rows=2, cols=3)
        for at, words in enumerate(("序号", "问题", "回复", "1", "产能如何？", "满产。")):
            table.cell(at // 3, at % 3).text = words

    assert text_of(build) == "问：产能如何？\n答：满产。"


def test_external_entities_are_not_resolved() -> None:
    data = document(lambda made: made.add_paragraph("占位"))
    evil = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    changed = with_part(
        data,
        "word/document.xml",
        lambda xml: xml.replace(b"<w:document", evil + b"<w:document", 1).replace("占位".encode(), b"A&x;B"),
    )
    try:
        text = read(changed, "x.docx", Settings()).text
    except SourceError:
        return
    assert text in ("A", "AB", "A&x;B")


@pytest.mark.parametrize("depth", [30, 400])
def test_deep_nesting_is_bounded(depth: int) -> None:
    opening = f"<w:tbl {nsdecls('w')}><w:tr><w:tc>".encode()
    nested = opening * depth + b"<w:p><w:r><w:t>deep</w:t></w:r></w:p>" + b"</w:tc></w:tr></w:tbl>" * depth
    data = document(lambda made: made.add_paragraph("正文"))
    changed = with_part(
        data, "word/document.xml", lambda xml: xml.replace(b"<w:sectPr", nested + b"<w:sectPr", 1)
    )
    try:
        assert read(changed, "x.docx", Settings()).text.startswith("正文")
    except SourceError as error:
        assert "\n" not in str(error)
