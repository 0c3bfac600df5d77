"""LangChain embeddings: the bundled multilingual model, or any sentence-transformers model by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from ingest.embedding.bundled import BUNDLED_MODEL, BundledEmbedder, Embedder, lists
from ingest.embedding.e5 import PASSAGE_PREFIX, QUERY_PREFIX
from ingest.errors import ModelUnavailable
from ingest.settings import Settings

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

Embed = Callable[[list[str]], Any]


class E5Embeddings(BundledEmbedder, Embeddings):
    """The bundled multilingual-e5-small, offline, Chinese and English in one space, for LangChain.

    Example:
        >>> embeddings = E5Embeddings()
        >>> len(embeddings.embed_query("境外业务毛利率为什么更高？"))
        384
    """


class SentenceTransformerEmbeddings(Embeddings):
    """Any sentence-transformers model that is on this machine, with its own prompts for queries."""

    def __init__(self, model: str, threads: int | None = None) -> None:
        """Loads nothing yet.

        Args:
            model: a Hugging Face name or a folder.
            threads: CPU threads; all if absent.
        """
        self.model = model
        self._threads = threads

    def embed_query(self, text: str) -> list[float]:
        """One unit vector for a question."""
        return self.embed_queries([text])[0]

    def embed_queries(self, texts: list[str]) -> list[list[float]]:
        """A unit vector for each of many questions."""
        return lists(self._loaded.encode_query(texts, normalize_embeddings=True)) if texts else []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A unit vector for each passage."""
        return lists(self._loaded.encode_document(texts, normalize_embeddings=True)) if texts else []

    @cached_property
    def _loaded(self) -> Any:
        import torch
        from sentence_transformers import SentenceTransformer

        if self._threads is not None:
            torch.set_num_threads(self._threads)
        try:
            # Nothing is downloaded in passing: `jupilu models pull` is where that is asked for.
            return SentenceTransformer(self.model, local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(
                f"the embedding model {self.model} is not on this machine: jupilu models pull {self.model}"
            ) from error


def open_embeddings(settings: Settings) -> Embeddings:
    """The embeddings that the settings name; nothing is loaded before the first text.

    Args:
        settings: `embedding_model` and `threads` are used.
    """
    if settings.embedding_model == BUNDLED_MODEL:
        return E5Embeddings(settings.threads)
    return SentenceTransformerEmbeddings(settings.embedding_model, settings.threads)


def embed_all(
    embeddings: Embedder, passages: Sequence[str], questions: Sequence[str]
) -> tuple[NDArray[numpy.float32], NDArray[numpy.float32]]:
    """Vectors of many passages and of their questions, each text once.

    The bundled model always uses its bulk engine here, so that a vector does not depend on how many
    texts happened to be embedded together.

    Args:
        embeddings: any LangChain embeddings; `embed_queries` is used for questions where it exists.
        passages: n texts.
        questions: n questions; an empty one gives a row of zeros, which no search finds.
    """
    import numpy

    if isinstance(embeddings, BundledEmbedder):
        bulk = embeddings.bulk()
        by_passage: Embed = partial(bulk.embed, prefix=PASSAGE_PREFIX)
        by_question: Embed = partial(bulk.embed, prefix=QUERY_PREFIX)
    else:
        by_passage = embeddings.embed_documents
        by_question = getattr(embeddings, "embed_queries", embeddings.embed_documents)
    vectors = _each_once(by_passage, passages)
    rows = numpy.array([vectors[text] for text in passages], dtype=numpy.float32)
    vectors = _each_once(by_question, [text for text in questions if text.strip()])
    nothing = numpy.zeros(rows.shape[-1], dtype=numpy.float32)
    question_rows = numpy.array([vectors.get(text, nothing) for text in questions], dtype=numpy.float32)
    return rows, question_rows


def _each_once(embed: Embed, texts: Sequence[str]) -> dict[str, Any]:
    different = list(dict.fromkeys(texts))
    return dict(zip(different, embed(different), strict=True)) if different else {}
