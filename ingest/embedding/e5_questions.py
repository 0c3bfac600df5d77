"""The bundled model as trained for questions in investors' own words, for one question at a time.

A record's words and an investor's are far apart (老美 / 美国, 赚钱 / 盈利), and the bundled model was never
taught that they meet. So its upper layers get a low-rank difference (Hu et al., LoRA, ICLR 2022) that was
trained on questions written over public filings (`python -m eval.training.question_encoder`; the model card
is docs/models.md). Passages keep the bundled model's vectors: a library need not be embedded anew.

The network is written out in numpy: importing torch would cost each `jupilu ask` two seconds.
"""

from __future__ import annotations

import math
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.embedding.e5 import QUERY_PREFIX, WeightFile
from ingest.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Floats = NDArray[numpy.float32]

DIFFERENCE = "data/question_encoder.npz"
# Longer questions are cut: those that it was trained on have at most so many tokens.
MOST_TOKENS = 64
MOST_CHARACTERS = 512  # of which at most so many tokens are read
MATRICES = ("q", "k", "v", "ao", "fi", "fo")


class QuestionEngine:
    """Embeds one question at a time; about 30 ms of one core for a question of 25 characters.

    Example:
        >>> QuestionEngine().embed("老美加税对公司影响大不大").shape
        (384,)
    """

    def __init__(self, difference: Any = None) -> None:
        """Loads nothing yet.

        Args:
            difference: arrays by name, as the trainer writes them: `l6.q.A` (rank x width) and `l6.q.B`
                (width x rank) of each changed matrix, `l6.aln.w` and so on of each changed normalisation;
                the one that comes with the program where absent.
        """
        self._given = difference

    def embed(self, question: str) -> Floats:
        """384 floats at unit length.

        Raises:
            ModelUnavailable: the bundled weights or the difference are not installed.
        """
        import numpy
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        weights = self.weights
        ids = weights.token_ids_of_one(QUERY_PREFIX + question[:MOST_CHARACTERS])[: MOST_TOKENS - 2]
        rows = numpy.array([weights.begin, *ids, weights.end])
        with threadpool_limits(1):  # two threads on so small a matrix mostly wait for each other
            hidden = weights.word_rows(rows) + self._positions[: len(rows)] + self._token_type
            hidden = _normal(hidden, self._first_norm, weights.shape.epsilon)
            for layer in self._layers:
                hidden = self._through(layer, hidden)
            mean = hidden.mean(axis=0, dtype=numpy.float64)
        vector: Floats = (mean / max(float(numpy.linalg.norm(mean)), 1e-12)).astype(numpy.float32)
        return vector

    def _through(self, layer: dict[str, Any], hidden: Floats) -> Floats:
        import numpy

        shape = self.weights.shape
        size = shape.width // shape.heads
        mixed = hidden @ layer["qkv"] + layer["qkv.b"]
        parts = mixed.reshape(len(hidden), 3, shape.heads, size).transpose(1, 2, 0, 3)
        scores = parts[0] @ parts[1].transpose(0, 2, 1) / math.sqrt(size)
        scores = numpy.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        attended = (scores @ parts[2]).transpose(1, 0, 2).reshape(len(hidden), shape.width)
        hidden = _normal(hidden + attended @ layer["ao"] + layer["ao.b"], layer["aln"], shape.epsilon)
        inner = _gelu(hidden @ layer["fi"] + layer["fi.b"])
        return _normal(hidden + inner @ layer["fo"] + layer["fo.b"], layer["oln"], shape.epsilon)

    @cached_property
    def weights(self) -> WeightFile:
        """The bundled model's file; others that read it share it."""
        return WeightFile()

    @cached_property
    def _difference(self) -> dict[str, Any]:
        if self._given is not None:
            return dict(self._given)
        file = Path(str(resources.files("ingest").joinpath(DIFFERENCE)))
        if not file.is_file():
            raise ModelUnavailable(f"ingest/{DIFFERENCE} is missing: install jupilu again")
        return difference_at(file)

    @cached_property
    def _positions(self) -> Floats:
        return self.weights.tensor("emb.pos").reshape(-1, self.weights.shape.width)

    @cached_property
    def _token_type(self) -> Floats:
        return self.weights.tensor("emb.type")[: self.weights.shape.width]

    @cached_property
    def _first_norm(self) -> tuple[Floats, Floats]:
        return self.weights.tensor("emb.ln.w"), self.weights.tensor("emb.ln.b")

    @cached_property
    def _layers(self) -> list[dict[str, Any]]:
        return [self._layer(number) for number in range(self.weights.shape.layers)]

    def _layer(self, number: int) -> dict[str, Any]:
        """The matrices of a layer, transposed for rows of tokens, with their difference added."""
        import numpy

        weights, changed = self.weights, self._difference
        ready: dict[str, Any] = {}
        for name in MATRICES:
            key = f"l{number}.{name}"
            bias = weights.tensor(f"{key}.b")
            matrix = weights.tensor(f"{key}.w").reshape(len(bias), -1)
            if f"{key}.A" in changed:
                matrix = matrix + changed[f"{key}.B"] @ changed[f"{key}.A"]
            ready[name], ready[f"{name}.b"] = matrix.T, bias
        ready["qkv"] = numpy.ascontiguousarray(numpy.concatenate([ready.pop(n) for n in "qkv"], axis=1))
        ready["qkv.b"] = numpy.concatenate([ready.pop(f"{n}.b") for n in "qkv"])
        for name in ("aln", "oln"):
            keys = (f"l{number}.{name}.w", f"l{number}.{name}.b")
            ready[name] = tuple(changed.get(key, weights.tensor(key)) for key in keys)
        return ready


def _normal(rows: Floats, weight_and_bias: tuple[Floats, Floats], epsilon: float) -> Floats:
    import numpy

    centred = rows - rows.mean(axis=-1, keepdims=True)
    deviation = numpy.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon)
    normal: Floats = centred / deviation * weight_and_bias[0] + weight_and_bias[1]
    return normal


def _gelu(values: Floats) -> Floats:
    """x Phi(x) with the error function of Abramowitz and Stegun 7.1.26, whose error is below 1.5e-7."""
    import numpy

    scaled = numpy.abs(values) * numpy.float32(math.sqrt(0.5))
    t = 1 / (1 + numpy.float32(0.3275911) * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = 1 - series * numpy.exp(-(scaled**2))
    gelu: Floats = (values * 0.5 * (1 + numpy.sign(values) * erf)).astype(numpy.float32)
    return gelu


def difference_at(file: Path) -> dict[str, Floats]:
    """The arrays of a difference that the trainer wrote, by name."""
    import numpy

    with numpy.load(file, allow_pickle=False) as arrays:
        return {name: arrays[name].astype(numpy.float32) for name in arrays.files}
