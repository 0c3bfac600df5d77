"""Questions for a list or a count are answered by the whole list; which words were looked for is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.language.listed import listing
from ingest.library.library import Library
from ingest.library.summaries import Company
from ingest.settings import Settings
from rag.asking.companies import CompanyNames
from rag.asking.kinds import kind_of
from rag.asking.question import understand
from rag.disclosure_qa import DisclosureQA
from rag.views.asked_words import segmented, wanted

CASES = Path(__file__).parents[3] / "eval" / "cases"
CODES = "300499 002837 002415 300346 002156 301018 300470 301269 688787".split()
NAMES = CompanyNames([Company(code, listing().by_code[code].short_name, None, 1) for code in CODES])


@pytest.fixture(scope="module")
def qa(views_library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=views_library, model="none")
    with DisclosureQA(Library.open(views_library, settings), settings, keeps_receipts=False) as opened:
        yield opened


@pytest.mark.parametrize(("file", "least"), [("lists", 23), ("lists_heldout", 22), ("lists_fresh", 17)])
def test_kind_and_words_of_questions_written_before_the_code(file: str, least: int) -> None:
    rows = [json.loads(line) for line in (CASES / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = []
    for row in rows:
        asked = understand(row["question"], NAMES)
        words = wanted(asked, NAMES).words
        allowed = [sorted(each) for each in row["words"]]
        right = sorted(words) in allowed or sorted(segmented(words)) in allowed
        if not right or kind_of(asked) != row["kind"]:
            wrong.append((row["question"], kind_of(asked), words))
    assert len(rows) - len(wrong) >= least, wrong


def test_a_list_has_a_line_a_company_and_says_its_words(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过光模块")
    assert answer.outcome == "answered"
    assert "按“光模块”查找" in answer.text and "2 家公司的 3 份里共 4 处" in answer.text
    assert [claim.citations[0].code for claim in answer.claims] == ["309931", "309932"]
    assert "不是完整的清单" not in answer.text
    for number, claim in enumerate(answer.claims, 1):
        (citation,) = claim.citations
        assert claim.verdict == "supported" and citation.mark == number
        text = qa.library.record(citation.record_id).text
        assert text[citation.start : citation.end] == citation.quote == claim.text


def test_the_newest_quote_stands_for_a_company(qa: DisclosureQA) -> None:
    first = qa.ask("哪些公司提到过光模块").claims[0]
    assert first.citations[0].number == "2025-001"


def test_a_word_that_only_investors_used_is_answered_with_the_company_s_answer(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过人形机器人")
    assert "都只出现在投资者的提问里" in answer.text
    assert [claim.text for claim in answer.claims] == ["公司专注光通信主业。"]


def test_a_count_of_one_company_has_a_line_a_record(qa: DisclosureQA) -> None:
    answer = qa.ask("霁川光电一共几次提到光模块")
    assert "霁川光电的 2 份记录中，2 份里共 3 处" in answer.text
    assert [claim.citations[0].number for claim in answer.claims] == ["2025-001", "2024-001"]


def test_meetings_are_counted_without_a_word(qa: DisclosureQA) -> None:
    answer = qa.ask("霁川光电2024年接待了几次机构调研")
    assert "1 份记录" in answer.text and answer.claims


def test_all_but_the_company_named(qa: DisclosureQA) -> None:
    answer = qa.ask("除了霁川光电还有哪些公司提到光模块")
    assert [claim.citations[0].code for claim in answer.claims] == ["309932"]


def test_a_company_that_is_not_here_is_no_word_to_look_for(qa: DisclosureQA) -> None:
    answer = qa.ask("除了华为，还有哪些公司做光模块")
    assert "按“光模块”查找" in answer.text and len(answer.claims) == 2


def test_a_word_that_stands_nowhere_is_not_found_with_what_is_near(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过钙钛矿")
    assert answer.outcome == "not_found" and not answer.claims
    assert "按“钙钛矿”查找" in answer.text and "不代表" in answer.text


def test_a_period_limits_the_list_and_says_what_it_left_out(qa: DisclosureQA) -> None:
    answer = qa.ask("2025年哪些公司提到液冷")
    assert "2025-01-01 至 2025-12-31" in answer.text and "没有披露日期" in answer.text
    assert len(answer.claims) == 1


def test_a_phrase_that_does_not_stand_as_it_is_is_looked_for_in_parts(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过液冷散热")
    assert "按“液冷”和“散热”查找" in answer.text and "没有一处写作“液冷散热”" in answer.text


def test_a_synonym_is_said(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过客户")
    assert "“客户”" in answer.text
    widened = qa.ask("哪些公司提到过买家")
    assert "买家或客户" in widened.text and "没有一处写作“买家”" in widened.text


def test_an_as_of_day_holds_for_lists(qa: DisclosureQA) -> None:
    answer = qa.ask("哪些公司提到过光模块", as_of="2024-12-31")
    assert [claim.citations[0].number for claim in answer.claims] == ["2024-001"]
