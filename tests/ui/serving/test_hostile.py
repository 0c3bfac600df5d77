"""What nobody means well: every request gets a whole answer with a status and one line, and the server lives on."""

from __future__ import annotations

import json
import random
import socket
import time
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ui.conftest import Served
from tests.ui.serving.sending import QUESTION, get, post

pytestmark = [pytest.mark.enable_socket]
CHAT = {"model": "jupilu", "messages": [{"role": "user", "content": QUESTION}]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "invalid_value"),
        (b"{", "invalid_json"),
        (b"[" * 100_000, None),
        (b'{"question": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", None),
        (b"\xff\xfe\x00", None),
        (b'{"question": "\xff"}', None),
        (b"null", "invalid_value"),
        (b"[]", "invalid_value"),
        (b'{"question": NaN}', "invalid_value"),
        (b'{"question": 7}', "invalid_value"),
        (b'{"question": ""}', "invalid_value"),
        (b'{"question": "\\ud83d"}', "invalid_value"),
        (b'{"question": "a", "company": "\\udc00"}', "invalid_value"),
        (b'{"question": "a", "history": ["\\ud83d"]}', "invalid_value"),
        (b'{"question": "a", "history": [{"role": "user", "content": "\\ud83d"}]}', "invalid_value"),
        (b'{"question": "a", "\\ud83d": 1}', "invalid_value"),
        (b'{"question": "a", "asof": "2024-01-01"}', "invalid_value"),
        (b'{"question": "a", "as_of": "yesterday"}', "invalid_value"),
        (b'{"question": "a", "as_of": "2025-02-30"}', "invalid_value"),
        (b'{"question": "a", "as_of": 1700000000}', "invalid_value"),
        (b'{"question": "a", "as_of": "' + b"9" * 5000 + b'"}', "invalid_value"),
        (b'{"question": "a", "history": [[["a"], "b"]]}', "invalid_value"),
        (b'{"question": "a", "n": ' + b"9" * 6000 + b"}", None),
        (json.dumps({"question": "问" * 1001}).encode(), "invalid_value"),
        (json.dumps({"question": "a", "company": "问" * 201}).encode(), "invalid_value"),
    ],
    ids=lambda value: value[:40].decode(errors="replace") if isinstance(value, bytes) else "",
)
@pytest.mark.parametrize("path", ["/v1/ask", "/v1/chat/completions"])
def test_a_bad_body_is_told(example_api: Served, path: str, body: bytes, code: str | None) -> None:
    for stream in (False, True):
        sent = body.replace(b'{"question"', b'{"stream": true, "question"', 1) if stream else body
        reply = post(example_api.url, path, sent)
        assert reply.status == 400 and reply.headers["Content-Type"] == "application/json"
        if path == "/v1/ask" and code:
            assert reply.error["code"] == code
        assert reply.error["type"] == "invalid_request_error"
        assert len(reply.body) < 3000  # nothing of what was sent comes back at length


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({**CHAT, "messages": [{"role": "user", "content": "\ud83d"}]}, "messages"),
        ({**CHAT, "messages": [{"role": "pirate", "content": "a"}]}, "messages"),
        ({**CHAT, "messages": [{"role": "user", "content": None}]}, "question"),
        ({**CHAT, "messages": "hello"}, "messages"),
        ({**CHAT, "messages": [{"role": "user", "content": "问" * 5001}]}, "question"),
        ({**CHAT, "metadata": {"company": ["a"]}}, "metadata"),
        ({**CHAT, "metadata": {"company": "\ud83d"}}, "metadata"),
        ({**CHAT, "stream_options": 7}, "stream_options"),
        ({**CHAT, "model": None}, "model"),
        ({"messages": CHAT["messages"]}, "model"),
    ],
    ids=str,
)
def test_a_bad_chat_is_told(example_api: Served, body: dict[str, Any], param: str) -> None:
    reply = post(example_api.url, "/v1/chat/completions", body)
    assert reply.status == 400 and (reply.error["param"] == param or param == "metadata")


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/v1/ask", {}, 405),
        ("/v1/nothing", {}, 404),
        ("/v1/records/..%2f..%2fcatalogue.sqlite3", {}, 404),
        ("/v1/records/../../etc/passwd", {}, 404),
        ("/v1/records/\x00", {}, 404),
        ("/v1/records", {"company": "没有这家公司"}, 404),
        ("/v1/records", {"from": "x"}, 400),
        ("/v1/records", {"limit": 0}, 400),
        ("/v1/records", {"limit": 10**9}, 400),
        ("/v1/records", {"offset": -1}, 400),
        ("/v1/records", {"offset": 10**30}, 400),
        ("/v1/search", {}, 400),
        ("/v1/search", {"question": "产能", "company": "没有这家公司"}, 404),
        ("/v1/search", {"question": "产能", "count": 99}, 400),
        ("/v1/track", {"topic": " "}, 400),
        ("/v1/track", {"topic": "毛利率"}, 404),
        ("/v1/track", {"topic": "毛" * 201, "company": "309001"}, 400),
        ("/v1/compare", {"topic": "毛利率", "company": "309001"}, 404),
        ("/v1/compare", {"topic": "毛利率", "company": ["309001"] * 21}, 400),
        ("/v1/find", {"words": "，"}, 400),
        ("/v1/find", {"words": "(((.*" * 40}, 200),
        ("/v1/brief", {}, 400),
        ("/v1/brief", {"record": "zzzz"}, 404),
        ("/v1/models/gpt-4o", {}, 404),
        ("/v1/models/jupilu@%F0", {}, 404),
    ],
    ids=str,
)
def test_a_bad_address_is_told(example_api: Served, path: str, query: dict[str, Any], status: int) -> None:
    reply = get(example_api.url, path, **query)
    assert reply.status == status and b"root:" not in reply.body and b"SQLite" not in reply.body
    if status != 200:
        assert reply.error["message"]


