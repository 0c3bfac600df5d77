"""A provider that hangs, drips, floods or asks to wait: given up in time, with the reason that the notice tells."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from ingest.settings import Settings
from rag.models.calls import streamed, within
from rag.models.chosen import Provider
from rag.models.failures import WritingFailed, explained

pytestmark = pytest.mark.enable_socket

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
Behaviour = Callable[[socket.socket], None]


def word(text: str) -> bytes:
    return (
        b'data: {"id":"x","object":"chat.completion.chunk","created":0,"model":"m","choices":[{"index":0,'
        b'"delta":{"content":"' + text.encode() + b'"},"finish_reason":null}]}\n\n'
    )


def slowly(line: socket.socket, *parts: bytes, every: float = 0.05, seconds: float = 6) -> None:
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        for part in parts:
            line.sendall(part)
            time.sleep(every)


def silent(line: socket.socket) -> None:
    time.sleep(6)


def slow_head(line: socket.socket) -> None:
    slowly(line, b"HTTP/1.1 200 OK\r\n", *[b"X-A: 1\r\n"] * 1000)


def comments(line: socket.socket) -> None:
    line.sendall(HEAD)
    slowly(line, b": keep-alive\n\n")


def dripping(line: socket.socket) -> None:
    line.sendall(HEAD)
    slowly(line, *(bytes([one]) for one in word("公")), every=0.1)


def empty_words(line: socket.socket) -> None:
    line.sendall(HEAD)
    slowly(line, word(""))


def endless_words(line: socket.socket) -> None:
    line.sendall(HEAD)
    slowly(line, word("很" * 4000), every=0)


def endless_line(line: socket.socket) -> None:
    line.sendall(HEAD + b"data: ")
    slowly(line, b"x" * 2**20, every=0)


def asks_to_wait(line: socket.socket) -> None:
    line.sendall(
        b"HTTP/1.1 429 Too Many Requests\r\nRetry-After: 50\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Connection: close\r\n\r\n{}"
    )


@contextmanager
def served(behave: Behaviour) -> Iterator[str]:
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                line, _ = server.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.recv(65536)
                behave(line)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("behave", "failures"),
    [
        (silent, {"model_timeout"}),
        (slow_head, {"model_timeout"}),
        (comments, {"model_timeout"}),
        (dripping, {"model_timeout"}),
        (empty_words, {"model_timeout"}),
        (endless_words, {"model_too_much"}),
        (endless_line, {"model_too_much", "model_timeout"}),
        (asks_to_wait, {"model_busy"}),
    ],
)
def test_a_misbehaving_provider_is_given_up_in_time(behave: Behaviour, failures: set[str]) -> None:
    with served(behave) as url:
        settings = Settings(
            model="openai:m",
            model_base_url=url,
            model_api_key="k",
            model_deadline=3,
            model_timeout=2,
            model_retries=2,
        )
        provider = Provider("openai:m", settings)
        provider.connect()  # imports are not on the clock
        begun = time.monotonic()
        with pytest.raises(Exception) as raised:  # whatever the provider's client makes of it
            for _ in streamed(
                provider.connect, "好吗？", deadline=provider.deadline, silence=provider.silence
            ):
                pass
        assert time.monotonic() - begun < 3.9
        assert explained(raised.value, streaming=False).failure in failures


def test_a_call_that_does_not_end_is_left() -> None:
    with pytest.raises(WritingFailed) as raised:
        within(0.05, lambda: time.sleep(2))
    assert raised.value.failure == "model_timeout"
    assert within(5, lambda: 7) == 7
