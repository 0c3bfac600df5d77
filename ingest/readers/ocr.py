"""Scanned PDFs: pages are drawn and their lines recognised by RapidOCR, an optional extra."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.errors import NotARecord, SourceError, UnsupportedFormat
from ingest.readers.allowance import ask_for
from ingest.readers.text import label_lines
from ingest.records import Page, SourceText, Span
from ingest.settings import Settings

_SCALE = 2.0  # 144 dpi: body text is then some 20 pixels high, which the recogniser likes
_LARGEST_SIDE = 4000  # pixels; a page in poster format would take gigabytes
_LEAST_SCORE = 0.5
_MAX_PAGES = 60  # a page takes a second or two, on each of several threads
_SECONDS_PER_PAGE = 10.0
_MEGABYTES = 2048


@dataclass(frozen=True, slots=True)
class _Line:
    left: float
    right: float
    top: float
    bottom: float
    text: str


def read_pdf(data: bytes, name: str, settings: Settings) -> SourceText:
    """Read a PDF whose pages are pictures, line by line, columns side by side from left to right.

    Raises:
        UnsupportedFormat: RapidOCR is not installed; the line says how to get it.
        SourceError: the PDF is damaged or has too many pages to recognise.
        NotARecord: nothing on the pages reads as text.
    """
    try:
        # an optional extra, and without types
        from rapidocr_onnxruntime import RapidOCR  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError as error:
        raise UnsupportedFormat(
            f"{name}: scanned pages without text; pip install 'jupilu[ocr]' to read them"
        ) from error
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise SourceError(f"{name}: not a readable PDF (truncated or damaged); fetch it again") from error
    parts: list[str] = []
    pages: list[Page] = []
    length = 0
    try:
        if len(document) > min(_MAX_PAGES, settings.max_pages):
            raise SourceError(
                f"{name}: {len(document)} scanned pages, more than {_MAX_PAGES}; split the file"
            )
        ask_for(_SECONDS_PER_PAGE * len(document), _MEGABYTES)
        engine = RapidOCR()
        for number in range(1, len(document) + 1):
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(_SCALE, _LARGEST_SIDE / max(width, height, 1))
            found, _ = engine(page.render(scale=scale).to_numpy())
            words = "\n".join(_rows(_lines(found or [])))
            start = length + (1 if parts and words else 0)
            if words:
                parts.append(f"\n{words}" if parts else words)
                length = start + len(words)
            pages.append(Page(number, Span(start if words else length, length), width, height))
    finally:
        document.close()
    text = "".join(parts)
    if not text.strip():
        raise NotARecord(f"{name}: nothing on its pages reads as text")
    doubt = "read from pictures by OCR: single characters may be wrong"
    return SourceText("pdf", text, tuple(pages), label_lines(text), warnings=(doubt,))


def _lines(found: Iterable[Any]) -> list[_Line]:
    lines: list[_Line] = []
    for corners, words, score in found:
        if float(score) < _LEAST_SCORE or not str(words).strip():
            continue
        across = [float(corner[0]) for corner in corners]
        down = [float(corner[1]) for corner in corners]
        lines.append(_Line(min(across), max(across), min(down), max(down), str(words).strip()))
    return lines


def _rows(lines: Sequence[_Line]) -> list[str]:
    """Lines of text in reading order: what stands at the same height goes from left to right."""
    rows: list[list[_Line]] = []
    for line in sorted(lines, key=lambda each: (each.top + each.bottom) / 2):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top <= middle <= rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [" ".join(line.text for line in sorted(row, key=lambda each: each.left)) for row in rows]
