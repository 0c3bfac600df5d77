"""Made-up files as a browser prints them and a word processor saves them, and what reading gives for them.

A file in `printed/` holds cases: `=== file name`, a line of JSON with what is wanted, lines `@header …`, `@footer …`,
`@hidden …`, `@watermark …`, `@landscape`, then `---` and the content, in which ⟪question⟫ and ⟦answer⟧ are the pairs
wanted. For pdf and docx a line is `# title`, `= line`, `> line to the right`, `- paragraph`, or `| cell | cell` (a row of the
form's table; `<` joins the cell on its left, `^` the one above), and `|| paragraph` goes on in the row's last cell;
`[[a;b//c;d]]` is a table inside a cell, `<br>` a line break, `**words**` are bold. For xlsx a line is a row, its
cells divided by tabs, ¶ a line break. Other names give the bytes as they stand.

Run `python tests/ingest/printing.py [FILE.txt...] [--wrong] [--into DIR]` for the figures.
"""

from __future__ import annotations

import argparse
import html
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl  # type: ignore[import-untyped]

from eval.gold_labels import field_hash, normalise
from ingest.errors import SourceError
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.records import Record
from ingest.settings import Settings

FOLDER = Path(__file__).parent / "printed"
DAYS_AND_CODES = ("code", "codes", "published_on", "days", "held_on", "signed_on")
_STYLE = (
    "body{font:12px 'Noto Serif CJK SC'}h1{font-size:16px;text-align:center}table{border-collapse:collapse;width:100%}"
    "td{border:1px solid #000;padding:3px 5px;vertical-align:middle}p{margin:3px 0}td:first-child{width:18%}"
    "td td:first-child{width:auto}.mark{position:fixed;top:45%;left:20%;font-size:44px;color:#ddd;transform:rotate(-30deg)}"
)


@dataclass(frozen=True)
class Case:
    """One made-up file: its name, what is wanted, how it is printed, its content with the pairs marked."""

    name: str
    wanted: dict[str, Any]
    options: dict[str, str]
    marked: str

    @property
    def kind(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def content(self) -> str:
        return re.sub("[⟪⟫⟦⟧]", "", self.marked)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The questions and answers wanted, normalised."""
        found = [re.findall(p, self.marked, re.DOTALL) for p in ("⟪(.*?)⟫", "⟦(.*?)⟧")]
        bare = [
            [normalise(re.sub(r"<[^>]*>|\*\*|(?m:^(?:\|\||[-|]|\s*│) ?)", "", words)) for words in each]
            for each in found
        ]
        return list(zip(*bare, strict=True))


def cases(paths: list[Path]) -> Iterator[Case]:
    """Every case of some files, in order."""
    for path in paths:
        for text in re.split(r"(?m)^=== ", path.read_text(encoding="utf-8"))[1:]:
            head, _, content = text.partition("\n---\n")
            name, told, *options = head.split("\n")
            named = (each.removeprefix("@").partition(" ") for each in options)
            yield Case(name, json.loads(told), {key: value for key, _, value in named}, content)


# --- the form -----------------------------------------------------------------------------------

Row = list[list[str]]
"""The cells of a row, each its paragraphs."""


def _blocks(content: str) -> Iterator[tuple[str, str | list[Row]]]:
    """Lines with their mark, and the form's rows together."""
    rows: list[Row] = []
    for line in filter(None, content.split("\n")):
        mark, _, text = line.partition(" ")
        if mark == "||":
            last = next(cell for cell in reversed(rows[-1]) if cell[0] not in "<^")
            last.append(text)
        elif mark == "|":
            cells = re.split(r" \|(?: |$)", text)
            rows.append([[cell.strip()] for cell in cells])
        else:
            if rows:
                yield "|", rows
                rows = []
            yield mark, text
    if rows:
        yield "|", rows


def _spans(rows: list[Row]) -> Iterator[list[tuple[list[str], int, int, int]]]:
    """For each row its cells: paragraphs, column, columns and rows that they cover."""
    columns = max(map(len, rows))
    for at, row in enumerate(rows):
        cells = []
        for column, cell in enumerate(row):
            if cell[0] in ("<", "^"):
                continue
            wide = 1
            while column + wide < len(row) and row[column + wide][0] == "<":
                wide += 1
            wide = columns - column if column + wide == len(row) else wide
            high = 1
            while (
                at + high < len(rows) and len(rows[at + high]) > column and rows[at + high][column][0] == "^"
            ):
                high += 1
            cells.append((cell, column, wide, high))
        yield cells


def _inner(text: str) -> list[list[str]] | None:
    """The rows of a table inside a cell."""
    found = re.fullmatch(r"\[\[(.*)\]\]", text, re.DOTALL)
    return [row.split(";") for row in found[1].split("//")] if found else None


def _as_html(text: str) -> str:
    table = _inner(text)
    if table:
        rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in table)
        return f"<table>{rows}</table>"
    escaped = html.escape(text).replace("&lt;br&gt;", "<br>")
    bold = re.sub(r"[*][*](.+?)[*][*]", r"<b>\1</b>", escaped)
    return f"<p>{bold}</p>"


