"""The short examples for other frameworks run as they stand, and our names stand in nobody's way."""

from __future__ import annotations

import runpy
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from eval.studies.neighbours import OURS, absolute_imports
from ingest.pipeline.ingesting import ingest
from ingest.settings import Settings

QUESTION = "岚川智冷的二期液冷基地什么时候投产？"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> str:
    path = tmp_path_factory.mktemp("ecosystem") / "library"
    records = [
        *sorted((examples_dir / "records").glob("岚川*.docx")),
        examples_dir / "records" / "澄屿微电：2025年4月25日投资者关系活动记录表.docx",
    ]
    assert not ingest(records, path, Settings(library=path)).failed
    return str(path)


def run(name: str, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    return runpy.run_module(f"examples.{name}", run_name="__main__")


def test_the_langchain_tool_prints_proven_words(
    library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("langchain_tool", monkeypatch, library, QUESTION)
    printed = capsys.readouterr().out
    assert printed.startswith("answered\n“") and "supported: " in printed


class Caller(GenericFakeChatModel):
    """A model that calls the tool and then repeats what it was told."""

    def bind_tools(self, tools: Any, **_: Any) -> Caller:
        assert [tool.name for tool in tools] == ["ask_disclosures"]
        return self


def test_the_langchain_tool_serves_an_agent(library: str) -> None:
    from examples.langchain_tool import disclosures

    call = {"name": "ask_disclosures", "args": {"question": QUESTION, "as_of": "2024-11-30"}, "id": "1"}
    model = Caller(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("told")]))
    agent = create_agent(model, [disclosures(library)])
    messages = agent.invoke({"messages": [{"role": "user", "content": QUESTION}]})["messages"]
    told = next(message for message in messages if message.type == "tool")
    cited = [citation for claim in told.artifact["claims"] for citation in claim["citations"]]
    assert told.content.startswith("answered") and cited
    assert all(one["published_on"] <= "2024-11-30" and one["quote"] for one in cited)


def test_the_llamaindex_retriever_gives_nodes_of_the_company_asked(
    library: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("llama_index.core", reason="pip install llama-index-core to run this example")
    run("llamaindex_retriever", monkeypatch, library, QUESTION)
    assert "岚川智冷" in capsys.readouterr().out

    from examples.llamaindex_retriever import Disclosures

    nodes = Disclosures(library, as_of="2024-11-30").retrieve(QUESTION)
    assert nodes and {node.metadata["code"] for node in nodes} == {"309001"}
    assert all(node.metadata["published_on"] <= "2024-11-30" for node in nodes)
    assert [node.score for node in nodes] == sorted((node.score for node in nodes), reverse=True)


def test_no_other_distribution_installs_under_our_names() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, ["jupilu"])) for name in OURS} == {name: {"jupilu"} for name in OURS}


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import rag", {"rag"}),
        ("def f():\n    from ui.web.page import serve", {"ui"}),
        ("import os, eval.cases as c", {"eval"}),
        ("from . import eval\nfrom .rag import x\nfrom x.ui import y\nimport ragas", set()),
        ("'''\nimport rag\n'''\n# from ui import x", set()),
    ],
)
def test_what_counts_as_an_import_of_our_names(source: str, found: set[str]) -> None:
    assert absolute_imports(source) == found
