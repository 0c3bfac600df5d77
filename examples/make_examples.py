"""Make the example records and their gold from the readable texts in `source/`.

Development only: the files it makes are committed. Gold needs nothing beyond Python; the files need
python-docx, and the PDFs also fontTools, Chromium 131 or newer and the fonts named in FONTS
(Debian: `apt-get install chromium fonts-arphic-uming fonts-wqy-microhei fonts-noto-cjk`).

    python examples/make_examples.py            gold and all files
    python examples/make_examples.py gold       gold.json only
    python examples/make_examples.py 03 07      gold, and the files of these sources
"""

from __future__ import annotations

import base64
import csv
import html
import io
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "source"
RECORDS = HERE / "records"
FONTS = {  # file and index in it
    "ming": ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    "hei": ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
}
CHINESE_NUMERALS = "一二三四五六七八九十"

Source = dict[str, Any]


@dataclass(frozen=True)
class Block:
    """What is printed in one piece: a paragraph, or a table when `rows` is not empty."""

    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    question: bool = False


def sources() -> Iterator[tuple[str, Source]]:
    """Every source text with its number, in order."""
    for path in sorted(SOURCES.glob("*.toml")):
        yield path.name[:2], tomllib.loads(path.read_text(encoding="utf-8"))


def blocks(text: str) -> Iterator[Block]:
    """Split a text into paragraphs and tables (runs of lines that open with a bar)."""
    rows: list[tuple[str, ...]] = []
    for line in text.strip("\n").split("\n"):
        if line.startswith("|"):
            rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
            continue
        if rows:
            yield Block(rows=tuple(rows))
            rows = []
        yield Block(text=line)
    if rows:
        yield Block(rows=tuple(rows))


def plain(text: str) -> str:
    """The text as it can be read off the page: tables row by row, cells from left to right."""
    return "\n".join(block.text or "\n".join(" ".join(row) for row in block.rows) for block in blocks(text))


def body(source: Source) -> list[Block]:
    """The printed body: markers in front of questions and answers, headings, statements."""
    printed: list[Block] = []
    number = 0
    for part in source["body"]:
        number = 0 if part.get("restart") else number
        if "q" in part:
            number += 1
            numeral = CHINESE_NUMERALS[(number - 1) % 10]
            question = source["question"].format(n=number, cn=numeral, text=part["q"])
            printed.append(Block(text=question, question=True))
            printed += blocks(source["answer"].format(n=number, text=part["a"].strip("\n")))
        elif "statement" in part:
            printed.append(Block(text=part["title"]))
            printed += blocks(part["statement"])
        else:
            printed += blocks(part.get("text") or part["close"])
    return printed


# --- gold ---------------------------------------------------------------------------------------


def gold(source: Source) -> dict[str, Any]:
    """What reading the file must give: form fields, pairs and statements, word for word."""
    if "items" in source:
        return {
            "pairs": [
                {key: item[key] for key in ("code", "short_name", "asked_on", "answered_on")}
                | {"question": item["q"], "answer": item["a"].strip("\n")}
                for item in source["items"]
                if item["a"]
            ]
        }
    return {
        "form": {"hosts": [], "number": None} | source["form"],
        "pairs": [
            {"question": part["q"], "answer": plain(part["a"])} for part in source["body"] if "q" in part
        ],
        "statements": [plain(part["statement"]) for part in source["body"] if "statement" in part],
    }


def write_gold() -> None:
    """Write gold.json and the sidecars that carry a publication date."""
    everything = {source["file"]: gold(source) for _, source in sources()}
    text = json.dumps(everything, ensure_ascii=False, indent=1)
    (HERE / "gold.json").write_text(text + "\n", encoding="utf-8")
    RECORDS.mkdir(exist_ok=True)
    for _, source in sources():
        if "sidecar" in source:
            sidecar = json.dumps(source["sidecar"], ensure_ascii=False, indent=1)
            (RECORDS / f"{source['file']}.json").write_text(sidecar + "\n", encoding="utf-8")


# --- html and pdf -------------------------------------------------------------------------------


def as_html(printed: list[Block]) -> str:
    """Paragraphs and tables as HTML; everything that is text is escaped."""
    parts = []
    for block in printed:
        if block.rows:
            rows = "".join(
                "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
                for row in block.rows
            )
            parts.append(f'<table class="figures">{rows}</table>')
        else:
            kind = ' class="question"' if block.question else ""
            parts.append(f"<p{kind}>{html.escape(block.text)}</p>")
    return "\n".join(parts)


