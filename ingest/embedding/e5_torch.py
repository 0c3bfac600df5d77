"""The bundled model for many texts at once: the same weights and tokens, computed by torch.

The network is a plain BERT encoder (Devlin et al. 2019; weights of intfloat/multilingual-e5-small):
mean of the last layer's tokens, at unit length. It is written out in thirty lines because loading
it through transformers would unpack 384 MB of word embeddings and cost seconds of import.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.embedding.e5 import WeightFile

if TYPE_CHECKING:
    import numpy
    import torch
    from numpy.typing import NDArray
    from torch import Tensor

# Tokens computed together: enough to read each weight seldom, few enough to stay in the cache.
TOKENS_TOGETHER = 512
ROUND_TOKENS = 64


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoder layer: (weight, bias) of its four linear maps and two normalisations."""

    query_key_value: tuple[Tensor, Tensor]
    attention_out: tuple[Tensor, Tensor]
    attention_norm: tuple[Tensor, Tensor]
    inner: tuple[Tensor, Tensor]
    outer: tuple[Tensor, Tensor]
    outer_norm: tuple[Tensor, Tensor]


class BulkEngine:
    """Five times the C engine's passages a second where the CPU multiplies bfloat16, twice elsewhere.

    A vector does not depend on the texts beside it: texts are laid end to end and never padded.
    """

    def __init__(self, threads: int | None = None) -> None:
        """Reads and unpacks the weights (about 3 s with the import of torch).

        Args:
            threads: worker threads; one per CPU core by default. Each works on texts of its own,
                which scales better than two threads on one small matrix.
        """
        import torch

        self._weights = WeightFile()
        # Kept, because each new thread would bring buffers of its own that are not given back.
        self._pool = ThreadPoolExecutor(threads or len(os.sched_getaffinity(0)), "embedding")
        self._kind = torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
        shape = self._weights.shape
        self._positions = self._tensor("emb.pos").view(-1, shape.width)
        self._token_type = self._tensor("emb.type")[: shape.width]
        self._first_norm = (self._tensor("emb.ln.w"), self._tensor("emb.ln.b"))
        self._layers = [self._layer(number) for number in range(shape.layers)]

    def embed(self, texts: Sequence[str], prefix: str) -> NDArray[numpy.float32]:
        """n x 384, unit length.

        Args:
            texts: n texts; longer ones than the model's 512 tokens are read in windows and averaged
                by length, as the C engine does.
            prefix: `query: ` or `passage: `.
        """
        import numpy

        windows: list[tuple[int, list[int]]] = []
        content = self._weights.shape.positions - 2
        for number, text in enumerate(texts):
            ids = self._weights.token_ids(prefix + text)
            windows += [(number, ids[at : at + content]) for at in range(0, max(len(ids), 1), content)]
        windows.sort(key=lambda window: -len(window[1]))
        sums = numpy.zeros((len(texts), self._weights.shape.width), dtype=numpy.float64)
        groups = list(_groups(windows))
        for group, means in zip(groups, self._pool.map(self._means, groups), strict=True):
            for (number, ids), mean in zip(group, means, strict=True):
                sums[number] += max(len(ids), 1) * mean.astype(numpy.float64)
        lengths = numpy.linalg.norm(sums, axis=1, keepdims=True)
        vectors: NDArray[numpy.float32] = (sums / numpy.maximum(lengths, 1e-12)).astype(numpy.float32)
        return vectors

    def _means(self, windows: Sequence[tuple[int, list[int]]]) -> NDArray[numpy.float32]:
        import torch

        # Each thread of the pool computes alone; torch's own threads would wait for each other.
        torch.set_num_threads(1)
        with torch.inference_mode():
            means: NDArray[numpy.float32] = self._forward([ids for _, ids in windows]).numpy()
        return means

    def _forward(self, windows: Sequence[Sequence[int]]) -> torch.Tensor:
        import numpy
        import torch
        from torch.nn import functional

        shape, weights = self._weights.shape, self._weights
        rows = [[weights.begin, *window, weights.end] for window in windows]
        # One more row makes the sum a round number: torch prepares, and keeps, code for each size it meets.
        surplus = -sum(map(len, rows)) % ROUND_TOKENS
        if surplus:
            rows.append([weights.end] * surplus)
        lengths = [len(row) for row in rows]
        width = (shape.width,)
        tokens = torch.from_numpy(weights.word_rows(numpy.concatenate([numpy.array(row) for row in rows])))
        places = torch.cat([torch.arange(length) for length in lengths])
        hidden = tokens + self._positions[places] + self._token_type
        hidden = functional.layer_norm(hidden, width, *self._first_norm, shape.epsilon)
        for layer in self._layers:
            mixed = functional.linear(hidden.to(self._kind), *layer.query_key_value)
            attended = torch.cat([self._attend(part) for part in torch.split(mixed, lengths)])
            hidden = hidden + functional.linear(attended, *layer.attention_out).float()
            hidden = functional.layer_norm(hidden, width, *layer.attention_norm, shape.epsilon)
            inner = functional.gelu(functional.linear(hidden.to(self._kind), *layer.inner))
            hidden = hidden + functional.linear(inner, *layer.outer).float()
            hidden = functional.layer_norm(hidden, width, *layer.outer_norm, shape.epsilon)
        parts = torch.split(hidden, lengths)[: len(windows)]
        return torch.stack([part.mean(0) for part in parts])

    def _attend(self, mixed: torch.Tensor) -> torch.Tensor:
        from torch.nn import functional

        heads = self._weights.shape.heads
        query, key, value = mixed.view(1, len(mixed), 3, heads, -1).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value)
        return attended.permute(0, 2, 1, 3).reshape(len(mixed), -1)

    def _tensor(self, name: str) -> torch.Tensor:
        import torch

        return torch.from_numpy(self._weights.tensor(name))

    def _layer(self, number: int) -> Layer:
        import torch

        def linear(*names: str) -> tuple[torch.Tensor, torch.Tensor]:
            biases = [self._tensor(f"l{number}.{name}.b") for name in names]
            rows = [
                self._tensor(f"l{number}.{name}.w").view(len(bias), -1)
                for name, bias in zip(names, biases, strict=True)
            ]
            return torch.cat(rows).to(self._kind), torch.cat(biases).to(self._kind)

        def norm(name: str) -> tuple[torch.Tensor, torch.Tensor]:
            return self._tensor(f"l{number}.{name}.w"), self._tensor(f"l{number}.{name}.b")

        return Layer(
            query_key_value=linear("q", "k", "v"),
            attention_out=linear("ao"),
            attention_norm=norm("aln"),
            inner=linear("fi"),
            outer=linear("fo"),
            outer_norm=norm("oln"),
        )


def _groups(windows: Sequence[tuple[int, list[int]]]) -> Iterator[list[tuple[int, list[int]]]]:
    group: list[tuple[int, list[int]]] = []
    tokens = 0
    for window in windows:
        if group and tokens + len(window[1]) > TOKENS_TOGETHER:
            yield group
            group, tokens = [], 0
        group.append(window)
        tokens += len(window[1]) + 2
    if group:
        yield group
