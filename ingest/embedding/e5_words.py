"""How near two short texts are by the word pieces of the bundled model alone: no network is run.

The network reads a sentence in some 40 ms, too long for each sentence of an answer; its table of word pieces already
knows that 海外 and 境外 are near, and is looked up in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from ingest.embedding.e5 import WeightFile

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

MOST_CHARACTERS = 600  # of a sentence, so many are read
COMMON = 5.0  # pieces whose log probability is above minus this say nothing


class WordPieces:
    """The bundled model's word pieces as vectors.

    Example:
        >>> WordPieces().near("海外收入占比", ["境外收入占30%。", "公司重视研发。"])
        [(0.9, 0.8), (0.6, 0.3)]
    """

    def __init__(self, weights: Callable[[], WeightFile] = WeightFile) -> None:
        """Loads nothing yet; `weights` opens the file, or gives one that others have open."""
        self._open = weights
        self._kept = lru_cache(maxsize=4096)(self._vectors_of)

    def near(self, question: str, sentences: Sequence[str]) -> list[tuple[float, float]]:
        """Of each sentence two cosines, -1..1: of each piece of the question with the nearest piece of the sentence
        (the mean, rare pieces counting more), and of both texts' weighed sums.

        The first is the late interaction of ColBERT (Khattab & Zaharia, SIGIR 2020) over vectors without context.

        Raises:
            ModelUnavailable: the bundled weights are not installed.
        """
        pieces, weights, whole = self._kept(question)
        found: list[tuple[float, float]] = []
        for sentence in sentences:
            theirs, _, their_whole = self._kept(sentence)
            nearest = (pieces @ theirs.T).max(axis=1)
            found.append((float(nearest @ weights / weights.sum()), float(whole @ their_whole)))
        return found

    def _vectors_of(self, text: str) -> tuple[Any, Any, Any]:
        import numpy

        ids = numpy.array(self._weights.token_ids_of_one(text[:MOST_CHARACTERS]) or [self._weights.unknown])
        weights = numpy.maximum(-self._weights.piece_scores[ids] - COMMON, 0.1)
        rows: NDArray[numpy.float32] = self._weights.word_rows(ids)
        rows = rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        whole = weights @ rows
        return rows, weights, whole / max(float(numpy.linalg.norm(whole)), 1e-9)

    @cached_property
    def _weights(self) -> WeightFile:
        return self._open()
