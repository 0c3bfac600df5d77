"""Word documents: paragraphs and tables in document order, tracked changes as accepted, numbering spelled out."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from ingest.errors import NotARecord, SourceError
from ingest.readers.blocks import BOLD, PLAIN, Block, Cell, Table, canonical_text, unmarked
from ingest.readers.docx_numbering import Numbering
from ingest.records import SourceText

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

# Text that is not there once changes are accepted, text for old programs, and what is no text.
_DROPPED = {
    f"{_W}{tag}"
    for tag in ("del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "sdtPr", "tblPr", "trPr", "tcPr", "commentRangeStart")
} | {f"{_MC}Fallback"}  # fmt: skip
# Wrappers whose paragraphs and tables stand in the document's own order.
_TRANSPARENT = {
    f"{_W}{tag}"
    for tag in ("sdt", "sdtContent", "ins", "moveTo", "smartTag", "customXml", "txbxContent", "hyperlink")
} | {f"{_MC}AlternateContent", f"{_MC}Choice"}
_MAX_TABLE_DEPTH = 20


def read(data: bytes, name: str) -> SourceText:
    """Read a docx; headers, footers, footnotes and deleted text are left out.

    Raises:
        SourceError: damaged, cut off or encrypted.
        NotARecord: no text in it.
    """
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        # python-docx parses with resolve_entities=False; sizes were checked when the file was recognised.
        document = docx.Document(io.BytesIO(data))
        body: Any = document.element.body
        numbering = Numbering.of(document)
    except (
        OpcError, LxmlError, zipfile.BadZipFile, zlib.error, KeyError, ValueError, AttributeError,
        EOFError, OSError, RuntimeError, NotImplementedError, AssertionError, IndexError, TypeError,
    ) as error:  # fmt: skip
        raise SourceError(
            f"{name}: the Word document is damaged, cut off or encrypted; fetch it again"
        ) from error
    if body is None:
        raise SourceError(f"{name}: the Word document is damaged or cut off; fetch it again")
    text, labels, bold = canonical_text(list(_blocks(body, numbering, 0)))
    if not text.strip():
        raise NotARecord(f"{name}: the Word document holds no text")
    return SourceText("docx", text, labels=labels, bold=bold)


def _blocks(parent: Any, numbering: Numbering, depth: int) -> Iterator[Block]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield from _paragraph(child, numbering)
        elif child.tag == f"{_W}tbl":
            yield _table(child, numbering, depth)
        elif child.tag in _TRANSPARENT:
            yield from _blocks(child, numbering, depth)


def _paragraph(element: Any, numbering: Numbering) -> Iterator[Block]:
    text = "".join(_text(element))
    if unmarked(text).strip():
        yield numbering.prefix(element) + text


def _table(element: Any, numbering: Numbering, depth: int) -> Table:
    table = Table()
    if depth > _MAX_TABLE_DEPTH:
        # Nobody reads a table twenty deep; its text is kept as one cell.
        table.rows.append([Cell(["".join(_text(element))])])
        return table
    for row in _inside(element, "tr"):
        cells: list[Cell] = []
        for cell in _inside(row, "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            goes_on = merged is not None and merged.get(f"{_W}val", "continue") == "continue"
            # The text of a cell merged downwards stands in its first row; Word hides the rest.
            cells.append(Cell() if goes_on else Cell(list(_blocks(cell, numbering, depth + 1))))
        table.rows.append(cells)
    return table


def _inside(parent: Any, tag: str) -> Iterator[Any]:
    """The rows of a table or the cells of a row, also those wrapped in content controls."""
    for child in parent:
        if child.tag == f"{_W}{tag}":
            yield child
        elif child.tag in _TRANSPARENT:
            yield from _inside(child, tag)


def _text(element: Any) -> Iterator[str]:
    """The printed characters under an element, deleted ones left out."""
    for child in element:
        tag = child.tag
        if tag in _DROPPED or not isinstance(tag, str):
            continue
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield "\t"
        elif tag in (f"{_W}br", f"{_W}cr"):
            yield "\n" if child.get(f"{_W}type") in (None, "textWrapping") else ""
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag == f"{_W}sym":
            yield _symbol(child.get(f"{_W}char") or "")
        elif tag == f"{_W}checkBox":
            yield _form_checkbox(child)
        elif tag == f"{_W}r" and _is_unseen(child):
            continue
        elif tag == f"{_W}r" and _is_bold(child):
            yield BOLD
            yield from _text(child)
            yield PLAIN
        elif tag == f"{_W}p":
            # A paragraph within a paragraph is a text box.
            yield "\n"
            yield from _text(child)
            yield "\n"
        else:
            yield from _text(child)


def _is_bold(run: Any) -> bool:
    """Whether a run is set bold itself; what its style says is not asked."""
    state = run.find(f"{_W}rPr/{_W}b")
    return state is not None and state.get(f"{_W}val", "1") not in ("0", "false", "off")


def _is_unseen(run: Any) -> bool:
    """Whether Word prints nothing that a reader sees: hidden text, white on nothing, type of a point or less."""
    looks = run.find(f"{_W}rPr")
    if looks is None:
        return False
    hidden, size, colour = (looks.find(f"{_W}{tag}") for tag in ("vanish", "sz", "color"))
    if hidden is not None and hidden.get(f"{_W}val", "1") not in ("0", "false", "off"):
        return True
    half_points = size.get(f"{_W}val", "") if size is not None else ""
    if half_points.isdigit() and int(half_points) <= 2:
        return True
    white = colour is not None and colour.get(f"{_W}val", "").upper() in ("FFFFFF", "FEFEFE")
    return (
        white
        and looks.find(f"{_W}highlight") is None
        and not any(map(_is_shaded, (run, *run.iterancestors())))
    )


def _is_shaded(element: Any) -> bool:
    """Whether a run, a paragraph, a cell or a table sets a ground of its own, or a table style that may."""
    if element.find(f"{_W}tblPr/{_W}tblStyle") is not None:
        return True
    for looks in ("rPr", "pPr", "tcPr", "tblPr"):
        shade = element.find(f"{_W}{looks}/{_W}shd")
        if shade is not None and shade.get(f"{_W}fill", "auto").upper() not in ("AUTO", "FFFFFF"):
            return True
    return False


def _symbol(code: str) -> str:
    """A character of a symbol font as Word stores it: in the private-use area, as PDFs show it too."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    if value < 0x100:
        value += 0xF000
    return chr(value) if value < 0xD800 or 0xE000 <= value <= 0xFFFF else ""


def _form_checkbox(element: Any) -> str:
    """A box of an old-style form prints no text of its own."""
    for tag in ("checked", "default"):
        state = element.find(f"{_W}{tag}")
        if state is not None:
            return "☑" if state.get(f"{_W}val", "1") not in ("0", "false", "off") else "□"
    return "□"
