"""The API as an ASGI application: its endpoints, what stands before them, and what becomes of errors."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response

from ingest.errors import JupiluError
from rag.asking.edges import without_surrogates
from ui.serving import asking, completions, looking
from ui.serving.guard import Guard
from ui.serving.refusals import Gone, Refused, refusal
from ui.serving.settings import ServeSettings
from ui.serving.work import Desk
from ui.web.service import Service

CODES = {404: "not_found", 405: "method_not_allowed", 408: "request_timeout", 413: "too_large"}
SHOWN = 5
"""Mistakes of one request that are told."""


def build(service: Service, settings: ServeSettings, *, host: str) -> FastAPI:
    """The application.

    Args:
        service: the opened library; closed when the application ends.
        settings: keys and limits.
        host: where it listens: without keys it answers to no other name, so that no page elsewhere can point its
            own name at this machine and read the library.
    """

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=service.load, daemon=True, name="warming").start()
        yield
        service.close()

    middleware = [Middleware(Guard, settings=settings)]
    if settings.origins():
        cors = Middleware(
            CORSMiddleware,
            allow_origins=settings.origins(),
            allow_methods=["GET", "POST"],
            allow_headers=["Authorization", "Content-Type"],
        )
        middleware.insert(0, cors)
    if not settings.secrets():
        names = ["127.0.0.1", "localhost", "[::1]", host]
        middleware.insert(0, Middleware(TrustedHostMiddleware, allowed_hosts=names, www_redirect=False))
    app = FastAPI(
        title="据披露 · Jupilu",
        description="What listed companies have officially said, every sentence cited. See docs/serving.md.",
        version=looking.program_version(),
        # Its pages load scripts from other hosts.
        docs_url=None,
        redoc_url=None,
        middleware=middleware,
        lifespan=living,
    )
    desk = Desk.of(service, settings)
    for routes in (asking.router(desk), looking.router(desk), looking.views(desk), completions.router(desk)):
        app.include_router(routes)
    _tell_errors(app)
    return app


def _tell_errors(app: FastAPI) -> None:
    """Every error in the one shape."""

    @app.exception_handler(RequestValidationError)
    async def wrong(_: Request, error: RequestValidationError) -> Response:
        found = error.errors()
        lines = [
            f"{'.'.join(map(str, one['loc'][1:])) or one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}"
            for one in found[:SHOWN]
        ]
        message = without_surrogates("; ".join(lines))[:1000]
        param = next((str(one["loc"][1]) for one in found if len(one["loc"]) > 1), None)
        code = "invalid_json" if any(one["type"] == "json_invalid" for one in found) else "invalid_value"
        param = None if code == "invalid_json" else param
        return Refused(400, code, message, param=param and without_surrogates(param)[:80]).response()

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> Response:
        message = str(error.detail)
        if error.status_code in (404, 405):
            message = f"{message}: GET /openapi.json lists what there is"
        code = CODES.get(error.status_code, "invalid_request")
        return Refused(error.status_code, code, message, headers=error.headers).response()

    @app.exception_handler(Gone)
    async def gone(_: Request, __: Gone) -> Response:
        return Response(status_code=499)  # nobody reads it

    @app.exception_handler(Refused)
    async def known(_: Request, error: Refused) -> Response:
        return error.response()

    @app.exception_handler(JupiluError)
    @app.exception_handler(Exception)
    async def failed(_: Request, error: Exception) -> Response:
        return refusal(error).response()
