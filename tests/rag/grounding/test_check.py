"""The gate as a whole: what it says of claims about fictional companies, and what it must never do."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.grounding import Check, CheckContext, EvidenceText, check, check_lines
from rag.grounding.verdicts import SEVERITY

EVIDENCE = (
    "问：贵公司今年利润下降50%，是否属实？\n"
    "答：您好！2031年上半年公司实现营业收入12.5亿元，同比增长8.3%；归母净利润1.2亿元，同比下降5.1%。"
    "公司预计2032年泰国工厂投产，部分客户已完成认证。公司不存在减值风险。谢谢！"
)


@pytest.mark.parametrize(
    ("claim", "verdict", "rule"),
    [
        ("2031年上半年公司实现营业收入12.5亿元，同比增长8.3%", "supported", "exact"),
        ("2031 年上半年公司实现营业收入 12.5 亿元，同比增长 8.3%。", "supported", "exact"),
        ("2031年上半年营业收入为12.5亿元", "supported", "figure"),
        ("2031年上半年营业收入为125000万元", "supported", "figure"),
        ("2031年上半年归母净利润为12.5亿元", "contradicted", "figure_other_metric"),
        ("2030年上半年公司营业收入12.5亿元", "contradicted", None),
        ("公司营业收入同比下降8.3%", "contradicted", "figure_direction"),
        ("公司归母净利润环比下降5.1%", "contradicted", "figure_basis"),
        ("营业收入为12.5万元", "contradicted", "figure_unit"),
        ("营业收入为13.5亿元", "contradicted", "figure_other_value"),
        ("2032年泰国工厂已投产", "contradicted", "overclaimed"),
        ("全部客户已完成认证", "contradicted", None),
        ("公司存在减值风险", "contradicted", "negation"),
        ("公司今年利润下降50%", "unsupported", None),
        ("公司总部搬到了月湖市滨江路", "unsupported", None),
        ("营业收入与归母净利润合计13.7亿元", "supported", "derived"),
        ("您好，谢谢！", "not_checkable", None),
        ("我觉得公司值得买。", "not_checkable", "opinion"),
        ("营业收入是多少？", "not_checkable", "question"),
        ("……", "not_checkable", "no_content"),
    ],
)
def test_verdicts(claim: str, verdict: str, rule: str | None) -> None:
    result = check(claim, EVIDENCE)
    assert result.verdict == verdict, result
    if rule is not None:
        assert rule in result.rules


def test_reasons_name_what_the_evidence_has_instead() -> None:
    assert "12.5亿元" in check("营业收入为13.5亿元", EVIDENCE).reasons[0]
    assert (
        check("2030年上半年公司营业收入12.5亿元", EVIDENCE).reasons[0].startswith("12.5亿元 属于2031年上半年")
    )
    assert (
        "not to 2022"
        in check("Sales rose 5.2% in 2022.", "Sales rose 5.2% in 2021, the firm said.").reasons[0]
    )


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Revenue rose 5.2% in 2031.", "supported"),
        ("Revenue fell 5.2% in 2031.", "contradicted"),
        ("Revenue rose 6.2% in 2031.", "contradicted"),
        ("The plant in Veldhoven has opened.", "contradicted"),
        ("The chief executive is Carla Mendes.", "unsupported"),
    ],
)
def test_english(claim: str, verdict: str) -> None:
    evidence = (
        "Revenue rose 5.2% in 2031 to $3.4 billion. The plant in Veldhoven is expected to open in 2033."
    )
    assert check(claim, evidence).verdict == verdict


def test_a_name_known_from_the_record_may_stand_for_the_company() -> None:
    evidence = EvidenceText("公司2031年营业收入为3.2亿元。", names=("青禾股份", "300999"))
    assert check("青禾股份2031年营业收入为3.2亿元", evidence).verdict == "supported"
    assert check("白塔科技2031年营业收入为3.2亿元", evidence).verdict == "unsupported"


def test_a_passage_is_evidence_with_its_question_apart() -> None:
    @dataclass
    class Passage:
        text: str = "公司在手订单饱满。"
        question: str = "公司产能利用率是否只有三成？"
        short_name: str = "青禾股份"
        code: str = "300999"
        published_on: None = None

    assert check("公司在手订单饱满", Passage()).verdict == "supported"
    assert check("公司产能利用率只有三成", [Passage()]).verdict != "supported"


def test_deciding_spans_point_into_the_texts_as_given() -> None:
    claim = "2031 年 上半年营业收入为 12.5 亿元"
    result = check(claim, EVIDENCE)
    span = result.spans[0]
    assert claim[span.claim_start : span.claim_end] == "12.5 亿元"
    assert EVIDENCE[span.start : span.end] == "12.5亿元"


def test_an_error_inside_fails_closed() -> None:
    class Broken:
        @property
        def text(self) -> str:
            raise RuntimeError("disk on fire")

    result = check("营业收入为12.5亿元", Broken())
    assert result.verdict == "not_checkable"
    assert "disk on fire" in result.reasons[0]
    assert check("营业收入为12.5亿元", 7).verdict == "not_checkable"
    assert check("营业收入为12.5亿元", "").verdict == "not_checkable"


def test_lines_stream_and_a_bad_line_costs_itself() -> None:
    lines = iter(
        [json.dumps({"id": 1, "claim": "产能为5万吨", "evidence": "产能为5万吨。"}), "{not json", '{"claim": 3}', "\n",
         json.dumps({"id": 2, "claim": "产能为6万吨", "evidence": ["产能为5万吨。"]})]
    )  # fmt: skip
    results = check_lines(lines)
    first = next(results)
    assert first == {"verdict": "supported", "reasons": first["reasons"], "score": 1.0, "id": 1}
    rest = list(results)
    assert [one["verdict"] for one in rest] == ["not_checkable", "not_checkable", "contradicted"]
    assert rest[-1]["id"] == 2


def test_second_opinions_decide_only_what_is_not_checkable() -> None:
    class Yes:
        name = "yes-sayer"

        def judge(self, claim: str, evidence: str) -> tuple[str, float, str]:
            return "supported", 0.9, "because"

    class Fails:
        name = "broken"

        def judge(self, claim: str, evidence: str) -> tuple[str, float, str]:
            raise ValueError("no model")

    context = CheckContext(second_opinions=(Fails(), Yes()))
    unsure, evidence = "老员工在车间里指点新员工", "公司建立了导师制，由老员工负责培养新员工，期限半年。"
    assert check(unsure, evidence).verdict == "not_checkable", check(unsure, evidence)
    advised = check(unsure, evidence, context=context)
    assert advised.verdict == "supported"
    assert "yes-sayer" in advised.reasons[0]
    assert check("营业收入为13.5亿元", EVIDENCE, context=context).verdict == "contradicted"
    assert (
        check(unsure, evidence, context=CheckContext(second_opinions=(Fails(),))).verdict == "not_checkable"
    )


METRICS = ("营业收入", "归母净利润", "研发投入", "合同负债", "经营现金流净额", "资本开支")
PERIODS = ("2029年", "2030年", "2031年上半年", "2031年第三季度")


@st.composite
def reports(draw: st.DrawFn) -> tuple[str, list[tuple[str, str, str]]]:
    """A report of a fictional company: a figure for some metrics in some periods, all values distinct."""
    cells = draw(
        st.lists(
            st.tuples(st.sampled_from(PERIODS), st.sampled_from(METRICS)), min_size=2, max_size=8, unique=True
        )
    )
    values = draw(st.lists(st.integers(101, 9999), min_size=len(cells), max_size=len(cells), unique=True))
    rows = [
        (period, metric, f"{value / 100:.2f}亿元")
        for (period, metric), value in zip(cells, values, strict=True)
    ]
    return "".join(f"{period}公司{metric}为{value}。" for period, metric, value in rows), rows


@settings(max_examples=60, deadline=None)
@given(reports(), st.data())
def test_every_true_cell_stands_and_no_other_does(
    report: tuple[str, list[tuple[str, str, str]]], data: st.DataObject
) -> None:
    text, rows = report
    period, metric, value = data.draw(st.sampled_from(rows))
    true = check(f"{period}，公司的{metric}达到{value}", text)
    assert true.verdict == "supported", (true, text)
    _, _, other = data.draw(st.sampled_from([row for row in rows if row[2] != value]))
    swapped = check(f"{period}，公司的{metric}达到{other}", text)
    assert swapped.verdict in {"contradicted", "unsupported"}, (swapped, text)


@settings(max_examples=60, deadline=None)
@given(reports(), st.data(), st.integers(1, 9), st.integers(0, 3))
def test_changing_a_figure_never_raises_the_verdict(
    report: tuple[str, list[tuple[str, str, str]]], data: st.DataObject, digit: int, place: int
) -> None:
    text, rows = report
    period, metric, value = data.draw(st.sampled_from(rows))
    digits = [index for index, character in enumerate(value) if character.isdigit()]
    index = digits[place % len(digits)]
    mutant = value[:index] + str(digit) + value[index + 1 :]
    before, after = check(f"{period}{metric}为{value}", text), check(f"{period}{metric}为{mutant}", text)
    if float(mutant[:-2]) != float(value[:-2]):
        assert SEVERITY[after.verdict] > SEVERITY[before.verdict], (after, text)
        assert after.score < before.score


IRRELEVANT = (
    "园区新建了两座停车场。", "The cafeteria opens at noon.", "投资者问及食堂菜价，公司表示将改善伙食。", "天气转凉，请注意保暖。",
    "会议地点位于三楼会议室。",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(reports(), st.data(), st.lists(st.sampled_from(IRRELEVANT), max_size=4), st.booleans())
def test_irrelevant_evidence_never_turns_contradicted_into_supported(
    report: tuple[str, list[tuple[str, str, str]]], data: st.DataObject, more: list[str], first: bool
) -> None:
    text, rows = report
    period, metric, _ = data.draw(st.sampled_from(rows))
    claim = f"{period}公司{metric}为{data.draw(st.sampled_from([row[2] for row in rows]))}"
    alone = check(claim, text)
    together = check(claim, [*more, text] if first else [text, *more])
    if alone.verdict == "contradicted":
        assert together.verdict != "supported"
    if alone.verdict == "supported":
        assert together.verdict == "supported"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=120))
def test_any_text_gets_a_verdict(claim: str, evidence: str) -> None:
    result = check(claim, evidence)
    assert isinstance(result, Check)
    assert 0.0 <= result.score <= 1.0
    assert result.reasons and all(result.reasons)
    assert "error" not in result.rules, result
    assert result == check(claim, evidence)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="公司营业收入净利润增长下降12.5%亿万元年月，。：“”？问答不未预计已约超-", max_size=50), st.text(
    alphabet="公司营业收入净利润增长下降12.5%亿万元年月，。：“”？问答不未预计已约超-\n", max_size=120))  # fmt: skip
def test_any_report_like_text_gets_a_verdict(claim: str, evidence: str) -> None:
    assert "error" not in check(claim, evidence).rules


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("公司高端磁芯营收占公司整体营业收入的35%-40%。", "contradicted"),
        ("公司高端磁芯营收占公司营收的15%。", "supported"),
        ("公司高端磁芯营收占磁芯产品营收的35%-40%。", "supported"),
    ],
)
def test_a_share_is_of_its_own_whole(claim: str, verdict: str) -> None:
    stands = "公司高端磁芯营收占磁芯产品营收的35%-40%左右，占公司整体营业收入约15%。"
    assert check(claim, stands).verdict == verdict
