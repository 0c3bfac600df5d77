"""So many questions at once, so many that wait, none longer than a deadline; who hangs up is not worked for.

Answering is plain Python in threads, serving is asyncio; this is the one place where they meet.
"""

from __future__ import annotations

import asyncio
import math
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing, suppress
from typing import Any, Final, TypeVar

from ui.serving.refusals import NO_RETRY, Gone, Refused

T = TypeVar("T")
IsGone = Callable[[], Awaitable[bool]]
Stopped = Callable[[], bool]

LOOK_EVERY: Final = 0.25
"""Seconds after which is looked whether who asked is still there."""
SIGN_EVERY: Final = 10.0
"""Seconds of work without news after which a stream gives a sign of life, so that no proxy takes it for dead."""
LONGEST_RETRY: Final = 60
_END: Final = object()


class Room:
    """Where questions are worked on; belongs to one event loop."""

    def __init__(self, at_once: int, most_waiting: int, deadline: float) -> None:
        """
        Args:
            at_once: so many are worked on at the same time; others wait in their order.
            most_waiting: so many wait; more are refused with 429.
            deadline: seconds for one, waiting included; then 504.
        """
        self._free = asyncio.Semaphore(at_once)
        self._at_once, self._most_waiting, self._deadline = at_once, most_waiting, deadline
        self._waiting = 0
        self._usual = 0.5  # seconds that one takes, as those before did

    async def once(self, gone: IsGone, work: Callable[[], T]) -> T:
        """What one call gives. Raises Refused, Gone, or what the call raised."""
        async with aclosing(self.each(gone, lambda _: iter(((work(),),)))) as results:
            given = [result[0] async for result in results if result is not None]
        return given[0]

    async def each(self, gone: IsGone, work: Callable[[Stopped], Iterator[T]]) -> AsyncGenerator[T | None]:
        """What the work gives, as it comes; None is a sign of life.

        The place is kept until the work's thread has ended, also where nobody waits for it any more: what
        can't be broken off still counts as one at once.

        Args:
            gone: whether who asked has hung up.
            work: runs in a thread; what it is given says whether it should stop.

        Raises:
            Refused: too many wait (429), or it took too long (504).
            Gone: who asked has hung up.
            Exception: whatever the work raised.
        """
        ends_at = time.monotonic() + self._deadline
        await self._enter(gone, ends_at)
        told: asyncio.Queue[Any] = asyncio.Queue()
        stopped = threading.Event()
        loop = asyncio.get_running_loop()
        threading.Thread(
            target=self._work, args=(loop, told, stopped, work), daemon=True, name="a request"
        ).start()
        try:
            while True:
                sign_at = time.monotonic() + SIGN_EVERY
                item = await _patiently(told.get(), gone, min(ends_at, sign_at))
                if item is _END:
                    if time.monotonic() >= ends_at:
                        raise self._too_late()
                    yield None
                elif item is None:
                    return
                elif isinstance(item, _Raised):
                    raise item.error
                else:
                    yield item
        finally:
            stopped.set()

    async def _enter(self, gone: IsGone, ends_at: float) -> None:
        if self._free.locked() and self._waiting >= self._most_waiting:
            seconds = math.ceil(self._usual * (self._waiting + 1) / self._at_once)
            raise Refused(
                429,
                "too_busy",
                f"{self._at_once} questions are being answered and {self._waiting} wait: ask again later",
                headers={"Retry-After": str(min(max(1, seconds), LONGEST_RETRY))},
            )
        self._waiting += 1
        place = asyncio.ensure_future(self._free.acquire())
        try:
            if await _patiently(place, gone, ends_at) is _END:
                raise self._too_late()
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # got in the moment in which it was let go
                self._free.release()
            raise
        finally:
            self._waiting -= 1

    def _work(
        self,
        loop: asyncio.AbstractEventLoop,
        told: asyncio.Queue[Any],
        stopped: threading.Event,
        work: Callable[[Stopped], Iterator[Any]],
    ) -> None:
        """In a thread: hands on what the work gives until it ends or nobody waits for it."""
        started = time.monotonic()

        def tell(item: object) -> None:
            with suppress(RuntimeError):  # the loop has ended: the program does
                loop.call_soon_threadsafe(told.put_nowait, item)

        end: _Raised | None = None
        try:
            for item in work(stopped.is_set):
                tell(item)
                if stopped.is_set():
                    break
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for; a panic of Rust is no Exception
            end = _Raised(error if isinstance(error, Exception) else RuntimeError(repr(error)))
        self._usual += 0.2 * (time.monotonic() - started - self._usual)
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(self._free.release)
        tell(end)  # last: who has its answer and asks again finds the place free

    def _too_late(self) -> Refused:
        return Refused(
            504,
            "deadline",
            f"no answer within {self._deadline:g} seconds: ask something narrower, or later",
            headers=NO_RETRY,
        )


class _Raised:
    """What the work raised, on its way to who waits for it."""

    def __init__(self, error: Exception) -> None:
        self.error = error


async def _patiently(awaited: Awaitable[Any], gone: IsGone, until: float) -> Any:
    """What is awaited, or `_END` where it has not come by `until`.

    Args:
        awaited: let go where it is waited for no longer.
        gone: whether who asked has hung up.
        until: on the monotonic clock.

    Raises:
        Gone: who asked has hung up.
    """
    task = asyncio.ensure_future(awaited)
    try:
        while not task.done():
            left = until - time.monotonic()
            if left <= 0:
                return _END
            await asyncio.wait({task}, timeout=min(left, LOOK_EVERY))
            if not task.done() and await gone():
                raise Gone
        return task.result()
    finally:
        if not task.done():
            task.cancel()
