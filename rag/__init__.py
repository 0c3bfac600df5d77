"""From a question to a proven answer. Import from here; names are resolved on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.answers import Answer as Answer
    from rag.answers import Citation as Citation
    from rag.answers import Claim as Claim
    from rag.disclosure_qa import DisclosureQA as DisclosureQA
    from rag.finding.langchain_retriever import DisclosureRetriever as DisclosureRetriever

__all__ = ["Answer", "Citation", "Claim", "DisclosureQA", "DisclosureRetriever"]

_HOMES = {
    "Answer": "rag.answers",
    "Citation": "rag.answers",
    "Claim": "rag.answers",
    "DisclosureQA": "rag.disclosure_qa",
    "DisclosureRetriever": "rag.finding.langchain_retriever",
}


def __getattr__(name: str) -> object:
    """Import on first use: LangChain and the indexes cost seconds that not every caller needs to pay."""
    if name not in _HOMES:
        raise AttributeError(f"module 'rag' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
