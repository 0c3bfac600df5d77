"""What broke trust on the page, each as a visitor would meet it."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import served
from tests.ui.test_web import SLOWLY, ask, outcome

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]

PHASE_TWO = "岚川智冷的二期液冷基地什么时候投产？"
RESEARCH = "澄屿微电的研发费用率是多少？"
CANTEEN = "岚川智冷的食堂几点开饭？"

# A language model that writes a character each tenth of a second, and notes it in a file.
MODEL = """
import os, time
import rag.disclosure_qa
class Piece:
    text, response_metadata = "慢", {}
class Chat:
    def stream(self, messages):
        for _ in range(int(os.environ["PIECES"])):
            with open(os.environ["BEATS"], "a") as beats:
                beats.write(".")
            time.sleep(0.1)
            yield Piece()
class Source:
    name, evidence_tokens, deadline = "slow", 400, 60.0
    def connect(self): return Chat()
    def close(self): pass
rag.disclosure_qa.open_model = lambda settings: Source() if settings.model == "slow" else None
from ui.cli import main
main()
"""


# Answers wait until the file of that name is there.
HELD = """
import os, time
from rag.disclosure_qa import DisclosureQA
at_once = DisclosureQA.stream
def held(self, question, **options):
    events = list(at_once(self, question, **options))
    yield events[0]
    while not os.path.exists(os.environ["LET_GO"]):
        time.sleep(0.05)
    yield events[-1]
