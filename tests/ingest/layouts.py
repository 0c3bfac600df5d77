"""Made-up records in many layouts: what they say is written once, with its pairs marked, and rendered in formats.

A file in `layouts/` holds records, each opened by `=== what is special about it`, then lines `key: value` up to `---`:
`formats` (pdf docx html txt plain), `form` (the fields that reading must give, as JSON), `file` (the name's
stem), `header` and `page` (what is printed above and below each page). Then come the title's lines, and the
form's rows: `## label` (/ breaks it) and the lines of its cell; `## .` ends the table. ⟪question⟫ and ⟦answer⟧
are the pairs wanted, `**bold**` is printed bold, lines that open with a bar are a table's rows.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from drawing import LEFT, MIDDLE, RIGHT, SIZE, Drawing, write_pdf

FOLDER = Path(__file__).parent / "layouts"
_MARKS = re.compile(r"[⟪⟫⟦⟧]|\*\*")
_TOP, _BOTTOM, _STEP = 75.0, 765.0, 19.0


@dataclass(frozen=True)
class Layout:
    """One made-up record: its settings, the lines of its title and its rows (label, lines of the cell)."""

    name: str
    settings: dict[str, str]
    title: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def formats(self) -> list[str]:
        return self.settings["formats"].split()

    @property
    def form(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.settings.get("form", "{}"))
        return found

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The questions and answers wanted, without marks."""
        whole = "\n".join(line for _, lines in self.rows for line in lines)
        whole = whole or "\n".join(self.title)
        questions, answers = (re.findall(p, whole, re.DOTALL) for p in ("⟪(.*?)⟫", "⟦(.*?)⟧"))
        assert len(questions) == len(answers), self.name
        return [
            (plain(re.sub(r"(?m)^\|", "", q)), plain(re.sub(r"(?m)\|", "", a)))
            for q, a in zip(questions, answers, strict=True)
        ]

    def file_name(self, kind: str) -> str:
        """The name of the file in a format; it says nothing unless the record wants it to."""
        return f"{self.settings.get('file', '记录')}.{'txt' if kind == 'plain' else kind}"

    def render(self, kind: str) -> bytes:
        """The bytes of the source file in a format; `plain` is text without a table."""
        writers = {"pdf": as_pdf, "docx": as_docx, "html": as_html, "txt": as_dump, "plain": as_plain}
        return writers[kind](self)


def plain(text: str) -> str:
    return _MARKS.sub("", text)


def layouts() -> Iterator[Layout]:
    """Every record of the folder, in order."""
    for path in sorted(FOLDER.glob("*.txt")):
        for case in path.read_text(encoding="utf-8").split("=== ")[1:]:
            head, _, content = case.partition("\n---\n")
            name, *settings = head.split("\n")
            title, *rows = re.split(r"(?m)^## ", content.strip("\n"))
            yield Layout(
                name,
                dict(line.split(": ", 1) for line in settings),
                tuple(title.strip("\n").split("\n")),
                tuple(_row(row) for row in rows),
            )


def _row(text: str) -> tuple[str, tuple[str, ...]]:
    label, *lines = text.strip("\n").split("\n")
    filled: list[str] = []
    for line in lines:
        crowd = re.fullmatch(r"@participants (\d+)", line)
        filled += _crowd(int(crowd[1])) if crowd else [line]
    return label, tuple(filled)


def _crowd(count: int) -> list[str]:
    """So many institutions with a person each."""
    kinds = ("基金", "证券", "资产", "资本", "保险")
    places = "青禾南屿海门鹿鸣北辰云岭松江远山清川望岳"
    given = "平磊想航越静波远宁鸣"
    return [
        f"{places[at // 10 * 2 : at // 10 * 2 + 2]}{'甲乙丙丁戊己庚辛壬癸'[at % 10]}{kinds[at % 5]} "
        f"{'王李张刘陈杨赵黄周吴'[at % 10]}{given[at // 10]}"
        for at in range(count)
    ]


def _cells(line: str) -> list[str]:
    return [plain(cell).strip() for cell in line.strip().strip("|").split("|")]


def _blocks(lines: tuple[str, ...]) -> Iterator[str | list[list[str]]]:
    """The lines of a cell: paragraphs as they are, runs of lines with a bar as tables."""
    table: list[list[str]] = []
    for line in lines:
        if line.startswith("|"):
            table.append(_cells(line))
            continue
        if table:
            yield table
            table = []
        yield line
    if table:
        yield table


def _runs(line: str) -> Iterator[tuple[str, bool]]:
    """A line's stretches, each bold or not, without marks."""
    for at, piece in enumerate(line.split("**")):
        if plain(piece):
            yield plain(piece), bool(at % 2)


# --- text ---------------------------------------------------------------------------------------


def as_dump(layout: Layout) -> bytes:
    """A dump of a Word file: labels on tabbed lines of their own."""
    lines = list(layout.title)
    for label, cell in layout.rows:
        name = label.replace("/", "")
        shown = ["\t".join(_cells(line)) if line.startswith("|") else plain(line) for line in cell]
        lines += (
            ["", *shown]
            if label == "."
            else ["\t" + name, "", *(f"\t{line}" for line in shown[:1]), *shown[1:], ""]
        )
    return ("\n".join(map(plain, lines)) + "\n").encode()


def as_plain(layout: Layout) -> bytes:
    return ("\n".join(plain(line) for line in layout.title) + "\n").encode()


# --- html and docx ------------------------------------------------------------------------------