def page(case: Case) -> str:
    """The page that the browser prints."""
    parts = []
    if "watermark" in case.options:
        parts.append(f"<div class=mark>{case.options['watermark']}</div>")
    for mark, block in _blocks(case.content):
        if isinstance(block, str):
            style = {"#": "<h1>{}</h1>", ">": "<div align=right>{}</div>"}.get(mark, "<div>{}</div>")
            parts.append(style.format(_as_html(block).replace("<p>", "").replace("</p>", "")))
            continue
        parts.append("<table>")
        for cells in _spans(block):
            shown = (
                f"<td colspan={wide} rowspan={high}>{''.join(map(_as_html, cell))}</td>"
                for cell, _, wide, high in cells
            )
            parts.append(f"<tr>{''.join(shown)}</tr>")
        parts.append("</table>")
    if "hidden" in case.options:
        parts.append(f"<p style='color:#fff'>{case.options['hidden']}</p>")
    return f"<html><meta charset=utf-8><style>{_STYLE}</style><body>{''.join(parts)}</body></html>"


def as_pdf(case: Case, browser: Any) -> bytes:
    """Printed by a browser, with a running header and page numbers where wanted."""
    opened = browser.new_page()
    opened.set_content(page(case))
    frame = "<div style='font:8px Noto Serif CJK SC;width:100%;text-align:center'>{}</div>"
    footer = case.options.get("footer", "").format(
        page="<span class=pageNumber></span>", pages="<span class=totalPages></span>"
    )
    made: bytes = opened.pdf(
        format="A4",
        landscape="landscape" in case.options,
        margin=dict.fromkeys(("top", "bottom", "left", "right"), "60px"),
        display_header_footer=True,
        header_template=frame.format(case.options.get("header", "")),
        footer_template=frame.format(footer),
    )
    opened.close()
    return made


def as_docx(case: Case) -> bytes:
    """A Word file with the form's joined cells."""
    made = docx.Document()
    if "header" in case.options:
        made.sections[0].header.paragraphs[0].text = case.options["header"]
    for _, block in _blocks(case.content):
        if isinstance(block, str):
            _write(made.add_paragraph(), block)
            continue
        table = made.add_table(rows=len(block), cols=max(map(len, block)))
        for at, cells in enumerate(_spans(block)):
            for paragraphs, column, wide, high in cells:
                cell = table.cell(at, column)
                if wide > 1 or high > 1:
                    cell = cell.merge(table.cell(at + high - 1, column + wide - 1))
                _fill(cell, paragraphs)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fill(cell: Any, paragraphs: list[str]) -> None:
    for number, text in enumerate(paragraphs):
        table = _inner(text)
        if table:
            inner = cell.add_table(rows=0, cols=len(table[0]))
            for row in table:
                for target, words in zip(inner.add_row().cells, row, strict=True):
                    target.text = words
        else:
            _write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), text)


def _write(paragraph: Any, text: str) -> None:
    for at, piece in enumerate(text.split("**")):
        paragraph.add_run(piece.replace("<br>", "\n")).bold = bool(at % 2)


