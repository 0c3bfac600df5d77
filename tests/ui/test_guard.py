"""Only the page itself may send to its server: another page, also one on another port of this machine, may not."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.web.routes import Guard


async def taken(request: Request) -> PlainTextResponse:
    return PlainTextResponse("taken")


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = Starlette(routes=[Route("/gradio_api/upload", taken, methods=["GET", "POST"])])
    return TestClient(Guard(app, uploads=True), base_url="http://127.0.0.1:7860")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:7860"}, 200),
        ({"Origin": "https://team.example", "X-Forwarded-Host": "team.example"}, 200),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "http://localhost:7860"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
    ],
)
def test_who_may_send(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/gradio_api/upload", headers=headers).status_code == status


def test_a_link_from_elsewhere_opens_the_page(client: TestClient) -> None:
    assert client.get("/gradio_api/upload", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200
