"""Addresses that give an answer or a conversation as a file: Markdown, Word; a view's table also csv and xlsx.

Each looks a conversation up as its own visitor's: another's looks as if it did not exist.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote as url_quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ingest.errors import JupiluError, LibraryMissing
from rag.conversations import Turn
from ui.web.plain_words import plain_error
from ui.web.routes import language_asked, let_in, logged_in, user_of
from ui.web.service import Service
from ui.web.wording import Language, say

TYPES = {
    "md": "text/markdown; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNFIT = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')

Made = Callable[[Language, str, Sequence[Turn], str], bytes]


def export_routes(service: Service) -> list[Route]:
    """The addresses."""

    async def give(request: Request, made: Made) -> Response:
        let_in(request)
        language = language_asked(request)
        ending = str(request.path_params["ending"])
        number = request.path_params.get("number")
        try:
            title, turns = await run_in_threadpool(_kept, service, request, number)
            data = await run_in_threadpool(made, language, title, turns, ending)
        except (JupiluError, KeyError) as error:
            raise HTTPException(404, plain_error(language, error)) from error
        name = f"{_UNFIT.sub(' ', title).strip()[:60] or say(language, 'title')}.{ending}"
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{url_quote(name, safe='')}",
            "Cache-Control": "no-store",
        }
        return Response(data, media_type=TYPES[ending], headers=headers)

    async def document(request: Request) -> Response:
        return await give(request, _document)

    async def table(request: Request) -> Response:
        return await give(request, _table)

    base = "/jupilu/conversations/{conversation}"
    return [
        Route(base + "/all.{ending}", document),
        Route(base + "/{number:int}.{ending}", document),
        Route(base + "/{number:int}/table.{ending}", table),
    ]


def _kept(service: Service, request: Request, number: int | None) -> tuple[str, Sequence[Turn]]:
    """The title and the turns that are wanted, of the visitor's own conversation.

    Raises:
        JupiluError: there is no such conversation.
        KeyError: it has no such turn.
    """
    if not service.is_ready():
        raise LibraryMissing("there is no library")
    user = user_of(request.cookies, logged_in(request), None)
    store, identity = service.conversations(), str(request.path_params["conversation"])
    title = store.get(user, identity).title
    turns = [one for one in store.turns(user, identity) if number is None or one.number == number]
    if number is not None and not turns:
        raise KeyError(number)
    return (title if number is None else turns[0].question), turns


def _document(language: Language, title: str, turns: Sequence[Turn], ending: str) -> bytes:
    from ui.web.documents import as_docx, as_markdown_document

    if ending == "md":
        return as_markdown_document(language, title, turns).encode("utf-8")
    if ending == "docx":
        return as_docx(language, title, turns)
    raise KeyError(ending)


def _table(language: Language, title: str, turns: Sequence[Turn], ending: str) -> bytes:
    from ui.commands.exporting import as_csv, as_markdown, as_xlsx
    from ui.web.tables import header, rows

    answer = turns[0].answer
    head, body = header(language, answer), rows(language, answer)  # KeyError where it is no view
    if ending == "csv":
        return as_csv(head, body)
    if ending == "xlsx":
        return as_xlsx(head, body)
    if ending == "md":
        return as_markdown(head, body).encode("utf-8")
    raise KeyError(ending)