def as_xlsx(case: Case) -> bytes:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for line in case.content.strip("\n").split("\n"):
        sheet.append([cell.replace("¶", "\n") or None for cell in line.split("\t")])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def render(case: Case, browser: Any) -> bytes:
    """The bytes of a case's file; only a pdf needs the browser."""
    if case.kind == "pdf":
        return as_pdf(case, browser)
    writers = {"docx": as_docx, "xlsx": as_xlsx}
    return writers[case.kind](case) if case.kind in writers else case.content.encode()


@contextmanager
def printing() -> Iterator[Any]:
    """A browser that prints; ImportError or OSError where there is none."""
    from playwright.sync_api import sync_playwright

    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        raise OSError("no chromium here: apt-get install chromium to print the pages")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


# --- the figures --------------------------------------------------------------------------------


def value(field: str, records: list[Record]) -> Any:
    """What reading gave for a wanted field."""
    if field in ("codes", "days"):
        dated = sorted((str(r.form.code), str(r.published_on)) for r in records for _ in r.pairs)
        return [each[field == "days"] for each in dated]
    return record_as_json(records)[field]


def matches(field: str, found: Any, case: Case) -> bool:
    """Whether a field is what the case wants; participants may be wanted as a count."""
    wanted = case.wanted[field]
    if field in ("codes", "days"):
        dated = sorted(zip(case.wanted["codes"], case.wanted["days"], strict=True))
        return bool(found == [each[field == "days"] for each in dated])
    if field == "participants":
        if isinstance(wanted, int):
            return len(found) == wanted and all(each["people"] for each in found)
        wanted = [{"institution": institution, "people": people} for institution, people in wanted]
    return field_hash(field, found) == field_hash(field, wanted)


def main() -> None:
    """Print the figures over all cases of some files."""
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--wrong", action="store_true", help="show what is not as wanted")
    parser.add_argument("--into", type=Path, help="write the files into a folder")
    given = parser.parse_args()
    right = wrong = missed = fields = field_count = misleading = refused = count = 0
    with printing() as browser:
        for case in cases(given.paths or sorted(FOLDER.glob("*.txt"))):
            count += 1
            data = render(case, browser)
            if given.into:
                (given.into / case.name).write_bytes(data)
            said: list[str] = []
            records: list[Record] = []
            try:
                records = read_records(data, case.name, Settings())
            except SourceError as error:
                refused += bool(case.wanted.get("refused"))
                said.append(f"refused: {error}")
            found = [(normalise(p.question), normalise(p.answer)) for r in records for p in r.pairs]
            right += len(set(found) & set(case.pairs))
            wrong += len(set(found) - set(case.pairs))
            missed += len(set(case.pairs) - set(found))
            said += [f"+ {pair}" for pair in found if pair not in case.pairs]
            said += [f"- {pair}" for pair in case.pairs if pair not in found]
            for field in case.wanted.keys() - {"refused"}:
                got = value(field, records) if records else []
                good = bool(records) and matches(field, got, case)
                field_count += 1
                fields += good
                wanted = case.wanted[field]
                several = field in ("codes", "days")
                told = [each for each in (got if several else [got]) if each not in (None, "None", [])]
                told = [each for each in told if not (several and each in wanted)]
                bad = not good and bool(records) and bool(told) and field in DAYS_AND_CODES
                misleading += bad
                if not good:
                    said.append(f"{'WRONG ' * bad}{field}: {got!r} for {case.wanted[field]!r}")
            if given.wrong and said and not case.wanted.get("refused"):
                print(case.name, *said, sep="\n    ")
    print(
        f"{date.today()}: {count} files, {refused} refused as they should be; pairs {right} right, {wrong} wrong, "
        f"{missed} missed, F1 {2 * right / max(1, 2 * right + wrong + missed):.3f}; fields {fields}/{field_count} = "
        f"{fields / max(1, field_count):.3f}; a wrong code or day in {misleading}"
    )


if __name__ == "__main__":
    main()
