"""`jupilu remove` and `jupilu doctor --repair` as people call them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ui.cli import app

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def whole(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("keeping")
    (place / "records").mkdir()
    for file in sorted((examples_dir / "records").glob("岚川智冷*"))[:3]:
        shutil.copy(file, place / "records")
    done = RUNNER.invoke(app, ["ingest", str(place / "records"), "--library", str(place / "library")])
    assert done.exit_code == 0, done.output
    return place


@pytest.fixture
def library(whole: Path, tmp_path: Path) -> str:
    shutil.copytree(whole / "library", tmp_path / "library")
    return str(tmp_path / "library")


def test_removed_by_file_and_by_id(whole: Path, library: str) -> None:
    file = sorted((whole / "records").iterdir())[0]
    done = RUNNER.invoke(app, ["remove", str(file), "--library", library, "--json"])
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and len(told["removed"]) == 1 and told["records"] == 2
    rows = json.loads(RUNNER.invoke(app, ["records", "--library", library, "--json"]).stdout)
    assert told["removed"][0] not in [row["id"] for row in rows]
    done = RUNNER.invoke(app, ["remove", rows[0]["id"], "--library", library])
    assert done.stdout == "1 removed, 1 records left\n"


def test_what_is_asked_of_a_removed_record_is_not_found_and_its_receipt_says_so(
    whole: Path, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUPILU_MODEL", "none")
    asked = ["ask", "岚川智冷的液冷业务进展如何？", "--library", library, "--json"]
    before = json.loads(RUNNER.invoke(app, asked).stdout)
    assert before["outcome"] == "answered"
    RUNNER.invoke(
        app, ["remove", *(str(file) for file in (whole / "records").iterdir()), "--library", library]
    )
    after = json.loads(RUNNER.invoke(app, asked).stdout)
    assert after["outcome"] in ("not_found", "company_unknown") and not after["claims"]
    replayed = RUNNER.invoke(app, ["replay", before["receipt"], "--library", library])
    assert replayed.exit_code == 0 and "was removed from the library" in replayed.stdout


def test_a_lost_index_is_told_by_the_doctor_and_repaired(library: str) -> None:
    shutil.rmtree(Path(library) / "index")
    done = RUNNER.invoke(app, ["doctor", "--library", library])
    assert done.exit_code == 1
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("FAIL")]
    assert "jupilu doctor --repair --library" in line
    done = RUNNER.invoke(app, ["doctor", "--repair", "--library", library, "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["repaired"] and not told["not_repaired"]
    assert all(finding["ok"] for finding in told["findings"])
