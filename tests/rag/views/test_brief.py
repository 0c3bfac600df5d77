"""One record in brief, and what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.errors import RecordUnknown
from ingest.library.library import Library
from ingest.settings import Settings
from rag.asking.kinds import kind_of
from rag.disclosure_qa import DisclosureQA
from rag.views.texts import brief_as_text


@pytest.fixture(scope="module")
def qa(views_library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=views_library, model="none")
    with DisclosureQA(Library.open(views_library, settings), settings, keeps_receipts=False) as opened:
        yield opened


def test_form_and_questions(qa: DisclosureQA) -> None:
    brief = qa.brief("2024-001")
    assert (brief.institutions, brief.people) == (2, 2)
    assert brief.first_institutions == ("松岚基金", "远汀证券")
    assert brief.place == "公司三楼会议室" and "段清禾" in "".join(brief.hosts)
    assert [line.pair for line in brief.questions] == [1, 2, 3]
    assert brief.compared == 0 and all(line.news is None for line in brief.questions)
    text = brief_as_text(brief)
    assert "没有更早披露的记录可以比较" in text and "“公司光模块年产能为120万只，目前满产。”" in text


def test_each_question_has_one_sentence_of_its_answer_verbatim(qa: DisclosureQA) -> None:
    brief = qa.brief(latest="霁川光电")
    record = qa.library.record(brief.record_id)
    for number, (line, pair) in enumerate(zip(brief.questions, record.pairs, strict=True), 1):
        assert line.claim is not None and line.claim.verdict == "supported"
        (citation,) = line.claim.citations
        assert record.text[citation.start : citation.end] == citation.quote
        assert pair.answer_span.start <= citation.start and citation.end <= pair.answer_span.end
        assert (citation.mark, citation.pair) == (number, pair.number)
    assert brief.questions[1].claim is not None
    assert brief.questions[1].claim.text == "公司光模块年产能已提升到260万只，二期厂房在建。"


def test_what_is_new(qa: DisclosureQA) -> None:
    brief = qa.brief(latest="309931")
    assert brief.number == "2025-001" and brief.compared == 1
    news = [line.news for line in brief.questions]
    assert all(news)
    same, capacity, artificial, tariffs = (one for one in news if one)
    assert same.state == "same" and same.earlier and same.earlier.pair == 3
    assert capacity.state in ("changed", "asked") and capacity.figures == ("260万只",)
    assert artificial.state == tariffs.state == "new"
    assert "31.7%左右" in tariffs.figures or "31.7%" in tariffs.figures
    text = brief_as_text(brief)
    assert "1 问的回答此前有相同的说法" in text and "〔新〕" in text
    assert "Against 1 earlier records" in brief_as_text(brief, "en")


def test_a_record_goes_by_id_name_or_part(qa: DisclosureQA) -> None:
    whole = qa.brief("2025-006")
    assert qa.brief(whole.record_id) == qa.brief(whole.source_file) == qa.brief("2025年9月3日") == whole


@pytest.mark.parametrize("name", ["霁川光电", "没有这份记录", " "])
def test_a_name_that_fits_several_or_none_is_one_line(qa: DisclosureQA, name: str) -> None:
    with pytest.raises(RecordUnknown) as raised:
        qa.brief(name)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "question",
    ["总结霁川光电最近一次业绩说明会", "霁川光电最近一次交流讲了什么", "霁川光电最新一份记录的主要内容？"],
)
def test_a_question_for_one_record_gets_its_brief(qa: DisclosureQA, question: str) -> None:
    answer = qa.ask(question)
    assert answer.outcome == "answered" and len(answer.claims) == 4
    assert "与此前 1 份记录" in answer.text
    assert all(claim.citations[0].number == "2025-001" for claim in answer.claims)


def test_as_of_holds_for_a_brief(qa: DisclosureQA) -> None:
    answer = qa.ask("总结霁川光电最近一次调研", as_of="2024-12-31")
    assert {claim.citations[0].number for claim in answer.claims} == {"2024-001"}


@pytest.mark.parametrize(
    "question",
    [
        "霁川光电最近一次调研对毛利率说了什么",
        "霁川光电最近一次交流讲了AI吗",
        "总结霁川光电的光模块业务",
        "霁川光电最近讲了什么",
    ],
)
def test_a_question_with_a_topic_is_no_brief(qa: DisclosureQA, question: str) -> None:
    assert kind_of(qa.understood(question)) != "brief"