def title_html(source: Source) -> str:
    """The title lines; one that opens with > stands at the right."""
    lines = []
    for line in source["title"]:
        kind = ' class="right"' if line.startswith(">") else ""
        lines.append(f"<h3{kind}>{html.escape(line.removeprefix('>'))}</h3>")
    return "\n".join(lines)


def form_html(source: Source) -> str:
    """The form as the ruled two-column table that companies use."""
    rows = []
    for row in source["rows"]:
        label = "<br>".join(html.escape(line) for line in row["label"].split("\n"))
        printed = body(source) if row.get("body") else list(blocks(row["text"]))
        kind, high = ("body", " high") if row.get("body") else ("field", "")
        rows.append(
            f'<tr><td class="label{high}">{label}</td><td class="{kind}">{as_html(printed)}</td></tr>'
        )
    return f'<table class="form">{"".join(rows)}</table>'


def tick_font() -> bytes:
    """A font with the three private-use glyphs that Word's symbol fonts leave in PDFs.

    U+F0A3 is an empty box, U+F052 and U+F0FE are ticked boxes.
    """
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    def glyph(ticked: bool) -> Any:
        pen = TTGlyphPen(None)
        outlines = [
            [(80, 0), (80, 760), (840, 760), (840, 0)],
            [(140, 60), (780, 60), (780, 700), (140, 700)],
        ]
        if ticked:
            outlines.append([(220, 380), (300, 440), (430, 250), (690, 640), (750, 590), (430, 120)])
        for outline in outlines:
            pen.moveTo(outline[0])
            for point in outline[1:]:
                pen.lineTo(point)
            pen.closePath()
        return pen.glyph()

    names = [".notdef", "empty", "ticked", "checked"]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({0xF0A3: "empty", 0xF052: "ticked", 0xF0FE: "checked"})
    builder.setupGlyf({name: glyph(name in ("ticked", "checked")) for name in names})
    builder.setupHorizontalMetrics(dict.fromkeys(names, (920, 80)))
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "Ticks", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    builder.setupPost()
    buffer = io.BytesIO()
    builder.save(buffer)
    return buffer.getvalue()


def subset_font(name: str, text: str) -> bytes:
    """The glyphs of a font that a text needs, without hints and bitmaps, so that the PDF stays small."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    path, index = FONTS[name]
    font = TTFont(path, fontNumber=index)
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=True)
    options.drop_tables += [
        "EBDT",
        "EBLC",
        "EBSC",
        "gasp",
        "vhea",
        "vmtx",
        "VORG",
        "BASE",
        "GPOS",
        "GSUB",
        "GDEF",
    ]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=text + "0123456789")
    subsetter.subset(font)
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def page_html(source: Source) -> str:
    """The page that Chromium prints: the form, an appendix, running header and page numbers."""
    # counters of CSS, for `content` below
    numbers = (
        source.get("page_numbers", "")
        .replace("{page}", '" counter(page) "')
        .replace("{pages}", '" counter(pages) "')
    )
    header = source.get("header", "")
    appendix = source.get("appendix")
    tail = ""
    if appendix:
        lines = "".join(f"<p>{html.escape(line)}</p>" for line in appendix["lines"])
        tail = f'<div class="appendix">{lines}{as_html(list(blocks(appendix["table"])))}</div>'
    content = title_html(source) + form_html(source) + tail
    words = subset_font(source.get("font", "ming"), content + header + numbers)
    faces = ""
    for family, data in (("Ticks", tick_font()), ("Words", words)):
        address = "data:font/ttf;base64," + base64.b64encode(data).decode()
        faces += f"@font-face {{ font-family: {family}; src: url({address}); }}\n"
    return f"""<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title></title><style>
{faces}@page {{ size: A4; margin: 2.4cm 2.3cm 2.2cm; @top-center {{ content: "{header}"; font: 9pt Words; }}
  @bottom-center {{ content: "{numbers}"; font: 9pt Words; }} }}
