"""The gate's studies: a reader of their own for mutations, FinEval's shape, and what a rule or a word list is worth."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.studies import rules
from eval.studies.mutation_sources import shaped
from eval.studies.plain_figures import figures, periods
from rag.grounding import check


def test_figures_are_read_without_the_gate() -> None:
    text = "2031年3月5日，公司（300999）发货2.1GWh，收入1,234.5万元，同比增长8.3%，毛利率提升1.2个百分点。"
    assert [(one.number, one.unit) for one in figures(text)] == [
        ("2.1", "GWh"), ("1,234.5", "元"), ("8.3", "%"), ("1.2", "个百分点"),
    ]  # fmt: skip
    assert [(one.text, one.unit) for one in periods(text)] == [("2031年3月5日", "N年N月N日")]
    assert all(text[one.start : one.end] == one.text for one in figures(text))


def test_a_context_becomes_a_document_with_its_question_apart() -> None:
    prompt = "请回答。\n用户问题是：星桥的收入是多少\n检索内容是：全网搜索内容检索1: 文章标题：星桥年报 发布时间：2031年5月15日 文章内容：星桥收入为3亿元。"
    evidence = shaped(prompt)
    assert evidence.question == "星桥的收入是多少"
    assert evidence.text == "## 星桥年报 日期：2031年5月15日 星桥收入为3亿元。"
    assert shaped("一段没有检索结果的文字。").text == "## 一段没有检索结果的文字。"


def test_a_rule_left_out_moves_the_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [
        {"claim": "公司存在减值风险", "evidence": "公司不存在减值风险。", "label": "contradicted"},
        {"claim": "公司不存在减值风险", "evidence": "公司不存在减值风险。", "label": "entailed"},
        {"claim": "公司将新建六条产线", "evidence": "公司不存在减值风险。", "label": "neutral"},
    ]
    path = tmp_path / "pairs.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    assert rules.figures(rules.pairs(path)) == {"kept": 1.0, "precise": 1.0, "caught": 1.0, "denied": 0.0}
    assert rules.main(["--claims", str(path), "--only", "negation", "polarity.negation"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed[-3:]] == ["nothing", "negation", "polarity.negation"]
    assert "-1.0000" in printed[-1] and "-1.0000" in printed[-2]
    assert check("公司存在减值风险", "公司不存在减值风险。").verdict == "contradicted"  # the list is back


def test_every_word_list_can_be_left_out() -> None:
    for name in rules.lists():
        with rules.emptied(name):
            result = check("公司境内收入为3亿元，同比下降5%", "公司境外收入为3亿元，同比增长5%。")
            assert "error" not in result.rules, (name, result)
