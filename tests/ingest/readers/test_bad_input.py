"""What the world throws at the readers: every bad file costs one line, bounded time, and nothing else."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator

import docx
import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.readers import read
from ingest.reading.source_file import read_records
from ingest.settings import Settings

SETTINGS = Settings()
SECONDS = 10.0
FORM = (
    "证券代码：309999 证券简称：星河示例\n投资者关系活动类别\n√其他\n时间\n2024年5月8日\n投资者关系活动主要内容介绍\n"
    "1、公司的收入如何？\n答：感谢您的关注，公司收入增长。\n日期\n2024年5月9日\n"
)
# A PDF of one empty page behind a password, as small as the format allows it (RC4, 40 bits).
ENCRYPTED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>endobj\n"
    b"trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[<33><33>]>>\n%%EOF\n"
)


def pdf(pages: int) -> bytes:
    made = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        made.new_page(200, 200)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def word() -> bytes:
    made = docx.Document()
    for line in FORM.split("\n"):
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def samples() -> Iterator[tuple[str, bytes]]:
    yield "记录.pdf", pdf(2)
    yield "记录.docx", word()
    yield "记录.html", ("<html><body>" + "".join(f"<p>{line}</p>" for line in FORM.split("\n"))).encode()
    yield "记录.txt", FORM.encode("gb18030")
    yield "记录.csv", "股票代码,问题,回答\n309999,好吗？,好。\n".encode()
    yield "记录.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le")


def attempt(data: bytes, name: str) -> str | None:
    """Read, in bounded time: None, or the one-line reason."""
    started = time.monotonic()
    try:
        for record in read_records(data, name, SETTINGS):
            for pair in record.pairs:
                assert pair.answer_span.of(record.text) == pair.answer
    except SourceError as error:
        assert "\n" not in str(error) and str(error).startswith(name)
        return str(error)
    finally:
        assert time.monotonic() - started < SECONDS
    return None


@pytest.mark.parametrize(("name", "data"), list(samples()))
def test_every_format_cut_off_anywhere(name: str, data: bytes) -> None:
    for share in (0.0, 0.01, 0.1, 0.5, 0.9, 0.99):
        attempt(data[: int(len(data) * share)], name)


@pytest.mark.parametrize(("name", "data"), list(samples()))
def test_every_format_under_every_name(name: str, data: bytes) -> None:
    outcomes = {
        attempt(data, f"文件.{ending}") is None for ending in ("pdf", "docx", "doc", "html", "txt", "csv", "")
    }
    assert len(outcomes) == 1


def test_encrypted_pdf() -> None:
    assert attempt(ENCRYPTED, "x.pdf")


def test_a_pdf_of_3000_pages_is_refused_quickly() -> None:
    data = pdf(3000)
    started = time.monotonic()
    reason = attempt(data, "x.pdf")
    assert reason and "3000 pages" in reason
    assert time.monotonic() - started < 3


def test_a_zip_bomb_in_a_word_document() -> None:
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/media/image.bin", bytes(300 * 2**20))
    reason = attempt(out.getvalue(), "x.docx")
    assert reason and "unpack" in reason


def test_a_billion_laughs() -> None:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "哈" * 10}">' for i in range(12))
    xml = f'<?xml version="1.0"?><!DOCTYPE w [{entities}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.namelist():
            new.writestr(entry, xml if entry == "word/document.xml" else old.read(entry))
    assert attempt(out.getvalue(), "x.docx")


def test_noise() -> None:
    source = random.Random(1)
    for size in (1, 10, 1000, 100_000):
        assert attempt(source.randbytes(size), "x.pdf")


@pytest.mark.parametrize(
    "text",
    [
        "1、" * 100_000,
        "（" * 100_000,
        "时间 " * 50_000,
        "问：" + "好" * 300_000 + "？答：好。",
        "\n".join(f"{number}、公司的第{number}个问题？\n答：好。" for number in range(1_000)),
        FORM + "甲乙基金 张三；" * 20_000,
        FORM.replace("√其他", "√其他（" + "（" * 20_000),
        "，" * 200_000 + "公司",
        "参与单位名称及人员姓名\n" + "甲乙丙丁、" * 50_000 + "\n时间\n" + "1" * 100_000 + "日",
        " \t" * 200_000 + "主要内容介绍",
    ],
)
def test_monstrous_texts_take_bounded_time(text: str) -> None:
    attempt(text.encode(), "x.txt")


def test_a_folder_of_files_that_are_no_records_is_refused_fast() -> None:
    started = time.process_time()
    for number in range(500):
        assert attempt(f"第{number}个说明文件，没有记录，也没有别的。\n".encode() * 20, "x.md")
    # ten thousand within a minute
    assert time.process_time() - started < 3


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(list(samples())), st.data())
def test_damaged_files_of_every_format(sample: tuple[str, bytes], data: st.DataObject) -> None:
    name, original = sample
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
        if not damaged:
            damaged = bytearray(b"\x00")
    attempt(bytes(damaged), name)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        [
            b"",
            b"%PDF-1.7\n",
            b"PK\x03\x04",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"<html>",
            "问题,回答\n".encode(),
            b"\xff\xfe",
        ]
    ),
    st.binary(max_size=2000),
)
def test_any_bytes_behind_any_magic(magic: bytes, rest: bytes) -> None:
    attempt(magic + rest, "x")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=1500))
def test_any_text(text: str) -> None:
    attempt(text.encode("utf-8", errors="replace"), "x")


def test_oversized_files_are_refused() -> None:
    with pytest.raises(SourceError, match="MB"):
        read(bytes(3 * 2**20), "x", Settings(max_file_bytes=2 * 2**20))
