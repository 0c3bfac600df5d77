"""`jupilu fetch` as people and programs call it, against sites of the exchanges' shape."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ingest.errors import SiteUnreachable
from tests.ingest.exchanges import PAGE, PDF, SHENZHEN, Exchanges, exchanges
from ui.cli import app

pytestmark = pytest.mark.enable_socket  # loopback only
ROOT = Path(__file__).resolve().parents[3]
RECORD = "岚川智冷：2024年5月12日投资者关系活动记录表.pdf"


@pytest.fixture
def sites(monkeypatch: pytest.MonkeyPatch) -> Iterator[Exchanges]:
    with exchanges() as known:
        for name in ("CNINFO_URL", "FILES_URL", "HUDONGYI_URL", "EHUDONG_URL"):
            monkeypatch.setenv(f"JUPILU_FETCH_{name}", known.url)
        for name in ("GAP", "BACKOFF"):
            monkeypatch.setenv(f"JUPILU_FETCH_{name}", "0")
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        yield known


def jupilu(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["fetch", *arguments])


def fetched(into: Path, *more: str) -> Result:
    return jupilu(SHENZHEN, "--unlisted", "--from", "2025-01-01", "--into", str(into), *more)


def test_fetch_and_ingest(sites: Exchanges, tmp_path: Path, examples_dir: Path) -> None:
    data = (examples_dir / "records" / RECORD).read_bytes()
    sites.announce(SHENZHEN, "1222000001", "投资者关系活动记录表", data=data)
    sites.ask(SHENZHEN, "90001", "公司的液冷订单如何？", "在手订单充足。")
    library = tmp_path / "library"
    done = fetched(tmp_path / "in", "--ingest", "--library", str(library), "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and told["problems"] == []
    assert [one["new"] for one in told["companies"][0]["sources"]] == [1, 1]
    assert told["ingest"]["records"] == 2 and not told["ingest"]["failed"]
    records = json.loads(CliRunner().invoke(app, ["records", "--library", str(library), "--json"]).stdout)
    assert {(one["published_on"], one["published_on_basis"]) for one in records} == {
        ("2025-03-04", "sidecar"),
        ("2025-03-04", "source"),
    }
    again = json.loads(fetched(tmp_path / "in", "--ingest", "--library", str(library), "--json").stdout)
    assert again["ingest"]["unchanged"] == 2 and not again["ingest"]["added"]


def test_what_failed_is_listed_with_status_one(sites: Exchanges, tmp_path: Path) -> None:
    sites.announce(SHENZHEN, "1222000001", "投资者关系活动记录表")
    sites.announce(SHENZHEN, "1222000002", "投资者关系活动记录表", data=PAGE.encode())
    done = fetched(tmp_path)
    assert done.exit_code == 1
    assert "1222000002.PDF: a html came instead" in done.stderr
    assert "1 new, 0 there already, 1 problems" in done.stdout
    assert len(list(tmp_path.rglob("*.pdf"))) == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("309931",), "--unlisted"),
        (("没有的公司",), "no short name"),
        (("30993",), "no code"),
        (("000001", "--from", "2025-02-01", "--to", "2025-01-01"), "later"),
        (("000001", "--library", "x"), "--ingest"),
        ((), "CODE"),
    ],
)
def test_wrong_usage_has_status_two(arguments: tuple[str, ...], told: str) -> None:
    done = jupilu(*arguments)
    assert done.exit_code == 2 and told in done.output and "Traceback" not in done.output


def test_no_network_is_an_error_with_a_name(
    monkeypatch: pytest.MonkeyPatch, sites: Exchanges, tmp_path: Path
) -> None:
    for name in ("CNINFO_URL", "HUDONGYI_URL"):
        monkeypatch.setenv(f"JUPILU_FETCH_{name}", "http://127.0.0.1:9")
    done = fetched(tmp_path)
    assert isinstance(done.exception, SiteUnreachable)  # `main` makes it one line with status 3
    assert "cannot be reached" in str(done.exception)


def test_killed_in_the_middle_and_run_again(sites: Exchanges, tmp_path: Path) -> None:
    for number in range(4):
        sites.announce(SHENZHEN, f"122200000{number}", "投资者关系活动记录表", data=PDF + b"x" * 50_000)
    sites.stops_at = "/finalpage/2025-03-04/1222000002"
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "ui.cli",
            "fetch",
            SHENZHEN,
            "--unlisted",
            "--from",
            "2025-01-01",
            f"--into={tmp_path}",
        ],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert sites.stopped.wait(60)
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    assert len(list(tmp_path.rglob("*.pdf"))) == 2
    sites.stops_at = ""
    sites.asked.clear()
    assert fetched(tmp_path).exit_code == 0
    assert len(sites.paths("/finalpage")) == 2
    assert {path.stat().st_size for path in tmp_path.rglob("*.pdf")} == {len(PDF) + 50_000}
