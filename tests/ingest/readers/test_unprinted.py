"""What nobody who looks at a document sees is not read: hidden, white, transparent, off the page."""

from __future__ import annotations

import io

import docx
import pytest
from docx.shared import RGBColor
from drawing import Drawing, write_pdf

from ingest.readers import read
from ingest.settings import Settings

FORM = "<h1>星河示例股份有限公司投资者关系活动记录表</h1><p>问：毛利率？</p>"


@pytest.mark.parametrize(
    "trick",
    [
        '<span style="display:none">99%</span>',
        '<span style="color:#fff">99%</span>',
        '<span style="font-size:0">99%</span>',
        '<span style="opacity:0">99%</span>',
        '<span style="position:absolute;left:-9999px">99%</span>',
        '<font color="white">99%</font>',
        '<style>.gone{visibility:hidden}</style><span class="a gone">99%</span>',
        "<span hidden>99%</span>",
    ],
)
def test_pages(trick: str) -> None:
    text = read(
        f"<html><body>{FORM}<p>答：33%。{trick}</p></body></html>".encode(), "x.html", Settings()
    ).text
    assert "33%" in text and "99%" not in text


@pytest.mark.parametrize(
    "shown",
    [
        '<div style="background:#036"><b style="color:white">99%</b></div>',
        '<span style="font-size:10px">99%</span>',
        '<span style="opacity:0.9">99%</span>',
        '<span style="border-color:white">99%</span>',
    ],
)
def test_what_a_page_shows_stays(shown: str) -> None:
    assert "99%" in read(f"<html><body>{FORM}{shown}</body></html>".encode(), "x.html", Settings()).text


def test_word_documents() -> None:
    made = docx.Document()
    paragraph = made.add_paragraph("答：33%。")
    paragraph.add_run("暗一").font.hidden = True
    paragraph.add_run("暗二").font.color.rgb = RGBColor(255, 255, 255)
    paragraph.add_run("明").font.hidden = False
    out = io.BytesIO()
    made.save(out)
    assert read(out.getvalue(), "x.docx", Settings()).text == "答：33%。明"


def page(*extra: tuple[float, float, str, float, str]) -> Drawing:
    drawn = Drawing()
    for at, words in enumerate(["星河示例股份有限公司调研纪要", "问：毛利率？", "答：33%。"]):
        drawn.text(60, 100 + 30 * at, words)
    for x, y, words, size, style in extra:
        drawn.text(x, y, words, size=size, style=style)
    return drawn


@pytest.mark.parametrize(
    ("x", "y", "style"),
    [(60, 300, "3 Tr"), (60, 300, "7 Tr"), (60, 300, "1 1 1 rg"), (-300, 300, ""), (60, 900, "")],
    ids=["invisible", "clip", "white", "left of the page", "below the page"],
)
def test_pdfs(x: float, y: float, style: str) -> None:
    text = read(write_pdf(page((x, y, "答：99%。", 12.0, style))), "x.pdf", Settings()).text
    assert "33%" in text and "99%" not in text


def test_a_level_watermark_is_no_text() -> None:
    pages = [page((150, 118, "内部资料", 48.0, "0.9 0.9 0.9 rg")) for _ in range(3)]
    text = read(write_pdf(*pages), "x.pdf", Settings()).text
    assert "内" not in text
    assert text.count("答：33%。") == 3


def test_a_large_title_is_text() -> None:
    pages = [page((150, 60, "重要公告", 30.0, "")), page(), page()]
    assert "重要公告" in read(write_pdf(*pages), "x.pdf", Settings()).text


def painted(colour: str, x: float, y: float, width: float, height: float) -> str:
    """PDF operators that fill a box; y counts from the top of the page."""
    return f"q {colour} rg {x} {842 - y - height} {width} {height} re f Q"


def covered(before: str, words: str, style: str, after: str) -> str:
    drawn = page()
    drawn.parts.append(before)
    drawn.text(60, 300, words, style=style)
    drawn.parts.append(after)
    return read(write_pdf(drawn), "x.pdf", Settings()).text


@pytest.mark.parametrize(
    ("before", "style", "after"),
    [
        ("", "", painted("0 0 0", 50, 280, 200, 30)),
        ("", "", painted("1 1 1", 50, 280, 200, 30)),
        (painted("0.8 0.8 0.8", 50, 280, 200, 30), "0.8 0.8 0.8 rg", ""),
        (painted("0 0 0", 50, 280, 200, 30), "", ""),
        (painted("0 0 1", 50, 280, 200, 30) + painted("1 1 1", 52, 282, 190, 26), "1 1 1 rg", ""),
    ],
    ids=["blacked out", "whitened", "grey on grey", "black on black", "white on white on blue"],
)
def test_text_that_a_shape_hides(before: str, style: str, after: str) -> None:
    text = covered(before, "答：99%。", style, after)
    assert "33%" in text and "99%" not in text


@pytest.mark.parametrize(
    ("before", "style", "after"),
    [
        (painted("0.9 0.9 0.9", 50, 280, 200, 30), "", ""),
        (painted("0 0 0.5", 50, 280, 200, 30), "1 1 1 rg", ""),
        (painted("0 0 0", 50, 280, 200, 30) + painted("1 1 1", 50, 280, 200, 30), "", ""),
        ("", "", painted("0 0 0", 50, 320, 200, 30)),
        ("", "", "q 50 520 20 30 re W n " + painted("0 0 0", 300, 200, 200, 200)[2:]),
    ],
    ids=["on grey", "white on blue", "on white on black", "beside", "clipped away"],
)
def test_text_on_and_beside_shapes_is_read(before: str, style: str, after: str) -> None:
    assert "99%" in covered(before, "答：99%。", style, after)
