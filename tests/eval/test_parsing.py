"""Scoring of the parser: the arithmetic on fictional records, the figures on the labelled real ones."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from eval import parsing
from eval.gold_labels import RecordLabel, field_hash, label_line, normalise, read_labels, text_hash
from ingest.errors import NotARecord
from ingest.records import Form, Participant, QAPair, Record, Span

FORM = Form(
    code="300999",
    short_name="云帆科技",
    number="2025-003",
    categories=("特定对象调研", "电话会议"),
    held_on=(date(2025, 5, 6), date(2025, 5, 7)),
    participants=(Participant("远山基金", ("甲某", "乙某")),),
)
READING = {
    "file": "云帆.txt",
    "family": "1、/答：",
    "pairs": [
        {"question": "今年 产能 多少？", "answer": "约 3 万台。"},
        {"question": "毛利率呢？", "answer": "略有提升。"},
    ],
    "form": {
        "code": "300999",
        "short_name": "云帆科技",
        "number": "2025-003",
        "categories": ["电话会议", "特定对象调研"],
        "held_on": ["2025-05-06", "2025-05-07"],
        "participants": [{"institution": "远山 基金", "people": ["甲某", "乙某"]}],
    },
}
DATA = "云帆科技的记录".encode()


def record(*pairs: tuple[str, str], form: Form = FORM) -> Record:
    text = "".join(question + answer for question, answer in pairs)
    numbered = tuple(
        QAPair(number, question, answer, Span(0, 0), Span(0, 0))
        for number, (question, answer) in enumerate(pairs, 1)
    )
    digest = hashlib.sha256(DATA).hexdigest()
    return Record(digest[:16], "云帆.txt", digest, "txt", text, (), form, numbered, (), None, None)


@pytest.fixture
def label(tmp_path: Path) -> RecordLabel:
    path = tmp_path / "parsing_x.jsonl"
    path.write_text(label_line(READING, DATA) + "\n", "utf-8")
    return read_labels(tmp_path)[0]


def test_normalised_texts_ignore_width_white_space_and_zero_width_characters() -> None:
    assert normalise("Ａ１：\u200b约 3\n万台\u3000") == "A1:约3万台"
    assert text_hash("（1）") == text_hash("( 1 )")


def test_a_label_line_keeps_no_text_of_the_record() -> None:
    line = label_line(READING, DATA)
    assert not any(each in line for each in ("产能", "毛利率", "云帆", "远山"))
    assert json.loads(line)["pairs"][0]["a_len"] == len("约3万台。")


def test_an_unknown_form_field_is_refused() -> None:
    with pytest.raises(ValueError, match="no form field is called colour"):
        label_line({**READING, "form": {"colour": "red"}}, DATA)


def test_the_order_of_categories_does_not_matter_but_that_of_people_does() -> None:
    assert field_hash("categories", ["a", "b"]) == field_hash("categories", ["b", "a"])
    assert field_hash("hosts", ["a", "b"]) != field_hash("hosts", ["b", "a"])


def test_a_perfect_reading_scores_one(label: RecordLabel) -> None:
    parsed = record(("今年产能多少?", "约3万台。"), ("毛利率呢？", "略有 提升。"))
    result = parsing.compare(label, [parsed], "云帆.txt")
    assert (result.right, result.parsed, result.labelled, result.faults) == (2, 2, 2, ())
    assert all(result.form.values())
    assert parsing.ParsingScore((result,)).f1 == 1.0


def test_faults_name_the_pair_and_the_side_that_differs(label: RecordLabel) -> None:
    parsed = record(
        ("今年产能多少？", "约3万台。附件清单"), ("毛利率呢？答", "略有提升。"), ("别的？", "是。")
    )
    form = replace(FORM, number=None)
    result = parsing.compare(label, [replace(parsed, form=form)], "云帆.txt")
    assert result.right == 0
    assert result.faults == (
        "pair 1: answer has 9 characters, label 5",
        "pair 2: question has 6 characters, label 5",
        "parsed pair 3: not in the label",
        "form: number",
    )


def test_one_missed_pair_costs_one_pair_only(label: RecordLabel) -> None:
    result = parsing.compare(label, [record(("毛利率呢？", "略有提升。"))], "云帆.txt")
    total = parsing.ParsingScore((result,))
    assert (total.precision, total.recall) == (1.0, 0.5)
    assert result.faults == ("pair 1: question and answer both differ or are missing",)


def test_a_missing_or_unreadable_file_is_an_error_with_its_pairs_missed(
    label: RecordLabel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    missing = parsing.score([label], folder)
    assert (missing.errors, missing.recall, missing.form) == (1, 0.0, 0.0)

    def refuse(*_: object) -> list[Record]:
        raise NotARecord("云帆.txt: no record")

    (folder / "云帆.txt").write_bytes(DATA)
    monkeypatch.setattr(parsing, "read_records", refuse)
    unread = parsing.score([label], folder)
    assert unread.errors == 1
    assert "not read: 云帆.txt: no record" in parsing.report(unread)


def test_nothing_labelled_and_nothing_parsed_prints_no_nan(label: RecordLabel) -> None:
    empty = parsing.compare(replace(label, pairs=(), form={}), [record()], "云帆.txt")
    text = parsing.report(parsing.ParsingScore((empty,)))
    assert "nan" not in text.lower()
    assert "F1 1.0000" in text


def test_the_command_says_when_there_are_no_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert parsing.main(["--records", str(tmp_path), "--labels", str(tmp_path)]) == 2
    assert "eval.gold_labels" in capsys.readouterr().err


def test_real_records_are_read_as_people_read_them(shared_dir: Path) -> None:
    labels = read_labels(Path(__file__).parents[1] / "gold")
    result = parsing.score(labels, shared_dir / "records")
    assert result.errors == 0
    assert result.f1 >= parsing.PAIR_THRESHOLD, parsing.report(result)
    assert result.form >= parsing.FORM_THRESHOLD, parsing.report(result)
