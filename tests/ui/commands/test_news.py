"""`jupilu news` as people and programs call it."""

from __future__ import annotations

import csv
import errno
import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ui.cli import app


@pytest.fixture
def library(example_library: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(example_library, tmp_path / "library"))


def news(library: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["news", *arguments, "--library", str(library)])


def test_a_look_is_remembered_unless_it_only_peeks(library: Path) -> None:
    first = json.loads(news(library, "--json", "--peek").stdout)
    assert first["first_look"] and first["companies"]
    assert json.loads(news(library, "--json").stdout) == first
    assert json.loads(news(library, "--json").stdout)["companies"] == []
    since = news(library, "--since", "2025-01-01")
    assert (
        since.exit_code == 0 and "自 2025-01-01 以来披露的记录" in since.stdout and "〔新〕" in since.stdout
    )
    assert "没有" in news(library).stdout


def test_sources_stand_below_and_files_hold_all(library: Path, tmp_path: Path) -> None:
    files = {ending: tmp_path / f"news.{ending}" for ending in ("csv", "xlsx", "md")}
    done = news(
        library, "--since", "2025-01-01", "--all",
        *(part for ending, file in files.items() for part in (f"--{ending}", str(file))),
    )  # fmt: skip
    assert done.exit_code == 0 and "\n[1] " in done.stdout
    told = json.loads(news(library, "--since", "2025-01-01", "--json").stdout)
    lines = sum(
        len(one[part])
        for one in told["companies"]
        for part in ("records", "questions", "changes", "institutions")
    )
    with files["csv"].open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == lines
    assert files["md"].read_text(encoding="utf-8").count("\n") == lines + 2
    assert files["xlsx"].read_bytes().startswith(b"PK")


def test_watching(library: Path) -> None:
    assert "309001" in news(library, "--watch", "岚川智冷").stdout
    told = json.loads(news(library, "--since", "2024-01-01", "--json").stdout)
    assert {one["code"] for one in told["companies"]} == {"309001"} and told["watched"] == ["309001"]
    assert json.loads(news(library, "--unwatch", "309001", "--json").stdout) == {"watched": []}


@pytest.mark.parametrize(
    "arguments",
    [("--since", "yesterday"), ("--watch", "309001", "--peek"), ("--csv", "/nowhere/x.csv", "--peek")],
)
def test_wrong_usage_has_status_two(library: Path, arguments: tuple[str, ...]) -> None:
    done = news(library, *arguments)
    assert done.exit_code == 2 and "Traceback" not in done.output


def test_a_look_that_cannot_be_remembered_is_shown_and_told(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, text: str, encoding: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_text", full)
    done = news(library)
    assert done.exit_code == 1 and "〔新〕" in done.stdout
    assert "not remembered: the disk is full" in done.stderr


def test_english(library: Path) -> None:
    assert "Records published since 2025-01-01" in news(library, "--since", "2025-01-01", "--english").stdout
