"""`jupilu track` and `jupilu compare`, over the fictional records of the views."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.rag.views.records import library
from ui.cli import app, main

runner = CliRunner()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(library(tmp_path_factory.mktemp("tracking")))


def test_track_prints_the_timeline_and_json_alone(made: str) -> None:
    plain = runner.invoke(app, ["track", "在手订单", "--company", "云溪热控", "--library", made])
    assert plain.exit_code == 0
    assert "从新到旧" in plain.stdout
    document = runner.invoke(app, ["track", "在手订单", "--company", "309931", "--library", made, "--json"])
    assert json.loads(document.stdout)["entries"][0]["day"] == "2025-05-20"


def test_track_writes_a_table(made: str, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    found = runner.invoke(
        app, ["track", "在手订单", "--company", "309931", "--library", made, "--csv", str(file)]
    )
    assert found.exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as opened:
        table = list(csv.reader(opened))
    assert len(table) == 4
    assert "11.5亿元" in table[1][1]


def test_compare_takes_several_companies(made: str) -> None:
    found = runner.invoke(
        app,
        ["compare", "综合毛利率", "--company", "云溪热控", "--company", "609932", "--library", made],
    )
    assert found.exit_code == 0
    assert "较高" in found.stdout


def test_an_unknown_company_is_one_line_and_status_3(
    made: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["jupilu", "track", "在手订单", "--company", "没有", "--library", made])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 3
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_wrong_ending_is_wrong_usage(made: str, tmp_path: Path) -> None:
    found = runner.invoke(
        app, ["track", "在手订单", "--company", "309931", "--library", made, "--csv", str(tmp_path / "a.txt")]
    )
    assert found.exit_code == 2
