"""A statement that a later one overtakes is marked; what merely stands beside it is not. All companies are fictional."""

from __future__ import annotations

import time
from datetime import date

import pytest

from rag.overtaking.superseded import Statement, superseded

PLANT = "二期液冷基地什么时候投产"


def told(*texts: tuple[str, str] | tuple[str, str, str]) -> list[Statement]:
    """Statements by (day, answer[, question]), named 0, 1, …"""
    return [
        Statement(str(number), one[1], date.fromisoformat(one[0]), one[2] if len(one) > 2 else "")
        for number, one in enumerate(texts)
    ]


def marks(topic: str, *texts: tuple[str, str] | tuple[str, str, str]) -> dict[str, tuple[str, str]]:
    return {key: (one.by, one.reason) for key, one in superseded(told(*texts), topic).items()}


@pytest.mark.parametrize(
    ("topic", "old", "new", "reason"),
    [
        (PLANT, "二期液冷基地预计2031年第三季度投产。", "二期液冷基地已于2031年11月正式投产。", "happened"),
        (PLANT, "二期液冷基地预计2031年第三季度投产。", "公司将二期液冷基地投产时间调整为2031年12月。", "date"),
        (PLANT, "二期液冷基地正在建设，计划年底投产。", "公司决定终止二期液冷基地的建设。", "ended"),
        ("在手订单有多少", "截至2031年3月31日，公司在手订单约11.1亿元。", "截至2031年9月30日，公司在手订单约14.5亿元。", "figure"),
        ("通过认证的冷板有几款", "公司已有两款冷板通过客户认证。", "目前公司有三款自研冷板通过了客户认证。", "figure"),
        ("2031年营收", "2031年，公司营收目标为25亿元。", "2031年，公司实现营业收入23亿元。", "happened"),
        ("2030年底冷板产能", "截至2030年底，冷板业务已实现的产能为600万片。", "截至2030年底，冷板业务已实现的产能为650万片。", "corrected"),
        ("一季报什么时候披露", "公司将于4月25日披露2031年第一季度报告。", "公司已于4月25日披露《2031年第一季度报告》。", "happened"),
    ],
)  # fmt: skip
def test_what_a_later_statement_overtakes(topic: str, old: str, new: str, reason: str) -> None:
    found = marks(topic, ("2031-02-01", old), ("2032-01-15", new))
    assert found == {"0": ("1", reason)}


@pytest.mark.parametrize(
    ("topic", "old", "new"),
    [
        ("营业收入是多少", "2030年公司实现营业收入20亿元。", "2031年公司实现营业收入25亿元。"),
        ("在手订单有多少", "截至2031年3月31日，公司在手订单约11.1亿元。", "您好！截至2031年3月31日，公司在手订单约11.1亿元。谢谢！"),
        ("冷板产能", "目前公司冷板产能为600万片。", "目前公司储能电池托盘产能为900万片。"),
        ("冷板产能", "公司已建成年产25万套冷板产线。", "公司已建成年产5万套干式冷板产线、年产20万套浸没式冷板产线。"),
        ("厂房投产了吗", "公司厂房二期正按计划有序推进建设。", "公司厂房一期现已正式投产。"),
        ("冷板产品进展", "公司负责冷板产品的研发、生产和销售。", "公司量产冷板产品的价格已较为平稳。"),
        (PLANT, "二期液冷基地正在按计划建设。", "二期液冷基地目前尚未投产。"),
        (PLANT, "二期液冷基地正在按计划建设。", "二期液冷基地正在推进建设，目前部分厂房已投入使用。"),
        ("分红方案", "以总股本151,682股为基数，每10股派发现金红利0.12元。", "以总股本151,759股为基数，每10股派发现金红利0.45元。"),
        ("毛利率", "2031年上半年毛利率为30%。", "2031年第三季度毛利率为28%。"),
    ],
)  # fmt: skip
def test_what_stands_beside_it(topic: str, old: str, new: str) -> None:
    assert marks(topic, ("2031-08-01", old), ("2032-01-15", new)) == {}


def test_a_later_statement_is_never_overtaken_by_an_earlier_one_and_a_missing_day_takes_no_part() -> None:
    old, new = "二期液冷基地预计2031年第三季度投产。", "二期液冷基地已于2031年11月正式投产。"
    assert marks(PLANT, ("2032-01-15", old), ("2031-02-01", new)) == {}
    assert marks(PLANT, ("2031-02-01", old), ("2031-02-01", new)) == {}
    assert superseded([Statement("a", old, None), Statement("b", new, date(2032, 1, 1))], PLANT) == {}


