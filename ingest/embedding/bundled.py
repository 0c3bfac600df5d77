"""The bundled multilingual-e5-small behind one face: one engine for questions, one for bulk.

Without LangChain, whose import alone would take a third of the time in which `jupilu ask` answers;
`ingest.embedding.embeddings.E5Embeddings` is the same for LangChain.
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from ingest.embedding.e5 import PASSAGE_PREFIX, QUERY_PREFIX, QueryEngine

if TYPE_CHECKING:
    from ingest.embedding.e5_torch import BulkEngine

BUNDLED_MODEL = "multilingual-e5-small"
# Up to so many texts the C engine is done before torch is imported.
FEW_TEXTS = 8


class Embedder(Protocol):
    """What searching needs of a model; every LangChain `Embeddings` has it."""

    def embed_query(self, text: str) -> list[float]: ...

    def embed_documents(self, texts: list[str]) -> list[list[float]]: ...


QUESTIONS_REMEMBERED = 512  # about 12 KiB each; one answer may embed its question twice, many ask the same


class BundledEmbedder:
    """The bundled multilingual-e5-small, offline, Chinese and English in one space.

    Two engines share the weights: one starts at once, the other is for bulk. Their vectors agree
    (cosine 0.9999).

    Example:
        >>> embeddings = BundledEmbedder()
        >>> len(embeddings.embed_query("境外业务毛利率为什么更高？"))
        384
    """

    def __init__(self, threads: int | None = None) -> None:
        """Loads nothing yet.

        Args:
            threads: CPU threads for many texts; all if absent. A question takes one.
        """
        self._threads = threads
        self._bulk: BulkEngine | None = None
        self._lock = threading.Lock()
        self._vector = lru_cache(maxsize=QUESTIONS_REMEMBERED)(self._vector_of)

    def embed_query(self, text: str) -> list[float]:
        """384 floats at unit length for a question; those of the last questions are remembered."""
        return list(self._vector(text))

    def _vector_of(self, text: str) -> tuple[float, ...]:
        return tuple(float(value) for value in self._queries.queries([text])[0])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """384 floats at unit length for each passage."""
        if len(texts) <= FEW_TEXTS:
            return lists(self._queries.passages(texts)) if texts else []
        return lists(self.bulk().embed(texts, PASSAGE_PREFIX))

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """384 floats at unit length for each of many questions."""
        if len(texts) <= FEW_TEXTS:
            return lists(self._queries.queries(texts)) if texts else []
        return lists(self.bulk().embed(texts, QUERY_PREFIX))

    def bulk(self) -> BulkEngine:
        """The engine for many texts, loaded when it is first asked for."""
        with self._lock:
            if self._bulk is None:
                from ingest.embedding.e5_torch import BulkEngine

                self._bulk = BulkEngine(self._threads)
            return self._bulk

    @cached_property
    def _queries(self) -> QueryEngine:
        return QueryEngine(threads=1)


def lists(vectors: Any) -> list[list[float]]:
    """Vectors as LangChain wants them: lists of plain floats."""
    return [[float(value) for value in vector] for vector in vectors]
