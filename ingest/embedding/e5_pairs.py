"""Two texts read together by the bundled model as trained on pairs: does the second say what the first says?

Claim and evidence go through the network as one text, so that every word of the one meets every word of the other; a
linear head over the first token and the mean gives one number a class. Trained by
`python -m eval.studies.training.entailment`; docs/models.md has the model card.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from ingest.embedding.e5 import WeightFile
from ingest.embedding.e5_network import Network, difference_of

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

DIFFERENCE = "data/pair_reader.npz"
CLASSES = ("entailed", "contradicted", "neutral")
# What is read of each; those that it was trained on are shorter.
CLAIM_TOKENS, EVIDENCE_TOKENS = 80, 330


def pair_ids(weights: WeightFile, claim: str, evidence: str) -> list[int]:
    """The tokens of both with their marks, each cut at what is read of it."""
    first = weights.token_ids(claim)[:CLAIM_TOKENS]
    second = weights.token_ids(evidence)[:EVIDENCE_TOKENS]
    return [weights.begin, *first, weights.end, *second, weights.end]


class PairReader:
    """Reads a claim beside its evidence; about 0.2 s of one core for 250 characters."""

    def __init__(self, difference: Any = None) -> None:
        """Loads nothing yet.

        Args:
            difference: arrays by name, as the trainer writes them, with `head.w` (classes x 768) and `head.b`; those that
                come with the program where absent.
        """
        self._given = difference

    def probabilities(self, claim: str, evidence: str) -> NDArray[numpy.float64]:
        """How likely each of `CLASSES` is; they sum to one.

        Raises:
            ModelUnavailable: the bundled weights or the difference are not installed.
        """
        import numpy

        rows = self._network.rows(pair_ids(self._network.weights, claim, evidence)).astype(numpy.float64)
        both = numpy.concatenate([rows[0], rows.mean(axis=0)])
        values = self._changed["head.w"].astype(numpy.float64) @ both + self._changed["head.b"]
        shares = numpy.exp(values - values.max())
        found: NDArray[numpy.float64] = shares / shares.sum()
        return found

    @cached_property
    def _changed(self) -> dict[str, Any]:
        return dict(self._given) if self._given is not None else difference_of("ingest", DIFFERENCE)

    @cached_property
    def _network(self) -> Network:
        return Network(WeightFile(), self._changed)
