"""Plain text and its encodings; all companies are fictional."""

from __future__ import annotations

import pytest

from ingest.errors import UnsupportedFormat
from ingest.readers import read
from ingest.readers.sniffing import decode
from ingest.settings import Settings

DUMP = (
    "证券代码：609999\t\t证券简称：星河示例\r\n\t投资者关系活动类别\r\n\r\n\r\n\r\n"
    "[bookmark: OLE_LINK1]□媒体采访   √电话会议\r\n\t会议时间\r\n\t2025年5月12日\ufeff\x0b\r\n"
    "\t投资者关系活动主要内容介绍\r\n\t1、收入如何？\r\n[bookmark: _Hlk1]感谢您的关注，收入增长。"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_dumps_are_cleaned_in_any_encoding(encoding: str) -> None:
    data = DUMP.replace("\ufeff", "" if encoding == "gb18030" else "\ufeff").encode(encoding)
    source = read(data, "记录.txt", Settings())
    assert source.format == "txt"
    assert source.text == (
        "证券代码：609999\t证券简称：星河示例\n投资者关系活动类别\n\n□媒体采访   √电话会议\n会议时间\n"
        "2025年5月12日\n\n投资者关系活动主要内容介绍\n1、收入如何？\n感谢您的关注，收入增长。"
    )
    assert [label.of(source.text) for label in source.labels] == [
        "投资者关系活动类别", "会议时间", "投资者关系活动主要内容介绍",
    ]  # fmt: skip


def test_traditional_chinese_in_big5() -> None:
    text = "問：請問公司的營業收入與毛利率為何成長？\n答：感謝您的關注，本公司營業收入成長。" * 3
    assert decode(text.encode("utf-8"), "x.txt") == text


def test_a_text_cut_off_within_a_character_is_still_read() -> None:
    data = ("问：公司的收入如何？答：感谢您的关注，公司收入增长。" * 20).encode()[:-1]
    assert decode(data, "x.txt").startswith("问：公司的收入如何？")


def test_noise_is_no_text() -> None:
    noise = bytes((i * 7919 + (i * i) % 251) % 256 for i in range(4096))
    with pytest.raises(UnsupportedFormat):
        decode(noise, "x.txt")


def test_the_real_text_record(shared_dir) -> None:
    path = next((shared_dir / "records").glob("*.txt"))
    source = read(path.read_bytes(), path.name, Settings())
    assert "[bookmark" not in source.text
    assert len(source.labels) >= 6
