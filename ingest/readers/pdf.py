"""PDF to canonical text: every character knows the page and the box it is printed in.

pdfium is not safe to call from several threads, so one lock guards it; parse in several processes to
use several cores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import pypdfium2 as pdfium  # type: ignore[import-untyped]

from ingest.errors import SourceError, UnsupportedFormat
from ingest.readers.canonical import Canonical, canonical_text
from ingest.readers.form_table import flow
from ingest.readers.furniture import without_furniture
from ingest.readers.layout import read_layout
from ingest.readers.pdf_page import Sheet, read_sheet
from ingest.readers.watermarks import without_watermarks
from ingest.records import Box, Page, SourceText, Span
from ingest.settings import Settings

if TYPE_CHECKING:
    from PIL.Image import Image

_PDFIUM = threading.RLock()
_FEW = 20
"""Fewer characters than this a page, on average, beside pictures: the words are in the pictures."""
_LARGE = 0.3
"""The share of a page that a picture covers which may be a scan."""


def read(data: bytes, name: str, settings: Settings) -> SourceText:
    """Read a PDF's canonical text, its pages and its form labels.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.
        settings: `max_pages` bounds the work.

    Raises:
        SourceError: broken, encrypted, empty or too long.
        UnsupportedFormat: scanned pages and no OCR installed.
    """
    with _opened(data, name) as document:
        if len(document) > settings.max_pages:
            raise SourceError(
                f"{name}: {len(document)} pages, more than {settings.max_pages}; "
                "set JUPILU_MAX_PAGES to read it anyway"
            )
        canonical, sheets = _canonical(document, name)
    printed = sum(place is not None for place in canonical.places)
    scanned = printed < _FEW * len(sheets) and any(sheet.pictured > _LARGE for sheet in sheets)
    if scanned or not printed:
        return _by_ocr(data, name, settings)
    pages = tuple(
        Page(sheet.number, span, sheet.width, sheet.height)
        for sheet, span in zip(sheets, canonical.page_spans(len(sheets)), strict=True)
    )
    return SourceText("pdf", canonical.text, pages, canonical.labels, bold=canonical.bold())


def boxes(data: bytes, spans: Sequence[Span]) -> list[list[Box]]:
    """Where the characters of spans are printed: for each span one box a printed line.

    Args:
        data: the file's bytes.
        spans: ranges in the canonical text that `read` gives for the same bytes.
    """
    with _opened(data, "PDF") as document:
        canonical, _ = _canonical(document, "PDF")
    return [canonical.boxes(span) for span in spans]


def page_picture(data: bytes, page: int, scale: float = 2.0) -> Image:
    """Draw one page.

    Args:
        data: the file's bytes.
        page: its number, from 1.
        scale: pixels a point.

    Raises:
        SourceError: no such page.
    """
    with _opened(data, "PDF") as document:
        if not 1 <= page <= len(document):
            raise SourceError(f"PDF: no page {page}, it has {len(document)}")
        picture: Image = document[page - 1].render(scale=scale).to_pil()
        return picture


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[pdfium.PdfDocument]:
    with _PDFIUM:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            if "password" in str(error).lower():
                raise SourceError(f"{name}: encrypted; save it without a password and try again") from error
            raise SourceError(f"{name}: not a readable PDF (truncated or damaged); fetch it again") from error
        try:
            if len(document) == 0:
                raise SourceError(f"{name}: a PDF without pages; fetch it again")
            yield document
        finally:
            document.close()


def _canonical(document: pdfium.PdfDocument, name: str) -> tuple[Canonical, list[Sheet]]:
    sheets: list[Sheet] = []
    for index in range(len(document)):
        try:
            page = document[index]
            try:
                sheets.append(read_sheet(page, index + 1))
            finally:
                page.close()
        except pdfium.PdfiumError as error:
            raise SourceError(f"{name}: page {index + 1} is damaged; fetch the file again") from error
    sheets = without_watermarks(sheets)
    kept = without_furniture([read_layout(sheet) for sheet in sheets], [sheet.height for sheet in sheets])
    return canonical_text(flow(kept)), sheets


def _by_ocr(data: bytes, name: str, settings: Settings) -> SourceText:
    try:
        ocr = import_module("ingest.readers.ocr")
        text: SourceText = ocr.read_pdf(data, name, settings)
    except ImportError as error:
        raise UnsupportedFormat(
            f"{name}: scanned pages without text; pip install 'jupilu[ocr]' to read them"
        ) from error
    return text
