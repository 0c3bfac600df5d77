"""The bundled model's network in numpy, with a low-rank difference added to some of its matrices where one was trained.

Importing torch would cost each `jupilu ask` two seconds. One thread: the same tokens give the same bits every time.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.embedding.e5 import WeightFile
from ingest.errors import ModelUnavailable

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Floats = NDArray[numpy.float32]

MATRICES = ("q", "k", "v", "ao", "fi", "fo")


class Network:
    """Tokens to rows of 384 numbers, through all layers."""

    def __init__(self, weights: WeightFile, changed: dict[str, Any]) -> None:
        """Reads the layers (half a second) when they are first needed.

        Args:
            weights: the bundled model's file.
            changed: arrays by name, as the trainers write them (Hu et al., LoRA, ICLR 2022): `l6.q.A` (rank x width)
                and `l6.q.B` (width x rank) of each changed matrix, `l6.aln.w` and so on of each changed normalisation.
        """
        self.weights = weights
        self._difference = changed

    def rows(self, ids: Sequence[int]) -> Floats:
        """One row of the last layer for each token; `ids` with the marks of beginning and end, at most 512."""
        import numpy
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        shape = self.weights.shape
        with threadpool_limits(1):  # two threads on so small a matrix mostly wait for each other
            hidden = self.weights.word_rows(numpy.array(ids)) + self._positions[: len(ids)] + self._token_type
            hidden = _normal(hidden, self._first_norm, shape.epsilon)
            for layer in self._layers:
                hidden = self._through(layer, hidden)
        return hidden

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


def difference_of(package: str, name: str) -> dict[str, Floats]:
    """The difference in a file that comes with the program.

    Raises:
        ModelUnavailable: it is not installed.
    """
    file = Path(str(resources.files(package).joinpath(name)))
    if not file.is_file():
        raise ModelUnavailable(f"{package}/{name} is missing: install jupilu again")
    return difference_at(file)


def difference_at(file: Path) -> dict[str, Floats]:
    """The arrays of a difference that the trainer wrote, by name."""
    import numpy

    with numpy.load(file, allow_pickle=False) as arrays:
        return {name: arrays[name].astype(numpy.float32) for name in arrays.files}
