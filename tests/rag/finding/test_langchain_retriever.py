"""LangChain's own tests for retrievers, over records of fictional companies."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from langchain_core.retrievers import BaseRetriever
from langchain_tests.integration_tests import RetrieversIntegrationTests

from ingest import Library, ingest
from ingest.settings import Settings
from rag import DisclosureRetriever
from tests.rag.shelf import WordEmbeddings

SETTINGS = Settings(embedding_model="words")


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, examples_dir: Path) -> Library:
    folder = tmp_path_factory.mktemp("library")
    opened = Library.open(folder, SETTINGS, create=True, embeddings=WordEmbeddings())
    ingest([examples_dir / "records"], opened)
    return opened


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
class TestDisclosureRetriever(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _over(self, library: Library) -> None:
        self.library = library

    @property
    def retriever_constructor(self) -> type[BaseRetriever]:
        return DisclosureRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"library": self.library, "settings": SETTINGS}

    @property
    def retriever_query_example(self) -> str:
        return "公司液冷订单情况如何？"


def test_documents_can_be_quoted(library: Library) -> None:
    for document in DisclosureRetriever(library=library, settings=SETTINGS).invoke("毛利率如何？"):
        start, end = document.metadata["span"]
        assert library.record(document.metadata["record_id"]).text[start:end] == document.page_content


def test_a_named_company_and_a_day_are_hard_filters(library: Library) -> None:
    record = library.records()[-1]
    assert record.published_on is not None
    retriever = DisclosureRetriever(
        library=library, settings=SETTINGS, company=record.code, as_of=record.published_on
    )
    documents = retriever.invoke("公司经营情况如何？")
    assert documents
    for document in documents:
        assert document.metadata["code"] == record.code
        assert date.fromisoformat(document.metadata["published_on"]) <= record.published_on


def test_a_folder_is_opened(library: Library) -> None:
    retriever = DisclosureRetriever(library=library.path, settings=SETTINGS)
    assert retriever.k == 8


def test_an_unknown_company_finds_nothing(library: Library) -> None:
    retriever = DisclosureRetriever(library=library, settings=SETTINGS, company="999999")
    assert retriever.invoke("毛利率如何？") == []
