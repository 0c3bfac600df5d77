"""Source files to canonical text: one module a format, chosen by content and imported late.

from ingest.readers import read
source = read(path.read_bytes(), path.name, Settings())
"""

from __future__ import annotations

from ingest.errors import SourceError
from ingest.readers.sniffing import sniff
from ingest.records import SourceText
from ingest.settings import Settings


def read(data: bytes, name: str, settings: Settings) -> SourceText:
    """Read the canonical text of a source file, whatever its name says it is.

    Args:
        data: the file's bytes.
        name: the file's name, for messages.
        settings: `max_file_bytes` and `max_pages` bound the work.

    Raises:
        SourceError: too large, damaged, encrypted (UnsupportedFormat, NotARecord: what they say).
    """
    if len(data) > settings.max_file_bytes:
        raise SourceError(
            f"{name}: {len(data) // 2**20} MB, more than {settings.max_file_bytes // 2**20} MB; "
            "set JUPILU_MAX_FILE_BYTES to read it anyway"
        )
    source_format, text = sniff(data, name)
    # Readers are imported where they are needed: python-docx, pypdfium2 and lxml cost time at start.
    if source_format == "pdf":
        from ingest.readers.pdf import read as read_pdf

        return read_pdf(data, name, settings)
    if source_format == "docx":
        from ingest.readers.docx import read as read_docx

        return read_docx(data, name)
    if source_format == "doc":
        from ingest.readers.doc import read as read_doc

        return read_doc(data, name)
    if source_format == "html":
        from ingest.readers.html import read_text as read_html

        return read_html(text, name)
    if source_format == "csv":
        from ingest.readers.csv import read_text as read_csv

        return read_csv(text, name)
    if source_format == "json":
        from ingest.readers.json import read_text as read_json

        return read_json(text, name)
    if source_format == "md":
        from ingest.readers.bars import read_markdown

        return read_markdown(text)
    if source_format == "xlsx":
        from ingest.readers.xlsx import read as read_xlsx

        return read_xlsx(data, name)
    from ingest.readers.text import read_text as read_plain

    return read_plain(text)