def test_the_mark_leads_to_the_newest_statement_and_to_the_sentences_of_both() -> None:
    first = Statement("a", "您好！截至2031年3月31日，公司在手订单约11.1亿元。", date(2031, 4, 1), start=100)
    second = Statement("b", "截至2031年6月30日，公司在手订单约12亿元。", date(2031, 8, 1), start=200)
    third = Statement(
        "c", "截至2031年9月30日，公司在手订单约14.5亿元。毛利率稳定。", date(2031, 11, 1), start=300
    )
    found = superseded([third, first, second], "在手订单有多少")
    assert (found["a"].by, found["b"].by) == ("c", "c")
    assert (
        first.text[found["a"].old.start - 100 : found["a"].old.end - 100].strip()
        == "截至2031年3月31日，公司在手订单约11.1亿元。"
    )
    assert (
        third.text[found["a"].new.start - 300 : found["a"].new.end - 300].strip()
        == "截至2031年9月30日，公司在手订单约14.5亿元。"
    )


def test_without_a_topic_the_earlier_question_is_it() -> None:
    statements = told(
        ("2031-04-01", "截至2031年3月31日，公司在手订单约11.1亿元。", "在手订单有多少？"),
        ("2031-08-01", "截至2031年6月30日，公司在手订单约12亿元。", "订单情况如何？"),
    )
    assert superseded(statements)["0"].reason == "figure"


def test_the_order_of_the_statements_makes_no_difference() -> None:
    texts = told(
        *(
            (f"2031-0{month}-01", f"截至2031年{month}月1日，公司员工总数为{1000 + month}人。")
            for month in range(1, 9)
        )
    )
    assert superseded(texts, "员工人数") == superseded(texts[::-1], "员工人数")
    assert len(superseded(texts, "员工人数")) == 7


def test_a_rule_can_be_left_out() -> None:
    statements = told(
        ("2031-04-01", "截至2031年3月31日，公司在手订单约11.1亿元。"),
        ("2031-08-01", "截至2031年6月30日，公司在手订单约12亿元。"),
    )
    assert superseded(statements, "在手订单", rules=frozenset(["happened"])) == {}


def test_eight_statements_take_no_longer_than_a_blink() -> None:
    statements = told(
        *(
            (
                f"2031-0{month}-01",
                f"公司第{month}批冷板产线目前运行平稳，截至2031年{month}月1日，在手订单约{month}亿元。" * 4,
            )
            for month in range(1, 9)
        )
    )
    superseded(statements[:2], "在手订单")
    taken = []
    for number in range(3):
        again = [Statement(one.key, f"{one.text}（{number}）", one.published_on) for one in statements]
        started = time.perf_counter()
        superseded(again, "在手订单")
        taken.append(time.perf_counter() - started)
    assert min(taken) < 0.5  # about 15 ms on an idle core


def test_a_statement_that_names_an_earlier_figure_as_wrong_corrects_it() -> None:
    found = superseded(
        [
            Statement("old", "上半年公司液冷业务实现收入2.86亿元，同比增长86.93%。", date(2024, 8, 29)),
            Statement(
                "new",
                "此前将上半年液冷业务收入误写为2.86亿元，系统计有误。经核对，上半年液冷业务收入应为2.68亿元。",
                date(2024, 11, 6),
            ),
        ],
        "2024年上半年液冷收入是多少",
    )
    assert found["old"].by == "new" and found["old"].reason == "corrected"


def test_the_same_span_of_the_year_before_is_not_the_whole_year() -> None:
    found = superseded(
        [
            Statement("old", "全年液冷业务收入6.95亿元。", date(2025, 4, 22)),
            Statement("new", "上半年液冷业务收入5.31亿元，上年同期为2.68亿元。", date(2025, 8, 27)),
        ],
        "液冷业务收入",
    )
    assert "old" not in found


def test_a_forecast_is_overtaken_by_the_figure_that_came() -> None:
    found = superseded(
        [
            Statement("old", "公司预计2026年第一季度营业收入为73亿元至78亿元。", date(2026, 4, 14)),
            Statement("new", "2026年第一季度公司实现营业收入75.38亿元。", date(2026, 6, 9)),
        ],
        "2026年一季度营业收入",
    )
    assert found["old"].by == "new" and found["old"].reason == "happened"


def test_of_two_days_told_together_the_later_stands() -> None:
    found = superseded(
        [
            Statement("june10", "截至2026年6月10日公司股东数为95568户。", date(2026, 6, 26)),
            Statement("june18", "截至2026年6月18日公司股东数为105063户。", date(2026, 6, 26)),
            Statement("march", "截至2026年3月31日公司股东数为55931户。", date(2026, 6, 27)),
        ],
        "最新股东数",
    )
    assert set(found) == {"june10"} or (set(found) == {"june10", "march"} and found["march"].by == "june18")
    assert found["june10"].by == "june18"
