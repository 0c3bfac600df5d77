"""`jupilu find` and `jupilu brief` as people and programs call them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest import ingest
from ingest.settings import Settings
from ui.cli import app

RECORDS = (
    "岚川智冷：2024年11月6日投资者关系活动记录表.docx",
    "岚川智冷：2025年8月25日-8月27日投资者关系活动记录表.pdf",
    "磐禾泵业：2025年9月11日-9月12日投资者关系活动记录表.pdf",
)


@pytest.fixture(scope="module")
def library(examples_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("viewing") / "library"
    report = ingest([examples_dir / "records" / name for name in RECORDS], folder, Settings(library=folder))
    assert not report.failed
    return folder


def jupilu(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_find_prints_counts_and_every_hit(library: Path) -> None:
    document = json.loads(jupilu("find", "液冷", "--library", str(library), "--json").stdout)
    assert document["count"] == len(document["hits"]) > 5
    assert document["count"] == sum(company["hits"] for company in document["companies"])
    text = jupilu("find", "液冷", "--library", str(library)).stdout
    assert f"共 {document['count']} 处" in text
    assert all(
        "".join(place["quote"].split()) in "".join(text.split())
        for hit in document["hits"]
        for place in hit["places"]
    )
    assert "passages" in jupilu("find", "液冷", "--english", "--library", str(library)).stdout


def test_find_writes_the_same_hits_to_files(library: Path, tmp_path: Path) -> None:
    files = {ending: tmp_path / f"hits.{ending}" for ending in ("csv", "xlsx", "md")}
    done = jupilu(
        "find", "液冷", "--company", "岚川智冷", "--library", str(library), "--json",
        *(part for ending, file in files.items() for part in (f"--{ending}", str(file))),
    )  # fmt: skip
    places = sum(len(hit["places"]) for hit in json.loads(done.stdout)["hits"])
    with files["csv"].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == places and {row["公司"] for row in rows} == {"岚川智冷"}
    assert files["md"].read_text(encoding="utf-8").count("\n") == places + 2
    assert files["xlsx"].read_bytes().startswith(b"PK")


@pytest.mark.parametrize(
    "arguments",
    [
        ("find", " "),
        ("find", "液冷", "--from", "2025-02-01", "--to", "2025-01-01"),
        ("find", "液冷", "--csv", "/nowhere/x.csv"),
        ("brief",),
    ],
)
def test_wrong_usage_has_status_two(library: Path, arguments: tuple[str, ...]) -> None:
    done = jupilu(*arguments, "--library", str(library))
    assert done.exit_code == 2 and "Traceback" not in done.output


def test_brief_of_the_latest_and_of_a_part_of_a_name(library: Path) -> None:
    latest = json.loads(jupilu("brief", "--latest", "岚川智冷", "--library", str(library), "--json").stdout)
    named = json.loads(jupilu("brief", "8月25日", "--library", str(library), "--json").stdout)
    assert latest == named
    assert latest["compared"]["records"] == 1
    assert len(latest["questions"]) == 10 and all(one["quote"] for one in latest["questions"])
    assert "参与单位" in jupilu("brief", "8月25日", "--library", str(library)).stdout


def test_unknown_names_are_named(library: Path) -> None:
    assert "没有的公司" in str(
        jupilu("find", "液冷", "--company", "没有的公司", "--library", str(library)).exception
    )
    assert "没有的记录" in str(jupilu("brief", "没有的记录", "--library", str(library)).exception)
