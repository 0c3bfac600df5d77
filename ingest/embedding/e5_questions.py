"""The bundled model as trained for questions in investors' own words, for one question at a time.

A record's words and an investor's are far apart (老美 / 美国, 赚钱 / 盈利), and the bundled model was never
taught that they meet. So its upper layers get a low-rank difference (Hu et al., LoRA, ICLR 2022) that was
trained on questions written over public filings (`python -m eval.studies.training.question_encoder`; the model card
is docs/models.md). Passages keep the bundled model's vectors: a library need not be embedded anew.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ingest.embedding.e5 import QUERY_PREFIX, WeightFile
from ingest.embedding.e5_network import Network, difference_of

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Floats = NDArray[numpy.float32]

DIFFERENCE = "data/question_encoder.npz"
# Longer questions are cut: those that it was trained on have at most so many tokens.
MOST_TOKENS = 64
MOST_CHARACTERS = 512  # of which at most so many tokens are read


class QuestionEngine:
    """Embeds one question at a time; about 30 ms of one core for a question of 25 characters.

    Example:
        >>> QuestionEngine().embed("老美加税对公司影响大不大").shape
        (384,)
    """

    def __init__(self, difference: Any = None) -> None:
        """Loads nothing yet.

        Args:
            difference: arrays by name, as the trainer writes them (see `Network`); those that come with the program
                where absent.
        """
        self._given = difference

    def embed(self, question: str) -> Floats:
        """384 floats at unit length.

        Raises:
            ModelUnavailable: the bundled weights or the difference are not installed.
        """
        import numpy

        ids = self.weights.token_ids_of_one(QUERY_PREFIX + question[:MOST_CHARACTERS])[: MOST_TOKENS - 2]
        rows = self._network.rows([self.weights.begin, *ids, self.weights.end])
        mean = rows.mean(axis=0, dtype=numpy.float64)
        vector: Floats = (mean / max(float(numpy.linalg.norm(mean)), 1e-12)).astype(numpy.float32)
        return vector

    @cached_property
    def weights(self) -> WeightFile:
        """The bundled model's file; others that read it share it."""
        return WeightFile()

    @cached_property
    def _network(self) -> Network:
        changed = dict(self._given) if self._given is not None else difference_of("ingest", DIFFERENCE)
        return Network(self.weights, changed)
