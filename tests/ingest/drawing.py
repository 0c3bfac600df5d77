"""Drawings of PDF pages, stroke by stroke, in a font that no file needs to carry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

SIZE = 12.0
LEFT, MIDDLE, RIGHT = 60.0, 160.0, 540.0
WIDE = int((RIGHT - MIDDLE - 10) // SIZE)
"""How many full-width characters a full line of the content column holds."""


@dataclass
class Drawing:
    """One page under the pen; y counts from the top."""

    width: float = 595.0
    height: float = 842.0
    rotate: int = 0
    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, *, size: float = SIZE, style: str = "") -> None:
        """Print text; `style` is PDF operators (`2 Tr` prints bold, `1 1 1 rg` white)."""
        code = text.encode("utf-16-be").hex()
        self.parts.append(f"q {style} BT /F1 {size} Tf {x} {self.height - y} Td <{code}> Tj ET Q")

    def line(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a border as word processors do: a thin filled box."""
        left, right, top, bottom = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
        self.parts.append(
            f"{left} {self.height - bottom} {max(right - left, 0.5)} {max(bottom - top, 0.5)} re f"
        )

    def row(self, top: float, bottom: float, edges: Iterable[float] = (LEFT, MIDDLE, RIGHT)) -> None:
        """Draw a table row's borders."""
        edges = list(edges)
        for y in (top, bottom):
            self.line(edges[0], y, edges[-1], y)
        for x in edges:
            self.line(x, top, x, bottom)


def write_pdf(*pages: Drawing) -> bytes:
    """A PDF of these pages, in a font of Adobe's that no file needs to carry."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 [500] 2 94 500 814 939 500] "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
    ]
    for number, page in enumerate(pages):
        stream = "\n".join(page.parts)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {page.width} {page.height}] /Rotate {page.rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {6 + 2 * number} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    body = "%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    trailer = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF"
    return f"{body}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode("latin-1")