def as_html(layout: Layout) -> bytes:
    """A page with the form as a table."""

    def block(each: str | list[list[str]]) -> str:
        if isinstance(each, str):
            runs = (
                f"<b>{html.escape(text)}</b>" if bold else html.escape(text) for text, bold in _runs(each)
            )
            return f"<p>{''.join(runs)}</p>"
        rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in each)
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    parts = [f"<p>{html.escape(line)}</p>" for line in layout.title] + ["<table border=1>"]
    behind = ""
    for label, cell in layout.rows:
        content = "".join(map(block, _blocks(cell)))
        if label == ".":
            behind = content
        else:
            parts.append(f"<tr><td>{label.replace('/', '<br>')}</td><td>{content}</td></tr>")
    page = f"<html><meta charset=utf-8><body>{''.join(parts)}</table>{behind}</body></html>"
    return page.encode()


def as_docx(layout: Layout) -> bytes:
    """A Word file with the form as a two-column table."""
    made = docx.Document()
    for line in layout.title:
        made.add_paragraph(plain(line))
    table = made.add_table(rows=0, cols=2) if layout.rows else None
    for label, cell in layout.rows:
        place: Any = made
        if label != "." and table is not None:
            first, place = table.add_row().cells
            first.text = label.replace("/", "\n")
        for at, each in enumerate(_blocks(cell)):
            if isinstance(each, str):
                paragraph = place.paragraphs[0] if label != "." and at == 0 else place.add_paragraph()
                for text, bold in _runs(each):
                    paragraph.add_run(text).bold = bold
            else:
                inner = place.add_table(rows=0, cols=len(each[0]))
                for row in each:
                    for target, text in zip(inner.add_row().cells, row, strict=True):
                        target.text = text
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# --- pdf ----------------------------------------------------------------------------------------


class _Press:
    """Prints a form page by page; a row that has no room goes on over the page."""

    def __init__(self) -> None:
        self.pages = [Drawing()]
        self.y = _TOP

    def room(self, top: float | None = None) -> float | None:
        """Turn the page where the next line has no room; `top` is where the open row began."""
        if self.y + _STEP <= _BOTTOM:
            return top
        if top is not None:
            self.pages[-1].row(top, self.y + 4)
        self.pages.append(Drawing())
        self.y = _TOP
        return self.y if top is not None else None

    def row(self, label: str, cell: tuple[str, ...]) -> None:
        first, top, begun = self.pages[-1], self.y, self.y
        names = [part[at : at + 7] for part in label.split("/") for at in range(0, len(part), 7)]
        for each in _blocks(cell):
            if isinstance(each, str):
                for line in _wrapped(each):
                    now = self.room(top)
                    top = top if now is None else now
                    self.y += _STEP
                    _print(self.pages[-1], MIDDLE + 5, self.y - 4, line)
            else:
                now = self.room(top)
                top = top if now is None else now
                top = self._table(each, top)
        while self.pages[-1] is first and self.y < begun + _STEP * len(names):
            self.y += _STEP
        self.y += 4
        self.pages[-1].row(top, self.y)
        end = self.y if self.pages[-1] is first else _BOTTOM
        at = (begun + end) / 2 - _STEP * len(names) / 2 + _STEP - 4
        for name in names:
            first.text(LEFT + 6, at, name)
            at += _STEP

    def _table(self, rows: list[list[str]], top: float) -> float:
        left, right = MIDDLE + 15, RIGHT - 15
        width = (right - left) / len(rows[0])
        edges = [left + at * width for at in range(len(rows[0]) + 1)]
        fitting = int(width / SIZE) - 1
        self.y += 4
        for row in rows:
            cells = [[text[at : at + fitting] for at in range(0, len(text), fitting)] for text in row]
            high = _STEP * max(map(len, cells))
            now = self.room(top)
            top = top if now is None else now
            self.pages[-1].row(self.y, self.y + high, edges)
            for at, lines in enumerate(cells):
                for number, text in enumerate(lines, 1):
                    self.pages[-1].text(edges[at] + 4, self.y + number * _STEP - 5, text)
            self.y += high
        self.y += 4
        return top


def _wrapped(line: str) -> Iterator[list[tuple[str, bool]]]:
    """A paragraph as printed lines of characters, the first indented by two; each bold or not."""
    row: list[tuple[str, bool]] = [("　", False)] * 2
    width = 2 * SIZE
    for text, bold in _runs(line):
        for char in text:
            step = SIZE * (0.5 if char.isascii() else 1)
            if width + step > RIGHT - MIDDLE - 10 and char not in "，。、；：？！）”":
                yield row
                row, width = [], 0.0
            row.append((char, bold))
            width += step
    yield row


def _print(page: Drawing, x: float, y: float, line: list[tuple[str, bool]]) -> None:
    while line:
        bold = line[0][1]
        count = next((at for at, each in enumerate(line) if each[1] != bold), len(line))
        text = "".join(char for char, _ in line[:count])
        page.text(x, y, text, style="2 Tr" if bold else "")
        x += sum(SIZE * (0.5 if char.isascii() else 1) for char in text)
        line = line[count:]


def as_pdf(layout: Layout) -> bytes:
    """Printed pages with the form as a ruled table, running header and page numbers where wanted."""
    press = _Press()
    for line in layout.title:
        press.pages[-1].text(80, press.y + _STEP - 4, line)
        press.y += _STEP
    for label, cell in layout.rows:
        if label != ".":
            press.row(label, cell)
            press.room()
            continue
        press.y += _STEP
        for each in _blocks(cell):
            if isinstance(each, str):
                press.room()
                press.y += _STEP
                press.pages[-1].text(80, press.y - 4, plain(each))
            else:
                press._table(each, press.y)
    for number, page in enumerate(press.pages, 1):
        if "header" in layout.settings:
            page.text(190, 45, layout.settings["header"], size=9)
        if "page" in layout.settings:
            page.text(280, 810, layout.settings["page"].format(page=number, pages=len(press.pages)), size=9)
    return write_pdf(*press.pages)
