"""Kinds of question: on cases that were written before the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.language.listed import listing
from ingest.library.summaries import Company
from rag.asking.companies import CompanyNames
from rag.asking.kinds import asks_of_all, kind_of, visits_asked
from rag.asking.question import Question, understand

CASES = Path(__file__).parents[3] / "eval" / "cases"
CODES = "300499 002837 002415 300346 002156 301018 300470 301269 688787".split()
NAMES = CompanyNames([Company(code, listing().by_code[code].short_name, None, 1) for code in CODES])


def read(question: str, company: str | None = None) -> Question:
    return understand(question, NAMES, company=company)


@pytest.mark.parametrize(
    ("file", "least"), [("question_kinds.jsonl", 1.0), ("question_kinds_second.jsonl", 0.94)]
)
def test_each_kind_is_told_apart(file: str, least: float) -> None:
    rows = [json.loads(line) for line in (CASES / file).read_text(encoding="utf-8").splitlines()]
    read_as = {row["question"]: kind_of(read(row["question"], row.get("company"))) for row in rows}
    wrong = {
        row["question"]: read_as[row["question"]] for row in rows if read_as[row["question"]] != row["kind"]
    }
    assert len(wrong) <= (1 - least) * len(rows), wrong
    assert not [row for row in rows if row["kind"] == "fact" and row["question"] in wrong]


@pytest.mark.parametrize(
    ("question", "who", "word"),
    [
        ("高毅调研过哪些公司", "高毅", ""),
        ("中金公司参与过哪些公司的调研", "中金公司", ""),
        ("想了解下，易方达最近跑了哪几家公司调研", "易方达", ""),
        ("去年都有哪些券商去调研了高澜？", "", "证券"),
        ("南大光电接待过哪些基金公司", "", "基金"),
    ],
)
def test_whose_visits_are_asked_for(question: str, who: str, word: str) -> None:
    visits = visits_asked(read(question))
    assert visits is not None and (visits.who, visits.word) == (who, word)


@pytest.mark.parametrize(
    "question",
    [
        "公司参加过哪些公司的展会",
        "管理层来过英维克几次",
        "产品检修了几次",
        "你们提了几次价",
    ],
)
def test_what_a_company_does_is_a_fact(question: str) -> None:
    assert kind_of(read(question, company="高澜股份")) == "fact"
    assert kind_of(read("海康调研过哪些公司")) == "fact"


@pytest.mark.parametrize(
    ("said", "whole"),
    [
        ("哪些公司提到过人形机器人？", True),
        ("其他哪些公司也提到液冷", True),
        ("还有哪些公司提到？", False),
        ("那哪些公司提到了它", False),
        ("哪些公司披露过这个项目？", False),
    ],
)
def test_a_list_of_all_companies_is_whole_where_it_names_of_what(said: str, whole: bool) -> None:
    assert asks_of_all(said) is whole
