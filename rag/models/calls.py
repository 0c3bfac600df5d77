"""Calls to a language model that end: a deadline and a size around the whole call, whatever the provider does.

A provider may hold the line with comments, drip, send one line without end, or ask to be called again in an hour.
Its own client looks at none of that, so the call runs in a thread of its own, and who waits for it stops waiting.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from rag.models.failures import WritingFailed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_CHARACTERS: Final = 200_000
"""Of one answer; three sentences are wanted."""
MOST_BYTES: Final = 16 * 2**20
"""Of one answer's stream, comments and wrapping included."""
LONGEST_WAIT: Final = 5.0
"""Seconds that a busy provider may ask to wait before it is called again; beyond it, the verbatim answer stands."""
LOOK_EVERY: Final = 0.25
"""Seconds after which is looked whether anybody still waits."""

_END: Final = object()


def streamed(
    connect: Callable[[], BaseChatModel],
    messages: Any,
    *,
    deadline: float,
    silence: float,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Any]:
    """The pieces of a model's answer as they come; the first item is the connected chat model itself.

    Args:
        connect: gives the chat model.
        messages: as for its `stream`.
        deadline: seconds for the whole call.
        silence: seconds without words after which it is given up.
        stopped: whether nobody waits for it any more; asked also while the model says nothing.

    Raises:
        WritingFailed: it took too long, sent too much, or was stopped.
        Exception: whatever `connect` or the provider raised.
    """
    told: queue.Queue[Any] = queue.Queue(maxsize=64)
    let_go = threading.Event()

    def call() -> None:
        try:
            chat = connect()
            _put(told, chat, let_go)
            for piece in chat.stream(messages):
                if not _put(told, piece, let_go):
                    return
            _put(told, _END, let_go)
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            _put(told, error, let_go)

    threading.Thread(target=call, daemon=True, name="a model's answer").start()
    ends_at, received, connected = time.monotonic() + deadline, 0, False
    quiet_until = ends_at
    try:
        while True:
            item = _next(told, min(ends_at, quiet_until), stopped)
            if item is _END:
                return
            if isinstance(item, Exception):
                raise item
            words = getattr(item, "text", "") if connected else "connected"
            if words:  # pieces without words keep nothing alive
                quiet_until = time.monotonic() + silence
                received += len(words)
            if received > MOST_CHARACTERS:
                raise WritingFailed("model_too_much")
            if time.monotonic() > ends_at:
                raise WritingFailed("model_timeout")
            connected = True
            yield item
    finally:
        let_go.set()


def within(seconds: float, call: Callable[[], Any]) -> Any:
    """What a call gives, if it does in time.

    Raises:
        WritingFailed: it did not.
        Exception: whatever it raised.
    """
    told: queue.Queue[Any] = queue.Queue(maxsize=1)

    def work() -> None:
        try:
            told.put((call(), None))
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            told.put((None, error))

    threading.Thread(target=work, daemon=True, name="a model's words").start()
    try:
        value, error = told.get(timeout=seconds)
    except queue.Empty:
        raise WritingFailed("model_timeout") from None
    if error is not None:
        raise error
    return value


def bounded_client(seconds: float) -> Any:
    """An HTTP client for OpenAI's library that breaks off an answer without end, and waits for no long `Retry-After`.

    Args:
        seconds: for one request, from its first byte on.
    """
    from openai import DefaultHttpxClient

    # OpenAI's library has changed the HTTP library under it before; its own client says which it is.
    base = next(kind for kind in DefaultHttpxClient.__mro__ if kind.__name__ == "Client")
    http = import_module(base.__module__.split(".")[0])

    class Bounded(http.SyncByteStream):  # type: ignore[misc, name-defined]  # a class found at run time
        def __init__(self, stream: Any) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            ends_at, received = time.monotonic() + seconds, 0
            for block in self._stream:
                received += len(block)
                if received > MOST_BYTES:
                    raise WritingFailed("model_too_much")
                if time.monotonic() > ends_at:
                    raise WritingFailed("model_timeout")
                yield block

        def close(self) -> None:
            self._stream.close()

    def bound(response: Any) -> None:
        response.stream = Bounded(response.stream)
        if _wait_asked(response.headers) > LONGEST_WAIT:
            response.headers["x-should-retry"] = "false"

    return DefaultHttpxClient(event_hooks={"response": [bound]}, timeout=seconds)


def _wait_asked(headers: Any) -> float:
    """Seconds that a provider asks to wait; a day, which some send, counts as long."""
    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        asked = headers.get("retry-after")
        return 0.0 if asked is None else float(asked)
    except ValueError:
        return LONGEST_WAIT + 1


def _next(told: queue.Queue[Any], until: float, stopped: Callable[[], bool]) -> Any:
    """What comes next. Raises WritingFailed where nothing does by `until`, or nobody waits any more."""
    while True:
        if stopped():
            raise WritingFailed("model_stopped")
        left = until - time.monotonic()
        try:
            return told.get(timeout=max(0.0, min(left, LOOK_EVERY)))
        except queue.Empty:
            if left <= LOOK_EVERY:
                raise WritingFailed("model_timeout") from None


def _put(told: queue.Queue[Any], item: Any, stopped: threading.Event) -> bool:
    """Whether somebody still waits for it."""
    while not stopped.is_set():
        try:
            told.put(item, timeout=0.2)
            return True
        except queue.Full:
            continue
    return False
