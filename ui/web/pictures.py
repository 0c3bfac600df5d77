"""Quotes highlighted on the picture of their page."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.records import Box

if TYPE_CHECKING:
    from PIL.Image import Image

HIGHLIGHT = (255, 226, 84)
SIDE = 24.0
"""Points kept on the left and right of a quote."""
LEAST_HEIGHT = 0.5
"""Of its width: the panel keeps a frame of this shape for a picture before it is there (`.frame` in page.css)."""


def highlighted(picture: Image, boxes: Sequence[Box], scale: float, *, margin: float | None) -> bytes:
    """The picture as PNG with the boxes washed in yellow, as with a felt pen: the print stays black.

    Args:
        picture: of the whole page.
        boxes: in points, all on this page.
        scale: pixels a point in the picture.
        margin: points kept above and below the boxes, the sides cut to them; None keeps the whole page.
    """
    from PIL import Image as Images
    from PIL import ImageChops, ImageDraw

    page = picture.convert("RGB")
    wash = Images.new("RGB", page.size, (255, 255, 255))
    pen = ImageDraw.Draw(wash)
    for box in boxes:
        edges = (box.left - 1, box.top - 1, box.right + 1, box.bottom + 1)
        left, top, right, bottom = (edge * scale for edge in edges)
        pen.rectangle((left, top, max(left, right), max(top, bottom)), fill=HIGHLIGHT)
    page = ImageChops.multiply(page, wash)
    if margin is not None and boxes:
        top = max(0, round((min(box.top for box in boxes) - margin) * scale))
        bottom = min(page.height, round((max(box.bottom for box in boxes) + margin) * scale))
        left = max(0, round((min(box.left for box in boxes) - SIDE) * scale))
        right = min(page.width, round((max(box.right for box in boxes) + SIDE) * scale))
        if right - left < page.width * 0.6:  # a few words alone would be blown up to the panel's width
            left, right = min(left, round(page.width * 0.1)), max(right, round(page.width * 0.9))
        lacking = round((right - left) * LEAST_HEIGHT) - (bottom - top)
        if lacking > 0:
            top = max(0, min(top - lacking // 2, page.height - (bottom - top) - lacking))
            bottom = min(page.height, max(bottom, top + round((right - left) * LEAST_HEIGHT)))
        if bottom > top and right > left:
            page = page.crop((left, top, right, bottom))
    out = io.BytesIO()
    page.quantize(64, dither=Images.Dither.NONE).save(out, "PNG", optimize=False)
    return out.getvalue()
