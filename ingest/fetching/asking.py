"""One request at a time, slowly, under our own name; what fails for a while is asked again, later and later."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from ingest.errors import FetchError, SiteUnreachable
from ingest.fetching.settings import FetchSettings
from ingest.library.damage import one_line

if TYPE_CHECKING:
    import httpx

BUSY: Final = frozenset([429, 500, 502, 503, 504])
"""What is worth asking again."""
FORBIDDEN: Final = frozenset([401, 403, 429])
"""After these the site wants no more of us in this run."""
FAILURES: Final = 3
"""So many files in a row that a site can't give, and it isn't asked any more in this run."""
Parameters = Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class _Failed:
    """Why a request failed, how many seconds the site asks to wait, and whether others would fail too.

    `repetitions`: asking again more often is of no use; a name that can't be resolved won't be in ten seconds.
    """

    reason: str
    wait: float | None = None
    is_lasting: bool = False
    repetitions: int = 100


class Asker:
    """Asks the sites. Use as a context manager.

    Every request waits until `gap` seconds have passed since the last one, whichever site it went to.
    """

    def __init__(
        self,
        settings: FetchSettings,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import httpx

        self.settings = settings
        self.requests = 0
        self._sleep, self._clock = sleep, clock
        self._last: float | None = None
        self._gone: dict[str, str] = {}
        self._failures: dict[str, int] = {}
        self._client = httpx.Client(
            headers={"User-Agent": settings.user_agent, "Accept-Language": "zh-CN,zh;q=0.9"},
            timeout=settings.timeout,
            follow_redirects=True,
            max_redirects=3,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._client.close()

    def json(
        self, method: str, url: str, *, params: Parameters | None = None, data: Parameters | None = None
    ) -> Any:
        """The JSON document that a site answers with.

        Raises:
            FetchError: see `body`; also where the answer is no JSON.
        """
        body = self.body(method, url, params=params, data=data)
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise FetchError(f"{_site(url)} answers with a page instead of data: ask again later") from error

    def text(self, method: str, url: str, *, params: Parameters | None = None) -> str:
        """The page that a site answers with; see `body` for what is raised."""
        return self.body(method, url, params=params).decode("utf-8", "replace")

    def body(
        self, method: str, url: str, *, params: Parameters | None = None, data: Parameters | None = None
    ) -> bytes:
        """The body of an answer.

        Raises:
            SiteUnreachable: the site can't be reached, is busy for longer than we wait, or refuses us.
            FetchError: this one request has no answer: it is not there, or too large.
        """
        site = _site(url)
        if site in self._gone:
            raise SiteUnreachable(self._gone[site])
        attempt = 0
        while True:
            answer = self._once(method, url, params, data)
            if isinstance(answer, bytes):
                self._failures.pop(site, None)
                return answer
            wait = self.settings.backoff * 2**attempt if answer.wait is None else answer.wait
            if wait > self.settings.longest_wait:
                answer = _Failed(f"{answer.reason} and asks to wait {wait:.0f} s", is_lasting=True)
                break
            if attempt >= min(self.settings.retries, answer.repetitions):
                break
            logging.getLogger(__name__).info("%s %s; asked again in %.0f s", site, answer.reason, wait)
            self._sleep(wait)
            attempt += 1
        self._failures[site] = self._failures.get(site, 0) + 1
        told = f"{site} {answer.reason}: try again later"
        if answer.is_lasting or self._failures[site] >= FAILURES:
            self._gone[site] = told
            raise SiteUnreachable(told)
        raise FetchError(told)

    def _once(
        self, method: str, url: str, params: Parameters | None, data: Parameters | None
    ) -> bytes | _Failed:
        """The body, or why there is none just now."""
        import httpx

        self._wait_for_turn()
        self.requests += 1
        started = self._clock()
        site = _site(url)
        try:
            with self._client.stream(method, url, params=params, data=data) as answer:
                status = answer.status_code
                if status in BUSY:
                    return _Failed(f"answers {status}", _asked_to_wait(answer), status in FORBIDDEN)
                if status in FORBIDDEN:
                    self._gone[site] = f"{site} refuses to answer ({status}): it may want a person's browser"
                    raise SiteUnreachable(self._gone[site])
                if status >= 300:
                    raise FetchError(f"{url}: the site answers {status}")
                return self._body(answer, url, started)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return _Failed(f"cannot be reached ({_why(error)})", is_lasting=True, repetitions=1)
        except httpx.TransportError as error:
            return _Failed(f"broke off ({_why(error)})")
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise FetchError(f"{url}: {_why(error)}") from error

    def _body(self, answer: httpx.Response, url: str, started: float) -> bytes:
        parts: list[bytes] = []
        size, most = 0, self.settings.max_file_bytes
        for part in answer.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > most:
                raise FetchError(
                    f"{url}: more than {most / 2**20:.0f} MB; JUPILU_FETCH_MAX_FILE_BYTES allows more"
                )
            if self._clock() - started > self.settings.longest:
                raise FetchError(f"{url}: not complete after {self.settings.longest:.0f} s; try again later")
        return b"".join(parts)

    def _wait_for_turn(self) -> None:
        now = self._clock()
        if self._last is not None and now - self._last < self.settings.gap:
            self._sleep(self.settings.gap - (now - self._last))
        self._last = self._clock()


def _why(error: Exception) -> str:
    return one_line(str(error)) or type(error).__name__


def _site(url: str) -> str:
    return urlsplit(url).netloc


def _asked_to_wait(answer: httpx.Response) -> float | None:
    """The seconds that `Retry-After` asks for, as a number or as a moment (RFC 9110, 10.2.3)."""
    told = answer.headers.get("Retry-After", "").strip()
    if told.isdigit():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
