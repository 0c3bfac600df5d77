"""A library of confusable companies (four small records): same meaning, same answer; nobody is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest import ingest
from ingest.library.library import Library
from ingest.settings import Settings
from rag.answers import Answer
from rag.asking.question import Question
from rag.disclosure_qa import DisclosureQA, FoundEvidence

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


def test_a_part_of_a_year_alone_is_the_newest_and_the_answer_says_so(qa: DisclosureQA) -> None:
    answer = qa.ask("栖云智造上半年收入是多少？")
    explicit = qa.ask("栖云智造2025年上半年收入是多少？")
    assert (answer.outcome, answer.claims[0]) == (explicit.outcome, explicit.claims[0])
    assert "“上半年”按 2025-01-01 至 2025-06-30 理解" in answer.text
    earlier = qa.understood("栖云智造上半年收入是多少？", as_of="2025-06-01")
    assert earlier.periods[0].first.year == 2024


def test_every_company_of_a_comparison_is_told_of(qa: DisclosureQA) -> None:
    answer = qa.ask("栖云精工、栖云智造和石梁重工的在手订单各是多少？")
    for name in ("栖云精工", "栖云智造", "石梁重工"):
        assert name in answer.text
    absent = qa.ask("石梁重工和浪潮软件的在手订单谁多？")
    assert "浪潮软件（600756）" in absent.text


def test_a_name_that_could_mean_several_is_not_dropped_from_a_comparison(qa: DisclosureQA) -> None:
    answer = qa.ask("石梁重工和栖云的毛利率谁高？")
    assert answer.claims and "栖云精工（309917）、栖云智造（309918）" in answer.text


def test_an_as_of_day_is_no_period(qa: DisclosureQA) -> None:
    answer = qa.ask("2025年6月30日之前，栖云精工的液压阀毛利率是多少？")
    assert answer.periods == () and str(answer.as_of) == "2025-06-30"


def test_confusable_names(qa: DisclosureQA) -> None:
    assert qa.ask("栖云的收入是多少？").outcome == "company_unknown"
    assert qa.ask("栖云重工的收入是多少？").outcome == "company_unknown"
    cited = {c.code for claim in qa.ask("栖云智造毛利率是多少").claims for c in claim.citations}
    assert cited == {"309918"}


def test_a_company_that_is_named_wins_over_the_one_chosen(qa: DisclosureQA) -> None:
    answer = qa.ask("石梁重工在手订单是多少？", company="栖云精工")
    assert {c.code for claim in answer.claims for c in claim.citations} == {"609919"}
    assert "没有限于所选的栖云精工" in answer.text


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("栖云精工最近一次调研是哪天，谁参加了", ["2025年10月30日", "松岚基金 韩一诺"]),
        ("栖云精工2025年4月28日那次调研在哪里开的", ["公司会议室"]),
        ("石梁重工最近一次调研谁接待的", ["董事会秘书 段清禾"]),
        ("石梁重工的董秘是谁", ["董事会秘书 段清禾"]),
    ],
)
def test_what_the_form_says_is_quoted(qa: DisclosureQA, question: str, quoted: list[str]) -> None:
    answer = qa.ask(question)
    assert answer.outcome == "answered" and [claim.text for claim in answer.claims] == quoted
    for claim in answer.claims:
        (citation,) = claim.citations
        record = qa.library.record(citation.record_id)
        assert record.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    "question",
    ["库里有哪些公司", "最近更新到哪天", "收录了多少份记录", "which companies does the library cover"],
)
def test_the_library_tells_what_it_holds(qa: DisclosureQA, question: str) -> None:
    answer = qa.ask(question)
    assert answer.outcome == "answered" and not answer.claims
    assert "石梁重工（609919）" in answer.text and "2025-10-30" in answer.text
    assert "石梁重工" not in qa.ask(question, as_of="2025-05-01").text


def test_what_companies_say_is_no_question_about_the_library(qa: DisclosureQA) -> None:
    assert qa.ask("哪些公司提到了毛利率").claims


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("松岚基金调研过哪些公司", "松岚基金 韩一诺"),
        ("韩一诺调研过哪些公司", "松岚基金 韩一诺"),
        ("哪些机构来过栖云精工", "松岚基金 韩一诺"),
        ("松岚基金来过栖云精工几次", "松岚基金 韩一诺"),
    ],
)
def test_visitors_are_quoted_from_the_forms(qa: DisclosureQA, question: str, quoted: str) -> None:
    answer = qa.ask(question)
    assert answer.outcome == "answered" and quoted in [claim.text for claim in answer.claims]
    for number, claim in enumerate(answer.claims, 1):
        (citation,) = claim.citations
        assert citation.mark == number
        record = qa.library.record(citation.record_id)
        assert record.text[citation.start : citation.end] == citation.quote


def test_who_never_came_is_not_found(qa: DisclosureQA) -> None:
    answer = qa.ask("高毅调研过哪些公司")
    assert answer.outcome == "not_found" and "“高毅”" in answer.text and not answer.claims
    assert qa.ask("2019年哪些机构来过栖云精工").outcome == "not_found"


def test_a_list_or_a_count_is_whole(qa: DisclosureQA) -> None:
    assert "3 家公司的 4 份里共 4 处" in qa.ask("哪些公司提到了毛利率").text
    assert "栖云精工的 2 份记录中，2 份里共 2 处" in qa.ask("栖云精工一共几次提到毛利率").text


@pytest.mark.parametrize(
    ("history", "question", "part"),
    [
        (["栖云精工在手订单多少？"], "和石梁重工比呢", "栖云精工和石梁重工在手订单"),
        (["石梁重工在手订单多少？"], "同比呢", "石梁重工在手订单同比"),
        (["石梁重工在手订单多少？"], "还有别的说法吗", "石梁重工在手订单"),
        (["栖云精工2025年一季度收入？"], "是的", "栖云精工2025年一季度收入"),
        (
            [{"role": "user", "content": "栖云精工毛利率？"}, {"role": "assistant", "content": "33%"}],
            "栖云智造呢",
            "栖云智造毛利率",
        ),
    ],
)
def test_a_follow_up_keeps_company_and_topic(
    qa: DisclosureQA, history: list[object], question: str, part: str
) -> None:
    assert part in qa.ask(question, history=history).standalone_question  # type: ignore[arg-type]


def test_the_reading_of_a_follow_up_that_is_chosen_is_searched_once(
    qa: DisclosureQA, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    search = qa._search

    def counted(asked: Question, published_from: date | None = None) -> FoundEvidence:
        searched.append(asked.search_text)
        return search(asked, published_from)

    monkeypatch.setattr(qa, "_search", counted)
    answer = qa.ask("产能有什么安排？", history=["栖云智造2025年上半年收入是多少？"])
    assert answer.standalone_question.startswith("栖云智造")
    assert len(searched) > 1
    assert len(searched) == len(set(searched))
