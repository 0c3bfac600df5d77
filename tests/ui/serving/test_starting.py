"""What `jupilu serve` will not do is one line and an exit status; what it does while others wait or hang up."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.rag.openai_stub import OpenAIStub, Reply
from tests.ui.conftest import ROOT, served_api
from tests.ui.serving.sending import QUESTION, get, post

pytestmark = [pytest.mark.enable_socket]


def started(library: Path, *line: str, **environment: str) -> tuple[int, str]:
    """How the command ends that does not serve: its status and what it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUPILU_SERVE")}
    done = subprocess.run(
        [sys.executable, "-m", "ui.cli", "serve", "--library", str(library), *line],
        cwd=ROOT,
        env={**kept, **environment},
        capture_output=True,
        timeout=60,
    )
    assert not done.stdout
    return done.returncode, done.stderr.decode()


@pytest.mark.parametrize(
    ("line", "environment", "status", "told"),
    [
        (["--host", "0.0.0.0"], {}, 2, "can be reached from other machines: set JUPILU_SERVE_KEYS"),
        (["--host", "::"], {}, 2, "can be reached from other machines"),
        ([], {"JUPILU_SERVE_KEYS": " , "}, 2, "JUPILU_SERVE_KEYS is set and holds nothing"),
        (["--host", "0.0.0.0"], {"JUPILU_SERVE_KEYS": ""}, 2, "JUPILU_SERVE_KEYS is set and holds nothing"),
        ([], {"JUPILU_SERVE_KEYS": "ge heim"}, 2, "made of letters, digits and signs"),
        (
            [],
            {"JUPILU_SERVE_AT_ONCE": "0"},
            2,
            "JUPILU_SERVE_AT_ONCE=0 cannot be: it takes a whole number from 1",
        ),
        (["--host", "256.1.1.1"], {"JUPILU_SERVE_KEYS": "k"}, 3, "no address to listen on"),
        (["--host", "192.0.2.7"], {"JUPILU_SERVE_KEYS": "k"}, 3, "no address of this machine"),
        (["--host", ""], {"JUPILU_SERVE_KEYS": "k"}, 3, "no address to listen on"),
    ],
    ids=str,
)
def test_what_cannot_be_served_is_one_line(
    example_library: Path, line: list[str], environment: dict[str, str], status: int, told: str
) -> None:
    code, said = started(example_library, *line, **environment)
    assert (code, said.count("\n")) == (status, 1) and told in said
    assert "ge heim" not in said


def test_a_port_that_is_taken_and_a_library_that_is_not_there(example_library: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = started(example_library, "--port", str(taken.getsockname()[1]))
    assert (code, said.count("\n")) == (3, 1) and "--port 0 takes a free one" in said
    code, said = started(tmp_path / "none")
    assert (code, said.count("\n")) == (3, 1) and "jupilu ingest" in said


def test_keys_open_everything_but_the_sign_of_life(example_library: Path, tmp_path: Path) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    limits = {"JUPILU_SERVE_KEYS": "geheim-1,geheim-2", "JUPILU_SERVE_CORS_ORIGINS": "https://front.example"}
    with served_api(tmp_path / "library", limits) as api:
        for path in ("/v1/records", "/v1/companies", "/openapi.json", "/v1/models", "/nothing", "/v1/search"):
            reply = get(api.url, path)
            assert reply.status == 401 and reply.headers["WWW-Authenticate"] == "Bearer", path
        for header in ("geheim-1", "Basic geheim-1", "Bearer", "Bearer geheim", "Bearer geheim-1,geheim-2"):
            assert get(api.url, "/v1/companies", {"Authorization": header}).status == 401, header
        known = {"Authorization": "bearer geheim-2", "Host": "api.example"}
        assert len(get(api.url, "/v1/companies", known).json) == 5
        assert set(get(api.url, "/health").json) == {"status", "version"}
        assert get(api.url, "/health", known).json["records"] == 24
        front = {**known, "Origin": "https://front.example"}
        assert get(api.url, "/v1/companies", front).headers["Access-Control-Allow-Origin"] == front["Origin"]
        other = get(api.url, "/v1/companies", {**known, "Origin": "https://other.example"})
        assert other.status == 403 and "Access-Control-Allow-Origin" not in other.headers


def test_who_waits_too_many_and_who_hangs_up(example_library: Path, tmp_path: Path) -> None:
    """A model that takes long: the second question waits, the third is sent away, and hanging up lets both in."""
    shutil.copytree(example_library, tmp_path / "library")
    with OpenAIStub(Reply(["液冷基地", "将投产[1]。"], stall=20)) as stub:
        limits = {
            "JUPILU_SERVE_AT_ONCE": "1",
            "JUPILU_SERVE_QUEUE_SIZE": "0",
            "JUPILU_MODEL": "openai:slow",
            "JUPILU_MODEL_BASE_URL": stub.url,
            "JUPILU_MODEL_API_KEY": "x",
        }
        with served_api(tmp_path / "library", limits) as api:
            first = hanging(api.url)
            until(lambda: len(stub.requests) == 1)
            reply = post(api.url, "/v1/ask", {"question": QUESTION})
            assert reply.status == 429 and reply.error["code"] == "too_busy"
            assert 1 <= int(reply.headers["Retry-After"]) <= 60
            assert get(api.url, "/v1/records").status == 200  # looking is not asking
            first.close()
            until(lambda: post(api.url, "/v1/search", {"question": "产能"}).status == 200)


def test_a_deadline_ends_a_request_and_a_stream_whole(example_library: Path, tmp_path: Path) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with OpenAIStub(Reply(["液冷基地", "将投产[1]。"], stall=30)) as stub:
        limits = {
            "JUPILU_SERVE_DEADLINE": "6",
            "JUPILU_SERVE_BODY_SECONDS": "1",
            "JUPILU_MODEL": "openai:slow",
            "JUPILU_MODEL_BASE_URL": stub.url,
            "JUPILU_MODEL_API_KEY": "x",
        }
        with served_api(tmp_path / "library", limits) as api:
            until(lambda: post(api.url, "/v1/search", {"question": "产能"}).status == 200)
            reply = post(api.url, "/v1/ask", {"question": QUESTION})
            assert reply.status == 504 and reply.error["code"] == "deadline"
            events = post(api.url, "/v1/ask", {"question": QUESTION, "stream": True}).events
            assert "provisional" in [name for name, _ in events]
            assert events[-1][0] == "error" and events[-1][1]["error"]["code"] == "deadline"
            address = urlsplit(api.url)
            with socket.create_connection((address.hostname, address.port), timeout=10) as line:
                line.sendall(
                    b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
                )
                assert b" 408 " in line.recv(65536).splitlines()[0]


def test_being_ended_lets_go(example_library: Path, tmp_path: Path) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with served_api(tmp_path / "library") as api:
        asked = threading.Thread(target=post, args=(api.url, "/v1/ask", {"question": QUESTION}))
        asked.start()
        asked.join()
        started_at = time.perf_counter()
        os.kill(api.process, 2)
        until(lambda: not reachable(api.url))
        assert time.perf_counter() - started_at < 10


def hanging(url: str) -> socket.socket:
    """A connection on which a question was asked and whose answer is not read."""
    address = urlsplit(url)
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    line = socket.create_connection((address.hostname, address.port), timeout=30)
    head = f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    line.sendall(head.encode() + body)
    return line


def reachable(url: str) -> bool:
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname, address.port), timeout=2).close()
    except OSError:
        return False
    return True


def until(true: object, seconds: float = 60.0) -> None:
    ends_at = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < ends_at, "it never came true"
        time.sleep(0.05)
