"""Skipped outputs pass by; what was changed is sent as Gradio sends it."""

from __future__ import annotations

import asyncio
from typing import Any

import gradio
import pytest

from ui.web.blocks import LeanBlocks
from ui.web.panels.markup import html


def app(kind: type[gradio.Blocks]) -> tuple[gradio.Blocks, Any]:
    with kind() as blocks:
        box, panel, state = gradio.Textbox(), gradio.HTML(), gradio.State("old")
        box.submit(lambda text: text, box, [box, panel, state])
    return blocks, next(iter(blocks.fns.values()))


def bare(sent: Any) -> Any:
    """What is sent, without the empty properties that Gradio wraps an empty update to HTML in."""
    if isinstance(sent, dict) and sent.get("props") == gradio.skip():
        return {name: value for name, value in sent.items() if name != "props"}
    return sent


@pytest.mark.parametrize(
    "given",
    [
        [gradio.skip(), "<b>new</b>", "kept"],
        [gradio.update(visible=False), gradio.skip(), gradio.skip()],
        [gradio.skip(), gradio.skip(), gradio.skip()],
        ["typed", "<i>all</i>", "kept"],
        [None, gradio.skip(), None],
    ],
)
def test_lean_blocks_send_what_blocks_send(given: list[Any]) -> None:
    sent = []
    for kind in (gradio.Blocks, LeanBlocks):
        blocks, function = app(kind)
        told = asyncio.run(blocks.postprocess_data(function, list(given), None))
        sent.append([bare(one) for one in told])
    assert sent[0] == sent[1]


def test_a_template_field_is_a_name() -> None:
    assert html("<p>{text}</p>", text="<b>") == "<p>&lt;b&gt;</p>"
    assert html("{{{text}}}", text="a") == "{a}"
    with pytest.raises(ValueError, match="a name and nothing else"):
        html("{text.format}", text="a")
    with pytest.raises(KeyError):
        html("{text}")