body {{ font: {source.get("font_size", "12pt")}/1.55 Ticks, Words; margin: 0; }}
h3 {{ font-size: 1.1em; font-weight: normal; text-align: center; margin: .3em 0; white-space: pre-wrap; }}
h3.right {{ text-align: right; font-size: 1em; }}
table {{ border-collapse: collapse; width: 100%; }}
td {{ border: 1px solid black; padding: .2em .5em; }}
td.label {{ width: {source.get("label_width", "8.6em")}; text-align: center; }}
td.label.high {{ vertical-align: top; padding-top: {source.get("label_top", "1em")}; }}
p {{ margin: 0; text-align: justify; white-space: pre-wrap; overflow-wrap: anywhere; }}
td.body > p {{ text-indent: 2em; }}
table.figures {{ width: 92%; margin: .2em auto; text-align: center; }}
.appendix {{ break-before: page; }}
</style><body>{content}</body></html>"""


def write_pdf(source: Source) -> bytes:
    """Print the page with Chromium, which embeds only the glyphs that are used."""
    with tempfile.TemporaryDirectory() as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(page_html(source), encoding="utf-8")
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--disable-pdf-tagging",
        ]
        command = [
            "chromium",
            *options,
            f"--user-data-dir={folder}/profile",
            f"--print-to-pdf={printed}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return printed.read_bytes()


def write_html(source: Source) -> bytes:
    """A web page: the form as a table, or as headings and paragraphs inside a site's frame."""
    if source["html"] == "table":
        content = title_html(source) + form_html(source)
    else:
        parts = [title_html(source)]
        for row in source["rows"]:
            printed = body(source) if row.get("body") else list(blocks(row["text"]))
            name = f'<div class="name">{html.escape(row["label"])}</div>'
            parts.append(f'<div class="row">{name}{as_html(printed)}</div>')
        content = f"<article>{''.join(parts)}</article>"
    page = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="{source.get("encoding", "utf-8")}"><title>投资者关系活动记录表</title>
<style>td {{ border: 1px solid #999 }} .name {{ font-weight: bold }}</style>
<script>window.page = "ir";</script></head>
<body>
{content}
</body></html>
"""
    return page.encode(source.get("encoding", "utf-8"))


# --- docx, txt, csv -----------------------------------------------------------------------------


def write_docx(source: Source) -> bytes:
    """A Word file with the form as a two-column table; tables in answers are nested in its cells."""
    import docx
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document = docx.Document()
    document.core_properties.author = ""
    if "header" in source:
        document.sections[0].header.paragraphs[0].text = source["header"]
    for line in source["title"]:
        paragraph = document.add_paragraph(line.removeprefix(">"))
        right, centre = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
        paragraph.alignment = right if line.startswith(">") else centre
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for row in source["rows"]:
        label, cell = table.add_row().cells
        label.text = row["label"]
        printed = body(source) if row.get("body") else list(blocks(row["text"]))
        cell.paragraphs[0].text = printed[0].text
        for block in printed[1:]:
            if block.rows:
                inner = cell.add_table(rows=0, cols=len(block.rows[0]))
                inner.style = "Table Grid"
                for values in block.rows:
                    for target, value in zip(inner.add_row().cells, values, strict=True):
                        target.text = value
            else:
                cell.add_paragraph().add_run(block.text).bold = block.question
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def write_txt(source: Source) -> bytes:
    """A text dump of a Word file: labels on tabbed lines of their own, or in front of their text."""
    lines = [line.removeprefix(">") for line in source["title"]]
    for row in source["rows"]:
        printed = body(source) if row.get("body") else list(blocks(row["text"]))
        texts = [block.text or "\n".join("\t".join(cells) for cells in block.rows) for block in printed]
        if source["txt"] == "dump":
            lines += ["\t" + row["label"], "", "\t" + texts[0], *texts[1:], ""]
        else:
            lines += [
                f"{row['label']}：{texts[0]}" if not row.get("body") else row["label"] + "：\n" + texts[0],
                *texts[1:],
            ]
    return ("\n".join(lines) + "\n").encode(source.get("encoding", "utf-8"))


def write_csv(source: Source) -> bytes:
    """An export of investor questions and answers with the column names of the source."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(source["columns"].keys())
    for item in source["items"]:
        item = item | {"a": item["a"].strip("\n")}
        writer.writerow([template.format(**item) for template in source["columns"].values()])
    return buffer.getvalue().encode(source["encoding"])


WRITERS = {"pdf": write_pdf, "docx": write_docx, "html": write_html, "txt": write_txt, "csv": write_csv}


def main(wanted: list[str]) -> None:
    write_gold()
    for number, source in sources():
        if not wanted or number in wanted:
            path = RECORDS / source["file"]
            path.write_bytes(WRITERS[path.suffix[1:]](source))
            print(f"{path.stat().st_size:>8,}  {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
