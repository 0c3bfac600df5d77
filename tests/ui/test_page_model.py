"""What writes: chosen for each conversation, how it stands, and what is left when it fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.settings import Settings
from tests.ui.conftest import Served, served
from tests.ui.test_web import ask
from ui.web.models import Models
from ui.web.panels.model import model_choice
from ui.web.plain_words import plain_notice

pytestmark = [pytest.mark.enable_socket]
Visit = Callable[..., Any]

PHASE_TWO = "岚川智冷的二期液冷基地什么时候投产？"
SECRET = "sk-do-not-show-me"

# A provider's model that takes a moment to be loaded and then, by what FAILS says, writes or fails with its own words.
PROVIDER = """
import os, time
import rag.disclosure_qa
real = rag.disclosure_qa.open_model
class Piece:
    response_metadata = {"finish_reason": "stop"}
    def __init__(self, text): self.text = text
class Chat:
    def stream(self, messages):
        time.sleep(1.5)
        if os.environ["FAILS"] == "yes":
            raise RuntimeError("provider says: " + os.environ["JUPILU_MODEL_API_KEY"])
        yield Piece("二期液冷基地预计2025年第二季度投产")
        time.sleep(1.5)
        yield Piece("[1]。")
class Source:
    name, evidence_tokens, deadline = "acme:writer", 400, 60.0
    is_loaded = False
    def connect(self):
        time.sleep(1.5)
        Source.is_loaded = True
        return Chat()
    def close(self): pass
rag.disclosure_qa.open_model = lambda settings: Source() if settings.model == "acme:writer" else real(settings)
from ui.cli import main
main()
"""


@pytest.fixture(scope="module")
def with_provider(example_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    own = tmp_path_factory.mktemp("provider") / "library"
    shutil.copytree(example_library, own)
    environment = {"JUPILU_MODEL": "acme:writer", "JUPILU_MODEL_API_KEY": SECRET, "FAILS": "yes"}
    environment["JUPILU_MODELS_DIR"] = str(own.parent / "models")
    with served(own, environment, ("-c", PROVIDER)) as page:
        yield page


@pytest.mark.parametrize(
    "locale, loading, failed",
    [
        ("zh-CN", "正在载入模型", "语言模型出错，以上是公司原文。"),
        ("en-GB", "The model is", "语言模型出错，以上是公司原文。"),
    ],
)
def test_a_model_is_chosen_for_each_conversation_and_its_failure_is_one_line(
    with_provider: Served, visit: Visit, locale: str, loading: str, failed: str
) -> None:
    page = visit(with_provider, locale=locale)
    select = page.locator("#model-chosen")
    assert select.input_value() == "acme:writer"
    assert select.locator("option").count() == 2
    page.fill("#question textarea", PHASE_TWO)
    page.keyboard.press("Enter")
    page.wait_for_function("w => document.querySelector('#model-state').textContent.includes(w)", arg=loading)
    page.wait_for_selector(".pending a.mark")  # the company's words are there meanwhile
    page.wait_for_selector("#turn-1:not(.pending) .notice")
    assert page.locator("#turn-1 .notice").inner_text() == failed
    assert page.locator("#turn-1 a.mark.supported").count() >= 1
    for shown in (page.content(), json.dumps(page.notes["errors"])):
        assert SECRET not in shown and "provider says" not in shown and "RuntimeError" not in shown
    first = page.url
    page.locator("[data-action=new]").click()
    page.wait_for_selector(".welcome")
    select.select_option("none")
    turn = ask(page, "澄屿微电的研发费用率是多少？")
    assert turn.locator(".notice").count() == 0
    page.goto(first)
    page.wait_for_selector("#turn-1")
    page.wait_for_function("document.querySelector('#model-chosen').value === 'acme:writer'")
    page.locator(".conversations .open", has_text="研发费用").click()
    page.wait_for_function("document.querySelector('#model-chosen').value === 'none'")


def test_where_no_model_is_wanted_none_is_offered(visit: Visit) -> None:
    page = visit()
    assert page.locator("#model-chosen option").count() == 1
    assert "原话" in page.locator("#model-state").inner_text()


def models(folder: Path, model: str = "auto") -> Models:
    return Models(Settings(library=folder, models_dir=folder, model=model), lambda _: False)


def test_what_is_not_there_cannot_be_chosen_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.web.models.find_spec", lambda name: object())
    offered = models(tmp_path).offered()
    assert [(one.id, one.state) for one in offered] == [("none", "ready"), ("local", "missing")]
    assert models(tmp_path).default() == "none" and models(tmp_path).chosen("local") == "none"
    shown = str(model_choice("zh", offered, "none"))
    assert "disabled" in shown and "jupilu models pull" in shown
    monkeypatch.setattr("ui.web.models.find_spec", lambda name: None)
    assert "jupilu[local]" in str(model_choice("en", models(tmp_path).offered(), "none"))
    assert [one.id for one in models(tmp_path, "none").offered()] == ["none"]


def test_a_file_that_was_copied_is_verified_before_it_may_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    go, told = threading.Event(), threading.Event()

    def pulled(settings: Settings) -> None:
        go.wait(10)
        told.set()

    monkeypatch.setattr("ui.web.models.find_spec", lambda name: object())
    monkeypatch.setattr("ui.web.models.standing", lambda settings: "unverified")
    monkeypatch.setattr("ui.web.models.pulled", pulled)
    one = models(tmp_path)
    assert one.offered()[-1].state == "verifying" and one.chosen("local") == "none"
    go.set()
    assert told.wait(5)
    for _ in range(100):
        if one.offered()[-1].state == "missing":
            break
        threading.Event().wait(0.02)
    assert one.offered()[-1].state == "missing"  # the bytes were not the model's


def test_one_that_is_too_slow_is_told_until_it_is_not(tmp_path: Path) -> None:
    one = models(tmp_path, "acme:writer")
    one.begins("acme:writer")
    assert one.offered()[-1].state == "writing"
    one.ended("acme:writer", 59.0, wrote=False)
    assert (one.offered()[-1].state, one.offered()[-1].seconds) == ("slow", 59.0)
    one.begins("acme:writer")
    one.ended("acme:writer", 4.0, wrote=True)
    assert one.offered()[-1].state == "ready"
    one.begins("acme:writer")
    one.ended("acme:writer", 0.4, wrote=False)  # failed at once: not slow
    assert one.offered()[-1].state == "ready"


@pytest.mark.parametrize(
    "said, shown",
    [
        ("语言模型不可用（the local model needs xllamacpp: pip install 'jupilu[local]'），以上是公司原文。", "语言模型不可用，以上是公司原文。"),
        ("The language model failed (BadRequest 400); these are the company's own words.", "The language model failed; these are the company's own words."),
        ("没有这个语言模型或地址不对（检查 JUPILU_MODEL 和 JUPILU_MODEL_BASE_URL），以上是公司原文。", "没有这个语言模型或地址不对，以上是公司原文。"),
        ("另有 2 份记录（日期不详）没有算入。", "另有 2 份记录（日期不详）没有算入。"),
    ],
)  # fmt: skip
def test_a_failure_is_told_without_what_a_program_said_of_it(said: str, shown: str) -> None:
    assert plain_notice(said) == shown
