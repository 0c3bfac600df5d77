"""An earlier version of a record answers nothing once a later one stands; records without a day are counted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest import Settings, ingest
from rag import DisclosureQA

VERSIONS = Path(__file__).parents[1] / "ingest" / "failing" / "revisions"
QUESTION = "石梁重工在手订单多少？"


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory) -> DisclosureQA:
    folder = tmp_path_factory.mktemp("versions")
    earlier, later = sorted(VERSIONS.iterdir(), key=lambda path: "更正" in path.name)
    undated = folder / "undated.txt"
    undated.write_text(
        "石梁重工（609919）交流问答\n问：在手订单结构？\n答：以海外订单为主。\n", encoding="utf-8"
    )
    settings = Settings(model="none")
    ingest([earlier], folder / "library", settings, published_on=date(2025, 5, 15))
    ingest([later], folder / "library", settings, published_on=date(2025, 5, 20))
    ingest([undated], folder / "library", settings)
    return DisclosureQA.open(folder / "library", settings)


def test_the_corrected_figure_alone_is_told(qa: DisclosureQA) -> None:
    answer = qa.ask(QUESTION)
    assert "27亿元" in answer.text
    assert "21亿元" not in answer.text


def test_before_the_correction_the_earlier_version_stands(qa: DisclosureQA) -> None:
    answer = qa.ask(QUESTION, as_of="2025-05-16")
    assert "21亿元" in answer.text
    assert "27亿元" not in answer.text


def test_records_without_a_day_are_left_out_and_counted(qa: DisclosureQA) -> None:
    answer = qa.ask(QUESTION, as_of="2025-05-31")
    assert "海外订单为主" not in answer.text
    assert answer.notice is not None and "1 份记录没有披露日期" in answer.notice
    assert qa.ask(QUESTION).notice is None
