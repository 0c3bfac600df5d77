"""Answers as documents: one answer or a whole conversation in Markdown or Word, with every citation.

What comes from records and users is text in both: Markdown's and HTML's signs are escaped, Word gets plain runs.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from rag.conversations import Turn
from ui.commands.exporting import Cell, as_markdown, in_markdown
from ui.web import tables
from ui.web.panels.markup import visible
from ui.web.plain_words import without_commands
from ui.web.wording import Language, say

CITED = ("col_mark", "col_quote", *tables.SOURCE)
"""The columns of the list of citations."""
TABLE_WIDTH = 26.0
"""Centimetres between the margins of a page of A4 on its side."""
Part = tuple[str, str | list[list[Cell]]]
"""heading, question, facts or text with words; table with its rows, the names of the columns first."""


def parts(language: Language, title: str, turns: Sequence[Turn]) -> list[Part]:
    """What a document holds, in order.

    Args:
        language: of the page.
        title: of the conversation.
        turns: one answer or all of them.
    """
    alone = len(turns) == 1 and turns[0].question == title
    found: list[Part] = [] if alone else [("title", title)]
    for turn in turns:
        answer = turn.answer
        found += [("question", turn.question), ("facts", _facts(language, turn))]
        if answer.get("view"):
            found += [("text", without_commands(line)) for line in answer["view"]["head"]]
            found.append(
                ("table", [list[Cell](tables.header(language, answer)), *tables.rows(language, answer)])
            )
        found += [("text", line) for line in _words(answer)]
        cited = [] if answer.get("view") else _citations(language, answer)  # the view's table has them
        if cited:
            found += [("sources", say(language, "sources")), ("table", cited)]
    return [*found, ("facts", say(language, "disclaimer"))]


def as_markdown_document(language: Language, title: str, turns: Sequence[Turn]) -> str:
    """The document in Markdown."""
    shapes = {"title": "# {}", "question": "## {}", "sources": "### {}", "facts": "*{}*", "text": "{}"}
    blocks: list[str] = []
    for kind, value in parts(language, title, turns):
        if isinstance(value, str):
            lines = [in_markdown(line) for line in value.splitlines() if line.strip()]
            if lines:
                joined = "  \n".join(lines) if kind == "text" else " ".join(lines)
                blocks.append(shapes[kind].format(joined))
        else:
            blocks.append(as_markdown([str(cell) for cell in value[0]], value[1:]).rstrip())
    return "\n\n".join(blocks) + "\n"


def as_docx(language: Language, title: str, turns: Sequence[Turn]) -> bytes:
    """The document for Word, with real headings and tables."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = Cm(1.8)
    _type(document)
    for kind, value in parts(language, title, turns):
        if isinstance(value, str):
            words = _writable(value)
            if kind in ("title", "question", "sources"):
                document.add_heading(" ".join(words.split()), {"title": 1, "question": 2, "sources": 3}[kind])
            elif words.strip():
                run = document.add_paragraph().add_run(words)
                run.italic = kind == "facts"
        else:
            _add_table(document, value)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _type(document: Any) -> None:
    """Letters that have Chinese characters on every system; Word asks for the East Asian font by a name of its own."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        style.font.name = "Microsoft YaHei"
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Microsoft YaHei")
    document.styles["Normal"].font.size = Pt(10)


def _add_table(document: Any, rows: Sequence[Sequence[Cell]]) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    texts = [[_writable("" if value is None else str(value)) for value in values] for values in rows]
    widths = _widths(texts)
    for at, (row, values) in enumerate(zip(table.rows, texts, strict=True)):
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.width = Cm(width)
            run = cell.paragraphs[0].add_run(value)
            run.font.size, run.bold = Pt(8), at == 0


def _widths(texts: Sequence[Sequence[str]]) -> list[float]:
    """Centimetres of each column: by its longest text, so that a quote has room and a page number takes none."""
    weights = [min(max(len(row[at]) for row in texts), 60) + 4 for at in range(len(texts[0]))]
    return [TABLE_WIDTH * weight / sum(weights) for weight in weights]


def _facts(language: Language, turn: Turn) -> str:
    """The outcome, what was chosen beside the question, and what wrote the answer."""
    answer = turn.answer
    told = [say(language, str(answer["outcome"]))]
    if turn.company:
        told.append(f"{say(language, 'company')} {turn.company}")
    if answer.get("as_of"):
        told.append(say(language, "filtered_as_of", date=answer["as_of"]))
    searched = answer["searched"]
    if searched["records"]:
        unknown = say(language, "unknown_date")
        first, last = searched["from"] or unknown, searched["to"] or unknown
        told.append(say(language, "searched", records=searched["records"], first=first, last=last))
    model = answer.get("model") or "none"
    told.append(say(language, "verbatim") if model == "none" else say(language, "model", model=model))
    return " · ".join(told)


def _words(answer: Mapping[str, Any]) -> list[str]:
    """The answer's paragraphs, all that is folded too; what its view shows is left out."""
    text = str(answer.get("full_text") or answer["text"])
    if answer.get("view"):
        text = text[answer["view"]["length"] :]
    words = visible(without_commands(text)).strip()
    return [part for part in words.split("\n\n") if part.strip()]


def _citations(language: Language, answer: Mapping[str, Any]) -> list[list[Cell]]:
    """Every quote with its mark, place and verdict, each once; empty where there are none."""
    rows: dict[tuple[str, int, int], list[Cell]] = {}
    for claim in answer.get("claims", ()):
        for one in claim["citations"]:
            place = (one["record_id"], one["start"], one["end"])
            quote = " ".join(str(one["quote"]).split())
            rows.setdefault(
                place, [f"[{one['mark']}]", quote, *tables.source(language, one, claim["verdict"])]
            )
    if not rows:
        return []
    ordered = sorted(rows.values(), key=lambda row: int(str(row[0]).strip("[]")))
    return [[say(language, key) for key in CITED], *ordered]


def _writable(text: str) -> str:
    """Without what no Word document may hold."""
    return "".join(character for character in visible(text) if character in "\n\t" or character >= " ")
