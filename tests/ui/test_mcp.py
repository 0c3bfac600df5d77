"""A real MCP client lists the page's tools and asks one question."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.ui.conftest import Served

pytestmark = [pytest.mark.enable_socket]
mcp = pytest.importorskip("mcp", reason="pip install 'jupilu[mcp]' to test the MCP server")


async def _session(url: str) -> tuple[dict[str, Any], Any]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async with (
        streamable_http_client(f"{url}/gradio_api/mcp/") as (reading, writing, _),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}
        asking = next(name for name in tools if name.endswith("ask"))
        answer = await session.call_tool(
            asking, {"question": "岚川智冷的二期液冷基地什么时候投产？", "company": "309001"}
        )
        return tools, answer


def test_tools_are_described_and_answer(example_page: Served) -> None:
    tools, answer = asyncio.run(_session(example_page.url))
    assert {name.rsplit("_", 1)[-1] for name in tools} == {"ask", "search", "show"}
    for tool in tools.values():
        assert len(tool.description) > 60
        for field in tool.inputSchema["properties"].values():
            assert len(field.get("description", "")) > 20
    assert not answer.isError
    document = json.loads(answer.content[0].text)
    assert document["outcome"] == "answered"
    assert document["claims"][0]["verdict"] == "supported"
