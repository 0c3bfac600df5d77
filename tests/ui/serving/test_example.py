"""The example for OpenAI's client runs as it stands, and so does LangChain's chat model over the served API."""

from __future__ import annotations

import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from examples.openai_client import main
from tests.ui.conftest import Served
from tests.ui.serving.sending import QUESTION

pytestmark = [pytest.mark.enable_socket]


def test_the_example_prints_the_answer(example_api: Served, capsys: pytest.CaptureFixture[str]) -> None:
    main(QUESTION, f"{example_api.url}/v1")
    printed = capsys.readouterr().out
    assert "[^1]: 岚川智冷（309001）" in printed and "supported {'mark': 1" in printed


def test_a_langchain_chain_may_use_it_as_a_model(example_api: Served) -> None:
    model = ChatOpenAI(model="jupilu@309001", base_url=f"{example_api.url}/v1", api_key=SecretStr("none"))
    told = model.invoke("二期液冷基地什么时候投产？")
    assert "[^1]: 岚川智冷（309001）" in str(told.content)
    assert "".join(str(piece.content) for piece in model.stream("二期液冷基地什么时候投产？")) == told.content
