"""The library tab in a browser: looking through it, what is new, removing and undoing, asking about a company."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.pipeline.ingesting import ingest
from ingest.settings import Settings
from tests.ui.conftest import Served, served
from tests.ui.test_viewer import PHONE, faint, small
from tests.ui.test_web import ask
from ui.web.visits import FILE_NAME

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]
CODE_ONLY = "股票代码,问题,回答,回答时间\n009876,公司的琥珀滤膜产能是多少？,琥珀滤膜的产能为每年77万件。,2025-06-03\n009876,琥珀滤膜卖到哪里？,主要销往华东。,2025-06-04\n"


@pytest.fixture(scope="module")
def own(example_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A page over a library that these tests may change: the examples and an export with codes alone."""
    folder = tmp_path_factory.mktemp("own")
    library = folder / "library"
    shutil.copytree(example_library, library)
    (folder / "009876_问答导出.csv").write_text(CODE_ONLY, encoding="utf-8")
    ingest([folder / "009876_问答导出.csv"], library, Settings(library=library))
    with served(library, {"JUPILU_WEB_UNDO_SECONDS": "3"}) as server:
        yield server


def library(page: Any) -> None:
    page.get_by_role("tab").nth(1).click()
    page.wait_for_selector("table.records")


def counted(page: Any, text: str) -> None:
    page.wait_for_function(
        "t => document.querySelector('.list-head [role=status]')?.innerText === t", arg=text
    )


def test_the_list_is_sought_filtered_sorted_and_cleared(visit: Visit, own: Served) -> None:
    page = visit(own, viewport={"width": 1440, "height": 900})
    library(page)
    counted(page, "全部 26 份记录")
    page.fill(".sieve [name=words]", "lczl")
    page.wait_for_function("document.querySelector('.list-head').innerText.includes('/ 26')")
    assert all("岚川智冷" in row for row in page.locator("table.records tbody tr").all_inner_texts())
    page.select_option(".sieve [name=format]", "html")
    counted(page, "1 / 26 份记录")
    page.locator(".sieve [data-do=reset]").click()
    counted(page, "全部 26 份记录")
    assert page.input_value(".sieve [name=words]") == ""
    page.fill(".sieve [name=from]", "2025-01-01")
    page.fill(".sieve [name=to]", "2025-03-31")
    page.wait_for_function("!document.querySelector('.list-head').innerText.includes('全部')")
    days = page.locator("table.records td:nth-child(2)").all_inner_texts()
    assert days and all("2025-01-01" <= day <= "2025-03-31" for day in days)
    page.locator(".sieve [data-do=reset]").click()
    counted(page, "全部 26 份记录")
    page.locator("[data-do=sort][data-sort=pairs]").click()
    page.wait_for_selector("th[aria-sort=descending] [data-sort=pairs]")
    pairs = [int(text) for text in page.locator("table.records td:nth-child(5)").all_inner_texts()]
    assert pairs == sorted(pairs, reverse=True)
    page.check(".sieve [name=warned]")
    page.wait_for_function(
        "document.querySelectorAll('table.records tbody tr').length === document.querySelectorAll('.warned').length"
    )
    page.locator(".sieve [data-do=reset]").click()
    page.fill(".sieve [name=words]", "没有这样的记录")
    page.wait_for_selector(".nothing")
    page.locator(".nothing [data-do=reset]").click()
    counted(page, "全部 26 份记录")
    assert str(own.library) not in page.content()
    assert page.notes["errors"] == []


@pytest.mark.parametrize("locale, unknown", [("zh-CN", "公司不详"), ("en-GB", "Company unknown")])
def test_an_export_with_codes_alone_has_a_name_everywhere(
    visit: Visit, own: Served, locale: str, unknown: str
) -> None:
    page = visit(own, locale=locale)
    assert "None" not in page.locator("body").inner_text()
    library(page)
    page.fill(".sieve [name=words]", "009876")
    page.wait_for_function("document.querySelectorAll('table.records tbody tr').length === 2")
    assert page.locator("table.records [data-do=company]").first.inner_text() == "009876"
    page.locator("table.records [data-do=company]").first.click()
    page.wait_for_selector("article.company h2")
    assert "None" not in page.locator("#overview").inner_text()
    page.get_by_role("tab").nth(0).click()
    turn = ask(page, "009876的琥珀滤膜产能是多少？")
    assert "77万件" in turn.inner_text() and "None" not in page.locator("body").inner_text()
    assert "None" not in "".join(
        page.locator("[data-copy]").evaluate_all("all => all.map((e) => e.dataset.copy)")
    )


def test_a_company_has_its_page_and_is_asked_about(visit: Visit, own: Served) -> None:
    page = visit(own)
    library(page)
    page.locator("[data-view=companies]").click()
    page.locator("table.companies [data-do=company]", has_text="岚川智冷").click()
    page.wait_for_selector("article.company")
    words = page.locator("article.company").inner_text()
    assert "最新记录" in words and "投资者最关心" in words and "编号缺口" in words
    files = page.locator("article.company table.records a").all_inner_texts()
    assert len(files) == 7 and all("岚川智冷" in name or "akshare" in name for name in files), files
    topic = page.locator(".topics button").first
    name = topic.inner_text().split()[0]
    topic.click()
    page.wait_for_function("document.activeElement.matches('#question textarea')")
    assert "岚川智冷" in page.locator(".chips").inner_text()
    assert name in page.input_value("#question textarea")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:not(.pending) .outcome")
    assert "岚川智冷" in page.locator("#thread").inner_text()
    page.get_by_role("tab").nth(1).click()
    page.locator("[data-do=home]").click()
    counted(page, "全部 26 份记录")