DisclosureQA.stream = held
from ui.cli import main
main()
"""


@pytest.fixture
def own_library(example_library: Path, tmp_path: Path) -> Path:
    shutil.copytree(example_library, tmp_path / "library")
    return tmp_path / "library"


def send(page: Any, question: str) -> None:
    page.fill("#question textarea", question)
    page.keyboard.press("Enter")


def test_no_picture_of_another_page_stands_as_evidence_while_the_new_one_loads(visit: Visit) -> None:
    page = visit()
    ask(page, PHASE_TWO)
    page.locator("#evidence .page img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#evidence .page img').naturalWidth > 0")
    held: list[Any] = []
    page.route("**/pages/*.png*", lambda route: held.append(route))  # until they are let go below
    ask(page, RESEARCH)
    page.wait_for_function("document.querySelector('#evidence').innerText.includes('澄屿微电')")
    page.locator("#evidence .page img").first.scroll_into_view_if_needed()
    shown = page.evaluate(
        "[...document.querySelectorAll('#evidence .page img')].map(i => [i.naturalWidth, i.getBoundingClientRect().height])"
    )
    assert shown and all(width == 0 for width, _ in shown)
    before = page.locator("#evidence .page").first.bounding_box()["height"]
    assert before > 100
    for route in held:
        route.continue_()
    page.wait_for_function("document.querySelector('#evidence .page img').naturalWidth > 0")
    assert abs(page.locator("#evidence .page").first.bounding_box()["height"] - before) < 2


def test_stop_ends_the_model_at_once_and_keeps_question_and_words(
    own_library: Path, tmp_path: Path, visit: Visit
) -> None:
    beats = tmp_path / "beats"
    environment = {"JUPILU_MODEL": "slow", "PIECES": "300", "BEATS": str(beats)}
    with served(own_library, environment, ("-c", MODEL)) as server:
        page = visit(server)
        send(page, PHASE_TWO)
        page.wait_for_selector(".pending a.mark")
        page.get_by_role("button", name="停止").click()
        page.wait_for_selector("#turn-1:not(.pending) a.mark.supported", timeout=3000)
        assert "已停止" in page.locator("#turn-1").inner_text()
        page.wait_for_timeout(300)
        size = beats.stat().st_size
        page.wait_for_timeout(1500)
        assert beats.stat().st_size <= size + 1
        assert page.get_by_role("button", name="提问").is_visible()
        send(page, RESEARCH)
        page.wait_for_selector("#turn-2.pending a.mark", timeout=10_000)
        page.keyboard.press("Escape")
        page.wait_for_selector("#turn-2:not(.pending) a.mark.supported")
        page.reload()
        page.wait_for_selector("#turn-2 a.mark.supported")
        assert page.locator(".turn:not(.pending)").count() == 2


def test_stop_before_any_words_keeps_the_question(own_library: Path, visit: Visit) -> None:
    with served(own_library, program=("-c", SLOWLY)) as server:
        page = visit(server)
        send(page, PHASE_TWO)
        page.wait_for_selector(".pending")
        page.get_by_role("button", name="停止").click()
        page.wait_for_selector("#turn-1.failed")
        assert PHASE_TWO in page.locator("#turn-1").inner_text()
        assert "已停止" in page.locator("#turn-1").inner_text()
        page.locator("#turn-1 [data-action=ask]").click()
        page.wait_for_selector("#turn-1:not(.pending) a.mark.supported")
        assert page.locator(".turn").count() == 1


def test_a_running_answer_is_in_sight_with_its_own_evidence(
    own_library: Path, tmp_path: Path, visit: Visit
) -> None:
    environment = {"JUPILU_MODEL": "slow", "PIECES": "40", "BEATS": str(tmp_path / "beats")}
    with served(own_library, environment, ("-c", MODEL)) as server:
        page = visit(server, viewport={"width": 1280, "height": 720})
        ask(page, PHASE_TWO)
        send(page, RESEARCH)
        page.wait_for_selector("#turn-2.pending .text")
        page.wait_for_timeout(700)
        for selector in ("#turn-2 .question", "#turn-2 .text"):
            assert page.evaluate(
                """selector => {
                    const part = document.querySelector(selector), place = part.getBoundingClientRect();
                    return part.contains(document.elementFromPoint(place.left + 20, place.top + 12));
                }""",
                selector,
            ), f"{selector} is covered"
        assert "澄屿微电" in page.locator("#evidence").inner_text()
        assert "岚川智冷" not in page.locator("#evidence h3").first.inner_text()
        page.locator("#turn-2.pending a.mark").first.click()
        page.wait_for_function("document.activeElement.id === 'evidence-2-1'", timeout=2000)


def test_an_answer_survives_its_page(own_library: Path, visit: Visit) -> None:
    with served(own_library, program=("-c", SLOWLY)) as server:
        page = visit(server)
        send(page, PHASE_TWO)
        page.wait_for_selector(".pending")
        page.wait_for_function("location.search.includes('c=')", timeout=1000)
        page.reload()
        page.wait_for_selector("#turn-1.pending")
        page.wait_for_selector("#turn-1:not(.pending) a.mark.supported")
        send(page, CANTEEN)
        page.wait_for_selector("#turn-2.pending")
        page.locator("[data-action=new]").click()
        page.wait_for_selector(".welcome")
        page.wait_for_function("!location.search.includes('c=')", timeout=2000)
        page.wait_for_timeout(5000)
        assert page.locator(".welcome").is_visible() and page.locator(".turn").count() == 0
        page.go_back()
        page.wait_for_selector("#turn-2:not(.pending)")
        assert "c=" in page.url
        page.go_forward()
        page.wait_for_selector(".welcome")
        assert page.url.startswith(server.url)


def test_the_company_box_searches_names_codes_and_initials(visit: Visit) -> None:
    page = visit()
    box, options = page.locator("#company input"), page.locator("#company [role=option]:visible")
    for typed in ("lczl", "309001", "岚川智"):
        box.fill(typed)
        assert options.count() == 1 and "岚川智冷" in options.first.inner_text(), typed
        page.keyboard.press("Enter")
        assert "岚川智冷" in page.locator(".chips").inner_text()
    box.click()
    box.type("澄屿")
    options.first.click()
    chips = page.locator(".chips [data-remove]")
    assert chips.count() == 1 and "澄屿微电" in chips.inner_text()
    page.fill("#as-of input", "2025-06-30")
    assert chips.count() == 2
    turn = ask(page, PHASE_TWO)
    assert "没有限于所选的澄屿微电" in turn.inner_text()
    turn = ask(page, "研发费用率是多少？")
    assert "澄屿微电" in page.locator("#evidence h3").first.inner_text()
    chips.filter(has_text="2025-06-30").click()
    assert chips.count() == 1 and page.input_value("#as-of input") == ""
    box.fill("没有这家")
    page.keyboard.press("Tab")
    assert "没有“没有这家”" in page.locator("#company").inner_text()
    page.locator("[data-action=new]").click()
    page.wait_for_selector(".welcome")
    assert chips.count() == 0 and box.input_value() == ""


def test_three_questions_within_a_moment_queue_in_sight(
    own_library: Path, tmp_path: Path, visit: Visit
) -> None:
    let_go = tmp_path / "let_go"
    with served(own_library, {"LET_GO": str(let_go)}, ("-c", HELD)) as server:
        page = visit(server)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 8})
        questions = (PHASE_TWO, CANTEEN, RESEARCH)
        for question in questions:
            send(page, question)
        # What is drawn late is drawn over, so both are waited for.
        page.wait_for_function(
            "document.querySelectorAll('.turn').length === 3 && document.querySelectorAll('.turn.waiting').length === 2",
            timeout=30_000,
        )
        assert "排队" in page.locator(".turn").last.inner_text()
        let_go.touch()
        page.wait_for_function(
            "document.querySelectorAll('.turn:not(.pending)').length === 3", timeout=30_000
        )
        asked = page.locator(".turn .question").all_inner_texts()
        assert [questions.index(shown.split("：")[-1].strip()) for shown in asked] == [0, 1, 2]
        assert page.locator(".conversations .open").count() == 1


def test_too_long_a_question_is_refused_before_it_is_sent(visit: Visit) -> None:
    page = visit()
    page.fill("#question textarea", "问" * 1200)
    page.keyboard.press("Enter")
    page.wait_for_timeout(800)
    assert page.locator(".turn").count() == 0
    assert len(page.input_value("#question textarea")) == 1200
    assert "1200" in page.locator("#filters .over").inner_text()
    turn = ask(page, PHASE_TWO)
    assert outcome(turn) == "answered"


def test_a_clarification_is_a_click_and_holds_for_its_question_alone(visit: Visit) -> None:
    page = visit()
    turn = ask(page, "岚川的主要产品是什么？")
    assert outcome(turn) == "company_unknown"
    choices = turn.locator("[data-action=clarify]")
    assert {"岚川智冷", "岚川数科"} <= {text.split()[0] for text in choices.all_inner_texts()}
    choices.filter(has_text="岚川数科").click()
    page.wait_for_selector("#turn-1:not(.pending) .outcome:not(.company_unknown)")
    assert page.locator(".turn").count() == 1
    assert "岚川数科" in page.locator("#turn-1").inner_text()
    assert page.locator(".chips [data-remove]").count() == 0
    turn = ask(page, RESEARCH)
    assert "岚川" not in turn.inner_text()


LATIN = re.compile(r"[A-Za-z]{3,}")
MAY_BE_LATIN = {"English", "PDF", "Word", "CSV", "Jupilu", "pdf", "docx", "txt"}


def test_each_language_keeps_to_itself(own_library: Path, tmp_path: Path, visit: Visit) -> None:
    bad = [tmp_path / name for name in ("坏.pdf", "空.txt", "图.png", "无关.txt", "压缩.zip", "表.csv")]
    bad[0].write_bytes(b"%PDF-1.7\nbroken")
    bad[1].write_bytes(b"")
    bad[2].write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 50)
    bad[3].write_text("今天天气很好，适合散步。", encoding="utf-8")
    bad[4].write_bytes(b"PK\x05\x06" + b"\0" * 18)
    bad[5].write_text("甲,乙\n1,2\n", encoding="utf-8")
    with served(own_library) as server:
        page = visit(server)
        ask(page, "贵州茅台的产能是多少？")
        assert "jupilu" not in page.locator(".thread").inner_text()
        page.get_by_role("tab").nth(1).click()
        page.set_input_files("#upload input[type=file]", [str(path) for path in bad])
        page.wait_for_function("document.querySelectorAll('#upload tr').length >= 6")
        page.click("#ingest")
        page.wait_for_function("document.querySelectorAll('#upload-report tr.failed').length >= 4")
        page.wait_for_selector("table.records")
        for details in page.locator("#overview details").all():
            details.evaluate("e => { e.open = true; }")
        for part in ("#upload-report", "#overview", "#upload", "#masthead", "[role=tablist] >> nth=0"):
            words = page.locator(part).inner_text()
            for file in (*bad, *Path("examples/records").iterdir()):
                words = words.replace(file.name, "")
            foreign = set(LATIN.findall(words)) - MAY_BE_LATIN
            assert not foreign, (part, foreign, words[:400])
            assert str(own_library) not in words and "/tmp" not in words
        page.click("#switch-language")
        page.wait_for_function("document.querySelector('[role=tab]')?.innerText === 'Chat'")
        for part in ("#upload", "#upload-row", ".sieve .words", ".views", "[role=tablist] >> nth=0"):
            words = page.locator(part).inner_text().replace("中文", "")
            for file in bad:
                words = words.replace(file.name, "")
            assert not re.search("[\u4e00-\u9fff]", words), (part, words)
        page.get_by_role("tab").nth(0).click()
        for part in ("#filters", "#question", "#conversation-column .primary"):
            assert not re.search("[\u4e00-\u9fff]", page.locator(part).first.inner_text()), part


@pytest.mark.parametrize("locale, counted", [("zh-CN", "24 份记录"), ("en-GB", "24 records")])
def test_the_welcome_says_what_is_inside_and_its_questions_are_answered(
    visit: Visit, locale: str, counted: str
) -> None:
    page = visit(locale=locale)
    assert counted in page.locator(".welcome .inside").inner_text()
    page.wait_for_timeout(4000)  # until the questions have been tried
    page.reload()
    page.wait_for_selector(".welcome .choices")
    questions = page.locator(".welcome .choices button").all_inner_texts()
    assert len(questions) == 3
    names = {"zh-CN": ("岚川", "澄屿", "磐禾", "禾愈"), "en-GB": ("Lanchuan", "Chengyu", "Panhe", "Heyu")}[
        locale
    ]
    assert all(any(name in question for name in names) for question in questions)
    if locale == "en-GB":
        assert all(re.match("(What|How|Which) ", question) for question in questions)
        assert not re.search("[\u4e00-\u9fff]", page.locator(".welcome").inner_text())
    for number, question in enumerate(questions, start=1):
        if number > 1:
            page.locator("[data-action=new]").click()
        page.locator(".welcome .choices button", has_text=question).click()
        page.wait_for_selector("#turn-1:not(.pending) .outcome.answered")


def test_everything_unfolds_with_its_marks_and_stays_so_while_the_next_is_answered(
    own_library: Path, visit: Visit
) -> None:
    with served(own_library, program=("-c", SLOWLY)) as server:
        page = visit(server)
        turn = ask(page, "岚川智冷的液冷在手订单有多少？")
        short = turn.locator(".answer > .text").inner_text()
        turn.locator(".everything > summary").click()
        whole = turn.locator(".everything .text")
        assert whole.is_visible() and len(whole.inner_text()) > len(short)
        assert whole.locator("a.mark.supported").count() >= 1
        assert not turn.locator(".how .steps").is_visible()
        send(page, CANTEEN)
        page.wait_for_selector("#turn-2.pending")
        page.wait_for_selector("#turn-2:not(.pending)")
        assert page.locator("#turn-1 .everything .text").is_visible()
        assert "第 2 问" in page.locator("#evidence").inner_text()


def test_waiting_is_told_soon(visit: Visit) -> None:
    page = visit()
    started = time.monotonic()
    send(page, PHASE_TWO)
    page.wait_for_selector(".turn")
    assert time.monotonic() - started < 2
