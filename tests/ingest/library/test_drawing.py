"""Pictures of pages that are as large as a house, or draw themselves: bounded, whatever the page."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from ingest.errors import SourceError
from ingest.library.drawing import MOST_PIXELS, page_png
from ingest.settings import Settings


def pdf(media_box: bytes, contents: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[" + media_box + b"]" + resources + b"/Contents 4 0 R>>",
        b"<</Length %d>>stream\n" % len(contents) + contents + b"\nendstream",
        *more,
    ]
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, each) for number, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R/Size 9>>\n%%EOF\n"


def test_a_page_as_large_as_a_house_is_drawn_small() -> None:
    png, scale = page_png(pdf(b"0 0 14400 14400", b"0 0 100 100 re f"), 1, 1.6, Settings())
    width, height = Image.open(io.BytesIO(png)).size
    assert width * height <= MOST_PIXELS * 1.01 and abs(width / 14400 - scale) < 0.01


def test_an_ordinary_page_has_the_scale_that_was_asked_for() -> None:
    png, scale = page_png(pdf(b"0 0 595 842", b"0 0 100 100 re f"), 1, 1.6, Settings())
    assert scale == 1.6
    assert struct.unpack(">II", png[16:24]) == (952, 1348)


def test_a_page_that_draws_itself_is_given_up() -> None:
    drawn = b"/Resources<</XObject<</F 5 0 R>>>>"
    form = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 600 800]"
        + drawn
        + b"/Length 11>>stream\n/F Do /F Do\nendstream"
    )
    settings = Settings(max_seconds=1.5, max_megabytes=256)
    with pytest.raises(SourceError, match="cannot be drawn within"):
        page_png(pdf(b"0 0 600 800", b"/F Do /F Do", drawn, form), 1, 1.6, settings)


def test_no_such_page_and_no_pdf() -> None:
    with pytest.raises(SourceError, match="no page 2"):
        page_png(pdf(b"0 0 100 100", b""), 2, 1.0, Settings())
    with pytest.raises(SourceError, match="cannot be drawn"):
        page_png(b"nothing", 1, 1.0, Settings())
