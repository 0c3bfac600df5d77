"""The measure of what is marked as overtaken, over the fictional example records."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.studies.overtaken import main
from ingest.library.library import Library
from ingest.settings import Settings


@pytest.fixture(scope="module")
def library(example_library: Path) -> Path:
    return example_library


def case_of(library: Path) -> dict[str, object]:
    """The moved day of the fictional second plant: the first two statements are overtaken, the last stands."""
    with Library.open(library, Settings()) as opened:
        told = [
            (str(record.published_on), record.id, pair.number)
            for record in opened.records()
            if record.code == "309001"
            for pair in opened.record(record.id).pairs
            if "二期" in pair.question and "投产" in pair.question
        ]
    told.sort()
    statements = [{"file": name, "pair": number} for _, name, number in told]
    keys = [[name, number] for _, name, number in told]
    superseded = [{"old": old, "new": keys[-1], "why": "date"} for old in keys[:-1]]
    return {
        "company": "309001",
        "topic": "二期液冷基地什么时候投产",
        "statements": statements,
        "superseded": superseded,
    }


def test_marks_are_counted(library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = tmp_path / "cases.jsonl"
    cases.write_text(json.dumps(case_of(library), ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["--library", str(library), "--cases", str(cases), "--answers", "--by-company"]) == 0
    told = capsys.readouterr().out
    assert "1 topics" in told and "false marks: 0 of" in told
    assert "309001:" in told and "newest first:" in told
    main(
        [
            "--library",
            str(library),
            "--cases",
            str(cases),
            *(f"--without={rule}" for rule in ("figure", "happened", "ended", "date")),
        ]
    )
    assert "superseded marked: 0 of" in capsys.readouterr().out
