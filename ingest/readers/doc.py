"""Old Word files (.doc): converted by LibreOffice, or read by antiword, where one of them is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

from ingest.errors import NotARecord, SourceError, UnsupportedFormat
from ingest.records import SourceText

_SECONDS = 60
_WORKBOOK = "Workbook".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, name: str) -> SourceText:
    """Read an OLE2 Word file through another program, which gets a copy under a neutral name.

    Raises:
        UnsupportedFormat: no such program, or the OLE2 file is no Word document.
        SourceError: the program could not read the file within a minute.
    """
    if _WORD not in data:
        if _ENCRYPTED in data:
            raise SourceError(f"{name}: encrypted; save it without a password and try again")
        what = "an Excel workbook: save the sheet as csv" if _WORKBOOK in data else "no Word document"
        raise UnsupportedFormat(f"{name}: {what}")
    with tempfile.TemporaryDirectory(prefix="jupilu-doc-") as folder:
        copy = Path(folder) / "document.doc"
        copy.write_bytes(data)
        office = shutil.which("soffice") or shutil.which("libreoffice")
        if office:
            return _by_libreoffice(office, copy, name)
        antiword = shutil.which("antiword")
        if antiword:
            return _by_antiword(antiword, copy, name)
    raise UnsupportedFormat(
        f"{name}: an old Word file; install LibreOffice (soffice) or antiword, or save it as docx"
    )


def _by_libreoffice(office: str, copy: Path, name: str) -> SourceText:
    folder = copy.parent
    _run(
        [
            office,
            # A profile of its own: another LibreOffice may be open.
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "docx",
            "--outdir",
            str(folder),
            str(copy),
        ],
        name,
    )
    converted = folder / "document.docx"
    if not converted.is_file():
        raise SourceError(f"{name}: LibreOffice could not convert it; save it as docx")
    from ingest.readers.docx import read

    return replace(read(converted.read_bytes(), name), format="doc")


def _by_antiword(antiword: str, copy: Path, name: str) -> SourceText:
    # -w 0: one line a paragraph; tables come as lines of |, which become tabs.
    output = _run([antiword, "-m", "UTF-8.txt", "-w", "0", str(copy)], name)
    from ingest.readers.text import read_text

    lines = [
        "\t".join(cell.strip() for cell in line.strip("|").split("|") if cell.strip())
        if line.startswith("|")
        else line
        for line in output.decode("utf-8", errors="replace").split("\n")
    ]
    source = read_text("\n".join(lines))
    if not source.text.strip():
        raise NotARecord(f"{name}: the Word document holds no text")
    return replace(source, format="doc")


def _run(command: list[str], name: str) -> bytes:
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{name}: not converted within {_SECONDS} s; save it as docx") from error
    except OSError as error:
        raise SourceError(
            f"{name}: {Path(command[0]).name} does not run ({error}); save it as docx"
        ) from error
    if done.returncode != 0:
        raise SourceError(f"{name}: {Path(command[0]).name} could not read it; save it as docx")
    return done.stdout
