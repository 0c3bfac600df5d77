"""The real page in a real browser, over the library of examples."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import Served, served

pytestmark = [pytest.mark.enable_socket]
HIGHLIGHT = (255, 226, 84)
Visit = Callable[..., Any]

HOSTILE = """投资者关系活动记录表
证券代码：309077 证券简称：敌意样本
编号：2025-001
投资者关系活动类别 √特定对象调研
时间 2025年6月3日
地点 公司会议室
投资者关系活动主要内容介绍
1、公司的琥珀滤膜产线 <img src=x onerror="window.hacked=1"> 产能是多少？
答：琥珀滤膜产线产能为每年 77 万件<script>window.hacked=2</script>，详见 [公告](javascript:window.hacked=3)。\
${window.hacked=4}{{constructor.constructor('window.hacked=5')()}}`<svg onload=window.hacked=6>'"><b id=injected>粗体</b> [1]
日期 2025年6月3日
"""


def ask(page: Any, question: str) -> Any:
    """Ask and wait for the finished answer, the page's newest turn."""
    before = page.locator(".turn:not(.pending)").count()
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")
    page.wait_for_function("n => document.querySelectorAll('.turn:not(.pending)').length > n", arg=before)
    return page.locator(".turn").last


def outcome(turn: Any) -> str:
    return str(turn.locator(".answer").get_attribute("class")).replace("answer ", "", 1).strip()


def test_a_mark_leads_to_its_page_with_the_quote_highlighted_and_survives_a_reload(visit: Visit) -> None:
    page = visit()
    turn = ask(page, "岚川智冷的二期液冷基地什么时候投产？")
    assert outcome(turn) == "answered"
    assert turn.locator(".steps .done").count() >= 3
    marks = turn.locator("a.mark")
    assert "与原文相符" in marks.first.get_attribute("aria-label")
    turn.locator(".everything > summary").click()
    in_pdf = next(n for n in range(marks.count()) if _picture_of(page, marks.nth(n)) is not None)
    marks.nth(in_pdf).click()
    number = marks.nth(in_pdf).get_attribute("data-mark")
    card = page.locator(f"#evidence-1-{number}")
    page.wait_for_function(
        "id => document.activeElement && document.activeElement.id === id", arg=f"evidence-1-{number}"
    )
    assert card.locator("mark").count() >= 1
    assert _highlighted(_picture_of(page, marks.nth(in_pdf))) > 300
    before = page.locator(".answer > .text").inner_text()
    assert "?c=" in page.url
    page.reload()
    page.wait_for_selector("a.mark")
    assert page.locator(".answer > .text").inner_text() == before
    assert page.locator(f"#evidence-1-{number} mark").count() >= 1
    assert page.notes["errors"] == []


def test_every_outcome_looks_its_own_and_only_answers_carry_marks(visit: Visit) -> None:
    page = visit()
    for question, expected in (
        ("岚川智冷的食堂几点开饭？", "not_found"),
        ("岚川智冷和那家海外AI芯片公司的认证做到哪一步了？", "evaded"),
        ("岚川智冷的股票现在能买吗？", "out_of_scope"),
        ("贵州茅台的产能是多少？", "company_unknown"),
    ):
        turn = ask(page, question)
        assert outcome(turn) == expected, question
        assert (turn.locator("a.mark").count() > 0) == (expected == "evaded")
    labels = page.locator("p.outcome").all_inner_texts()
    assert len(set(labels)) == 4


SLOWLY = """
import time
from rag.answers import Provisional
from rag.disclosure_qa import DisclosureQA
quickly = DisclosureQA.stream
def slowly(self, question, **options):
    events = list(quickly(self, question, **options))
    yield events[0]
    time.sleep(1)
    yield Provisional(events[-1])
    time.sleep(3)
    yield events[-1]
DisclosureQA.stream = slowly
from ui.cli import main
main()
"""


def test_nothing_is_verified_before_the_gate_has_finished_and_stop_stops(
    example_library: Path, tmp_path: Path, visit: Visit
) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with served(tmp_path / "library", program=("-c", SLOWLY)) as server:
        page = visit(server)
        page.fill("#question textarea", "岚川智冷的二期液冷基地什么时候投产？")
        page.keyboard.press("Enter")
        page.wait_for_selector(".pending .spinner")
        assert "核验中" in page.locator(".pending").inner_text()
        page.wait_for_selector(".pending .text")
        assert page.locator(".pending a.mark.supported, .pending .badge").count() == 0
        assert "与原文相符" not in page.locator("#thread").inner_html()
        page.get_by_role("button", name="停止").click()
        page.wait_for_selector("#turn-1:not(.pending) a.mark.supported", timeout=2500)
        assert "已停止" in page.locator("#turn-1").inner_text()
        page.wait_for_timeout(4000)
        assert page.locator(".turn").count() == 1
        assert page.get_by_role("button", name="提问").is_visible()
        page.fill("#question textarea", "岚川智冷的二期液冷基地什么时候投产？")
        page.keyboard.press("Enter")
        page.wait_for_selector("#turn-2 a.mark.supported")


def test_what_is_sent_while_an_answer_runs_is_asked_after_it(
    example_library: Path, tmp_path: Path, visit: Visit
) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with served(tmp_path / "library", program=("-c", SLOWLY)) as server:
        page = visit(server)
        page.fill("#question textarea", "岚川智冷的二期液冷基地什么时候投产？")
        page.keyboard.press("Enter")
        page.wait_for_selector(".pending .text")
        page.fill("#question textarea", "岚川智冷的食堂几点开饭？")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelectorAll('.turn:not(.pending)').length === 2")
        assert outcome(page.locator(".turn").first) == "answered"
        assert outcome(page.locator(".turn").last) == "not_found"


def test_a_follow_up_keeps_its_company_and_nothing_found_offers_near_questions(visit: Visit) -> None:
    page = visit()
    ask(page, "岚川智冷的二期液冷基地什么时候投产？")
    turn = ask(page, "那海外收入呢？")
    assert "岚川智冷" in turn.locator(".understood").inner_text()
    codes = page.locator("#evidence .card h3").all_inner_texts()
    assert all("309001" in code for code in codes)
    turn = ask(page, "它的食堂几点开饭？")
    assert outcome(turn) == "not_found"
    assert "最接近" in page.locator(".related").inner_text()


def test_filters_reach_the_answer(visit: Visit) -> None:
    page = visit()
    page.fill("#as-of input", "2024-08-31")
    page.locator("#company input").fill("岚川智冷")
    page.keyboard.press("Enter")
    turn = ask(page, "二期液冷基地什么时候投产？")
    assert "截至 2024-08-31" in turn.inner_text()
    days = re.findall(r"披露 (20\d\d-\d\d-\d\d)", page.locator("#evidence").inner_text())
    assert days and max(days) <= "2024-08-31"


def test_asking_on_retry_edit_feedback_and_copy(visit: Visit) -> None:
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    ask(page, "岚川智冷2024年上半年液冷收入到底是多少？")
    related = page.locator(".related button").first
    related.click()
    page.wait_for_function("document.querySelectorAll('.turn:not(.pending)').length === 2")
    page.locator("#turn-2 [data-action=retry]").click()
    page.wait_for_timeout(1500)
    page.wait_for_selector("#turn-2:not(.pending)")
    assert page.locator(".turn").count() == 2
    page.locator("#turn-1 [data-action=edit]").click()
    page.wait_for_function("document.querySelector('#question textarea').value !== ''")
    assert page.locator(".editing").is_visible()
    assert page.input_value("#question textarea").startswith("岚川智冷2024")
    page.fill("#question textarea", "澄屿微电的研发费用率是多少？")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "document.querySelector('#turn-1 .question')?.innerText.includes('澄屿') && !document.querySelector('.pending')"
    )
    assert page.locator(".turn").count() == 1
    page.locator("#turn-1 [data-action=copy]").click()
    page.wait_for_timeout(300)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in copied and "不构成投资建议" in copied
    page.locator("#turn-1 .bad summary").click()
    page.locator("#turn-1 [data-reason=off_topic]").click()
    page.wait_for_selector("#turn-1 .noted")
    page.reload()
    page.wait_for_selector("#turn-1 .noted")
    assert "答非所问" in page.locator("#turn-1 .noted").inner_text()


def test_conversations_are_named_listed_deleted_and_nobody_elses(visit: Visit) -> None:
    page = visit()
    ask(page, "澄屿微电的研发费用率是多少？")
    address = page.url
    page.locator("[data-action=rename]").click()
    page.keyboard.type("我的研究")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.conversations .open')?.innerText === '我的研究'")
    page.locator("[data-action=new]").click()
    page.wait_for_selector(".welcome")
    assert "c=" not in page.url
    stranger = visit(path=address[address.index("/?") :])
    assert stranger.locator(".turn").count() == 0
    assert "不属于您" in stranger.locator(".thread").inner_text()
    assert stranger.locator(".conversations .open").count() == 0
    page.locator("[data-action=open]").click()
    page.wait_for_selector(".turn")
    page.locator("[data-action=delete]").click()
    page.wait_for_selector(".welcome")
    assert page.locator(".conversations .open").count() == 0


def test_language_follows_the_browser_and_the_switch(visit: Visit) -> None:
    page = visit(locale="en-GB")
    assert page.locator("[role=tab]").first.inner_text() == "Chat"
    assert page.evaluate("document.documentElement.lang") == "en"
    turn = ask(page, "When will Lanchuan's phase two start production? 岚川智冷")
    assert turn.locator(".outcome").inner_text() in ("Quotes checked", "Not found", "No direct answer")
    page.click("#switch-language")
    page.wait_for_function("document.querySelector('[role=tab]')?.innerText === '对话'")
    page.reload()
    page.wait_for_function("document.querySelector('[role=tab]')?.innerText === '对话'")


def test_a_good_and_a_bad_file_and_a_hostile_record(
    example_library: Path, tmp_path: Path, visit: Visit
) -> None:
    own = tmp_path / "library"
    shutil.copytree(example_library, own)
    good, bad = tmp_path / "309077敌意样本20250603.txt", tmp_path / "坏文件.pdf"
    good.write_text(HOSTILE, encoding="utf-8")
    bad.write_bytes(b"%PDF-1.7\nbroken")
    with served(own, {"JUPILU_WEB_UNDO_SECONDS": "1"}) as server:
        page = visit(server)
        page.get_by_role("tab").nth(1).click()
        page.set_input_files("#upload input[type=file]", [str(good), str(bad)])
        page.wait_for_function("document.querySelectorAll('#upload .file, #upload tr').length >= 2")
        page.click("#ingest")
        page.wait_for_selector("#upload-report tr.failed")
        report = page.locator("#upload-report").inner_text()
        assert "新增 1" in report and "失败 1" in report and "坏文件.pdf" in report
        page.wait_for_function("document.querySelector('#overview').innerText.includes('敌意样本')")
        page.get_by_role("tab").nth(0).click()
        turn = ask(page, "敌意样本的琥珀滤膜产线产能是多少？")
        assert outcome(turn) == "answered"
        assert "<script>" in turn.inner_text() and "[公告](javascript:" in turn.inner_text()
        page.locator("a.mark").first.click()
        page.wait_for_timeout(500)
        assert page.evaluate("window.hacked") is None
        assert page.locator("#injected, #thread img, #evidence svg").count() == 0
        assert page.locator("a[href^='javascript:']").count() == 0
        whole = page.context.new_page()
        whole.goto(server.url + "/" + page.locator(".card footer a").first.get_attribute("href"))
        assert whole.evaluate("window.hacked") is None and whole.locator("#injected").count() == 0
        assert "onerror" in whole.locator("article").first.inner_text()
        page.get_by_role("tab").nth(1).click()
        page.locator("tr", has_text="敌意样本").locator("[data-do=remove]").click()
        page.wait_for_selector("tr.leaving")
        page.wait_for_function("!document.querySelector('#overview').innerText.includes('敌意样本')")


def test_an_empty_library_offers_the_examples(tmp_path: Path, visit: Visit) -> None:
    with served(tmp_path / "nothing") as server:
        page = visit(server)
        assert "空的" in page.locator(".welcome.empty h2").inner_text()
        page.click("[data-action=examples]")
        page.wait_for_selector(".welcome.loading progress")
        page.wait_for_function(
            "/\\d+ \\/ \\d+ 份/.test(document.querySelector('.welcome.loading')?.innerText)"
        )
        page.wait_for_selector(".welcome .inside", timeout=120_000)
        assert "24 份记录" in page.locator(".welcome .inside").inner_text()
        assert page.locator(".choices button").count() == 3
        page.locator(".choices button").first.click()
        page.wait_for_selector(".turn:not(.pending)")


@pytest.mark.parametrize("width", [360, 768])
def test_narrow_screens_need_no_sideways_scrolling(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 740})
    ask(page, "岚川智冷的二期液冷基地什么时候投产？")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("a.mark").first.click()
    assert page.locator(".card.chosen").is_visible()
    page.locator(".card.chosen [data-action=back]").click()
    page.wait_for_function("document.activeElement.classList.contains('mark')")
    page.get_by_role("tab").nth(1).click()
    page.locator("[data-view=coverage]").click()
    page.wait_for_selector("table.coverage")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit()
    page.locator("body").click(position={"x": 5, "y": 5})
    page.keyboard.press("/")
    page.keyboard.type("岚川智冷的二期液冷基地什么时候投产？")
    page.keyboard.press("Enter")
    page.wait_for_selector(".turn:not(.pending) a.mark")
    page.locator("a.mark").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id.startsWith('evidence-')")


def test_everything_comes_from_its_own_host(visit: Visit, example_page: Served) -> None:
    page = visit()
    ask(page, "岚川智冷的二期液冷基地什么时候投产？")
    page.locator("a.mark").first.click()
    page.get_by_role("tab").nth(1).click()
    page.click("#switch-language")
    page.wait_for_timeout(1500)
    foreign = [u for u in page.notes["requests"] if not u.startswith((example_page.url, "data:", "blob:"))]
    assert foreign == []
    assert page.notes["errors"] == []


def test_named_controls_for_screen_readers(visit: Visit) -> None:
    page = visit()
    ask(page, "岚川智冷的二期液冷基地什么时候投产？")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, a, input, textarea, summary')].filter((e) => e.checkVisibility() &&
            !(e.innerText || e.ariaLabel || e.title || e.labels?.length || e.closest('label')?.innerText || e.type === 'file' ||\n            e.querySelector('img[alt]'))
        ).map((e) => e.outerHTML.slice(0, 160))"""
    )
    assert nameless == []


def _picture_of(page: Any, mark: Any) -> bytes | None:
    """The page picture on the card of a mark, as the server gives it."""
    image = page.locator(f"#evidence-1-{mark.get_attribute('data-mark')} .page img")
    if image.count() == 0:
        return None
    answer = page.request.get(page.url.split("?")[0] + image.first.get_attribute("src"))
    assert answer.ok
    return bytes(answer.body())


def _highlighted(data: bytes | None) -> int:
    """How many pixels of a picture have the highlighter's colour."""
    from PIL import Image

    picture = Image.open(io.BytesIO(data or b"")).convert("RGB")
    return sum(
        count
        for count, colour in picture.getcolors(maxcolors=1 << 24) or []
        if all(abs(a - b) < 12 for a, b in zip(colour, HIGHLIGHT, strict=True))
    )


@pytest.mark.slow
def test_real_pages_show_their_quotes(shared_dir: Path, tmp_path: Path, visit: Visit) -> None:
    """Twelve real PDFs: the question of one of their own pairs leads to a picture with its answer highlighted."""
    from ingest.library.library import Library
    from ingest.pipeline.ingesting import ingest
    from ingest.settings import Settings

    paths = sorted(
        (shared_dir / "records").glob("*.pdf"), key=lambda p: hashlib.sha256(p.name.encode()).digest()
    )[:12]
    settings = Settings(library=tmp_path / "library")
    ingest(paths, settings.library, settings)
    with Library.open(settings.library, settings) as library:
        records = [library.record(summary.id) for summary in library.records() if summary.pairs]
    asked = 0
    with served(settings.library) as server:
        page = visit(server)
        for record in records:
            pair = next((p for p in record.pairs if 10 <= len(p.question) <= 60 and len(p.answer) > 60), None)
            if pair is None:
                continue
            page.locator("[data-action=new]").click()
            page.wait_for_selector(".welcome")
            turn = ask(page, f"{record.form.short_name or ''}：{' '.join(pair.question.split())}")
            marks = turn.locator("a.mark")
            if marks.count():  # whether an answer is found is measured elsewhere; here that it is shown
                assert _highlighted(_picture_of(page, marks.first)) > 300
                asked += 1
    assert asked >= len(records) // 2
    assert page.notes["errors"] == []
