"""`jupilu draft` as people and programs call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from ui.commands.drafting import draft_as_text

TEXT = "您好！2023年公司实现营业收入21.37亿元。2023年公司研发费用为2.67亿元。公司计划在月球设立冷板工厂。"


def jupilu(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        capture_output=True,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
        env={**os.environ, "JUPILU_MODEL": "none", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )


@pytest.fixture(scope="module")
def library(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drafting")
    (folder / "records").mkdir()
    for file in sorted((examples_dir / "records").iterdir()):
        if "岚川智冷" in file.name:
            (folder / "records" / file.name).write_bytes(file.read_bytes())
    assert jupilu("ingest", str(folder / "records"), "--library", str(folder / "library")).returncode == 0
    return folder / "library"


def test_a_text_file_and_a_word_file_give_the_same_document(library: Path, tmp_path: Path) -> None:
    plain, word = tmp_path / "reply.txt", tmp_path / "reply.docx"
    plain.write_text(TEXT, encoding="utf-8")
    document = Document()
    document.add_paragraph(TEXT)
    document.save(str(word))
    runs = [
        jupilu("draft", str(file), "--company", "309001", "--library", str(library), "--json")
        for file in (plain, word)
    ]
    assert [run.returncode for run in runs] == [0, 0]
    first, second = (json.loads(run.stdout) for run in runs)
    assert first == second
    assert first["counts"]["contradicts"] == 1 and first["counts"]["new"] == 1


def test_on_the_screen_the_counts_come_first(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "reply.md"
    file.write_text(TEXT, encoding="utf-8")
    done = jupilu("draft", str(file), "--company", "岚川智冷", "--library", str(library))
    assert done.returncode == 0
    head, *rest = done.stdout.split("\n\n")
    assert head.startswith("岚川智冷：") and "与此前说法不一致 1 句" in head
    assert any("稿中 2.67亿元" in part and "记录中 1.67" in part for part in rest)


def test_wrong_usage_and_what_cannot_be_read(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "reply.txt"
    file.write_text(TEXT, encoding="utf-8")
    assert jupilu("draft", str(file), "--library", str(library)).returncode == 2
    assert jupilu("draft", str(file), "--company", "不存在", "--library", str(library)).returncode == 2
    assert jupilu("draft", str(tmp_path / "none.txt"), "--company", "309001").returncode == 2
    none = jupilu("draft", str(file), "--company", "309001", "--library", str(tmp_path / "none"))
    assert none.returncode == 3 and none.stderr.count("\n") == 1
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    unread = jupilu("draft", str(broken), "--company", "309001", "--library", str(library))
    assert unread.returncode == 3 and unread.stderr.count("\n") == 1


def test_control_characters_of_a_draft_do_not_reach_the_terminal() -> None:
    from rag.answers import Searched
    from rag.views.draft import HeldDraft, Line
    from ui.commands.showing import printable

    held = HeldDraft(
        "309001", "岚川智冷", None, Searched(1, None, None), (Line("公司\x1b[31m增长", 0, 9, "new"),)
    )
    assert "\x1b" not in printable(draft_as_text(held))
