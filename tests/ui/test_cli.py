"""The command as people and programs call it: JSON documents, exit statuses, one-line reasons."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def jupilu(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ui.cli", *arguments],
        capture_output=True,
        text=True,
        input=stdin,
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "JUPILU_MODEL": "none", "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


@pytest.fixture(scope="module")
def library(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "records").mkdir()
    for file in sorted((examples_dir / "records").iterdir())[:4]:
        (folder / "records" / file.name).write_bytes(file.read_bytes())
    (folder / "records" / "noise.pdf").write_bytes(b"%PDF-1.7 nothing")
    done = jupilu("ingest", str(folder / "records"), "--library", str(folder / "library"), "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert [Path(one["path"]).name for one in report["failed"]] == ["noise.pdf"]
    assert len(report["added"]) == 4
    return folder / "library"


def test_ask_prints_one_json_document(library: Path) -> None:
    done = jupilu("ask", "岚川智冷的液冷业务", "--library", str(library), "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["outcome"] in ("answered", "not_found")


def test_records_and_show(library: Path) -> None:
    listed = json.loads(jupilu("records", "--library", str(library), "--json").stdout)
    first = listed[0]
    shown = json.loads(jupilu("show", first["id"], "--library", str(library), "--json").stdout)
    assert len(shown["pairs"]) == first["pairs"]
    text = jupilu("show", first["id"], "--library", str(library), "--text").stdout
    pair = shown["pairs"][0]
    assert text[slice(*pair["answer_span"])] == pair["answer"]
    unknown = jupilu("show", "nothing-like-it", "--library", str(library))
    assert unknown.returncode == 3 and unknown.stderr.count("\n") == 1


def test_parse_needs_no_library(examples_dir: Path) -> None:
    file = next((examples_dir / "records").glob("309001*.pdf"))
    document = json.loads(jupilu("parse", str(file), "--json").stdout)
    assert document["code"] == "309001" and document["pairs"]


def test_no_library_is_one_line_with_the_command_that_helps(tmp_path: Path) -> None:
    done = jupilu("ask", "毛利率", "--library", str(tmp_path / "none"))
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1 and "jupilu ingest" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [("ask",), ("ask", "x", "--as-of", "yesterday"), ("ingest",), ("check",), ("parse", "missing.pdf")],
)
def test_wrong_usage_is_status_2(arguments: tuple[str, ...]) -> None:
    assert jupilu(*arguments).returncode == 2


def test_check_streams_a_line_for_each_line() -> None:
    lines = [
        {"claim": "收入5亿元", "evidence": "公司收入5亿元。", "id": 1},
        {"claim": "收入5亿元", "evidence": "公司收入6亿元。"},
    ]
    done = jupilu(
        "check", "--jsonl", "-", stdin="\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    )
    results = [json.loads(line) for line in done.stdout.splitlines()]
    assert results[0]["verdict"] == "supported" and results[1]["verdict"] in ("contradicted", "unsupported")
    assert results[0]["id"] == 1 and results[0].keys() == {"verdict", "reasons", "score", "id"}


def test_help_of_every_command() -> None:
    for command in ("ingest", "ask", "records", "show", "parse", "chat", "models", "check", "eval", "doctor"):
        assert jupilu(command, "--help").returncode == 0


def test_a_model_that_is_none_is_wrong_usage(library: Path) -> None:
    done = jupilu("ask", "毛利率", "--library", str(library), "--model", "lokal")
    assert done.returncode == 2 and "provider:model" in done.stderr and "Traceback" not in done.stderr
