"""Normalisation, quotations, negation, certainty, who speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding import check
from rag.grounding.clauses import cut
from rag.grounding.modality import certainty, extent, overclaimed
from rag.grounding.normalise import normalise
from rag.grounding.polarity import denies, metrics_opposed, opposed

EVIDENCE = (
    "问：听说公司的海外工厂已经停产？\n"
    "答：公司海外工厂生产经营正常，产能利用率保持较高水平。公司将持续优化全球产能布局，力争三年内实现海外收入翻番。"
    "公司提出“四维一体”服务体系，覆盖售前到售后。"
)


@given(st.text(max_size=80))
def test_every_normalised_character_comes_from_the_text(text: str) -> None:
    normal = normalise(text)
    assert len(normal.text) == len(normal.origins)
    assert list(normal.origins) == sorted(normal.origins)
    assert all(0 <= origin < len(text) for origin in normal.origins)


def test_writings_of_one_text_are_equal() -> None:
    assert normalise("营收 １２．５ 亿元\n（同比＋５％）").text == normalise("营收12.5亿元(同比+5%)").text
    assert normalise("①2024年").text == "①2024年"  # NFKC would give 12024年


@pytest.mark.parametrize(
    ("claim", "verdict", "rule"),
    [
        ("公司表示：“产能利用率保持较高水平”", "supported", "quote_exact"),
        ("公司称，「产能利用率保持较高水平」", "supported", "quote_exact"),
        ("公司表示：“公司提出‘四维一体’服务体系，覆盖售前到售后”", "supported", None),
        ("公司表示：“产能利用率保持极高的水平”", "contradicted", "quote_altered"),
        ("公司表示：“产能利用率保持较高水平，力争三年内实现海外收入翻番”", "contradicted", "quote_stitched"),
        ("公司表示：“海外工厂已经停产”", "contradicted", "quote_misattributed"),
        ("公司表示：“明年股价一定能够翻番”", "unsupported", "quote_not_found"),
    ],
)
def test_quotations(claim: str, verdict: str, rule: str | None) -> None:
    result = check(claim, EVIDENCE)
    assert result.verdict == verdict, result
    assert rule is None or rule in result.rules


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("公司海外工厂生产经营正常", "supported"),
        ("公司海外工厂生产经营不正常", "contradicted"),
        ("公司的海外工厂已经停产", "unsupported"),
        ("公司已实现海外收入翻番", "contradicted"),
        ("公司力争三年内实现海外收入翻番", "supported"),
        ("公司海外工厂已完成全球产能布局优化", "contradicted"),
    ],
)
def test_statements(claim: str, verdict: str) -> None:
    result = check(claim, EVIDENCE)
    assert result.verdict == verdict or (
        verdict != "supported" and result.verdict in {"contradicted", "unsupported"}
    ), result


def test_a_fact_cut_out_of_a_denial_or_a_doubt_is_no_support() -> None:
    assert check("存在退市风险", "公司目前不存在退市风险。").verdict == "contradicted"
    assert check("产品大规模降价", "公司不排除产品大规模降价。").verdict != "supported"
    assert check("产线已投产", "部分产线已投产。").verdict != "supported"
    assert check("增长5", "增长50%。").verdict != "supported"


def test_parts_of_a_text_and_who_speaks() -> None:
    _, sentences = cut(normalise("Q1：产能多少？A1：五万吨。Q2：价格呢？A2：稳定。"))
    assert [one.speaker for one in sentences] == ["investor", "company", "investor", "company"]
    _, sentences = cut(normalise("公司今年亏损严重。请问原因？\n经营正常，没有亏损。"))
    assert [one.asks for one in sentences] == [True, True, False]


@pytest.mark.parametrize(
    "text", ["公司不存在风险", "尚未投产", "没有计划", "并非如此", "The plant is not open"]
)
def test_denials(text: str) -> None:
    assert denies(text)


@pytest.mark.parametrize(
    "text",
    ["不断提升", "不低于5%", "未来可期", "非常重视", "不仅如此", "无人机业务", "扣非净利润", "不是不重视"],
)
def test_no_denials(text: str) -> None:
    assert not denies(text)


def test_certainty_orders_possible_planned_stated_done() -> None:
    levels = [certainty(text) for text in ("可能投产", "预计投产", "正在投产", "投产顺利", "已投产")]
    assert levels == [0, 1, 2, 3, 4]
    assert overclaimed("已投产", "正在建设") and not overclaimed("预计投产", "已投产")
    assert extent("全部客户") > extent("客户") > extent("部分客户")


def test_opposites() -> None:
    assert opposed("增长", "下降") and opposed("rose", "fell") and not opposed("增长", "增加")
    assert metrics_opposed("主力资金净流入", "主力资金净流出") and not metrics_opposed("净流入", "净流入")
