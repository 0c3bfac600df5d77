"""What a file is, by its bytes: names lie (a docx called .pdf is a docx)."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from typing import Literal

from ingest.errors import NotARecord, SourceError, UnsupportedFormat
from ingest.records import SourceFormat

MAX_ARCHIVE_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 256 * 2**20
_MAX_RATIO = 200
_RATIO_COUNTS_FROM = 16 * 2**20

_PDF_WITHIN = 1024  # readers accept leading junk of this size, and so do we
_PICTURES = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"BM": "a BMP picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "an RTF document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3": "a database",
}
_OTHER_PARTS = {
    "ppt/presentation.xml": "a PowerPoint presentation: export it as pdf",
    "content.xml": "an OpenDocument file: save it as docx or pdf",
    "META-INF/container.xml": "an e-book: export it as pdf",
}
_HTML_ELEMENT = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|table|div|p|title|section|article)\b", re.IGNORECASE
)
_PASSED_OVER = {"<?xml": ">", "<!--": "-->"}


def sniff(data: bytes, name: str) -> tuple[SourceFormat, str]:
    """The format of `data`, and its text where the format is text (else "").

    A csv, JSON or Markdown is told from plain text by its reader, on the decoded text.

    Raises:
        NotARecord: the file is empty.
        UnsupportedFormat: a picture, an archive or noise; the line says what it is.
        SourceError: an archive that would unpack to an unreasonable size.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise NotARecord(f"{name}: the file is empty; download it again")
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf", ""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _inside_archive(data, name), ""
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "doc", ""
    for magic, what in _PICTURES.items():
        # Two letters alone open ordinary texts too ("BM…", "MZ…"): only noise behind them settles it.
        if data.startswith(magic) and (len(magic) > 2 or b"\x00" in data[:512]):
            raise UnsupportedFormat(
                f"{name}: {what}; a record is pdf, docx, doc, xlsx, html, md, txt, csv or json"
            )
    text = decode(data, name)
    return _kind_of_text(text, name), text


def _kind_of_text(text: str, name: str) -> SourceFormat:
    if _opens_as_html(text[:8192]):
        return "html"
    from ingest.readers.bars import is_markdown
    from ingest.readers.csv import looks_tabular
    from ingest.readers.json import is_json

    if is_json(text):
        return "json"
    if is_markdown(text, name):
        return "md"
    return "csv" if looks_tabular(text, name) else "txt"


def _opens_as_html(text: str) -> bool:
    """Whether an element of a page comes first, declarations and comments passed over one by one."""
    at = len(text) - len(text.lstrip("\ufeff \t\r\n\x0b\x0c"))
    while True:
        opening = next((sign for sign in _PASSED_OVER if text.startswith(sign, at)), None)
        if opening is None:
            return _HTML_ELEMENT.match(text, at) is not None
        end = text.find(_PASSED_OVER[opening], at)
        if end < 0:
            return False
        at = end + len(_PASSED_OVER[opening])
        at += len(text[at:]) - len(text[at:].lstrip())


def _inside_archive(data: bytes, name: str) -> SourceFormat:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise SourceError(f"{name}: the file is damaged or cut off; download it again") from error
    names = {entry.filename for entry in entries}
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ARCHIVE_ENTRIES or unpacked > MAX_UNPACKED_BYTES:
        raise SourceError(
            f"{name}: refused, it would unpack to {unpacked // 2**20} MB in {len(entries)} parts"
        )
    if unpacked > _RATIO_COUNTS_FROM and unpacked > _MAX_RATIO * len(data):
        raise SourceError(
            f"{name}: refused, it would unpack to {unpacked // max(1, len(data))} times its size"
        )
    if "word/document.xml" in names:
        return "docx"
    if "xl/workbook.xml" in names:
        return "xlsx"
    for part, what in _OTHER_PARTS.items():
        if part in names:
            raise UnsupportedFormat(f"{name}: {what}")
    if "[Content_Types].xml" in names:
        raise UnsupportedFormat(f"{name}: an Office file without a Word document in it")
    raise UnsupportedFormat(f"{name}: a zip archive; unpack it and ingest the files in it")


_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]{3,20})", re.IGNORECASE)
_GB_FAMILY = {"gb2312", "gbk", "gb18030", "x-gbk", "gb_2312-80", "hz-gb-2312"}


def decode(data: bytes, name: str) -> str:
    """Text from bytes: byte-order mark, charset named in html, UTF-8, UTF-16 without mark, GB18030, Big5.

    Raises UnsupportedFormat where the bytes are no text in any of these.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _plausible(data.decode(encoding, errors="replace"), name)
    tries: list[str] = ["utf-8"]
    named = _META_CHARSET.search(data[:4096])
    if named:
        charset = named[1].decode("ascii").lower()
        charset = "gb18030" if charset in _GB_FAMILY else charset
        # UTF-8 that is valid is UTF-8, whatever the page claims.
        tries.append(charset)
    wide = _wide_encoding(data)
    if wide:
        tries.insert(0, wide)
    tries += ["gb18030", "big5"]
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        if _is_text(text) and (encoding not in ("gb18030", "big5") or _reads_like_language(text)):
            return text
    # A file cut off in the middle of a character, or with a few broken bytes, is still its text.
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, errors="replace")
        if text.count("\ufffd") <= max(1, len(text) // 200) and _is_text(text) and _reads_like_language(text):
            return text
    raise UnsupportedFormat(
        f"{name}: no text and no known format; a record is pdf, docx, doc, xlsx, html, md, txt, csv or json"
    )


def _wide_encoding(data: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """UTF-16 without a mark: digits, signs and line ends leave zero bytes in every other place."""
    sample = data[:4096]
    if len(sample) < 8 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 40 and odd > 8 * even:
        return "utf-16-le"
    if even > len(sample) // 40 and even > 8 * odd:
        return "utf-16-be"
    return None


def _is_text(text: str) -> bool:
    sample = text[:20_000]
    strange = sum(
        1
        for c in sample
        if (c < " " and c not in "\t\n\r\x0b\x0c\x1a") or c == "\x7f" or "\x80" <= c <= "\x9f"
    )
    # GB18030 reads almost any bytes: noise then shows as private-use and rare characters.
    rare = sum(
        1 for c in sample if "\ue000" <= c <= "\uf8ff" or c >= "\U00010000" or "\u0250" <= c <= "\u036f"
    )
    return strange * 100 <= len(sample) and rare * 20 <= len(sample)


def _reads_like_language(text: str) -> bool:
    """Chinese or ASCII text has common characters; noise decoded as GB18030 has hardly any."""
    sample = text[:20_000]
    if len(sample) < 40:
        return True
    common = sum(1 for c in sample if c < "\x7f" or c in _COMMON)
    return common * 20 >= len(sample)


_COMMON = frozenset(
    "的是在和有公司年了、，。：；？！（）“”一不为产业务品投资者问答请谢您好我们将目前市场情况等中国上下月日个"
)


def _plausible(text: str, name: str) -> str:
    if not _is_text(text):
        raise UnsupportedFormat(
            f"{name}: no text and no known format; a record is pdf, docx, doc, xlsx, html, md, txt, csv or json"
        )
    return text
