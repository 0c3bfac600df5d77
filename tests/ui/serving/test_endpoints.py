"""The API's own endpoints over plain HTTP: they give what the commands print."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ui.conftest import ROOT, Served
from tests.ui.serving.sending import QUESTION, get, post

pytestmark = [pytest.mark.enable_socket]


def printed(library: Path, *line: str) -> Any:
    """The JSON that a command prints."""
    command = [sys.executable, "-m", "ui.cli", *line, "--library", str(library), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return json.loads(done.stdout)


def test_ask_gives_the_same_json_as_the_command(example_api: Served) -> None:
    given = post(
        example_api.url, "/v1/ask", {"question": QUESTION, "company": "309001", "as_of": "2024-08-31"}
    )
    expected = printed(example_api.library, "ask", QUESTION, "--company", "309001", "--as-of", "2024-08-31")
    answer = given.json
    for document in (answer, expected):
        del document["timings_ms"]
    assert answer == expected and answer["outcome"] == "answered"
    assert given.headers["Cache-Control"] == "no-store"


def test_a_stream_of_ask_ends_with_the_answer(example_api: Served) -> None:
    asked = {"question": QUESTION, "as_of": "2024-08-31"}
    events = post(example_api.url, "/v1/ask", {**asked, "stream": True}).events
    answer = post(example_api.url, "/v1/ask", asked).json
    names = [name for name, _ in events]
    assert names[0] == "step" and names[-1] == "answer" and names.count("answer") == 1
    assert [data["name"] for name, data in events if name == "step"] == [
        "question",
        "retrieval",
        "writing",
        "grounding",
    ]
    assert events[-1][1]["receipt"] == answer["receipt"]
    claims = [data for name, data in events if name == "claim"]
    assert claims == answer["claims"] and all(claim["verdict"] == "supported" for claim in claims)


def test_history_is_read_in_every_shape(example_api: Served) -> None:
    first = "岚川智冷2024年的境外毛利率预期是多少？"
    for history in (
        [first],
        [[first, "33%"]],
        [{"role": "user", "content": first}, {"role": "assistant", "content": "33%"}],
    ):
        answer = post(example_api.url, "/v1/ask", {"question": "那2025年呢？", "history": history}).json
        assert "岚川智冷" in answer["standalone_question"], history


def test_search_finds_passages(example_api: Served) -> None:
    asked = {"question": "液冷 订单", "company": "岚川智冷", "as_of": "2024-12-31", "count": 3}
    found = post(example_api.url, "/v1/search", asked).json
    assert 1 <= len(found) <= 3 and {one["code"] for one in found} == {"309001"}
    assert all(one["published_on"] <= "2024-12-31" for one in found)
    assert get(example_api.url, "/v1/search", **asked).json == found


def test_records_are_listed_filtered_and_in_pages(example_api: Served) -> None:
    everything = get(example_api.url, "/v1/records").json
    assert everything["total"] == len(everything["records"]) == 24 and everything["next"] is None
    days = [one["published_on"] for one in everything["records"]]
    assert days == sorted(days, reverse=True)
    pages, offset = [], 0
    while offset is not None:
        page = get(example_api.url, "/v1/records", limit=7, offset=offset).json
        pages += page["records"]
        offset = page["next"]
    assert pages == everything["records"]
    chosen = get(
        example_api.url, "/v1/records", company="岚川智冷", **{"from": "2024-01-01", "to": "2024-12-31"}
    ).json
    assert chosen["total"] == 3 and {one["code"] for one in chosen["records"]} == {"309001"}
    assert get(example_api.url, "/v1/records", offset=99).json["records"] == []


def test_a_record_is_whole(example_api: Served) -> None:
    listed = get(example_api.url, "/v1/records", company="309001").json["records"][-1]
    record = get(example_api.url, f"/v1/records/{listed['id']}").json
    assert get(example_api.url, f"/v1/records/{listed['source_file']}").json == record
    assert record["code"] == "309001" and len(record["pairs"]) == listed["pairs"]
    pair = record["pairs"][0]
    start, end = pair["answer_span"]
    assert record["text"][start:end] == pair["answer"]
    assert get(example_api.url, "/v1/records/zzzz").error["code"] == "record_unknown"


def test_check_judges_one_or_a_list(example_api: Served) -> None:
    true = {"claim": "上半年液冷收入2.68亿元。", "evidence": "上半年液冷业务收入应为2.68亿元。"}
    false = {
        "claim": "上半年液冷业务收入为3.68亿元。",
        "evidence": [{"text": "上半年液冷业务收入应为2.68亿元。"}],
        "id": "b",
    }
    one = post(example_api.url, "/v1/check", true).json
    assert one["verdict"] == "supported" and set(one) == {"verdict", "reasons", "score"}
    several = post(example_api.url, "/v1/check", [true, false]).json
    assert several[0] == one and several[1]["verdict"] == "contradicted" and several[1]["id"] == "b"
    assert post(example_api.url, "/v1/check", [true] * 101).error["code"] == "too_many"


def test_companies_and_health(example_api: Served) -> None:
    assert get(example_api.url, "/v1/companies").json == printed(example_api.library, "companies")
    health = get(example_api.url, "/health").json
    assert health["status"] == "ok" and health["records"] == 24 and health["newest"] == "2025-10-15"
    assert health["model"] == "none" and health["version"] and health["library"] == str(example_api.library)


def test_views_are_those_of_the_commands(example_api: Served) -> None:
    library, url = example_api.library, example_api.url
    assert get(url, "/v1/track", topic="境外毛利率", company="岚川智冷").json == printed(
        library, "track", "境外毛利率", "--company", "岚川智冷"
    )
    pair = ["岚川智冷", "澄屿微电"]
    assert get(url, "/v1/compare", topic="研发费用率", company=pair).json == printed(
        library, "compare", "研发费用率", "--company", pair[0], "--company", pair[1]
    )
    assert get(url, "/v1/find", words="关税", **{"from": "2025-01-01"}).json == printed(
        library, "find", "关税", "--from", "2025-01-01"
    )
    assert get(url, "/v1/brief", latest="磐禾泵业").json == printed(library, "brief", "--latest", "磐禾泵业")
    held = post(url, "/v1/draft", {"text": "上半年液冷业务收入5.31亿元。", "company": "岚川智冷"}).json
    assert held["code"] == "309001" and held["counts"]["supported"] == 1
    # The newest record says so of the half-year before.
    held = post(url, "/v1/draft", {"text": "上半年液冷业务收入2.68亿元。", "company": "岚川智冷"}).json
    assert held["counts"]["contradicts"] == 1


def test_the_description_lists_every_endpoint_and_loads_nothing(example_api: Served) -> None:
    paths = get(example_api.url, "/openapi.json").json["paths"]
    for path in (
        "ask",
        "search",
        "check",
        "records",
        "records/{record}",
        "companies",
        "track",
        "chat/completions",
        "models",
    ):
        assert f"/v1/{path}" in paths
    for page in ("/docs", "/redoc", "/"):
        assert get(example_api.url, page).error["code"] == "not_found"
