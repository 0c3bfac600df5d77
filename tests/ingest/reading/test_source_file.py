"""From bytes to records: the day of publication, what is no record, and the JSON document."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ingest.errors import NotARecord
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.records import Record
from ingest.settings import Settings

TODAY = date(2026, 1, 1)
RECORD = """证券代码：309999 证券简称：星河示例
临屿星河示例股份有限公司投资者关系活动记录表
编号：2024-012
投资者关系活动类别
√特定对象调研 □其他
参与单位名称及人员姓名
甲乙基金 张三
时间
2024年10月29日-10月30日
地点
公司会议室
上市公司接待人员姓名
董事会秘书：李四先生
投资者关系活动主要内容介绍
1、公司前三季度的收入增长如何？
答：您好，公司前三季度收入同比增长一成，感谢您的关注。
2、海外业务的毛利率是多少？
答：您好，海外业务毛利率约为三成，具体请以公告为准。
附件清单（如有）
无
日期
2024年10月31日
"""


def record(text: str = RECORD, name: str = "记录.txt", **options) -> Record:
    (found,) = read_records(text.encode(), name, Settings(), today=TODAY, **options)
    return found


def test_a_record_with_its_pairs_and_spans() -> None:
    found = record()
    assert found.id == found.sha256[:16]
    assert [pair.number for pair in found.pairs] == [1, 2]
    assert found.pairs[0].question == "公司前三季度的收入增长如何？"
    for pair in found.pairs:
        assert pair.question_span.of(found.text) == pair.question
        assert pair.answer_span.of(found.text) == pair.answer


def test_publication_dates_come_in_the_documented_order() -> None:
    given = record(published_on=date(2024, 11, 5))
    assert (given.published_on, given.published_on_basis) == (date(2024, 11, 5), "given")
    sidecar = record(published_on=date(2024, 11, 4), basis="sidecar")
    assert (sidecar.published_on, sidecar.published_on_basis) == (date(2024, 11, 4), "sidecar")
    named = record(name="星河示例投资者关系管理信息20241101.txt")
    assert (named.published_on, named.published_on_basis) == (date(2024, 11, 1), "file_name")
    signed = record(name="星河示例：2024年10月29日投资者关系活动记录表.txt")
    assert (signed.published_on, signed.published_on_basis) == (date(2024, 10, 31), "signed_on")
    held = record(RECORD.replace("日期\n2024年10月31日\n", ""))
    assert (held.published_on, held.published_on_basis) == (date(2024, 10, 30), "held_on")


@pytest.mark.parametrize(
    ("name", "signed", "words"),
    [
        ("x20240101.txt", "2024年10月31日", "before the activity"),
        ("x20991231.txt", "2024年10月31日", "in the future"),
        ("x.txt", "2023年10月31日", "before the activity"),
    ],
)
def test_implausible_dates_are_passed_over_with_a_warning(name: str, signed: str, words: str) -> None:
    found = record(RECORD.replace("2024年10月31日", signed), name)
    assert found.published_on in (date(2024, 10, 31), date(2024, 10, 30))
    assert any(words in warning for warning in found.warnings)


def test_without_any_date_there_is_a_warning() -> None:
    text = RECORD.replace("2024年10月29日-10月30日", "见公告").replace("日期\n2024年10月31日\n", "")
    found = record(text)
    assert (found.published_on, found.published_on_basis) == (None, None)
    assert any("no publication date" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    "text",
    [
        "关于召开股东大会的通知\n本公司董事会保证公告内容真实。\n会议将于下月召开，请各位股东准时参加。",
        "# 说明\n\n这是一个说明文件，没有记录。",
        "时间\n2024年1月1日\n会议通知",
    ],
)
def test_other_texts_are_no_records(text: str) -> None:
    with pytest.raises(NotARecord, match="not a record") as refused:
        record(text)
    assert "\n" not in str(refused.value)


def test_a_form_without_questions_is_a_record() -> None:
    start, end = RECORD.index("1、公司"), RECORD.index("附件清单")
    assert record(RECORD[:start] + "参观公司展厅。\n" + RECORD[end:]).pairs == ()


def test_the_json_document_has_exactly_the_documented_keys() -> None:
    document = record_as_json([record()])
    assert list(document) == [
        "code", "short_name", "company", "number", "categories", "held_on", "signed_on", "published_on",
        "published_on_basis", "participants", "hosts", "place", "pairs", "statements", "warnings",
    ]  # fmt: skip
    assert document["held_on"] == ["2024-10-29", "2024-10-30"]
    assert document["participants"] == [{"institution": "甲乙基金", "people": ["张三"]}]
    assert list(document["pairs"][0]) == [
        "number",
        "question",
        "answer",
        "question_span",
        "answer_span",
        "page",
    ]
    start, end = document["pairs"][0]["answer_span"]
    assert RECORD[start:end] == document["pairs"][0]["answer"]
    json.dumps(document)


def test_several_records_of_one_file_share_a_document() -> None:
    table = "code,question,answer,answer_time\n309999,甲？,乙。,2024-05-08\n309998,丙？,丁。,2024-05-08\n309999,戊？,己。,2024-05-08\n"
    records = read_records(table.encode(), "x.csv", Settings(), today=TODAY)
    document = record_as_json(records)
    assert document["code"] is None and document["published_on"] == "2024-05-08"
    assert [pair["number"] for pair in document["pairs"]] == [1, 2, 3]
    assert [(each["code"], each["pairs"]) for each in document["records"]] == [
        ("309999", [1, 3]),
        ("309998", [2]),
    ]


def test_a_given_date_before_an_answer_is_passed_over() -> None:
    table = "code,question,answer,answer_time\n309999,甲？,乙。,2024-05-08\n309999,丙？,丁。,2024-03-01\n"
    records = read_records(table.encode(), "x.csv", Settings(), published_on=date(2024, 4, 1), today=TODAY)
    assert [each.published_on for each in records] == [date(2024, 5, 8), date(2024, 4, 1)]
    assert records[0].warnings and not records[1].warnings


def test_every_real_record_is_read_and_quotes_hold(shared_dir) -> None:
    for path in sorted((shared_dir / "records").iterdir())[::10]:
        for found in read_records(path.read_bytes(), path.name, Settings()):
            assert found.pairs and found.form.code and found.form.held_on and found.published_on
            for pair in found.pairs:
                assert pair.question_span.of(found.text) == pair.question
                assert pair.answer_span.of(found.text) == pair.answer
