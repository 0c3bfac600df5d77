"""Tables of investor questions; all companies are fictional."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import NotARecord, SourceError
from ingest.readers import read
from ingest.readers.csv import read_text
from ingest.reading.source_file import read_records
from ingest.records import SourceText
from ingest.settings import Settings

AKSHARE = (
    "股票代码,公司简称,行业,问题,提问者,提问时间,更新时间,回答内容\n"
    '009999,星河示例,电子,"产能如何？\n请回答",某人,2024-05-08 10:00:00,2024-05-10 09:30:00,"您好，产能""充足""。"\n'
    "009999,星河示例,电子,何时扩产？,某人,2024-05-09 10:00:00,2024-05-09 10:00:00,\n"
    "9999,星河示例,电子,毛利率？,某人,2024-05-09,2024-05-11,感谢关注。\n"
)


def assert_spans_hold(source: SourceText) -> None:
    for row in source.rows:
        assert row.question.of(source.text) and row.answer.of(source.text)
        assert source.text[row.answer.start - 3 : row.answer.start] == "\n答："


def test_akshare_columns_quoted_newlines_and_unanswered_rows() -> None:
    source = read(AKSHARE.encode("gb18030"), "问答.csv", Settings())
    assert source.format == "csv"
    assert_spans_hold(source)
    assert [(row.code, row.short_name, row.asked_on, row.answered_on) for row in source.rows] == [
        ("009999", "星河示例", date(2024, 5, 8), date(2024, 5, 10)),
        ("009999", "星河示例", date(2024, 5, 9), date(2024, 5, 11)),
    ]
    assert source.rows[0].question.of(source.text) == "产能如何？\n请回答"
    assert source.rows[0].answer.of(source.text) == '您好，产能"充足"。'
    assert source.text.startswith("009999 星河示例 提问 2024-05-08 回答 2024-05-10\n问：")
    assert source.warnings == ("1 questions without an answer left out",)


@pytest.mark.parametrize("heading", [
    "ts_code,question,answer,question_time,answer_time",
    "code;question;answer;question_time;answer_time",
    "股票代码\t问题\t回答\t问题时间\t回答时间",
    "TS_CODE,Q,A,ask_time,pub_time",
    "sep=;\n证券代码;提问内容;公司回复;提问日期;回复日期",
])  # fmt: skip
def test_other_exports(heading: str) -> None:
    sign = next(each for each in "\t;," if each in heading.split("\n")[-1])
    line = sign.join(("609999.SH", "产能如何？", "产能充足。", "2024/5/8", "20240510"))
    source = read_text(f"\ufeff{heading}\r\n{line}\r\n", "x.csv")
    row = source.rows[0]
    assert (row.code, row.asked_on, row.answered_on) == ("609999", date(2024, 5, 8), date(2024, 5, 10))


def test_milliseconds_of_the_exchange_are_beijing_days() -> None:
    source = read_text(
        "stockCode,mainContent,attachedContent,pubDate,attachedPubDate\n009999,好吗？,好。,1715097600000,1715184000000\n",
        "x.csv",
    )
    assert (source.rows[0].asked_on, source.rows[0].answered_on) == (date(2024, 5, 8), date(2024, 5, 9))


def test_the_code_may_stand_in_the_file_name() -> None:
    assert read_text("question,answer\n好吗？,好。\n", "009999_SZ.csv").rows[0].code == "009999"
    plain = read_text("QUES,ANS,ANS_RELEVANCE\n好吗？,好。,3\n", "dev.csv")
    assert plain.rows[0].code is None
    assert any("code" in warning for warning in plain.warnings)


@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "question,answer\n", "question,answer\n好吗？,\n", "question,answer\n好吗？,暂无\n"],
)
def test_what_is_no_export_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(NotARecord) as refused:
        read(text.encode(), "x.csv", Settings())
    assert "\n" not in str(refused.value)


def test_the_missing_columns_are_named() -> None:
    with pytest.raises(NotARecord, match=r"问题.*回答"):
        read("日期,收盘价\n2024-05-08,12.3\n".encode(), "x.csv", Settings())


def test_records_are_one_per_company_and_answer_day() -> None:
    records = read_records(AKSHARE.encode(), "问答.csv", Settings(), today=date(2026, 1, 1))
    assert [(each.form.code, each.published_on, each.published_on_basis) for each in records] == [
        ("009999", date(2024, 5, 10), "source"),
        ("009999", date(2024, 5, 11), "source"),
    ]
    assert records[0].id == records[0].sha256[:16] + "-009999-20240510"
    assert [pair.number for record in records for pair in record.pairs] == [1, 2]
    for record in records:
        for pair in record.pairs:
            assert pair.question_span.of(record.text) == pair.question
            assert pair.answer_span.of(record.text) == pair.answer


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=8))
def test_any_fields_keep_exact_spans(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["question", "answer"])
    writer.writerows(rows)
    try:
        source = read_text(out.getvalue(), "x.csv")
    except SourceError:
        return
    assert_spans_hold(source)
