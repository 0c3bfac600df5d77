"""The evaluation tab: it makes cases from the library, runs them in the background, shows what came of them, and only reads."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from ingest.settings import Settings
from tests.ui.conftest import Served
from ui.web.evaluation import COUNTS, EvaluationTab
from ui.web.panels.evaluation import Standing, evaluation_panel, wrongs
from ui.web.service import Service

pytestmark = [pytest.mark.enable_socket]

Visit = Callable[..., Any]


def contents(folder: Path) -> dict[str, str]:
    """Hashes of all that the evaluation must not touch; SQLite's side files come and go with readers."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-wal", "-shm", ".lock"))
    }


def until(is_so: Callable[[], bool], seconds: float = 60.0) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def panel(tab: EvaluationTab, language: Any) -> str:
    async def first() -> str:
        async for shown in tab.follow(language):
            return shown
        raise AssertionError("nothing was shown")

    with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this thread
        return elsewhere.submit(lambda: asyncio.run(first())).result()


@pytest.mark.parametrize(
    "locale, width, tab, again",
    [("zh-CN", 1440, "评测", "去问这一题"), ("en-GB", 390, "Evaluation", "Ask it")],
)
def test_cases_of_this_library_run_survive_a_reload_and_can_be_asked(
    visit: Visit, example_page: Served, locale: str, width: int, tab: str, again: str
) -> None:
    page = visit(locale=locale, viewport={"width": width, "height": 900})
    page.get_by_role("tab", name=tab).click()
    page.select_option("#case-count", "20")
    page.click("#run-evaluation")
    page.wait_for_selector("#evaluation progress")
    page.reload()
    page.get_by_role("tab", name=tab).click()
    page.wait_for_selector("#evaluation [data-done=true] .figures", timeout=120_000)
    figures = page.locator("#evaluation .figures > div")
    assert figures.count() >= 6
    for figure in figures.all():
        assert figure.locator("dt").inner_text() and len(figure.locator("dd p").inner_text()) > 8
        assert figure.locator("strong").inner_text().endswith("%")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".whole-report > summary").click()
    frame = page.frame_locator("#evaluation iframe")
    assert frame.locator("details.case").count() == 20
    assert page.get_attribute("#evaluation iframe", "sandbox") == "allow-scripts"
    failed = page.locator("#evaluation .failed-cases li")
    assert failed.count() >= 1, "the example library is known to fail near misses"
    question = failed.first.locator("button").get_attribute("data-question")
    failed.first.get_by_role("button", name=again).click()
    page.wait_for_selector("#turn-1:not(.pending)")
    assert page.locator("#turn-1 .question").inner_text().endswith(question.strip()[-12:])
    assert page.locator(".turn").count() == 1 and "c=" in page.url
    assert not page.notes["errors"]
    assert all(
        url.startswith((example_page.url, "data:", "blob:", "about:")) for url in page.notes["requests"]
    )


def test_a_run_only_reads_goes_on_for_others_and_can_be_stopped(example_library: Path) -> None:
    service = Service(Settings(library=example_library, model="none"))
    tab = EvaluationTab(service)
    before = contents(example_library)
    assert "data-action='start'" in panel(tab, "zh")
    assert tab.start("built_in", "60")
    assert not tab.start("own", "10")  # one at a time; the second visitor sees the first one's
    assert "progress" in panel(tab, "en")
    until(lambda: tab.standing().done >= 2)
    tab.stop()
    until(lambda: not tab.standing().is_open)
    standing = tab.standing()
    assert standing.state == "stopped" and standing.run and 2 <= standing.done < 83
    assert standing.run["counts"]["cases"] == standing.done
    assert f"83 题中的 {standing.done} 题" in panel(tab, "zh")
    assert tab.start("own", "10")
    until(lambda: not tab.standing().is_open)
    assert tab.standing().state == "done" and tab.standing().of == 10
    assert contents(example_library) == before
    service.close()


def test_what_cannot_be_read_from_a_page_is_taken_for_the_default(tmp_path: Path) -> None:
    tab = EvaluationTab(Service(Settings(library=tmp_path / "none", model="none")))
    assert tab.start("all of them", "100000")
    until(lambda: not tab.standing().is_open)
    standing = tab.standing()
    assert (standing.source, standing.count, standing.state) == ("own", 20, "failed")
    for language in ("zh", "en"):
        assert "Traceback" not in panel(tab, language) and str(tmp_path) not in panel(tab, language)


CASE = {
    "id": "x", "question": "<b>问？</b>", "company": "309001", "as_of": "2024-05-01", "skipped": None, "error": None,
    "expected": "not_found", "outcome": "answered", "faults": ["answered, should be not_found"], "gold_cited": None,
    "key_facts": {"found": 0, "of": 0}, "another_company": [], "quotes": {"in_place": 1, "of": 1},
}  # fmt: skip


def test_a_failed_case_says_why_in_the_pages_words() -> None:
    assert list(wrongs("zh", CASE)) == ["应当说没有找到，实际给出回答"]
    assert list(wrongs("en", CASE)) == ["should be “not found”, was an answer"]
    assert list(wrongs("zh", {**CASE, "faults": [], "outcome": "not_found"})) == []
    assert list(wrongs("zh", {**CASE, "skipped": "elsewhere"})) == []
    right = {**CASE, "expected": "answered", "faults": ["right pair not first"], "gold_cited": True}
    assert list(wrongs("en", right)) == []
    assert list(wrongs("en", {**right, "key_facts": {"found": 1, "of": 2}})) == ["only 1 of 2 key figures"]


def test_the_report_stands_escaped_in_its_frame() -> None:
    report = "<script>alert('x')</script>\"><img src=x>"
    counts = {"cases": 2, "scored": 1, "errors": 0, "skipped": 1}
    nothing = {"value": None, "low": None, "high": None, "of": 0, "unit": "cases", "left_out": 0}
    from ui.web.panels.evaluation import FIGURES

    run = {"counts": counts, "metrics": dict.fromkeys(FIGURES, nothing), "cases": [CASE]}
    standing = Standing("done", run=run, report=report)
    shown = str(evaluation_panel("en", standing, COUNTS, {"309001": "<i>岚川"}))
    assert "<script>" not in shown and "<img" not in shown and "<b>" not in shown and "<i>岚" not in shown
    assert "sandbox='allow-scripts'" in shown and "1 skipped cases are about" in shown
