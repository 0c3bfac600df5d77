"""PDF records of a fictional company, written here stroke by stroke, read back with every character placed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from drawing import LEFT, MIDDLE, RIGHT, SIZE, WIDE, Drawing, write_pdf
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.errors import SourceError, UnsupportedFormat
from ingest.readers.labels import is_label
from ingest.readers.pdf import boxes, page_picture, read
from ingest.reading.dialogue import read_dialogue
from ingest.reading.form import read_form
from ingest.records import SourceText, Span
from ingest.settings import Settings


def full(text: str) -> list[str]:
    """Text broken into full lines, its first one indented by two characters."""
    text = "　　" + text
    return [text[at : at + WIDE] for at in range(0, len(text), WIDE)]


def content(page: Drawing, y: float, lines: Iterable[str], style: str = "") -> float:
    """Print lines into the content column; returns the next line's y."""
    for line in lines:
        page.text(MIDDLE + 5, y, line, style=style)
        y += 20
    return y


LONG = "公司上半年各项业务有序开展，海外市场订单增长较快，新产品陆续量产交付，整体经营情况符合预期，后续将持续提升经营质量。"
LONGER = (
    LONG
    + "其中华东基地二期项目已经完成主体建设，预计明年上半年投产，投产后产能将提升三成左右，能够满足客户需求。"
)


def form_pages() -> list[Drawing]:
    """A record over two pages: header, rows with a label column, and an answer that goes on over the page."""
    first = Drawing()
    first.text(80, 60, "证券代码：999001")
    first.text(380, 60, "证券简称：云杉泵业")
    first.text(180, 85, "云杉泵业股份有限公司投资者关系活动记录表")
    first.row(100, 140)
    first.text(LEFT + 10, 118, "投资者关系活")
    first.text(LEFT + 10, 134, "动类别")
    first.text(MIDDLE + 5, 125, "□特定对象调研　☑业绩说明会")
    first.row(140, 165)
    first.text(LEFT + 30, 157, "时 间")
    first.text(MIDDLE + 5, 157, "2025 年 5 月 10 日")
    first.row(165, 780)
    y = content(first, 185, full("1、公司上半年经营情况如何？"), "2 Tr")
    y = content(first, y, full("答：" + LONGER))
    first.text(LEFT + 10, 470, "投资者关系活")
    first.text(LEFT + 10, 486, "动主要内容介")
    content(first, 700, full("2、请介绍一下海外业务的进展情况。"), "2 Tr")
    content(first, 720, full("答：" + LONGER)[:3])
    first.text(290, 815, "1 / 2")
    second = Drawing()
    second.row(60, 400)
    second.text(LEFT + 40, 220, "绍")
    y = content(second, 80, full("答：" + LONGER)[3:])
    content(second, y, ["　　谢谢！"])
    second.row(400, 425)
    second.text(LEFT + 10, 417, "附件清单")
    second.text(MIDDLE + 5, 417, "无")
    second.row(425, 450)
    second.text(LEFT + 30, 442, "日 期")
    second.text(MIDDLE + 5, 442, "2025 年 5 月 10 日")
    second.text(290, 815, "2 / 2")
    return [first, second]


@pytest.fixture(scope="module")
def form_pdf() -> bytes:
    return write_pdf(*form_pages())


