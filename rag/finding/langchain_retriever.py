"""Jupilu's evidence for any LangChain chain."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field, PrivateAttr

from ingest.library.filters import Where
from ingest.library.library import Library
from ingest.settings import Settings
from rag.asking.companies import CompanyNames
from rag.asking.question import newest, understand
from rag.finding.retrieval import Evidence, Retriever


class DisclosureRetriever(BaseRetriever):
    """Finds what companies have officially said, as LangChain documents that can be quoted and cited.

    Companies and periods that the question names are hard filters and hints, as in `DisclosureQA`;
    a question about a company that the library does not hold finds nothing. The text of a document
    is `record.text[start:end]` of its metadata's `span`, character for character.

    Example:
        >>> retriever = DisclosureRetriever(library="library", k=5)
        >>> retriever.invoke("境外业务毛利率为什么更高？")[0].metadata["short_name"]
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library | Path | str = Field(description="an open library, or the folder of one")
    settings: Settings = Field(default_factory=Settings, description="models to search with")
    k: int = Field(8, ge=1, description="how many documents at most")
    company: str | None = Field(None, description="code or name; wins over names in the question")
    as_of: date | None = Field(None, description="only records published on or before this day")

    _library: Library = PrivateAttr()
    _retriever: Retriever = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Opens the library where a folder is given.

        Raises:
            LibraryMissing: there is none.
        """
        super().model_post_init(context)
        given = self.library
        self._library = given if isinstance(given, Library) else Library.open(Path(given), self.settings)
        self._retriever = Retriever(self._library, self.settings)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, k: int | None = None
    ) -> list[Document]:
        names = CompanyNames.of(self._library)
        asked = understand(
            query,
            names,
            company=self.company,
            as_of=self.as_of,
            newest_of=partial(newest, self._library.records()),
        )
        companies = asked.companies or asked.ambiguous
        if asked.unknown and not companies:
            return []
        codes = frozenset(company.code for company in companies if company.code) or None
        found = self._retriever.search(
            asked.search_text,
            Where(codes=codes, published_to=asked.as_of),
            k or self.k,
            periods=asked.periods,
        )
        return [_document(evidence) for evidence in found]


def _document(evidence: Evidence) -> Document:
    passage = evidence.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "record_id": passage.record_id,
            "code": passage.code,
            "short_name": passage.short_name,
            "published_on": passage.published_on.isoformat() if passage.published_on else None,
            "number": passage.number,
            "question": passage.question,
            "span": [passage.span.start, passage.span.end],
            "score": evidence.score,
            "repeats": [repeat.id for repeat in evidence.repeats],
        },
    )
