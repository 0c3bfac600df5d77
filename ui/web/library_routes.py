"""The library tab's own addresses under /jupilu/library/: pieces of it as HTML, removal, and what has been seen."""

from __future__ import annotations

import json
import time
from typing import Any

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from ui.web.panels.company import companies, company_page
from ui.web.panels.coverage import coverage
from ui.web.panels.listing import Standing, listing
from ui.web.removals import Removals
from ui.web.routes import language_asked, let_in, logged_in, user_of
from ui.web.service import Service
from ui.web.settings import WebSettings
from ui.web.shelf import Query, Shelves
from ui.web.visits import FILE_NAME, Visits
from ui.web.wording import Language, say

MOST_BYTES = 2000
"""Of what a removal sends: an id and a word."""


class LibraryDesk:
    """What the addresses answer, apart from how they are asked."""

    def __init__(self, service: Service, web: WebSettings, *, may_change: bool) -> None:
        self.shelves = Shelves(service)
        self.removals = Removals(service.remove, web.undo_seconds)
        self._visits = Visits(service.settings.library / FILE_NAME)
        self._may_change = may_change

    def piece(self, language: Language, user: str | None, view: str, given: dict[str, str]) -> Markup | None:
        """One piece of the tab; None where there is no such piece."""
        shelf = self.shelves.now()
        ids = [one.id for one in shelf.records]
        new = self._visits.new_to(user, ids, time.time()) if user and ids else frozenset[str]()
        standing = Standing(new, self.removals.waiting(), self.removals.failed(), self._may_change)
        query = Query.of(given)
        if view == "records":
            return listing(language, shelf, shelf.find(query, new), query, standing)
        if view == "coverage":
            return coverage(language, shelf, given.get("span", ""), every_row=bool(given.get("every")))
        if view == "companies":
            return companies(language, shelf, new)
        holding = shelf.holdings.get(query.company)
        if view != "company" or holding is None:
            return None
        records = listing(language, shelf, shelf.find(query, new), query, standing)
        return company_page(language, holding, self.shelves.topics(holding.code, language), records)

    def remove(self, record_id: str, *, undo: bool) -> bool:
        """Remove the file of a record, or keep it after all; False where there is none, or it is too late."""
        records = self.shelves.now().records
        source = next((one.sha256 for one in records if one.id == record_id), None)
        if not self._may_change or source is None:
            return False
        if undo:
            return self.removals.undo(source)
        self.removals.ask(source, [one.id for one in records if one.sha256 == source])
        return True

    def all_seen(self, user: str | None) -> None:
        """Nothing that is here is new to the visitor any more."""
        if user:
            self._visits.all_seen(user, time.time())


def library_routes(desk: LibraryDesk) -> list[Route]:
    """The addresses; all of them ask for the login where there is one, and none changes what may not be."""

    async def piece(request: Request) -> Response:
        let_in(request)
        language, given = language_asked(request), dict(request.query_params)
        view = request.path_params["view"]
        found = await run_in_threadpool(desk.piece, language, _visitor(request), view, given)
        if found is None:
            raise HTTPException(404, say(language, "list_failed"))
        return HTMLResponse(str(found), headers={"Cache-Control": "no-store"})

    async def removal(request: Request) -> Response:
        let_in(request)
        given = await _sent(request)
        undo = bool(given.get("undo"))
        done = await run_in_threadpool(desk.remove, str(given.get("record", "")), undo=undo)
        return JSONResponse({"done": done}, 200 if done else 409)

    async def seen(request: Request) -> Response:
        let_in(request)
        await run_in_threadpool(desk.all_seen, _visitor(request))
        return JSONResponse({"done": True})

    return [
        Route("/jupilu/library/removal", removal, methods=["POST"]),
        Route("/jupilu/library/seen", seen, methods=["POST"]),
        Route("/jupilu/library/{view}", piece),
    ]


def _visitor(request: Request) -> str | None:
    """Under which name a visit is noted; None for a browser without cookies, which is new every time."""
    user = user_of(request.cookies, logged_in(request), None)
    return None if user.startswith("session:") else user


async def _sent(request: Request) -> dict[str, Any]:
    """The JSON that a request carries. Raises HTTPException."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "too long")
    try:
        given = json.loads(body)
    except ValueError as error:
        raise HTTPException(400, "no JSON") from error
    if not isinstance(given, dict):
        raise HTTPException(400, "no JSON object")
    return given
