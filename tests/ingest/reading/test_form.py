"""The form's fields, from texts with and without label hints; all companies are fictional."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading.categories import read_categories
from ingest.reading.dates import find_dates, published_in_name
from ingest.reading.form import read_form
from ingest.reading.form_rows import find_rows
from ingest.reading.hosts import read_hosts
from ingest.reading.participants import read_participants
from ingest.records import Participant, SourceText, Span

FORM = """证券代码：309999 证券简称：星河示例
临屿星河示例股份有限公司投资者关系活动记录表
编号：2024-012
投资者关系活动类别
√特定对象调研 □分析师会议
□媒体采访 □业绩说明会
□新闻发布会 □路演活动
□现场参观 √其他（电话会议）
参与单位名称及人员姓名
甲乙基金 张三、李四
丙丁证券 王五
时间
2024年10月29日-10月31日 15:00-16:00
地点
公司会议室
上市公司接待人员姓名
董事长、总经理：赵六先生
董事会秘书：钱七女士
投资者关系活动主要内容介绍
1、公司的时间安排如何？
答：日期以公告为准，地点不变。
附件清单（如有）
无
日期
2024年11月1日"""


def form_of(text: str, name: str = "记录.pdf"):
    return read_form(SourceText("txt", text), name)


def test_all_fields_of_a_plain_form() -> None:
    reading = form_of(FORM)
    form = reading.form
    assert (form.code, form.short_name, form.company, form.number) == (
        "309999", "星河示例", "临屿星河示例股份有限公司", "2024-012",
    )  # fmt: skip
    assert form.categories == ("特定对象调研", "其他")
    assert form.held_on == (date(2024, 10, 29), date(2024, 10, 31))
    assert form.signed_on == date(2024, 11, 1)
    assert form.participants == (
        Participant("甲乙基金", ("张三", "李四")),
        Participant("丙丁证券", ("王五",)),
    )
    assert form.hosts == ("董事长、总经理：赵六先生", "董事会秘书：钱七女士")
    assert form.place == "公司会议室"
    assert reading.body.of(FORM) == "1、公司的时间安排如何？\n答：日期以公告为准，地点不变。"
    assert reading.warnings == ()


def test_labels_may_be_spaced_wrapped_or_in_front_of_their_values() -> None:
    text = FORM.replace("时间\n", "时 间 ").replace("地点\n", "地 点：").replace("日期\n", "日 期 ")
    text = text.replace("投资者关系活动主要内容介绍\n", "投资者关系活动\n主要内容介\n绍 ")
    text = text.replace("上市公司接待人员姓名\n", "上市公司接待人\n员姓名 ")
    assert form_of(text).form == form_of(FORM).form
    assert form_of(text).body.of(text) == form_of(FORM).body.of(FORM)


def test_hints_place_labels_that_stand_in_the_middle_of_a_line() -> None:
    text = "公司记录 活动时间 2024年3月1日 交流主要内容介绍 问：好吗？答：好。"
    labels = [
        Span(text.index(words), text.index(words) + len(words)) for words in ("活动时间", "交流主要内容介绍")
    ]
    reading = read_form(SourceText("txt", text, labels=tuple(labels)), "x")
    assert reading.form.held_on == (date(2024, 3, 1), date(2024, 3, 1))
    assert reading.body.of(text) == "问：好吗？答：好。"


def test_newer_forms_with_disclosure_and_material_rows() -> None:
    text = FORM.replace("投资者关系活动主要内容介绍", "交流内容及具体问答记录").replace(
        "附件清单（如有）",
        "关于本次活动是否涉及应披露重大信息的说明\n否\n活动过程中所使用的演示文稿、提供的文档等附件（如有，可作为附件）",
    )
    reading = form_of(text)
    assert reading.body.of(text).endswith("地点不变。")
    assert reading.form.signed_on == date(2024, 11, 1)


def test_time_and_place_in_one_row() -> None:
    text = FORM.replace("时间\n", "时间、地点\n").replace("16:00\n地点\n公司会议室", "16:00 公司会议室")
    form = form_of(text).form
    assert form.held_on == (date(2024, 10, 29), date(2024, 10, 31))
    assert form.place == "公司会议室"


def test_without_a_body_label_the_body_starts_below_the_last_row_above_it() -> None:
    text = FORM.replace("投资者关系活动主要内容介绍\n", "")
    body = form_of(text).body.of(text)
    assert body.endswith("地点不变。")
    assert "1、公司的时间安排如何？" in body


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("编号：2024-12-6", "2024-12-6"),
        ("编号：[2024]002", "[2024]002"),
        ("编 号 ： 2025 － 007", "2025－007"),
        ("编号：SL20241031", "SL20241031"),
        ("编号：（2024）第3号", "（2024）第3号"),
        ("编号：2024-005 临屿星河示例股份有限公司", "2024-005"),
        ("编号：\n2024-009", "2024-009"),
        ("编号：", None),
        ("编号：\n2022 年 4 月 13 日投资者关系活动记录表", None),
        ("没有的", None),
    ],
)
def test_numbers_as_printed(printed: str, number: str | None) -> None:
    assert form_of(FORM.replace("编号：2024-012", printed)).form.number == number


@pytest.mark.parametrize(
    ("head", "short_name", "code"),
    [
        ("股票代码：３０９９９９ 股票简称：五 粮 示", "五粮示", "309999"),
        ("证券代码：309999.SZ   证券简称：星河示例   公告编号：2024-1", "星河示例", "309999"),
        ("证券简称：*ST星河 证券代码：309999", "*ST星河", "309999"),
        ("公司代码：609999 公司简称：星河示例", "星河示例", "609999"),
        ("A股代码：009999 A股简称：星河A\n债券代码：123456 债券简称：星河转债", "星河A", "009999"),
    ],
)
def test_codes_and_short_names(head: str, short_name: str, code: str) -> None:
    form = form_of(FORM.replace("证券代码：309999 证券简称：星河示例", head)).form
    assert (form.short_name, form.code) == (short_name, code)


def test_the_file_name_helps_out_where_the_text_is_silent() -> None:
    form = form_of(FORM.split("\n", 1)[1], "星河示例：309999 2024-012 记录表.pdf").form
    assert (form.code, form.short_name) == ("309999", "星河示例")
    text = FORM.replace("2024年10月29日-10月31日 15:00-16:00", "见公告")
    reading = form_of(text, "星河示例：2024年10月29日投资者关系活动记录表.pdf")
    assert reading.form.held_on == (date(2024, 10, 29), date(2024, 10, 29))
    assert any("file name" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    "title", ["临屿星河示例\n股份有限公司\n投资者关系活动记录表", "临 屿 星 河 示 例 股 份 有 限 公 司"]
)
def test_company_in_a_wrapped_or_spaced_title(title: str) -> None:
    form = form_of(FORM.replace("临屿星河示例股份有限公司投资者关系活动记录表", title)).form
    assert form.company == "临屿星河示例股份有限公司"


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [
        ("\uf052特定对象调研 □分析师会议\n□其他", ("特定对象调研",)),
        ("\uf0fe 现场参观 \uf0a3 路演活动", ("现场参观",)),
        ("□√业绩说明会 □其他（请文字说明其他活动内容）", ("业绩说明会",)),
        ("□特定对象调研\n■分析师会议 ☑ 路 演 活 动", ("分析师会议", "路演活动")),
        ("特定对象调研√ 分析师会议□ 其他□", ("特定对象调研",)),
        ("□特定对象调研 □现场参观√ □其他", ("现场参观",)),
        ("□媒体采访 业绩说明会\n□新闻发布会 □其他", ("业绩说明会",)),
        ("□媒体采访 √其他（业绩说明会）", ("其他",)),
        ("□媒体采访 √其他 （请文字说明其他活动内容）\n电话会议", ("其他",)),
        ("X特定对象调研 □现场参观", ("特定对象调研",)),
        ("R特定对象调研 □现场参观", ("特定对象调研",)),
        ("√电话会议 □现场参观", ("电话会议",)),
        ("√券商策略会 □现场参观", ("券商策略会",)),
        ("业绩说明会", ("业绩说明会",)),
    ],
)
def test_ticks(cell: str, ticked: tuple[str, ...]) -> None:
    assert read_categories(cell) == (ticked, None)


def test_lost_ticks_are_a_warning_not_a_guess() -> None:
    assert read_categories("特定对象调研 分析师会议 媒体采访 路演活动 其他")[0] == ()
    assert read_categories("□特定对象调研 □分析师会议")[1]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2024 年 4 月 22 日", ["2024-04-22"]),
        ("2020 年 12 月 22 日—1 月 11 日", ["2020-12-22", "2021-01-11"]),
        ("2024年4月22、23、24日", ["2024-04-22", "2024-04-23", "2024-04-24"]),
        ("2024年9月2日-4日、9日-11日", ["2024-09-02", "2024-09-04", "2024-09-09", "2024-09-11"]),
        ("２０２４年１０月２９日", ["2024-10-29"]),
        ("二〇二四年四月二十二日", ["2024-04-22"]),
        ("2024-8-2 9:30", ["2024-08-02"]),
        ("2024/10/29-2024/10/31", ["2024-10-29", "2024-10-31"]),
        ("2025年5月12日\n2025年5月13日", ["2025-05-12", "2025-05-13"]),
        ("2024年2月30日 15:00-17:00", []),
        ("10月29日", []),
    ],
)
def test_dates(text: str, days: list[str]) -> None:
    assert [day.isoformat() for day in find_dates(text)] == days


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("309999星河示例投资者关系管理信息20240424.pdf", date(2024, 4, 24)),
        ("星河 2024-08-29.pdf", date(2024, 8, 29)),
        ("星河示例：2024年10月29日投资者关系活动记录表.pdf", None),
        ("309999 2025-007 记录表.txt", None),
        ("20249999.pdf", None),
    ],
)
def test_only_compact_dates_in_file_names_are_publication_dates(name: str, day: date | None) -> None:
    assert published_in_name(name) == day


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("甲乙基金：张三；丙丁证券：李四、王五", [("甲乙基金", ["张三", "李四"][:1]), ("丙丁证券", ["李四", "王五"])]),
        ("甲乙基金：张三；李四\n丙丁证券：王五", [("甲乙基金", ["张三", "李四"]), ("丙丁证券", ["王五"])]),
        ("甲乙基金——张三 丙丁证券——李四", [("甲乙基金", ["张三"]), ("丙丁证券", ["李四"])]),
        ("甲乙基金、丙丁证券、Some Fund\nManagement等31家机构34人", [("甲乙基金", []), ("丙丁证券", []), ("Some Fund Management", [])]),
        ("甲乙基金、丙丁证券共 10 位投资者", [("甲乙基金", []), ("丙丁证券", [])]),
        ("（排名不分先后）甲乙基金、丙丁证券等机构投资者。", [("甲乙基金", []), ("丙丁证券", [])]),
        ("甲乙基金 张 三\n丙丁证券\t李四 王五", [("甲乙基金", ["张三"]), ("丙丁证券", ["李四", "王五"])]),
        ("单位名称\t人员姓名\n甲乙基金\t张三、李四\n丙丁证券\tLeo Chou", [("甲乙基金", ["张三", "李四"]), ("丙丁证券", ["Leo Chou"])]),
        ("序号\t机构\t姓名\n1\t甲乙基金\t张三\n2\t丙丁证券\t李四", [("甲乙基金", ["张三"]), ("丙丁证券", ["李四"])]),
        ("Some Capital 张三； Other Bank Leo Chou、李四", [("Some Capital", ["张三"]), ("Other Bank", ["Leo Chou", "李四"])]),
        ("1、甲乙基金 张三\n2、丙丁证券 李四", [("甲乙基金", ["张三"]), ("丙丁证券", ["李四"])]),
        ("甲乙基金（张三、李四）\n丙丁证券（王五）", [("甲乙基金", ["张三", "李四"]), ("丙丁证券", ["王五"])]),
        ("甲乙基金 丙丁证券 戊己资产\n庚辛投资 壬癸资本", [(x, []) for x in ["甲乙基金", "丙丁证券", "戊己资产", "庚辛投资", "壬癸资本"]]),
        ("券商：甲乙证券、丙丁证券", [("甲乙证券", []), ("丙丁证券", [])]),
        ("通过“星河网”（https://example.com）参与本次业绩说明会的投资者", [("通过“星河网”（https://example.com）参与本次业绩说明会的投资者", [])]),
        ("张三、李四\n甲乙基金\n王五、赵六", [("甲乙基金", ["张三", "李四", "王五", "赵六"])]),
        ("无", []),
    ],
)  # fmt: skip
def test_participants(cell: str, expected: list[tuple[str, list[str]]]) -> None:
    found, doubt = read_participants(cell)
    assert [(each.institution, list(each.people)) for each in found] == expected
    assert doubt is None


def test_participants_in_an_appendix_behind_the_form() -> None:
    cell = "甲乙基金等3家机构，详见附件《参与单位名称清单》"
    behind = "日期\n2024年1月1日\n附件：参与单位名称清单\n序号\t单位\t序号\t单位\n1\t甲乙基金\t3\t戊己资产\n2\t丙丁证券"
    found, doubt = read_participants(cell, behind)
    assert [each.institution for each in found] == ["甲乙基金", "丙丁证券", "戊己资产"]
    assert doubt is None
    assert read_participants("3家机构，详见附件", "日期\n2024年1月1日")[1]


@pytest.mark.parametrize(
    ("cell", "hosts"),
    [
        ("公司董事长张三先生、总经理李四先生、财务总监王五女士及保荐代表人赵六先生。", ["公司董事长张三先生", "总经理李四先生", "财务总监王五女士", "保荐代表人赵六先生"]),
        ("董事会秘书张三、证券事务代表李四", ["董事会秘书张三", "证券事务代表李四"]),
        ("副总经理、董事会秘书 张三", ["副总经理、董事会秘书张三"]),
        ("董事长、总经理：张三\n证券办：李四、王五", ["董事长、总经理：张三", "证券办：李四、王五"]),
        ("1、董事长张三\n2、董事、总经理李四", ["董事长张三", "董事、总经理李四"]),
        ("财务总监张三先生（代行董事会秘书职责）、独立董事李四先生", ["财务总监张三先生（代行董事会秘书职责）", "独立董事李四先生"]),
        ("副总经理、\n董事会秘书：张三先生", ["副总经理、董事会秘书：张三先生"]),
        ("无", []),
    ],
)  # fmt: skip
def test_hosts(cell: str, hosts: list[str]) -> None:
    assert list(read_hosts(cell)) == hosts


@given(
    st.text(
        alphabet="时间地点日期编号附件清单主要内容介绍参与单位名称：:\n 、1２年月日2024□√（）基金张三",
        max_size=300,
    )
)
def test_any_text_is_read_and_spans_stay_inside(text: str) -> None:
    reading = form_of(text)
    assert 0 <= reading.body.start <= reading.body.end <= len(text)
    for row in find_rows(SourceText("txt", text)):
        assert 0 <= row.label.start <= row.label.end <= row.value.start <= row.value.end <= len(text)


@given(st.text(max_size=400))
def test_cells_of_any_text_are_read(text: str) -> None:
    read_categories(text)
    read_participants(text, text)
    read_hosts(text)
    find_dates(text)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "甲海基金（卢苇、王庆）、乙海证券（李蔚）",
            [("甲海基金", ["卢苇", "王庆"]), ("乙海证券", ["李蔚"])],
        ),
        ("甲海证券-高楠、乙海证券-张程", [("甲海证券", ["高楠"]), ("乙海证券", ["张程"])]),
        ("甲海基金/张三；乙海基金/李四", [("甲海基金", ["张三"]), ("乙海基金", ["李四"])]),
        ("甲海证券何伟、李四、乙海基金郭睿", [("甲海证券", ["何伟", "李四"]), ("乙海基金", ["郭睿"])]),
        (
            "云岭证券 方原、孟安\n程川、苏月、江河、博岭基金\n宋平",
            [("云岭证券", ["方原", "孟安"]), ("博岭基金", ["程川", "苏月", "江河", "宋平"])],
        ),
        (
            "汇岭基金 孙青\n周明、何山、徐文、田小云岭证券\n禾、郭晴\n清岭资本 罗川",
            [
                ("汇岭基金", ["孙青"]),
                ("云岭证券", ["周明", "何山", "徐文", "田小禾", "郭晴"]),
                ("清岭资本", ["罗川"]),
            ],
        ),
        (
            "1、6月3日上午与会机构：甲海证券、乙海基金等12名投资者。\n2、6月4日上午与会机构：Tall Pine Investment、丙海资本。",
            [("甲海证券", []), ("乙海基金", []), ("Tall Pine Investment", []), ("丙海资本", [])],
        ),
        ("甲海证券 张三 李四 乙海基金 王五", [("甲海证券", ["张三", "李四"]), ("乙海基金", ["王五"])]),
        ("（一）甲海证券：张三；\n（二）乙海基金：李四。", [("甲海证券", ["张三"]), ("乙海基金", ["李四"])]),
        ("Tall Pine 王 小 禾；乙海基金 李 四", [("Tall Pine", ["王小禾"]), ("乙海基金", ["李四"])]),
        (
            "甲海基金 李四、Point Hill Asset John Lee",
            [("甲海基金", ["李四"]), ("Point Hill Asset", ["John Lee"])],
        ),
    ],
)
def test_participants_of_other_companies(cell: str, expected: list[tuple[str, list[str]]]) -> None:
    found, _ = read_participants(cell)
    assert [(each.institution, list(each.people)) for each in found] == expected


@pytest.mark.parametrize(
    ("cell", "hosts"),
    [
        ("董事长 郭生 总经理 李成\n财务总监 王强", ("董事长 郭生", "总经理 李成", "财务总监 王强")),
        ("张三（董事、总经理）、李四（董秘）", ("张三（董事、总经理）", "李四（董秘）")),
        ("董事会秘书张方、IR李颖", ("董事会秘书张方", "IR李颖")),
        ("张三 董事长\n李四 董事会秘书", ("张三 董事长", "李四 董事会秘书")),
    ],
)
def test_hosts_of_other_companies(cell: str, hosts: tuple[str, ...]) -> None:
    assert tuple(re.sub(r"\s", "", host) for host in read_hosts(cell)) == tuple(
        re.sub(r"\s", "", host) for host in hosts
    )


def test_only_ticks_are_printed() -> None:
    assert read_categories("特定对象调研 √分析师会议 媒体采访 业绩说明会 路演活动")[0] == ("分析师会议",)


def test_days_in_figures() -> None:
    assert [day.isoformat() for day in find_dates("2024.12.30-1.3")] == ["2024-12-30", "2025-01-03"]
    assert [day.isoformat() for day in find_dates("2024年5月8日 9.30-11.30")] == ["2024-05-08"]


def test_a_body_label_of_few_words_and_a_code_in_brackets() -> None:
    head = "临屿示例股份有限公司（309999）\n调研活动记录表\n接待时间\n2024年5月8日\n公司接待人员\n董秘 李四\n"
    reading = form_of(head + "交流主要内容\n1、订单如何？\n答：饱满。")
    assert reading.form.code == "309999"
    assert reading.form.hosts == ("董秘李四",)
    assert "body" in reading.rows
    name = "309999临屿示例投资者关系管理信息20240508.pdf"
    assert form_of("时间\n2024年5月8日", name).form.short_name == "临屿示例"
