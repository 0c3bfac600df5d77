"""A draft reply held against the fictional example records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.settings import Settings
from rag import DisclosureQA


@pytest.fixture(scope="module")
def qa(example_library: Path) -> Iterator[DisclosureQA]:
    with DisclosureQA.open(example_library, Settings(library=example_library, model="none")) as opened:
        yield opened


DRAFT = """问：公司去年业绩如何？液冷基地进展如何？
答：您好！2023年公司实现营业收入21.37亿元，同比增长30.15%。2023年公司研发费用为2.67亿元。
公司计划在月球设立液冷冷板工厂。感谢您的关注！"""


def test_each_sentence_stands_as_it_should_and_the_counts_are_of_all(qa: DisclosureQA) -> None:
    held = qa.draft(DRAFT, company="309001")
    standings = {line.text: line.standing for line in held.lines}
    assert standings["2023年公司实现营业收入21.37亿元，同比增长30.15%。"] == "supported"
    assert standings["2023年公司研发费用为2.67亿元。"] == "contradicts"
    assert standings["公司计划在月球设立液冷冷板工厂。"] == "new"
    assert standings["感谢您的关注！"] == "no_claim"
    assert held.counts == {"contradicts": 1, "new": 1, "supported": 1, "no_claim": len(held.lines) - 3}
    assert held.short_name == "岚川智冷" and held.searched.records > 1


def test_lines_and_citations_are_exact(qa: DisclosureQA) -> None:
    for line in qa.draft(DRAFT, company="岚川智冷").lines:
        assert DRAFT[line.start : line.end] == line.text
        for number, citation in enumerate(line.citations, 1):
            record = qa.library.record(citation.record_id)
            assert record.text[citation.start : citation.end] == citation.quote
            assert (citation.mark, citation.code) == (number, "309001")
        assert all(1 <= row.citation <= len(line.citations) for row in line.figures)


def test_a_figure_of_the_same_measure_stands_beside_the_drafts(qa: DisclosureQA) -> None:
    line = qa.draft("2023年公司研发费用为2.67亿元。", company="309001").lines[0]
    row = line.figures[0]
    assert (row.figure, row.stated) == ("2.67亿元", "1.67亿元")
    assert "研发费用" in row.measure and "2023" in row.period
    assert "1.67" in line.citations[row.citation - 1].quote


def test_only_records_up_to_the_day_are_searched(qa: DisclosureQA) -> None:
    sentence = "临屿二期液冷基地已于2025年3月28日进入试生产。"
    assert qa.draft(sentence, company="309001").lines[0].standing == "supported"
    held = qa.draft(sentence, company="309001", as_of="2024-06-30")
    assert held.lines[0].standing != "supported"
    assert held.searched.last is not None and held.searched.last.isoformat() <= "2024-06-30"


def test_the_json_document(qa: DisclosureQA) -> None:
    document = qa.draft(DRAFT, company="309001").as_json()
    assert set(document) == {"code", "short_name", "as_of", "searched", "counts", "sentences"}
    assert sum(document["counts"].values()) == len(document["sentences"])
    first = next(one for one in document["sentences"] if one["standing"] == "contradicts")
    assert {"text", "start", "end", "standing", "reasons", "citations", "figures"} == set(first)


def test_an_empty_draft_and_a_company_that_is_not_here(qa: DisclosureQA) -> None:
    assert qa.draft("  \n", company="309001").lines == ()
    with pytest.raises(ValueError, match="不存在"):
        qa.draft("公司收入增长。", company="不存在")


def test_of_an_english_draft_the_figures_are_compared(qa: DisclosureQA) -> None:
    text = (
        "Thank you. Revenue in 2023 was RMB 2.137 billion. Revenue in 2023 was RMB 3.5 billion. "
        "We plan a cold plate plant on the Moon."
    )
    lines = qa.draft(text, company="309001").lines
    assert [line.standing for line in lines] == ["no_claim", "supported", "contradicts", "new"]
    assert "21.37" in lines[1].citations[0].quote
    assert lines[2].figures[0].same_period and "21.37" in lines[2].figures[0].stated
    assert "only figures are compared" in lines[3].reasons[0]


def test_what_a_later_record_overtakes_is_no_support(qa: DisclosureQA) -> None:
    line = qa.draft("按照现有计划，二期预计2024年第三季度投产。", company="309001").lines[0]
    assert line.standing == "contradicts"
    assert "已被更新" in line.reasons[0]
    assert line.citations[0].published_on < line.citations[-1].published_on
    then = qa.draft("按照现有计划，二期预计2024年第三季度投产。", company="309001", as_of="2023-12-31")
    assert then.lines[0].standing == "supported"


def test_a_figure_turned_round_contradicts(qa: DisclosureQA) -> None:
    line = qa.draft("2023年公司实现营业收入21.37亿元，同比下降30.15%。", company="309001").lines[0]
    assert line.standing == "contradicts" and "同比增长" in line.citations[0].quote
    assert qa.draft("临屿二期液冷基地没有开工。", company="309001").lines[0].standing != "supported"