def test_a_draft_has_a_company_and_a_size(example_api: Served) -> None:
    draft = {"text": "产能利用率约71%。", "company": "没有这家公司"}
    assert post(example_api.url, "/v1/draft", draft).status == 404
    assert post(example_api.url, "/v1/draft", {**draft, "company": "\ud83d"}).status == 400
    assert (
        post(example_api.url, "/v1/draft", {"text": "好。" * 20_000, "company": "309001"}).error["code"]
        == "too_long"
    )


def test_a_body_has_a_size(example_api: Served) -> None:
    assert post(example_api.url, "/v1/ask", b" " * (2**20 + 1)).error["code"] == "too_large"
    head = "POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    assert b" 413 " in raw(example_api, head.encode() + chunk * 20 + b"0\r\n\r\n").splitlines()[0]
    for length in ("-5", "9" * 400, "x"):
        line = raw(
            example_api,
            f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n".encode(),
        )
        assert b" 400 " in line.splitlines()[0] or b" 413 " in line.splitlines()[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "attacker.example"}, 400),
        ({"Origin": "https://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Authorization": "Bearer \xff\xfe"}, 200),
        ({"X-Api-Key": "a"}, 200),
    ],
    ids=str,
)
def test_pages_of_other_sites_may_not_ask(example_api: Served, headers: dict[str, str], status: int) -> None:
    reply = post(example_api.url, "/v1/search", {"question": "产能"}, headers)
    assert reply.status == status
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_words_in_a_question_stay_words(example_api: Served) -> None:
    """What looks like HTML, Markdown or an instruction in a question comes back as text at most."""
    for text in (
        "<img src=x onerror=alert(1)>产能",
        "![x](https://a.example/?q=1) 产能",
        "{{7*7}} ${HOME} 产能",
    ):
        body = {"model": "jupilu", "messages": [{"role": "user", "content": text}]}
        reply = post(example_api.url, "/v1/chat/completions", body)
        assert reply.status == 200
        content = reply.json["choices"][0]["message"]["content"]
        assert "<img" not in content and "![x](" not in content


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["question", "company", "as_of", "history", "stream", "model", "messages", "claim", "evidence"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/v1/ask", "/v1/search", "/v1/check", "/v1/draft", "/v1/chat/completions"]),
    body=st.dictionaries(FIELDS, JUNK, max_size=4) | JUNK,
)
def test_junk_is_refused_in_one_shape(example_api: Served, path: str, body: Any) -> None:
    reply = post(example_api.url, path, json.dumps(body).encode("utf-8", "surrogatepass"))
    assert reply.status in (200, 400, 404)
    if reply.status != 200:
        assert reply.error["type"] == "invalid_request_error"


def test_the_server_lives_through_broken_connections(example_api: Served) -> None:
    dice = random.Random(7)
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    head = f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    whole = head.encode() + body
    address = urlsplit(example_api.url)
    for _ in range(40):
        with socket.create_connection((address.hostname, address.port), timeout=10) as line:
            line.sendall(whole[: dice.randrange(1, len(whole) + 1)])
            if dice.random() < 0.5:
                time.sleep(0.02)
    assert post(example_api.url, "/v1/ask", {"question": QUESTION}).json["outcome"] == "answered"


def raw(api: Served, data: bytes) -> bytes:
    """The first bytes that come back for some bytes on a connection."""
    address = urlsplit(api.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        with suppress(OSError):  # the server has said enough and closed
            line.sendall(data)
        return line.recv(65536)
