"""A shelf of fictional passages that can be searched like a library, with embeddings that need no model."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy
from langchain_core.embeddings import Embeddings

from ingest.library.index import Index
from ingest.library.index_words import words
from ingest.records import Passage, Span
from ingest.settings import Settings

DIMENSIONS = 64


class WordEmbeddings(Embeddings):
    """Words thrown into buckets: near means that words are shared."""

    def embed_query(self, text: str) -> list[float]:
        vector = numpy.full(DIMENSIONS, 0.01)
        for word in words(text):
            vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1
        return [float(value) for value in vector / numpy.linalg.norm(vector)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]


def pair(
    record: str,
    number: int,
    question: str,
    text: str,
    day: date | None = None,
    code: str | None = "600001",
    part: int = 0,
) -> Passage:
    """A passage of a fictional record."""
    return Passage(
        id=f"{record}:{number}:{part}",
        record_id=record,
        kind="pair",
        number=number,
        unit=0,
        slice=part,
        context=question,
        question=question,
        text=text,
        span=Span(0, len(text)),
        code=code,
        short_name="云岭科技",
        published_on=day,
    )


class Shelf:
    """Passages behind the interface of a library."""

    def __init__(self, folder: Path, passages: Sequence[Passage]) -> None:
        self.embeddings = WordEmbeddings()
        self.index = Index(folder, Settings())
        self.held = {passage.id: passage for passage in passages}
        vectors = self.embeddings.embed_documents([passage.indexed_text for passage in passages])
        questions = self.embeddings.embed_documents([passage.question for passage in passages])
        self.index.add(passages, vectors, questions)
        self.index.settle(lambda: passages)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self.held[name] for name in ids if name in self.held]

    def superseded(self, as_of: date | None = None) -> frozenset[str]:
        return frozenset()
