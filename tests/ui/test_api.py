"""Programs ask the page through gradio_client; login, limits and the page's own addresses."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client

from tests.ui.conftest import ROOT, Served, served

pytestmark = [pytest.mark.enable_socket]
QUESTION = "岚川智冷的二期液冷基地什么时候投产？"


@pytest.fixture(scope="module")
def client(example_page: Served) -> Client:
    return Client(example_page.url, verbose=False, analytics_enabled=False)


def test_ask_gives_the_same_json_as_the_command(client: Client, example_page: Served) -> None:
    answer = client.predict(QUESTION, company="309001", as_of="2024-08-31", api_name="/ask")
    command = ["-m", "ui.cli", "ask", QUESTION, "--company", "309001", "--as-of", "2024-08-31", "--json"]
    printed = subprocess.run(
        [sys.executable, *command, "--library", str(example_page.library)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    expected = json.loads(printed)
    for document in (answer, expected):
        del document["timings_ms"]
    assert answer == expected
    assert answer["outcome"] == "answered" and answer["claims"][0]["citations"][0]["quote"] in answer["text"]


def test_search_and_show(client: Client) -> None:
    found = client.predict(QUESTION, company="岚川智冷", count=3, api_name="/search")
    assert 1 <= len(found) <= 3 and all(passage["code"] == "309001" for passage in found)
    record = client.predict(found[0]["record_id"], api_name="/show")
    assert record["id"] == found[0]["record_id"]
    pair = next(pair for pair in record["pairs"] if pair["number"] == found[0]["pair"])
    assert pair["question"] == found[0]["question"]


def test_only_the_tools_are_offered(client: Client) -> None:
    offered: Any = client.view_api(return_format="dict")
    assert set(offered["named_endpoints"]) == {"/ask", "/search", "/show"}
    assert not offered["unnamed_endpoints"]


@pytest.mark.parametrize(
    "wrong, told",
    [
        ({"as_of": "yesterday"}, "as_of is no date.*YYYY-MM-DD"),
        ({"as_of": "2025-13-40"}, "as_of is no date.*YYYY-MM-DD"),
        ({"question": "问" * 5000}, "longer than"),
        ({"question": "产能\ud83d是多少？"}, "half a character"),
        ({"company": "岚川\ud83d"}, "half a character"),
        ({"question": "产能是多少？", "company": "没有这家公司"}, "no company.*没有这家公司"),
    ],
    ids=str,
)
def test_a_wrong_request_says_what_is_wrong(example_page: Served, wrong: dict[str, str], told: str) -> None:
    """Asked over plain HTTP: gradio_client itself refuses half a character before it is sent."""
    data = [wrong.get("question", QUESTION), wrong.get("company", ""), wrong.get("as_of", "")]
    call = f"{example_page.url}/gradio_api/call/ask"
    body = json.dumps({"data": data}).encode()
    request = urllib.request.Request(call, body, {"Content-Type": "application/json"})
    status, joined = fetch(request)
    assert status == 200, joined
    status, events = fetch(f"{call}/{json.loads(joined)['event_id']}")
    text = events.decode()
    assert status == 200 and "event: error" in text
    assert re.search(told, json.loads(text.split("data: ")[-1])["error"])


@pytest.mark.parametrize(
    "path",
    [
        "/jupilu/records/..%2f..%2fcatalogue.sqlite3/original",
        "/jupilu/records/%2e%2e/original",
        "/jupilu/records/zzzzzzzzzzzzzzzz",
        "/jupilu/records/zzzz/pages/1.png",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../../../etc/passwd",
    ],
)
def test_no_path_leads_out(example_page: Served, path: str) -> None:
    status, body = fetch(example_page.url + path)
    assert status in (403, 404)
    assert b"root:" not in body and b"SQLite" not in body


def test_files_of_the_library_are_not_served(example_page: Served) -> None:
    for name in ("conversations.sqlite", "catalogue.sqlite3"):
        status, body = fetch(f"{example_page.url}/gradio_api/file={example_page.library / name}")
        assert status in (403, 404) and b"SQLite" not in body


def test_originals_are_downloads_and_pages_are_pictures(client: Client, example_page: Served) -> None:
    citation = client.predict(QUESTION, as_of="2024-08-31", api_name="/ask")["claims"][0]["citations"][0]
    base = f"{example_page.url}/jupilu/records/{citation['record_id']}"
    with urllib.request.urlopen(f"{base}/original") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.read(4)
    place = f"spans={citation['start']}-{citation['end']}"
    status, picture = fetch(f"{base}/pages/{citation['page'] or 1}.png?{place}")
    assert (status, picture[:4]) == (200, b"\x89PNG") or citation["page"] is None
    assert fetch(f"{base}/pages/1.png?spans=9-x")[0] == 400
    assert fetch(f"{base}/pages/999.png")[0] == 404


def test_another_name_for_this_machine_is_refused(example_page: Served) -> None:
    request = urllib.request.Request(example_page.url + "/", headers={"Host": "attacker.example"})
    assert fetch(request)[0] == 400


def test_login_guards_everything(example_library: Path, tmp_path: Path) -> None:
    own = tmp_path / "library"
    shutil.copytree(example_library, own)
    with served(own, {"JUPILU_WEB_USERS": "li:geheim-1,wang:geheim-2"}) as page:
        with pytest.raises(Exception, match=r"(?i)auth|login|credential"):
            Client(page.url, verbose=False, analytics_enabled=False)
        with pytest.raises(Exception, match=r"(?i)auth|login|credential"):
            Client(page.url, verbose=False, analytics_enabled=False, auth=("li", "wrong"))
        client = Client(page.url, verbose=False, analytics_enabled=False, auth=("li", "geheim-1"))
        answer = client.predict(QUESTION, api_name="/ask")
        record = answer["claims"][0]["citations"][0]["record_id"]
        for path in ("", "/original", "/pages/1.png"):
            assert fetch(f"{page.url}/jupilu/records/{record}{path}")[0] == 401
        assert fetch(f"{page.url}/gradio_api/mcp/")[0] in (401, 404)
        for path in ("/gradio_api/info", "/config", "/gradio_api/queue/status"):
            assert fetch(f"{page.url}{path}")[0] in (401, 403), path


def test_a_page_for_reading_takes_no_files(example_library: Path, tmp_path: Path) -> None:
    shutil.copytree(example_library, tmp_path / "library")
    with served(tmp_path / "library", {"JUPILU_WEB_READ_ONLY": "true"}) as page:
        body = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.txt\r\n\r\nhello\r\n--x--\r\n"
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        assert fetch(urllib.request.Request(f"{page.url}/gradio_api/upload", body, headers))[0] == 403


def test_wrong_users_stop_the_page_without_showing_a_password(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="JUPILU_WEB_USERS") as raised:
        from ui.web.settings import WebSettings

        WebSettings.model_validate({"users": "li=geheim"})
    assert "geheim" not in str(raised.value)


def fetch(request: str | urllib.request.Request) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
