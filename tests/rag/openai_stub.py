"""A server that speaks the OpenAI chat protocol and misbehaves on request, for tests."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass
class Reply:
    """What the server does with one request.

    `words` are streamed piece by piece; then the connection is cut where `drop`, or kept silent for
    `stall` seconds. A `status` other than 200 sends `error` instead.
    """

    words: Sequence[str] = ()
    status: int = 200
    error: str = "it failed"
    code: str = ""
    drop: bool = False
    stall: float = 0.0
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


class OpenAIStub:
    """Answers requests with `replies` in turn, the last one for ever; `requests` are what was sent."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with stub._lock:
                    stub.requests.append(body)
                    stub.keys.append(self.headers.get("Authorization", ""))
                    reply = stub.replies.pop(0) if len(stub.replies) > 1 else stub.replies[0]
                try:
                    self._send(reply)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def _send(self, reply: Reply) -> None:
                if reply.status != 200:
                    text = json.dumps({"error": {"message": reply.error, "code": reply.code}}).encode()
                    self.send_response(reply.status)
                    for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(text)))
                    self.end_headers()
                    self.wfile.write(text)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                self.close_connection = True
                if reply.raw is not None:
                    self.wfile.write(reply.raw)
                    return
                for word in reply.words:
                    self._event({"content": word})
                if reply.stall:
                    self.wfile.flush()
                    time.sleep(reply.stall)
                if not reply.drop:
                    self._event({}, finish="stop")
                    self.wfile.write(b"data: [DONE]\n\n")
                elif reply.words:
                    # The promise of more that never comes: an unfinished event, then the end.
                    self.wfile.write(b'data: {"id": "x", "choi')

            def _event(self, delta: dict[str, str], finish: str | None = None) -> None:
                choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
                chunk = {
                    "id": "x",
                    "object": "chat.completion.chunk",
                    "created": 0,
                    "model": "stub",
                    "choices": [choice],
                }
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
                self.wfile.flush()

        return Handler
