"""A library of confusable companies (four small records): same meaning, same answer; nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import ingest
from ingest.library import Library
from ingest.settings import Settings
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA

RECORDS = Path(__file__).parent / "qiyun_library"


@pytest.fixture(scope="module")
def qa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DisclosureQA]:
    folder = tmp_path_factory.mktemp("qiyun")
    ingest([RECORDS], folder, settings=Settings(library=folder))
    settings = Settings(library=folder, model="none")
    with DisclosureQA(Library.open(folder, settings), settings, keeps_receipts=False) as opened:
        yield opened


def shown(answer: Answer) -> tuple[object, ...]:
    return answer.outcome, tuple(claim.text for claim in answer.claims)


@pytest.mark.parametrize(
    ("template", "spellings"),
    [
        ("栖云精工2025年{}收入是多少？", "一季度 第一季度 Q1 1-3月 首季"),
        ("栖云智造2025年{}收入是多少？", "上半年 H1 中报 1-6月 半年度"),
        ("栖云精工{}营业收入是多少？", "2025年三季度 2025Q3 25Q3 2025年第三季度 3Q25"),
        ("栖云智造{}收入同比是多少？", "今年上半年 2025年上半年 25H1 2025上半年"),
        ("{}一季度收入怎么样？", "栖云精工 棲雲精工 309917 栖云精⼯ 栖雲精工"),
    ],
)
def test_one_meaning_has_one_answer(qa: DisclosureQA, template: str, spellings: str) -> None:
    answers = {one: shown(qa.ask(template.format(one))) for one in spellings.split()}
    assert len(set(answers.values())) == 1, answers


def test_a_relative_period_is_the_explicit_one_and_the_answer_says_so(qa: DisclosureQA) -> None:
    relative, explicit = qa.ask("栖云智造去年上半年收入是多少？"), qa.ask("栖云智造2024年上半年收入是多少？")
    assert shown(relative) == shown(explicit)
    assert relative.as_json()["periods"] == [
        {"from": "2024-01-01", "to": "2024-06-30", "as_read": "去年上半年"}
    ]
    assert "按 2024-01-01 至 2024-06-30 理解" in relative.text


def test_every_company_of_a_comparison_is_told_of(qa: DisclosureQA) -> None:
    answer = qa.ask("栖云精工、栖云智造和石梁重工的在手订单各是多少？")
    for name in ("栖云精工", "栖云智造", "石梁重工"):
        assert name in answer.text
    absent = qa.ask("石梁重工和浪潮软件的在手订单谁多？")
    assert "浪潮软件（600756）" in absent.text


def test_confusable_names(qa: DisclosureQA) -> None:
    assert qa.ask("栖云的收入是多少？").outcome == "company_unknown"
    assert qa.ask("栖云重工的收入是多少？").outcome == "company_unknown"
    cited = {c.code for claim in qa.ask("栖云智造毛利率是多少").claims for c in claim.citations}
    assert cited == {"309918"}


def test_a_company_that_is_named_wins_over_the_one_chosen(qa: DisclosureQA) -> None:
    answer = qa.ask("石梁重工在手订单是多少？", company="栖云精工")
    assert {c.code for claim in answer.claims for c in claim.citations} == {"609919"}
    assert "没有限于所选的栖云精工" in answer.text