def test_the_chart_leads_to_the_records_of_a_month(visit: Visit, own: Served) -> None:
    page = visit(own, viewport={"width": 1280, "height": 800})
    library(page)
    page.locator("[data-view=coverage]").click()
    page.locator("[data-span=years]").click()
    page.wait_for_selector("[data-span=years][aria-pressed=true]")
    cell = page.locator("table.coverage td button").first
    count = int(cell.inner_text())
    cell.click()
    counted(page, f"{count} / 26 份记录")
    page.locator("[data-do=month-off]").click()
    page.wait_for_function("document.querySelectorAll('[data-do=month-off]').length === 0")


def test_what_is_new_is_marked_and_can_be_marked_as_seen(visit: Visit, own: Served) -> None:
    page = visit(own, locale="en-GB")
    library(page)
    assert page.locator(".tag.new").count() == 0
    with sqlite3.connect(own.library / FILE_NAME) as database:
        now = time.time()
        database.execute("UPDATE noted SET at = ?", (now - 9000,))
        one = page.locator("table.records tr[data-record]").nth(2).get_attribute("data-record")
        database.execute("UPDATE noted SET at = ? WHERE record = ?", (now - 60, one))
        database.execute("UPDATE visitors SET before = ?, seen = ?", (now - 8000, now - 7000))
    page.reload()
    library(page)
    page.wait_for_selector(f"tr[data-record='{one}'] .tag.new")
    assert "1 since your last visit" in page.locator(".list-head").inner_text()
    page.locator("[data-do=new]").click()
    page.wait_for_function("document.querySelectorAll('table.records tbody tr').length === 1")
    page.locator("[data-do=seen]").click()
    page.wait_for_function("document.querySelectorAll('#overview .tag.new').length === 0")
    stranger = visit(own)
    library(stranger)
    assert stranger.locator(".tag.new").count() == 0


def test_a_removal_is_undone_or_happens_with_all_of_its_file(visit: Visit, own: Served) -> None:
    page = visit(own)
    library(page)
    page.fill(".sieve [name=words]", "009876")
    page.wait_for_function("document.querySelectorAll('table.records tbody tr').length === 2")
    page.locator("[data-do=remove]").first.click()
    page.wait_for_function("document.querySelectorAll('tr.leaving').length === 2")
    assert "全部 2 份" in page.locator("tr.leaving").first.inner_text()
    page.locator("[data-do=undo]").first.click()
    page.wait_for_function("document.querySelectorAll('tr.leaving').length === 0")
    page.wait_for_timeout(3600)
    assert page.locator("table.records tbody tr").count() == 2
    page.locator("[data-do=remove]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.leaving")
    page.wait_for_selector(".nothing")
    page.locator(".nothing [data-do=reset]").click()
    counted(page, "全部 24 份记录")
    page.wait_for_function("document.querySelector('.library .counts').innerText.startsWith('24 ')")
    assert page.notes["errors"] == []


@pytest.mark.parametrize("view", ["records", "coverage", "companies", "company"])
@pytest.mark.parametrize(
    "scheme, options", [("light", {"viewport": {"width": 1280, "height": 800}}), ("dark", PHONE)]
)
def test_each_view_is_legible_and_fits(
    visit: Visit, example_page: Served, view: str, scheme: str, options: dict[str, Any]
) -> None:
    page = visit(color_scheme=scheme, **options)
    library(page)
    if view != "records":
        page.locator(f"[data-view={'companies' if view == 'company' else view}]").click()
        page.wait_for_selector("table.companies" if view.startswith("compan") else "table.coverage")
    if view == "company":
        page.locator("table.companies [data-do=company]").first.click()
        page.wait_for_selector("article.company")
    assert page.evaluate("document.documentElement.scrollWidth") <= options["viewport"]["width"]
    assert faint(page, "#overview *") == []
    assert small(page, "#overview button, #overview select, #overview input:not([type=checkbox])") == []
    sizes = page.locator("table.coverage td button, table.coverage thead th").evaluate_all(
        "all => all.map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert all(size >= 12 for size in sizes)


def test_where_nothing_may_be_changed_nothing_is_removed(example_library: Path, tmp_path: Path) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with served(tmp_path / "library", {"JUPILU_WEB_READ_ONLY": "true"}) as server:
        shown = fetch(f"{server.url}/jupilu/library/records?language=zh")
        assert "data-do='remove'" not in shown
        record = re.search(r"data-record='(\w+)'", shown)
        assert record
        body = json.dumps({"record": record[1]}).encode()
        for origin, status in ((server.url, 409), ("http://elsewhere.example", 403)):
            with pytest.raises(urllib.error.HTTPError) as raised:
                fetch(f"{server.url}/jupilu/library/removal", body, {"Origin": origin})
            assert raised.value.code == status
        with pytest.raises(urllib.error.HTTPError) as raised:
            fetch(f"{server.url}/jupilu/library/nothing")
        assert raised.value.code == 404


def fetch(address: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> str:
    request = urllib.request.Request(address, body, headers or {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.read().decode())
