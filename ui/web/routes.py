"""The page's own addresses under /jupilu/: originals, page pictures, whole records; and who is asking.

Every address names a record by its id, looked up in the catalogue; none takes a path.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote as url_quote
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ingest.errors import JupiluError
from ingest.records import Span
from ui.web.panels.record import record_page
from ui.web.plain_words import plain_error
from ui.web.service import Service
from ui.web.wording import Language, language_of, say

COOKIE = "jupilu_browser"
_COOKIE_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")
_SPANS = re.compile(r"\d{1,9}-\d{1,9}(?:,\d{1,9}-\d{1,9})*")
MOST_SPANS = 60
# The page may load nothing from elsewhere; Gradio needs inline code and eval, records get neither.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:;"
    " object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
}


def routes(service: Service) -> list[Route]:
    """The addresses that show what is in the library; all of them ask for the login where there is one."""

    async def picture(request: Request) -> Response:
        let_in(request)
        spans = spans_asked(request.query_params.get("spans", ""))
        page = int(request.path_params["page"])
        around = bool(request.query_params.get("around"))
        record = request.path_params["record"]
        sharp = bool(request.query_params.get("sharp"))
        data = await found_or_404(
            request, service.page_picture, record, page, spans, around=around, sharp=sharp
        )
        return Response(data, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})

    async def original(request: Request) -> Response:
        let_in(request)
        record, data = await found_or_404(request, service.original, request.path_params["record"])
        # Always a download, never shown: an original may be hostile HTML.
        name = url_quote(record.source_file, safe="")
        return Response(
            data,
            media_type=MEDIA_TYPES.get(record.format, "application/octet-stream"),
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )

    async def whole_record(request: Request) -> Response:
        let_in(request)
        record = await found_or_404(request, service.record, request.path_params["record"])
        language = language_asked(request)
        return HTMLResponse(str(record_page(language, record)))

    return [
        Route("/jupilu/records/{record}", whole_record),
        Route("/jupilu/records/{record}/original", original),
        Route("/jupilu/records/{record}/pages/{page:int}.png", picture),
    ]


async def found_or_404(request: Request, work: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What `work` gives; what it cannot find is told as a visitor reads it."""
    try:
        return await run_in_threadpool(work, *values, **named)
    except JupiluError as error:
        raise HTTPException(404, plain_error(language_asked(request), error)) from error


def language_asked(request: Request) -> Language:
    """The page's language where the address says it, else the browser's."""
    return language_of(request.query_params.get("language") or request.headers.get("accept-language"))


def spans_asked(text: str) -> tuple[Span, ...]:
    """The spans of an address, START-END,START-END. Raises HTTPException."""
    if not text:
        return ()
    if not _SPANS.fullmatch(text) or text.count(",") >= MOST_SPANS:
        raise HTTPException(400, "spans are START-END,START-END")
    pairs = [part.split("-") for part in text.split(",")]
    return tuple(Span(int(start), int(end)) for start, end in pairs if int(start) < int(end))


def logged_in(request: Request) -> str | None:
    """The name that this browser is logged in under, None without login (the same cookies that Gradio sets)."""
    app = request.app
    for kind in ("access-token", "access-token-unsecure"):
        token = request.cookies.get(f"{kind}-{app.cookie_id}")
        if token in app.tokens:
            return str(app.tokens[token])
    return None


def let_in(request: Request) -> None:
    """Nobody without the login, where there is one. Raises HTTPException."""
    if request.app.auth is not None and logged_in(request) is None:
        raise HTTPException(401, say(language_asked(request), "login"))


def user_of(cookies: Mapping[str, str], login: str | None, session: str | None) -> str:
    """Under which name a visitor's conversations are kept.

    The login, else this browser's own secret, else (no cookies) this one visit, which nobody shares.
    """
    if login:
        return f"login:{login}"
    browser = cookies.get(COOKIE, "")
    return f"browser:{browser}" if _COOKIE_SHAPE.fullmatch(browser) else f"session:{session}"


def same_origin(request: Request) -> bool:
    """Whether a browser says that a request comes from this page itself; programs say nothing and are let in.

    Another page, also one of another port of this machine, may neither send files and questions nor read answers.
    """
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") != "cross-site" or request.method == "GET"
    try:
        host = urlsplit(origin).netloc.lower()
    except ValueError:
        return False
    own = (request.headers.get("host"), request.headers.get("x-forwarded-host"))
    return bool(host) and host in {name.lower() for name in own if name}


class Guard:
    """ASGI middleware: security headers on everything, a secret for every new browser, uploads where allowed."""

    def __init__(self, app: ASGIApp, uploads: bool) -> None:
        self.app = app
        self.uploads = uploads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.uploads and scope["path"].rstrip("/").endswith("/upload"):
            await Response(say(language_asked(Request(scope)), "library_read_only"), 403)(
                scope, receive, send
            )
            return
        if scope["type"] == "http" and not same_origin(Request(scope)):
            await Response("this page answers only itself\n", 403)(scope, receive, send)
            return
        if scope["type"] == "http":
            send = self._dressed(Request(scope), send)
        await self.app(scope, receive, send)

    def _dressed(self, request: Request, send: Send) -> Callable[[Message], Awaitable[None]]:
        new_browser = request.method == "GET" and request.url.path == "/" and COOKIE not in request.cookies

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                if new_browser:
                    secure = "; Secure" if request.url.scheme == "https" else ""
                    headers.append(
                        "Set-Cookie",
                        f"{COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Strict;"
                        f" Max-Age=31536000{secure}",
                    )
            await send(message)

        return dressed
