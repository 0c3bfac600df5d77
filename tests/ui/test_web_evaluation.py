"""The evaluation tab: it runs the built-in cases, shows the report in a frame without origin, and only reads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ingest.settings import Settings
from tests.ui.conftest import Served
from ui.web.evaluation import EvaluationTab
from ui.web.panels.evaluation import finished
from ui.web.service import Service

pytestmark = [pytest.mark.enable_socket]

Visit = Callable[..., Any]
COUNTS = {"cases": 2, "scored": 1, "errors": 0, "skipped": 1}


def contents(folder: Path) -> dict[str, str]:
    """Hashes of all that the evaluation must not touch; SQLite's side files come and go with readers."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def test_the_built_in_cases_run_and_their_report_is_shown(visit: Visit, example_page: Served) -> None:
    page = visit()
    page.get_by_role("tab", name="评测").click()
    page.click("#run-evaluation")
    page.wait_for_selector("#evaluation progress")
    page.wait_for_selector("#evaluation [data-done=true]", timeout=240_000)
    assert "83 题：评分 83，出错 0，跳过 0" in page.inner_text("#evaluation")
    frame = page.frame_locator("#evaluation iframe")
    assert frame.locator("details.case").count() == 83
    frame.locator("select[name=state]").select_option("faulty")
    page.wait_for_timeout(300)
    shown = frame.locator("details.case:visible").count()
    assert 0 < shown < 83 and frame.locator("#shown").inner_text().startswith(f"{shown} /")
    assert page.get_attribute("#evaluation iframe", "sandbox") == "allow-scripts"
    assert not page.notes["errors"]
    assert all(
        url.startswith((example_page.url, "data:", "blob:", "about:")) for url in page.notes["requests"]
    )


def test_a_run_only_reads_and_a_second_one_waits(example_library: Path) -> None:
    service = Service(Settings(library=example_library, model="none"))
    tab = EvaluationTab(service)
    before = contents(example_library)
    first = tab.run("zh")
    assert "正在准备" in next(first)
    (busy,) = tab.run("en")
    assert "Another visitor" in busy
    *_, last = first
    assert "data-done" in last and "评分 83" in last
    assert contents(example_library) == before
    again = tab.run("zh")
    assert "正在准备" in next(again)  # free again
    again.close()
    service.close()


def test_the_report_stands_escaped_in_its_frame() -> None:
    report = "<script>alert('x')</script>\"><img src=x>"
    shown = str(finished("en", {"counts": COUNTS}, report))
    assert "<script>" not in shown and "<img" not in shown
    assert "sandbox='allow-scripts'" in shown and "1 skipped cases are about" in shown
