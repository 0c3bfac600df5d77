"""Files are recognised by their bytes, whatever they are called."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest

from ingest.errors import NotARecord, SourceError, UnsupportedFormat
from ingest.readers import read
from ingest.readers.sniffing import sniff
from ingest.settings import Settings

SETTINGS = Settings()
WORDS = "问：公司的收入如何？\n答：感谢您的关注，公司收入增长。"


def word() -> bytes:
    made = docx.Document()
    for line in WORDS.split("\n"):
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize("name", ["x.docx", "x.pdf", "x.txt", "x"])
def test_a_word_document_by_any_name(name: str) -> None:
    source = read(word(), name, SETTINGS)
    assert (source.format, source.text) == ("docx", WORDS)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n...", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "doc"),
        ("<!DOCTYPE html>\n<p>你好".encode(), "html"),
        ("\ufeff\n<?xml version='1.0'?><!-- x --><HTML><p>你好".encode(), "html"),
        ("<table><tr><td>你好</td></tr></table>".encode("gb18030"), "html"),
        ("问题,回答\n好吗？,好。".encode("gb18030"), "csv"),
        ("股票代码;问题;回答\n1;好吗？;好。".encode("utf-16"), "csv"),
        (WORDS.encode(), "txt"),
        ("1 < 2，公司的收入增长，感谢您的关注。".encode(), "txt"),
        ("MZ公司的产品线、BM公司的业务。".encode(), "txt"),
    ],
)
def test_formats_by_content(data: bytes, kind: str) -> None:
    assert sniff(data, "记录.bin")[0] == kind


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", NotARecord, "empty"),
        (b" \r\n\t\x00", NotARecord, "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), UnsupportedFormat, "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(64), UnsupportedFormat, "picture"),
        (b"{\\rtf1\\ansi text}", UnsupportedFormat, "RTF"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), SourceError, "workbook is damaged"),
        (archive("ppt/presentation.xml"), UnsupportedFormat, "PowerPoint"),
        (archive("readme.txt"), UnsupportedFormat, "zip archive"),
        (b"PK\x03\x04" + bytes(40), SourceError, "damaged"),
        (bytes(range(256)) * 16, UnsupportedFormat, "no text"),
    ],
)
def test_what_is_no_record_is_named_in_one_line(data: bytes, error: type[SourceError], words: str) -> None:
    with pytest.raises(error, match=words) as raised:
        read(data, "某文件", SETTINGS)
    assert str(raised.value).startswith("某文件: ")
    assert "\n" not in str(raised.value)


def test_large_files_are_refused_before_they_are_looked_at() -> None:
    with pytest.raises(SourceError, match="JUPILU_MAX_FILE_BYTES"):
        read(b"%PDF-" + bytes(2 * 2**20), "x.pdf", Settings(max_file_bytes=2**20))


def test_archives_that_unpack_to_too_much_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", bytes(300 * 2**20))
    with pytest.raises(SourceError, match="unpack"):
        read(bomb.getvalue(), "x.docx", SETTINGS)
    many = io.BytesIO()
    with zipfile.ZipFile(many, "w") as made:
        for number in range(5001):
            made.writestr(f"word/{number}", b"")
    with pytest.raises(SourceError, match="5001 parts"):
        read(many.getvalue(), "x.docx", SETTINGS)
