"""The evaluation of the gate: scores that are never NaN, mutations that are what they say, adapters."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval import grounding
from eval.benchmarks import cmrc, ocnli, rgb, uhgeval
from eval.grounding import Judged, auc, balanced_accuracy, evaluate
from eval.studies import mutations
from rag.grounding import EvidenceText

EVIDENCE = EvidenceText(
    "2031年公司营业收入为5.2亿元，同比增长8.3%；净利润为0.7亿元。部分客户预计2032年完成认证。公司不存在减值风险。"
)


def line(claim: str, evidence: str, label: str) -> str:
    return json.dumps({"id": claim, "claim": claim, "evidence": evidence, "label": label}, ensure_ascii=False)


def test_report_counts_everything() -> None:
    report = evaluate(
        [line("产能为5万吨", "产能为5万吨。", "supported"), line("产能为6万吨", "产能为5万吨。", "contradicted"),
         line("产能为7万吨", "产能为5万吨。", "perhaps"), "{broken", ""]
    )  # fmt: skip
    assert (report.pairs, report.errors) == (4, 2)
    assert report.balanced_accuracy == 1.0 and report.auc == 1.0 and report.coverage == 1.0
    assert report.by_label["contradicted"]["contradicted"] == 1
    assert "nan" not in grounding.show(report, "x").lower()


def test_scores_that_cannot_be_computed_are_none() -> None:
    report = evaluate([])
    assert report.balanced_accuracy is None and report.auc is None and report.coverage is None
    assert "-" in grounding.show(report, "empty")
    assert json.loads(json.dumps(report.as_json()))["auc"] is None


def test_auc_and_balanced_accuracy_by_hand() -> None:
    judged = [Judged("t", True, "supported", 0.9), Judged("t", True, "not_checkable", 0.4), Judged("f", False, "unsupported", 0.4),
              Judged("f", False, "supported", 0.7)]  # fmt: skip
    assert balanced_accuracy(judged) == 0.5
    assert auc(judged) == pytest.approx((1 + 1 + 0.5 + 0) / 4)


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pairs.jsonl"
    file.write_text(line("产能为5万吨", "产能为5万吨。", "entailment") + "\n", encoding="utf-8")
    assert grounding.main([str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pairs"] == 1
    file.write_text("{broken\n", encoding="utf-8")
    assert grounding.main([str(file)]) == 1


@pytest.mark.parametrize(
    ("kind", "statement", "expected"),
    [
        ("unit", "营业收入为5.2亿元", "营业收入为5.2万元"),
        ("direction", "营业收入同比增长8.3%", "营业收入同比下降8.3%"),
        ("modality", "部分客户预计2032年完成认证", "部分客户已2032年完成认证"),
        ("negation", "公司不存在减值风险", "公司存在减值风险"),
        ("quantifier", "部分客户预计2032年完成认证", "全部客户预计2032年完成认证"),
        ("company", "公司营业收入为5.2亿元", "白塔科技营业收入为5.2亿元"),
    ],
)
def test_mutations(kind: str, statement: str, expected: str) -> None:
    source = mutations.Source(EVIDENCE, (statement,), "青禾股份", ("白塔科技",))
    assert mutations.MUTATORS[kind](statement, source) == expected


def test_drawn_mutations_change_what_they_say() -> None:
    statement = "2031年公司营业收入为5.2亿元"
    source = mutations.Source(
        EVIDENCE, (statement,), "青禾股份", ("白塔科技",), ("公司股东之间已有很深矛盾，请问怎么办？",)
    )
    swapped = mutations.swap_value(statement, source)
    assert swapped == "2031年公司营业收入为0.7亿元"
    digit = mutations.change_digit(statement, source)
    assert digit is not None and digit != statement and len(digit) == len(statement)
    period = mutations.change_period(statement, source)
    assert period is not None and "2031" not in period
    assert mutations.state_premise(statement, source) == "公司股东之间已有很深矛盾。"


def test_the_gate_catches_mutations_of_true_statements() -> None:
    statements = (
        "2031年公司营业收入为5.2亿元，同比增长8.3%",
        "部分客户预计2032年完成认证",
        "公司不存在减值风险",
    )
    source = mutations.Source(EVIDENCE, statements, "青禾股份", ("白塔科技",))
    table = mutations.run(mutations.cases([source], mutations.RECORD_KINDS))
    assert table.caught(mutations.TRUE) == 0.0
    assert all(table.caught(kind) == 1.0 for kind in table.verdicts if kind != mutations.TRUE), table.wrong
    assert "nan" not in mutations.show(table, "x").lower()
    assert mutations.Table({}, 0.0, ()).balanced("digit") is None


def test_adapters_read_their_formats(tmp_path: Path) -> None:
    def file(name: str, content: object) -> Path:
        path = tmp_path / name
        path.write_text(
            content if isinstance(content, str) else json.dumps(content, ensure_ascii=False), encoding="utf-8"
        )
        return path

    altered = list(
        rgb.pairs(file("rgb.json", [{"positive": ["甲队夺冠。"], "positive_wrong": ["乙队夺冠。"]}]))
    )
    assert [(one.label, one.claim) for one in altered] == [
        ("supported", "甲队夺冠。"),
        ("contradicted", "乙队夺冠。"),
    ]
    news = {
        "newsBeginning": "甲市3日讯。",
        "newsRemainder": "降雨。",
        "annotations": {"甲市": "合理", "乙市": "不合理，原文没有"},
    }
    assert [one.label for one in uhgeval.pairs(file("u.json", [news]))] == ["supported", "unsupported"]
    lines = '{"sentence1": "下雨了", "sentence2": "天晴", "label": "contradiction"}\n{"sentence1": "a", "sentence2": "b", "label": "-"}'
    assert [(one.claim, one.label) for one in ocnli.pairs(file("o.json", lines))] == [
        ("天晴", "contradicted")
    ]
    asked = {"data": [{"paragraphs": [{"context": "甲建于1901年，位于乙地。", "qas": [
        {"id": "1", "question": "甲建于何时？", "answers": [{"text": "1901年"}]},
        {"id": "2", "question": "甲在哪里？", "answers": [{"text": "乙地"}]}]}]}]}  # fmt: skip
    assert [one.label for one in cmrc.pairs(file("c.json", asked))] == ["supported", "unsupported"] * 2
    with pytest.raises(ValueError, match="neither JSON nor JSONL"):
        list(ocnli.pairs(file("bad.json", "{")))


def test_records_of_the_shared_folder(shared_dir: Path) -> None:
    sources = mutations.record_sources(shared_dir / "records", 12)
    table = mutations.run(mutations.cases(sources, mutations.RECORD_KINDS))
    true = table.verdicts[mutations.TRUE]
    assert true["supported"] >= 0.99 * sum(true.values())
    caught = [table.caught(kind) for kind in table.verdicts if kind != mutations.TRUE]
    assert all(share is not None and share >= 0.9 for share in caught), table.verdicts
