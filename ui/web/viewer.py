"""What the page viewer asks for: a record's text and pages, where words stand in it, where characters are printed.

The viewer itself is `ui/web/static/viewer.js`; the page pictures are those of `ui/web/routes.py`.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ingest.records import Record
from rag.views.words import words_of
from ui.web.panels.markup import visible
from ui.web.routes import found_or_404, let_in, spans_asked
from ui.web.service import Service

MOST_HITS: Final = 500
"""Places of sought words that are told one by one; all are counted."""
MOST_SOUGHT: Final = 100
"""Characters that one search may have."""


def viewer_routes(service: Service) -> list[Route]:
    """The viewer's addresses; all of them ask for the login where there is one."""

    async def view(request: Request) -> Response:
        let_in(request)
        record = await found_or_404(request, service.record, request.path_params["record"])
        return JSONResponse(viewed(record), headers={"Cache-Control": "private, max-age=60"})

    async def words(request: Request) -> Response:
        let_in(request)
        sought = request.query_params.get("words", "").strip()
        if len(sought) > MOST_SOUGHT:
            raise HTTPException(400, f"words: at most {MOST_SOUGHT} characters")
        record = await found_or_404(request, service.record, request.path_params["record"])
        return JSONResponse(hits(record, sought))

    async def boxes(request: Request) -> Response:
        let_in(request)
        spans = spans_asked(request.query_params.get("spans", ""))
        found = await found_or_404(request, service.boxes, request.path_params["record"], spans)
        told = [[[b.page, b.left, b.top, b.right, b.bottom] for b in group] for group in found]
        return JSONResponse(told, headers={"Cache-Control": "private, max-age=3600"})

    return [
        Route("/jupilu/records/{record}/view", view),
        Route("/jupilu/records/{record}/words", words),
        Route("/jupilu/records/{record}/boxes", boxes),
    ]


def viewed(record: Record) -> dict[str, Any]:
    """A record as the viewer shows it: its text as it stands, its pages with their size in points."""
    return {
        "id": record.id,
        "file": visible(record.source_file),
        "format": record.format,
        "text": record.text,
        "pages": [
            {
                "number": p.number,
                "start": p.span.start,
                "end": p.span.end,
                "width": p.width,
                "height": p.height,
            }
            for p in record.pages
        ],
    }


def hits(record: Record, sought: str) -> dict[str, Any]:
    """Where words stand in a record's text, whatever their width, case or line ends; overlapping ones count once.

    Args:
        record: looked through whole, its form too.
        sought: as typed; spaces part words, quotation marks hold a phrase together.

    Returns:
        `count`, and the first `MOST_HITS` as [start, end] in their order.
    """
    try:
        words = words_of(sought)
    except ValueError:
        return {"count": 0, "hits": []}
    found: list[list[int]] = []
    for start, end in sorted((p.start, p.end) for word in words for p in word.places(record.text)):
        if not found or start >= found[-1][1]:
            found.append([start, end])
    return {"count": len(found), "hits": found[:MOST_HITS]}
