"""Old Word files go through another program; a stand-in for it is put on PATH here."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ingest.errors import SourceError, UnsupportedFormat
from ingest.readers import read
from ingest.settings import Settings

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
WORD = OLE + "WordDocument".encode("utf-16-le") + bytes(64)


def stand_in(folder: Path, name: str, script: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of PATH."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_without_a_program_the_line_says_what_to_install(programs: Path) -> None:
    with pytest.raises(UnsupportedFormat, match=r"记录\.doc: .*LibreOffice.*antiword"):
        read(WORD, "记录.doc", Settings())


def test_antiword_gives_paragraphs_and_table_cells(programs: Path) -> None:
    stand_in(programs, "antiword", "printf '星河示例股份有限公司\\n|时间 |2024年5月8日 |\\n问：好吗？\\n'")
    source = read(WORD, "记录.doc", Settings())
    assert source.format == "doc"
    assert source.text == "星河示例股份有限公司\n时间\t2024年5月8日\n问：好吗？"


def test_a_program_that_fails_costs_the_file(programs: Path) -> None:
    stand_in(programs, "soffice", "exit 77")
    with pytest.raises(SourceError, match="save it as docx"):
        read(WORD, "记录.doc", Settings())


def test_a_converter_that_writes_nothing_costs_the_file(programs: Path) -> None:
    stand_in(programs, "soffice", "exit 0")
    with pytest.raises(SourceError, match="could not convert"):
        read(WORD, "记录.doc", Settings())


@pytest.mark.parametrize(
    ("name", "reason"), [("Workbook", "Excel"), ("EncryptedPackage", "encrypted"), ("Other", "no Word")]
)
def test_other_ole_files_are_named(programs: Path, name: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read(OLE + name.encode("utf-16-le") + bytes(64), "x.doc", Settings())
