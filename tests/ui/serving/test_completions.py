"""OpenAI's own client asks a really started `jupilu serve`: plain, streaming, with history, and wrongly."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from tests.ui.conftest import Served, served_api
from tests.ui.serving.sending import QUESTION

pytestmark = [pytest.mark.enable_socket]
KEY = "a-key-of-the-tests"


@pytest.fixture(scope="module")
def guarded(example_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    own = tmp_path_factory.mktemp("guarded") / "library"
    shutil.copytree(example_library, own)
    with served_api(own, {"JUPILU_SERVE_KEYS": f"another, {KEY}"}) as api:
        yield api


@pytest.fixture(scope="module")
def client(guarded: Served) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{guarded.url}/v1", api_key=KEY, max_retries=0) as opened:
        yield opened


def said(question: str = QUESTION) -> list[Any]:
    return [{"role": "user", "content": question}]


def test_an_answer_carries_its_citations(client: openai.OpenAI) -> None:
    completion = client.chat.completions.create(
        model="jupilu", messages=said(), temperature=0.7, max_tokens=5, seed=3, user="309005"
    )
    choice = completion.choices[0]
    answer = choice.message.jupilu  # type: ignore[attr-defined]
    assert choice.finish_reason == "stop" and completion.model == "jupilu"
    assert answer["outcome"] == "answered"
    first = answer["claims"][0]["citations"][0]
    text = choice.message.content or ""
    body, _, notes = text.partition("\n\n[^1]: ")
    assert "[^1]" in body and first["quote"] in body
    for part in (
        first["short_name"],
        first["code"],
        first["published_on"],
        f"问答{first['pair']}",
        first["quote"],
    ):
        assert part in notes.partition("\n\n")[0]
    assert completion.usage and completion.usage.completion_tokens > 20


def test_a_stream_gives_the_same_text(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="jupilu", messages=said())
    chunks = list(
        client.chat.completions.create(
            model="jupilu", messages=said(), stream=True, stream_options={"include_usage": True}
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == whole.choices[0].message.content
    assert len([chunk for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]) > 3
    last = next(chunk for chunk in chunks if chunk.choices and chunk.choices[0].finish_reason)
    assert last.choices[0].delta.jupilu["receipt"] == whole.choices[0].message.jupilu["receipt"]  # type: ignore[union-attr]
    assert chunks[-1].usage and chunks[-1].usage == whole.usage


def test_a_follow_up_is_understood_from_the_messages(client: openai.OpenAI) -> None:
    first = client.chat.completions.create(
        model="jupilu", messages=said("岚川智冷2024年的境外毛利率预期是多少？")
    )
    messages = [
        {"role": "system", "content": "Answer about 禾愈医疗 alone."},
        *said("岚川智冷2024年的境外毛利率预期是多少？"),
        {"role": "assistant", "content": first.choices[0].message.content},
        {"role": "user", "content": [{"type": "text", "text": "那2025年呢？"}]},
    ]
    answer = client.chat.completions.create(model="jupilu", messages=messages).choices[0].message.jupilu  # type: ignore
    assert "岚川智冷" in answer["standalone_question"] and "2025" in answer["standalone_question"]


def test_a_company_is_chosen_from_those_that_an_answer_listed(client: openai.OpenAI) -> None:
    """What the front end sends back of our own answer is read as it was said, without what Markdown needs."""
    asked = said("岚川的订单怎么样？")
    first = client.chat.completions.create(model="jupilu", messages=asked).choices[0].message
    assert first.jupilu["outcome"] == "company_unknown"  # type: ignore[attr-defined]
    messages = [*asked, {"role": "assistant", "content": first.content}, *said("岚川智冷")]
    second = client.chat.completions.create(model="jupilu", messages=messages).choices[0].message
    assert second.jupilu["outcome"] == "answered"  # type: ignore[attr-defined]
    assert {c["code"] for claim in second.jupilu["claims"] for c in claim["citations"]} == {"309001"}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "chosen",
    [
        {"model": "jupilu@岚川智冷@2024-08-31"},
        {"model": "jupilu@2024-08-31@309001"},
        {"model": "jupilu", "metadata": {"company": "309001", "as_of": "2024-08-31", "chat": "7"}},
        {"model": "jupilu@309005", "extra_body": {"company": "309001", "as_of": "2024-08-31"}},
    ],
    ids=["name", "name-code", "metadata", "fields"],
)
def test_company_and_day_may_be_chosen(client: openai.OpenAI, chosen: dict[str, Any]) -> None:
    completion = client.chat.completions.create(messages=said("二期液冷基地什么时候投产？"), **chosen)
    answer = completion.choices[0].message.jupilu  # type: ignore[attr-defined]
    assert answer["as_of"] == "2024-08-31" and answer["outcome"] == "answered"
    cited = [citation for claim in answer["claims"] for citation in claim["citations"]]
    assert {one["code"] for one in cited} == {"309001"} and all(
        one["published_on"] <= "2024-08-31" for one in cited
    )


def test_every_company_is_a_model(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list()]
    assert names[0] == "jupilu" and "jupilu@309001" in names and len(names) == 6
    assert client.models.retrieve("jupilu@岚川智冷").id == "jupilu@岚川智冷"


def test_a_wrong_key_is_refused(guarded: Served) -> None:
    for key in ("wrong", KEY[:-1], KEY + "x", "another, " + KEY):
        with (
            openai.OpenAI(base_url=f"{guarded.url}/v1", api_key=key, max_retries=0) as client,
            pytest.raises(openai.AuthenticationError, match="key is missing or wrong") as raised,
        ):
            client.chat.completions.create(model="jupilu", messages=said())
        assert raised.value.code == "invalid_api_key"
    with openai.OpenAI(base_url=f"{guarded.url}/v1", api_key="another", max_retries=0) as client:
        assert client.models.list()


@pytest.mark.parametrize(
    "model", ["gpt-4o", "jupilu-2", "jupilu@没有这家公司", "jupilu@309001@309005", "Jupilu", "jupilu@岚川"]
)
@pytest.mark.parametrize("stream", [False, True])
def test_an_unknown_model_is_told(client: openai.OpenAI, model: str, stream: bool) -> None:
    with pytest.raises(openai.NotFoundError, match="there is no model") as raised:
        client.chat.completions.create(model=model, messages=said(), stream=stream)
    assert raised.value.code == "model_not_found" and raised.value.param == "model"


def test_an_unknown_company_beside_the_question_is_told(client: openai.OpenAI) -> None:
    for stream in (False, True):
        with pytest.raises(openai.NotFoundError, match="没有这家公司"):
            client.chat.completions.create(
                model="jupilu",
                messages=said("产能是多少？"),
                extra_body={"company": "没有这家公司"},
                stream=stream,
            )


@pytest.mark.parametrize(
    ("given", "param"),
    [
        ({"tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}, "tools"),
        ({"n": 2}, "n"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"logprobs": True}, "logprobs"),
        ({"messages": [{"role": "assistant", "content": "好"}]}, "messages"),
        ({"messages": [{"role": "user", "content": "   "}]}, "question"),
        ({"messages": []}, "messages"),
        (
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            "messages",
        ),
        ({"extra_body": {"as_of": "yesterday"}}, "as_of"),
        ({"metadata": {"as_of": "2025-02-30"}}, "as_of"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_done_is_told(client: openai.OpenAI, given: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(**{"model": "jupilu", "messages": said(), **given})
    assert raised.value.param == param and raised.value.type == "invalid_request_error"
