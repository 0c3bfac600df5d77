"""The dialogue of fictional records, one family and one trip-wire at a time."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.reading.dialogue import DialogueReading, read_dialogue
from ingest.records import SourceText, Span


def read(text: str, bold: tuple[str, ...] = ()) -> DialogueReading:
    """Read a whole text as a body; `bold` are the stretches that are printed bold."""
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in bold)
    source = SourceText("pdf", text, bold=spans)
    reading = read_dialogue(source, Span(0, len(text)))
    for pair in reading.pairs:
        assert pair.question == text[pair.question_span.start : pair.question_span.end]
        assert pair.answer == text[pair.answer_span.start : pair.answer_span.end]
    return reading


def pairs(text: str, bold: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in read(text, bold).pairs]


QUESTIONS = [
    "公司上半年毛利率下降的原因是什么？",
    "请介绍一下海外业务的进展。",
    "公司产能利用率如何？未来有扩产计划吗？",
    "公司是否考虑回购股份？",
]
ANSWERS = [
    "公司上半年毛利率为 31.2%，同比下降 2.1 个百分点，主要受原材料涨价影响。",
    "您好！海外业务进展顺利，上半年实现收入 3.5 亿元。\n其中东南亚增长较快，欧洲市场正在开拓。",
    "公司主要从三方面推进：\n1、提升现有产线效率；\n2、推进二期项目建设；\n3、优化供应链管理。\n谢谢！",
    "公司目前没有应披露而未披露的信息，请以公告为准。",
]
EXPECTED = list(zip(QUESTIONS, ANSWERS, strict=True))

NUMERALS = "一二三四五六七八九十"
FAMILIES = {
    "1、/答：": ("{n}、", "答："),
    "1./答:": ("{n}.", "答:"),
    "1．/回复：": ("{n}．", "回复："),
    "Q：/A：": ("Q：", "A："),
    "Q:/A: half-width": ("Q: ", "A: "),
    "full-width letters": ("Ｑ{n}：", "Ａ{n}："),
    "Q1：/A1：": ("Q{n}：", "A{n}："),
    "Q1、/A：": ("Q{n}、", "A："),
    "Q 1./A：": ("Q {n}.", "A："),
    "问题1：/回复：": ("问题{n}：", "回复："),
    "问题 1：/答：": ("问题 {n}：", "答："),
    "问题一：/回答：": ("问题{c}：", "回答："),
    "问题1/回复 on lines of their own": ("问题{n}\n", "回复：\n"),
    "1、问：/答：": ("{n}、问：", "答："),
    "1问:/答:": ("{n}问:", "答:"),
    "（1）问：/答：": ("（{n}）问：", "答："),
    "问：/答：": ("问：", "答："),
    "问1：/答1：": ("问{n}：", "答{n}："),
    "提问{n}：/公司回复：": ("提问{n}：", "公司回复："),
    "【问题1】/【回复】": ("【问题{n}】", "【回复】"),
    "（1）/答：": ("（{n}）", "答："),
    "1）/答：": ("{n}）", "答："),
    "一、/答：": ("{c}、", "答："),
    "（一）/答：": ("（{c}）", "答："),
    "no mark/答：": ("", "答："),
}
BARE = ["1、", "1.", "Q1：", "Q1、", "问题1：", "（1）", "一、", "1 "]


def render(question_mark: str, answer_mark: str, items: list[tuple[str, str]]) -> str:
    return "\n".join(
        question_mark.format(n=n, c=NUMERALS[n - 1]) + question + "\n" + answer_mark.format(n=n) + answer
        for n, (question, answer) in enumerate(items, 1)
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_families_with_answer_marks(family: str) -> None:
    question_mark, answer_mark = FAMILIES[family]
    assert pairs(render(question_mark, answer_mark, EXPECTED)) == EXPECTED


@pytest.mark.parametrize("mark", BARE)
def test_families_with_bare_answers(mark: str) -> None:
    question_mark = mark.replace("1", "{n}").replace("一", "{c}")
    items = [
        ("公司上半年毛利率下降的原因是什么？", "您好！主要受原材料涨价影响。"),
        ("请介绍一下海外业务的进展情况。", "感谢您的关注！海外收入同比增长 20%。\n欧洲市场正在开拓。"),
        ("产能是否充足？", "目前产能利用率约 85%，可以满足订单需求。"),
        ("公司是否考虑回购？", "暂无计划。"),
    ]
    assert pairs(render(question_mark, "", items)) == items


def test_bold_questions_without_marks() -> None:
    text = "\n".join(part for pair in EXPECTED for part in pair)
    assert pairs(text, tuple(QUESTIONS)) == EXPECTED


def test_a_bold_question_and_its_answer_in_one_paragraph() -> None:
    text = "1、公司的订单情况如何？目前订单饱满。\n2、产能规划。二期明年投产。"
    assert pairs(text, ("1、公司的订单情况如何？", "2、产能规划。")) == [
        ("公司的订单情况如何？", "目前订单饱满。"),
        ("产能规划。", "二期明年投产。"),
    ]


def test_answer_glued_to_its_question() -> None:
    text = "1、公司订单如何？答：订单饱满。\n2、何时投产？答：明年。"
    assert pairs(text) == [("公司订单如何？", "订单饱满。"), ("何时投产？", "明年。")]


def test_everything_on_one_line() -> None:
    text = "Q1：公司订单如何？A1：订单饱满。Q2：何时投产？A2：明年。"
    assert pairs(text) == [("公司订单如何？", "订单饱满。"), ("何时投产？", "明年。")]


def test_management_remarks_are_statements_and_numbering_restarts() -> None:
    text = (
        "一、公司经营情况介绍\n"
        "1、收入情况：上半年公司实现营业收入 12.3 亿元，同比增长 8%。\n"
        "2、利润情况：归母净利润 1.1 亿元，同比增长 5%。\n"
        "二、问答环节\n"
        "1、公司订单如何？\n目前订单饱满。\n"
        "2、何时扩产？\n二期项目预计明年投产。\n"
    )
    reading = read(text)
    assert [(p.question, p.answer) for p in reading.pairs] == [
        ("公司订单如何？", "目前订单饱满。"),
        ("何时扩产？", "二期项目预计明年投产。"),
    ]
    assert [s.title for s in reading.statements] == ["公司经营情况介绍"]
    assert "12.3 亿元" in reading.statements[0].text


def test_questions_numbered_in_brackets_under_a_numbered_heading() -> None:
    text = (
        "1、主要经营情况\n上半年公司实现营业收入 5 亿元，同比增长 10%。\n2、互动交流情况\n"
        "（1）问：订单如何？\n答：①国内稳定；②海外增长。\n（2）问：毛利率趋势？\n答：保持稳定。"
    )
    reading = read(text)
    assert [p.question for p in reading.pairs] == ["订单如何？", "毛利率趋势？"]
    assert reading.pairs[0].answer == "①国内稳定；②海外增长。"
    assert [s.title for s in reading.statements] == ["主要经营情况"]


def test_same_numbering_for_remarks_and_questions() -> None:
    text = "一、公司经营情况说明\n公司全年经营稳健，各项业务有序开展。\n二、公司今年的订单情况如何？\n答：订单饱满。\n三、明年有何规划？\n答：继续扩产。"
    reading = read(text)
    assert [p.question for p in reading.pairs] == ["公司今年的订单情况如何？", "明年有何规划？"]
    assert len(reading.statements) == 1


def test_topic_headings_are_pairs_only_where_nothing_is_asked() -> None:
    text = "一、公司概况\n公司主要从事泵阀业务。\n成立于 2001 年。\n二、行业情况\n行业需求平稳增长。"
    assert pairs(text) == [
        ("公司概况", "公司主要从事泵阀业务。\n成立于 2001 年。"),
        ("行业情况", "行业需求平稳增长。"),
    ]
    asked = "1、简单介绍公司主营业务情况：\n公司主要从事泵阀业务。\n2、订单如何？\n答：饱满。\n3、何时扩产？\n答：明年。"
    reading = read(asked)
    assert [p.question for p in reading.pairs] == ["订单如何？", "何时扩产？"]
    assert [s.text for s in reading.statements] == [] or "泵阀" in reading.statements[0].text


def test_lists_inside_bare_answers_do_not_open_questions() -> None:
    text = (
        "1、公司的竞争优势是什么？\n主要体现在以下方面：\n1、技术优势。公司拥有专利 300 项。\n2、客户优势。\n3、团队优势。\n"
        "2、如何看待行业竞争？\n竞争有利于行业进步。\n"
        "3、未来规划如何？\n（1）深耕主业；\n（2）开拓海外。"
    )
    assert [q for q, _ in pairs(text)] == ["公司的竞争优势是什么？", "如何看待行业竞争？", "未来规划如何？"]


def test_a_question_may_hold_a_list_and_wrap() -> None:
    text = "1、请问：\n（1）收入目标是多少？\n（2）利润目标是多少？\n答：请关注公司公告。\n2、分红计划？\n答：按章程执行。"
    assert pairs(text)[0] == ("请问：\n（1）收入目标是多少？\n（2）利润目标是多少？", "请关注公司公告。")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("10、100G 光模块出货情况？", "11. 17 年以来的变化？"),
        ("10、收入如何？", "11.2023年的目标是什么？"),
        ("10、收入如何？", "11 请问分红计划？"),
        ("10. 收入如何？", "11、分红计划？"),
    ],
)
def test_ordinals_glued_unpunctuated_and_mixed(first: str, second: str) -> None:
    start = "".join(f"{n}、第{n}个问题是什么？\n答：第{n}个回答。\n" for n in range(1, 10))
    found = pairs(start + f"{first}\n答：甲。\n{second}\n答：乙。")
    assert len(found) == 11
    assert found[9][0] == first.split("、", 1)[-1].removeprefix("10. ")
    assert found[10][0] == second.lstrip("1").lstrip("、. ")


def test_quarters_are_no_marks() -> None:
    text = "Q：公司经营情况？\nA：整体平稳。\nQ2收入同比增长 5%。\nQ：如何展望？\nA：Q4 会更好。\nQ4是旺季。"
    assert pairs(text) == [
        ("公司经营情况？", "整体平稳。\nQ2收入同比增长 5%。"),
        ("如何展望？", "Q4 会更好。\nQ4是旺季。"),
    ]


def test_decimals_are_no_marks() -> None:
    text = (
        "1、投资多少？\n公司拟投资以下金额：\n2.5亿元用于一期，\n3.5亿元用于二期。\n2、何时投产？\n明年投产。"
    )
    assert pairs(text) == [
        ("投资多少？", "公司拟投资以下金额：\n2.5亿元用于一期，\n3.5亿元用于二期。"),
        ("何时投产？", "明年投产。"),
    ]


CLOSINGS = [
    "接待过程中，公司与投资者进行了充分的交流与沟通，保证信息披露的真实、准确、完整。",
    "公司在接待过程中严格按照相关规定，没有出现未公开重大信息泄露等情况。",
    "本次活动没有涉及未公开重大信息。",
    "三、会议结束",
    "☆☆☆☆☆☆",
    "以上内容不代表公司对未来业绩的盈利预测，敬请投资者注意风险。",
    "关于本次活动是否涉及应披露重大信息的说明：不涉及。",
    "附件清单（如有）\n无",
    "无",
]


@pytest.mark.parametrize("closing", CLOSINGS)
def test_the_last_answer_ends_before_closing_formulas(closing: str) -> None:
    text = f"一、公司介绍\n略\n二、问答环节\n1、订单如何？\n答：订单饱满。\n2、何时投产？\n答：明年投产。\n{closing}"
    assert pairs(text)[-1] == ("何时投产？", "明年投产。")


def test_a_closing_formula_glued_to_the_last_answer() -> None:
    text = "1、订单如何？\n答：饱满。\n2、何时投产？\n答：明年投产。接待过程中，公司严格按照规定执行。"
    assert pairs(text)[-1][1] == "明年投产。"


def test_section_headings_between_questions_belong_to_no_answer() -> None:
    text = "（一）业绩相关\n1、收入如何？\n答：增长。\n2、利润如何？\n答：稳定。\n（二）行业相关\n1、竞争格局？\n答：集中。"
    assert pairs(text) == [("收入如何？", "增长。"), ("利润如何？", "稳定。"), ("竞争格局？", "集中。")]


def test_table_rows_in_answers_stay_in_them() -> None:
    text = "1、产能如何？\n答：见下表：\n产品\t单位\t产能\n磷烷\t吨\t105\n2、销量如何？\n答：增长。"
    assert pairs(text)[0] == ("产能如何？", "见下表：\n产品\t单位\t产能\n磷烷\t吨\t105")


def test_questions_and_answers_in_table_columns() -> None:
    text = "序号\t问题\t回复\n1\t订单如何？\t订单饱满。\n2\t何时投产？\t明年投产。"
    assert pairs(text) == [("订单如何？", "订单饱满。"), ("何时投产？", "明年投产。")]


def test_a_question_without_answer_is_a_warning() -> None:
    reading = read("Q1：订单如何？\nA1：饱满。\nQ2：毛利率？\nQ3：何时投产？\nA3：明年。")
    assert [p.question for p in reading.pairs][-1] == "何时投产？"
    assert len(reading.pairs) == 2
    assert reading.warnings


def test_a_missing_ordinal_is_a_warning() -> None:
    reading = read("1、订单如何？\n答：饱满。\n3、何时投产？\n答：明年。")
    assert len(reading.pairs) == 2
    assert "3" in reading.warnings[0]


def test_pages_of_pairs() -> None:
    from ingest.records import Page

    text = "1、订单如何？\n答：饱满。\n2、何时投产？\n答：明年。"
    cut = text.index("2、")
    pages = (Page(1, Span(0, cut - 1), 595, 842), Page(2, Span(cut, len(text)), 595, 842))
    reading = read_dialogue(SourceText("pdf", text, pages), Span(0, len(text)))
    assert [p.page for p in reading.pairs] == [1, 2]


def test_hard_wrapped_text() -> None:
    question = "请问公司在今年下半年对于海外市场的拓展计划以及产能投放节奏是怎样安排的，是否会影响利润？"
    answer = (
        "公司将按照既定计划推进海外基地建设，预计明年上半年投产，对利润的影响总体可控，后续将持续优化成本。"
    )
    text = "\n".join(
        block[at : at + 20]
        for n in range(1, 7)
        for block in (f"{n}、{question}", f"您好！{answer}")
        for at in range(0, len(block), 20)
    )
    source = SourceText("txt", text)
    reading = read_dialogue(source, Span(0, len(text)))
    assert [p.question.replace("\n", "") for p in reading.pairs] == [question] * 6
    assert [p.answer.replace("\n", "") for p in reading.pairs] == [f"您好！{answer}"] * 6


@pytest.mark.parametrize("text", ["", "\n\n", "无", "公司介绍了基本情况，与投资者进行了交流。"])
def test_no_pairs_where_there_are_none(text: str) -> None:
    assert read(text).pairs == ()


WORDS = st.text("公司产能海外市场订单业务增长稳定推进项目客户技术研发同比", min_size=3, max_size=25)
ASKS = st.builds(
    lambda words, end: words + end, WORDS, st.sampled_from(["如何？", "是什么？", "有多少？", "怎么样？"])
)
TELLS = st.builds(
    lambda start, parts: start + "\n".join(part + "。" for part in parts),
    st.sampled_from(["", "您好！", "感谢您的关注！"]),
    st.lists(WORDS, min_size=1, max_size=4),
)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FAMILIES)), st.lists(st.tuples(ASKS, TELLS), min_size=2, max_size=9))
def test_rendered_dialogues_are_read_back(family: str, items: list[tuple[str, str]]) -> None:
    assert pairs(render(*FAMILIES[family], items)) == items


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BARE), st.lists(st.tuples(ASKS, TELLS), min_size=2, max_size=9))
def test_rendered_bare_dialogues_are_read_back(mark: str, items: list[tuple[str, str]]) -> None:
    question_mark = mark.replace("1", "{n}").replace("一", "{c}")
    assert pairs(render(question_mark, "", items)) == items


SCRAPS = st.sampled_from(
    ["1、", "2、", "3.", "Q：", "Q2", "A：", "答：", "问：", "（1）", "一、", "二、问答环节", "？", "。", "\n", "\t", "公司", "如何",
     "接待过程中，", "☆☆☆", "附件清单", "3.5亿元", "①", "您好", " ", "\u3000", "𠀀", "\u200b"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(SCRAPS, st.text(max_size=8)), max_size=60).map("".join), st.data())
def test_any_text_gives_sound_spans(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    marks = [Span(at, at + 1) for at in range(0, len(text), 3)] if data.draw(st.booleans()) else []
    reading = read_dialogue(SourceText("txt", text, bold=tuple(marks)), Span(start, end))
    reached = start
    for number, pair in enumerate(reading.pairs, 1):
        assert pair.number == number
        question, answer = pair.question_span, pair.answer_span
        assert reached <= question.start < question.end <= answer.start < answer.end <= end
        assert question.of(text) == pair.question == pair.question.strip()
        assert answer.of(text) == pair.answer == pair.answer.strip()
        reached = answer.end
    for statement in reading.statements:
        assert start <= statement.span.start < statement.span.end <= end
        assert statement.span.of(text) == statement.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q：订单？\nA（董事长）：饱满。\nQ：扩产？\nA（财务总监）：推进中。", [("订单？", "饱满。"), ("扩产？", "推进中。")]),
        ("Q1. 订单？\nA. 饱满。\nQ2. 扩产？\nA. 推进中。", [("订单？", "饱满。"), ("扩产？", "推进中。")]),
        ("第一个问题：订单？\n答：饱满。\n第二个问题：扩产？\n答：推进中。", [("订单？", "饱满。"), ("扩产？", "推进中。")]),
        ("Q2-1：订单？\nA2-1：饱满。\nQ2-2：扩产？\nA2-2：推进中。", [("订单？", "饱满。"), ("扩产？", "推进中。")]),
        ("投资者提问1：订单？\n公司回答：饱满。\n投资者提问2：扩产？\n公司回答：推进中。", [("订单？", "饱满。"), ("扩产？", "推进中。")]),
        ("1、订单？\n答：饱满。\n1、扩产？\n答：推进中。\n3、分红？\n答：按章程。", [("订单？", "饱满。"), ("扩产？", "推进中。"), ("分红？", "按章程。")]),
    ],
)  # fmt: skip
def test_rarer_marks(text: str, expected: list[tuple[str, str]]) -> None:
    assert pairs(text) == expected


def test_answers_in_the_paragraphs_of_their_questions() -> None:
    text = (
        "1、公司订单情况如何？公司目前在手订单饱满，能够支撑全年目标。\n后续公司将继续开拓市场。\n"
        "2、毛利率为什么下降？主要是原材料价格上涨，公司已采取措施应对。\n3、何时扩产？二期项目预计明年上半年建成投产。"
    )
    assert [q for q, _ in pairs(text)] == ["公司订单情况如何？", "毛利率为什么下降？", "何时扩产？"]


def test_labels_inside_a_body_are_nobodys_words() -> None:
    text = "投资者关系活动主要内容；介绍\n公司董事长介绍了公司上半年的经营情况。\nQ：订单？\nA：饱满。\nQ：扩产？\nA：推进中。"
    label = Span(0, text.index("\n"))
    reading = read_dialogue(SourceText("pdf", text, labels=(label,)), Span(0, len(text)))
    assert [s.text for s in reading.statements] == ["公司董事长介绍了公司上半年的经营情况。"]


def test_long_dialogues_take_bounded_time() -> None:
    text = "\n".join(f"{n}、第{n}个问题是什么？\n您好！第{n}个回答。" for n in range(1, 500))
    assert len(pairs(text)) == 499


def test_a_company_that_opens_a_sentence_is_no_mark_of_an_answer() -> None:
    text = "1、1.6T产品的进展情况？\n公司1.6T产品已经批量交付。\n2、产能够吗？\n公司2.5期项目已经投产。"
    assert pairs(text) == [
        ("1.6T产品的进展情况？", "公司1.6T产品已经批量交付。"),
        ("产能够吗？", "公司2.5期项目已经投产。"),
    ]


def test_marks_without_a_sign_behind_them() -> None:
    text = "Q1公司今年的目标？\nA1公司今年目标不变。\nQ2海外仓的布局？\nA2（1）欧洲；（2）北美。"
    assert pairs(text) == [
        ("公司今年的目标？", "公司今年目标不变。"),
        ("海外仓的布局？", "（1）欧洲；（2）北美。"),
    ]


def test_questions_that_only_a_greeting_behind_them_tells() -> None:
    text = "公司会回购吗？\n尊敬的投资者，您好！暂无计划。\n请问公司有多少员工\n尊敬的投资者，您好！三千余人。\n谢谢！"
    assert pairs(text) == [
        ("公司会回购吗？", "尊敬的投资者，您好！暂无计划。"),
        ("请问公司有多少员工", "尊敬的投资者，您好！三千余人。\n谢谢！"),
    ]


@pytest.mark.parametrize(
    "closing",
    [
        "调研人员参观了公司展厅及生产车间。",
        "（以下无正文）",
        "☆本次活动中，公司未透露任何未公开的重大信息。",
        "公司接待人员与投资者进行了充分交流，严格按照有关制度，未出现重大信息泄露。",
        "特此说明：活动没有发生未公开重大信息泄密的情形。",
        "在上述活动中，公司未出现未公开重大信息泄露等情况。",
    ],
)
def test_more_closing_formulas(closing: str) -> None:
    text = f"1、订单情况如何？\n答：订单饱满。\n2、产能情况如何？\n答：利用率九成。\n{closing}"
    assert pairs(text)[-1] == ("产能情况如何？", "利用率九成。")


def test_thousands_of_questions_take_linear_time() -> None:
    def seconds(count: int) -> float:
        text = "\n".join(f"{at}、第{at}个问题，产能如何？\n答：产能充足。" for at in range(1, count + 1))
        started = time.process_time()
        assert len(read(text).pairs) == count
        return time.process_time() - started

    assert seconds(2000) < 8 * seconds(500)