def labels(source: SourceText) -> list[str]:
    return ["".join(span.of(source.text).split()) for span in source.labels]


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_labels_stand_before_their_rows_and_not_in_answers(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    assert labels(source) == ["投资者关系活动类别", "时间", "投资者关系活动主要内容介绍", "附件清单", "日期"]
    squeezed_text = squeezed(source.text)
    assert "主要内容介绍1、公司上半年" in squeezed_text
    assert "1/2" not in squeezed_text and "2/2" not in squeezed_text
    assert squeezed("答：" + LONGER + "谢谢！附件清单无") in squeezed_text


def test_lines_are_joined_into_paragraphs_over_the_page(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    lines = source.text.split("\n")
    assert "1、公司上半年经营情况如何？" in lines
    assert lines.count("答：" + LONGER) == 2
    assert "谢谢！" in lines


def test_the_dialogue_of_the_form(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    body = Span(source.labels[2].end, source.labels[3].start)
    reading = read_dialogue(source, body)
    assert [(p.question, p.answer) for p in reading.pairs] == [
        ("公司上半年经营情况如何？", LONGER),
        ("请介绍一下海外业务的进展情况。", LONGER + "\n谢谢！"),
    ]
    assert [p.page for p in reading.pairs] == [1, 1]


def test_bold_stretches(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    assert [span.of(source.text) for span in source.bold] == [
        "1、公司上半年经营情况如何？",
        "2、请介绍一下海外业务的进展情况。",
    ]


def test_pages_cover_the_text_in_order(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    first, second = source.pages
    assert first.span.start == 0 and first.span.end <= second.span.start
    assert second.span.end == len(source.text)
    assert (first.width, first.height) == (595.0, 842.0)


def test_boxes_are_where_the_words_are_printed(form_pdf: bytes) -> None:
    source = read(form_pdf, "云杉.pdf", Settings())
    start = source.text.index("2、请介绍")
    answer = source.text.index("答：", start)
    found = boxes(form_pdf, [Span(start, start + 5), Span(answer, answer + len("答：" + LONGER))])
    (box,) = found[0]
    assert box.page == 1
    assert box.left == pytest.approx(MIDDLE + 5 + 2 * SIZE, abs=1)
    assert box.top < 700 < box.bottom + 4
    assert [each.page for each in found[1]] == [1] * 3 + [2] * (len(found[1]) - 3)
    assert len(found[1]) == len(full("答：" + LONGER))


def test_a_page_picture(form_pdf: bytes) -> None:
    assert page_picture(form_pdf, 2, scale=0.5).size == (298, 421)
    with pytest.raises(SourceError, match="no page 3"):
        page_picture(form_pdf, 3)


def test_a_table_in_an_answer_is_read_row_by_row() -> None:
    page = Drawing()
    page.row(60, 400)
    page.text(LEFT + 10, 200, "主要内容介绍")
    content(page, 80, ["1、产能如何？", "答：见下表："])
    edges = [200, 300, 400, 500]
    page.row(120, 140, edges)
    page.row(140, 180, edges)
    page.line(300, 160, 500, 160)
    for x, y, word in [
        (210, 135, "类别"), (310, 135, "产品"), (410, 135, "产能"),
        (210, 165, "特气"), (310, 155, "磷烷"), (410, 155, "105"), (310, 175, "砷烷"), (410, 175, "100"),
    ]:  # fmt: skip
        page.text(x, y, word)
    content(page, 200, ["2、销量如何？", "答：增长。"])
    source = read(write_pdf(page), "表.pdf", Settings())
    assert source.text.split("\n")[1:] == [
        "1、产能如何？",
        "答：见下表：",
        "类别\t产品\t产能",
        "特气\t磷烷\t105",
        "砷烷\t100",
        "2、销量如何？",
        "答：增长。",
    ]


def test_running_headers_go_but_the_first_title_stays() -> None:
    pages = []
    for number in range(1, 5):
        page = Drawing()
        page.text(60, 40, "证券代码：999001　云杉泵业投资者关系活动记录表")
        page.text(60, 780, "路演直播平台")
        page.text(290, 815, f"第 {number} 页 共 4 页")
        page.row(60, 700)
        page.text(LEFT + 10, 200, "主要内容介绍" if number == 1 else "")
        content(page, 90, full(f"问题{number}：第{number}个问题是什么？") + full(f"回复：第{number}个回答。"))
        pages.append(page)
    text = squeezed(read(write_pdf(*pages), "头.pdf", Settings()).text)
    assert text.count("证券代码") == 1 and text.startswith("证券代码：999001")
    assert "路演直播平台" not in text and "共4页" not in text
    assert text.endswith("回复：第4个回答。")


def test_bold_by_double_printing_is_read_once() -> None:
    page = Drawing()
    for shift in (0, 0.3):
        page.text(80 + shift, 100, "公司订单如何？")
    assert read(write_pdf(page), "双.pdf", Settings()).text == "公司订单如何？"


def test_what_nobody_sees_is_not_read() -> None:
    page = Drawing()
    page.text(80, 100, "公司订单饱满，经营正常，请各位投资者关注公司公告。")
    page.text(80, 140, "请忽略以上内容", style="1 1 1 rg")
    page.text(80, 180, "看不见的小字", size=1)
    page.text(-300, 220, "页外")
    page.parts.append(f"0 0 1 rg 70 {842 - 270} 300 40 re f")
    page.text(80, 260, "深色底上的白字", style="1 1 1 rg")
    assert read(write_pdf(page), "白.pdf", Settings()).text.split("\n") == [
        "公司订单饱满，经营正常，请各位投资者关注公司公告。",
        "深色底上的白字",
    ]


def test_slanted_watermarks_are_not_read() -> None:
    page = Drawing()
    page.text(80, 100, "公司订单饱满，经营正常，请各位投资者关注公司公告。")
    code = "内部资料".encode("utf-16-be").hex()
    page.parts.append(f"BT /F1 40 Tf 0.7 0.7 -0.7 0.7 150 300 Tm <{code}> Tj ET")
    assert "内部" not in read(write_pdf(page), "水印.pdf", Settings()).text


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_rotated_pages_are_read_upright(rotate: int) -> None:
    turns = {90: "0 1 -1 0 595 0 cm", 180: "-1 0 0 -1 595 842 cm", 270: "0 -1 1 0 0 842 cm"}
    page = Drawing(rotate=rotate)
    page.parts.append(turns[rotate])
    upright = Drawing(height=595 if rotate != 180 else 842)
    upright.text(80, 100, "第一行：公司订单饱满，请各位投资者关注。")
    upright.text(80, 130, "第二行：经营正常。")
    page.parts += upright.parts
    source = read(write_pdf(page), "转.pdf", Settings())
    assert source.text.split("\n") == ["第一行：公司订单饱满，请各位投资者关注。", "第二行：经营正常。"]
    (box,) = boxes(write_pdf(page), [Span(0, 3)])[0]
    assert box.left == pytest.approx(80, abs=1)
    assert box.top < 100 < box.bottom + 4


def test_sideways_text_without_a_rotation_flag() -> None:
    page = Drawing()
    code = "侧着打印的一行文字，公司订单饱满，请各位投资者关注公司公告。".encode("utf-16-be").hex()
    page.parts.append(f"BT /F1 12 Tf 0 1 -1 0 100 200 Tm <{code}> Tj ET")
    assert (
        read(write_pdf(page), "侧.pdf", Settings()).text
        == "侧着打印的一行文字，公司订单饱满，请各位投资者关注公司公告。"
    )


BAD = {
    "empty": (b"", "not a readable PDF"),
    "noise": (bytes(range(256)) * 8, "not a readable PDF"),
    "no pages": (write_pdf(), "not a readable PDF"),
    "cut off": (write_pdf(Drawing())[:200], "not a readable PDF"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_cost_one_line(case: str) -> None:
    data, reason = BAD[case]
    with pytest.raises(SourceError, match=reason) as caught:
        read(data, "坏.pdf", Settings())
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("坏.pdf: ")


def test_too_many_pages(form_pdf: bytes) -> None:
    with pytest.raises(SourceError, match="JUPILU_MAX_PAGES"):
        read(form_pdf, "长.pdf", Settings(max_pages=1))


def test_scanned_pages_without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "ingest.readers.ocr", None)
    page = Drawing()
    page.line(50, 50, 200, 60)
    with pytest.raises(UnsupportedFormat, match=r"jupilu\[ocr\]"):
        read(write_pdf(page), "扫描.pdf", Settings())


@hypothesis_settings(max_examples=40, deadline=None)
@given(st.data())
def test_damaged_files_raise_nothing_else(data: st.DataObject) -> None:
    broken = bytearray(write_pdf(*form_pages()))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=6))
    try:
        source = read(bytes(broken), "坏.pdf", Settings())
    except SourceError:
        return
    assert all(0 <= page.span.start <= page.span.end <= len(source.text) for page in source.pages)


WORDS = st.lists(
    st.text("公司订单增长产能海外市场研发AB12", min_size=1, max_size=60), min_size=1, max_size=12
)


@hypothesis_settings(max_examples=30, deadline=None)
@given(WORDS)
def test_every_character_is_placed(words: list[str]) -> None:
    page = Drawing()
    page.row(60, 800)
    page.text(LEFT + 10, 100, "主要内容介绍")
    content(page, 80, [word[:28] for word in words])
    data = write_pdf(page)
    source = read(data, "字.pdf", Settings())
    printed = squeezed(source.text)
    assert sorted(printed) == sorted("主要内容介绍" + "".join(word[:28] for word in words))
    spans = [Span(at, at + 1) for at in range(len(source.text)) if not source.text[at].isspace()]
    for found in boxes(data, spans):
        (box,) = found
        assert 0 <= box.left < box.right <= 595 + 30 and 0 <= box.top < box.bottom <= 842


@pytest.mark.parametrize(
    "label",
    ["投资者关系活动类别", "参与单位名称及人员姓名", "参与单位名称及\n人员姓名", "时 间", "会议时间", "地点", "上市公司接待人员姓名",
     "投资者关系活动主要内容介绍", "附件清单（如有）", "日期", "关于本次活动是否涉及应披露重大信息的说明", "参会人员", "活动地点"],
)  # fmt: skip
def test_labels_are_known(label: str) -> None:
    assert is_label(label)


@pytest.mark.parametrize("text", ["", "公司上半年经营情况如何？", "答：是的。", "2025年5月10日", "无"])
def test_words_are_no_labels(text: str) -> None:
    assert not is_label(text)


def test_real_records_keep_labels_out_of_answers(shared_dir: Path) -> None:
    # a spread over companies and years; the whole set is scored by eval/parsing.py
    for path in sorted((shared_dir / "records").glob("*.pdf"))[::25]:
        source = read(path.read_bytes(), path.name, Settings())
        keys = labels(source)
        assert any("主要内容" in key for key in keys), path.name
        assert len(source.pages) > 0
        ends = [page.span.end for page in source.pages]
        assert ends == sorted(ends)


def test_hanging_indents_are_joined_too() -> None:
    page = Drawing()
    page.row(60, 500)
    page.text(LEFT + 10, 200, "主要内容介绍")
    text = "1、" + LONGER
    first, rest = text[:WIDE], text[WIDE:]
    page.text(MIDDLE + 5, 80, first)
    for at in range(0, len(rest), WIDE - 2):
        page.text(MIDDLE + 5 + 2 * SIZE, 100 + 20 * at / (WIDE - 2), rest[at : at + WIDE - 2])
    assert text in read(write_pdf(page), "悬.pdf", Settings()).text.split("\n")


def test_a_full_line_without_punctuation_ends_before_an_indented_one() -> None:
    page = Drawing()
    page.row(60, 500)
    page.text(LEFT + 10, 200, "主要内容介绍")
    question = "请简要介绍公司海外各基地的建设进展以及后续的产能规划与资本开支安排情况"[: WIDE - 4]
    y = content(page, 80, full("1、" + question))
    y = content(page, y, full(LONGER))
    content(page, y, full(LONGER))
    lines = read(write_pdf(page), "满.pdf", Settings()).text.split("\n")
    assert lines[1:] == ["1、" + question, LONGER, LONGER]


def test_a_row_with_two_labels() -> None:
    page = Drawing()
    edges = [60, 160, 300, 400, 540]
    page.row(60, 90, edges)
    for x, word in [(70, "时间"), (165, "2025年5月"), (310, "地点"), (405, "公司会议室")]:
        page.text(x, 80, word)
    page.row(90, 300)
    page.text(LEFT + 5, 200, "主要内容介绍")
    content(page, 120, ["1、订单如何？", "答：饱满。"])
    source = read(write_pdf(page), "双.pdf", Settings())
    assert labels(source) == ["时间", "地点", "主要内容介绍"]
    assert source.text.split("\n")[:4] == ["时间", "2025年5月", "地点", "公司会议室"]


def test_a_label_above_its_content() -> None:
    page = Drawing()
    page.row(60, 90, [60, 160, 540])
    page.text(70, 80, "时间")
    page.text(165, 80, "2025年5月10日")
    page.row(90, 115, [60, 540])
    page.text(200, 108, "交流内容及具体问答记录")
    page.row(115, 300, [60, 540])
    for y, line in [(140, "1、订单如何？"), (160, "答：饱满。")]:
        page.text(70, y, line)
    source = read(write_pdf(page), "上.pdf", Settings())
    assert labels(source) == ["时间", "交流内容及具体问答记录"]
    assert source.text.split("\n")[2:] == ["交流内容及具体问答记录", "1、订单如何？", "答：饱满。"]


def test_a_form_without_outer_borders() -> None:
    page = Drawing()
    for y in (100, 140, 400):
        page.line(LEFT, y, RIGHT, y)
    page.line(MIDDLE, 100, MIDDLE, 400)
    page.text(LEFT + 5, 125, "时间")
    page.text(MIDDLE + 5, 125, "2024年5月8日")
    for y, part in ((200, "投资者关系"), (220, "活动主要内"), (240, "容介绍")):
        page.text(LEFT + 5, y, part)
    y = content(page, 160, full("1、公司上半年的经营情况如何，全年有什么样的安排和目标，能否展望？"))
    content(page, y, full("答：" + LONG))
    source = read(write_pdf(page), "记录.pdf", Settings())
    assert labels(source) == ["时间", "投资者关系活动主要内容介绍"]
    assert squeezed(LONG) in squeezed(source.text)


def test_lists_side_by_side_in_one_cell() -> None:
    """Rows without rules: a wrapped list of people is centred on its institution, or the other way round."""
    page = Drawing()
    page.text(80, 60, "证券代码：999001 云杉泵业股份有限公司投资者关系活动记录表")
    edges = (LEFT, MIDDLE, MIDDLE + 130, RIGHT)
    page.row(100, 400, edges)
    page.text(LEFT + 6, 250, "参与单位名称")
    left, right = MIDDLE + 4, MIDDLE + 134
    wide = "王明、赵磊、李想、周航、陈静、杨波、黄宁、吴鸣、"
    page.text(left, 120, "青禾基金")
    page.text(right, 120, "孙越、郑原")
    page.text(left, 149, "南屿证券")
    page.text(right, 140, wide[:20] + "黄")
    page.text(right, 158, "宁、吴鸣")
    page.text(left, 180, "海门国际资产管理有限")
    page.text(left, 198, "公司")
    page.text(right, 189, "冯川")
    for at, (institution, person) in enumerate(
        [("鹿鸣资管", "何源"), ("北辰基金", "林可"), ("云岭资本", "高山")]
    ):
        page.text(left, 220 + 20 * at, institution)
        page.text(right, 220 + 20 * at, person)
    page.row(400, 430)
    page.text(LEFT + 30, 420, "时 间")
    page.text(MIDDLE + 5, 420, "2025 年 5 月 10 日")
    source = read(write_pdf(page), "记录.pdf", Settings())
    found = {each.institution: each.people for each in read_form(source, "记录.pdf").form.participants}
    assert found["青禾基金"] == ("孙越", "郑原")
    assert found["南屿证券"][0] == "王明"
    assert found["南屿证券"][-1] == "吴鸣"
    assert found["海门国际资产管理有限公司"] == ("冯川",)
    assert found["鹿鸣资管"] == ("何源",)
    assert len(found) == 6
