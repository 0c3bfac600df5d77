"""What stands before every endpoint: the key, the size of a request, who may ask from a browser, plain headers."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.serving.refusals import Refused
from ui.serving.settings import ServeSettings
from ui.web.routes import same_origin

OPEN_PATHS: Final = frozenset(("/health",))
"""Answered without a key, for those who watch whether the server lives."""


class Guard:
    """ASGI middleware before the whole API."""

    def __init__(self, app: ASGIApp, settings: ServeSettings) -> None:
        self.app = app
        self._keys = settings.secrets()
        self._origins = settings.origins()
        self._most, self._seconds = settings.max_body_bytes, settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refused = self._refusal(Request(scope))
        if refused is not None:
            await refused.response()(scope, receive, _dressed(send))
            return
        scope.setdefault("state", {})["known"] = bool(not self._keys or self._has_key(Headers(scope=scope)))
        await self.app(scope, self._bounded(receive), _dressed(send))

    def _refusal(self, request: Request) -> Refused | None:
        """Why a request goes no further, before a byte of its body is read."""
        if request.headers.get("origin") not in self._origins and not same_origin(request):
            return Refused(403, "cross_origin", "this server answers no pages of other sites")
        if self._keys and request.url.path not in OPEN_PATHS and not self._has_key(request.headers):
            return Refused(
                401,
                "invalid_api_key",
                "the key is missing or wrong: send it as Authorization: Bearer KEY",
                headers={"WWW-Authenticate": "Bearer"},
            )
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length[:20]) > self._most:
            return self._too_large()
        return None

    def _has_key(self, headers: Headers) -> bool:
        """Whether one of the keys was sent; each is compared to its end, so that time tells nothing."""
        scheme, _, given = headers.get("authorization", "").partition(" ")
        sent = given.strip().encode("utf-8", "replace")
        matches = [hmac.compare_digest(sent, key) for key in self._keys]
        return scheme.lower() == "bearer" and any(matches)

    def _bounded(self, receive: Receive) -> Receive:
        """Reads a request's body up to its limit and no longer than it may take."""
        received, is_whole = 0, False
        ends_at = asyncio.get_running_loop().time() + self._seconds

        async def bounded() -> Message:
            nonlocal received, is_whole
            if is_whole:
                return await receive()
            try:
                async with asyncio.timeout_at(ends_at):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(
                    408, f"the request was not whole within {self._seconds:g} seconds"
                ) from None
            received += len(message.get("body", b""))
            is_whole = message["type"] != "http.request" or not message.get("more_body", False)
            if received > self._most:
                raise HTTPException(413, self._too_large().message)
            return message

        return bounded

    def _too_large(self) -> Refused:
        return Refused(413, "too_large", f"a request has at most {self._most} bytes: send less at once")


def _dressed(send: Send) -> Callable[[Message], Awaitable[None]]:
    """Headers that keep an answer out of caches, and a browser from taking it for a page."""

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        await send(message)

    return dressed
