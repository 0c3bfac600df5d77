"""Plain HTTP to a served API: what tests send and what comes back."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

QUESTION = "岚川智冷的二期液冷基地什么时候投产？"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The one shape of every error."""
        error: dict[str, Any] = self.json["error"]
        assert set(error) == {"message", "type", "param", "code"} and error["message"]
        assert "Traceback" not in error["message"] and "\n" not in error["message"]
        return error

    @property
    def events(self) -> list[tuple[str, Any]]:
        """Server-sent events: name and data."""
        found = []
        for block in self.body.decode().split("\n\n"):
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if "data" in lines:
                data = lines["data"]
                found.append((lines.get("event", ""), data if data == "[DONE]" else json.loads(data)))
        return found


def get(url: str, path: str, headers: dict[str, str] | None = None, **query: Any) -> Reply:
    address = f"{url}{urllib.parse.quote(path)}"
    if query:
        address += "?" + urllib.parse.urlencode(query, doseq=True)
    return _sent(urllib.request.Request(address, headers=headers or {}))


def post(url: str, path: str, document: Any, headers: dict[str, str] | None = None) -> Reply:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return _sent(
        urllib.request.Request(f"{url}{path}", body, {"Content-Type": "application/json", **(headers or {})})
    )


def _sent(request: urllib.request.Request) -> Reply:
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return Reply(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        return Reply(error.code, error.headers, error.read())
