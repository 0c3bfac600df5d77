"""Pictures of pages, drawn in a process of its own within bounds: a page may be as large as a house, or draw itself."""

from __future__ import annotations

import io
import math
import pickle
import subprocess
import sys
from contextlib import suppress
from typing import Final

from ingest.errors import SourceError
from ingest.pipeline.reading_pool import receive, send, worker_environment
from ingest.pipeline.watching import Watch
from ingest.settings import Settings

MOST_PIXELS: Final = 8_000_000
"""Of one picture: an A4 page at 290 pixels an inch; a larger page is drawn smaller."""


def page_png(data: bytes, page: int, scale: float, settings: Settings) -> tuple[bytes, float]:
    """One page of a PDF as PNG, and the pixels a point that it was drawn with (fewer than wanted for a large page).

    Args:
        data: the file's bytes.
        page: its number, from 1.
        scale: pixels a point.
        settings: `max_seconds` and `max_megabytes` bound the work.

    Raises:
        SourceError: no such page, or it can't be drawn within bounds.
    """
    worker = subprocess.Popen(
        [sys.executable, "-m", "ingest.library.drawing"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=worker_environment(),
    )
    if worker.stdin is None or worker.stdout is None:
        raise AssertionError("a worker has pipes")
    try:
        with Watch(worker, settings.max_seconds, settings.max_megabytes) as watch:
            try:
                send(worker.stdin, (data, page, scale))
                png, drawn_at, reason = receive(worker.stdout)
            except (OSError, EOFError, pickle.UnpicklingError):
                limit = (
                    f"{settings.max_megabytes} MB"
                    if watch.excess == "memory"
                    else f"{settings.max_seconds:.0f} s and {settings.max_megabytes} MB"
                )
                raise SourceError(
                    f"PDF: page {page} cannot be drawn within {limit}; open the original"
                ) from None
    finally:
        worker.kill()
        worker.wait()
        for stream in (worker.stdin, worker.stdout):
            with suppress(OSError):
                stream.close()
    if reason is not None:
        raise SourceError(reason)
    return png, drawn_at


def fitting(width: float, height: float, scale: float) -> float:
    """The scale at which a page of so many points has at most `MOST_PIXELS`."""
    return min(scale, math.sqrt(MOST_PIXELS / max(1.0, width * height)))


def _size(data: bytes, page: int) -> tuple[float, float]:
    """Width and height in points; of a page that is not there, nothing."""
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(data)
    try:
        if not 1 <= page <= len(document):
            raise SourceError(f"PDF: no page {page}, it has {len(document)}")
        width, height = document[page - 1].get_size()
        return width, height
    finally:
        document.close()


def main() -> None:
    """Draw the one page that is asked for."""
    from ingest.readers.pdf import page_picture

    data, page, scale = receive(sys.stdin.buffer)
    answer: tuple[bytes, float, str | None]
    try:
        drawn_at = fitting(*_size(data, page), scale)
        picture = page_picture(data, page, drawn_at)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "PNG", compress_level=1)
        answer = (out.getvalue(), drawn_at, None)
    except SourceError as error:
        answer = (b"", 0.0, str(error))
    except Exception as error:  # noqa: BLE001  # whatever a page does costs its picture alone
        answer = (b"", 0.0, f"PDF: page {page} cannot be drawn ({type(error).__name__}); open the original")
    send(sys.stdout.buffer, answer)


if __name__ == "__main__":
    main()
