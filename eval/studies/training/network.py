"""The bundled encoder as torch trains it: a low-rank difference on its upper layers (Hu et al., LoRA, ICLR 2022).

The lower layers stay as they are, so that what they make of a text is computed once and kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor, nn
from torch.nn import functional

from ingest.embedding.e5 import QUERY_PREFIX, WeightFile
from ingest.embedding.e5_questions import MATRICES, MOST_TOKENS

TRAINED_FROM = 6  # the first layer that changes
RANK = 16


class Linear(nn.Module):
    """A linear map W x + b with a difference B A x of low rank; B starts at nothing."""

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias
        self.first = nn.Parameter(torch.randn(rank, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.second = nn.Parameter(torch.zeros(weight.shape[0], rank))

    def forward(self, rows: Tensor) -> Tensor:
        return functional.linear(rows, self.weight + self.second @ self.first, self.bias)


class Layer(nn.Module):
    """One encoder layer; without a difference where `rank` is 0."""

    def __init__(self, weights: WeightFile, number: int, rank: int) -> None:
        super().__init__()
        self.heads, self.epsilon, width = weights.shape.heads, weights.shape.epsilon, weights.shape.width
        self.maps: dict[str, Any] = {}
        for name in MATRICES:
            bias = torch.from_numpy(weights.tensor(f"l{number}.{name}.b"))
            weight = torch.from_numpy(weights.tensor(f"l{number}.{name}.w")).view(len(bias), -1)
            if rank:
                self.maps[name] = Linear(weight, bias, rank)
                self.add_module(name, self.maps[name])
            else:
                self.maps[name] = (weight, bias)
        self.norms: dict[str, tuple[Tensor, Tensor]] = {}
        for name in ("aln", "oln"):
            pair = tuple(torch.from_numpy(weights.tensor(f"l{number}.{name}.{part}")) for part in "wb")
            if rank:
                pair = tuple(nn.Parameter(part) for part in pair)
                for part, value in zip("wb", pair, strict=True):
                    self.register_parameter(f"{name}_{part}", value)  # type: ignore[arg-type]
            self.norms[name] = (pair[0], pair[1])
        self.width = width

    def forward(self, rows: Tensor, mask: Tensor) -> Tensor:
        count, length, width = rows.shape

        def heads(name: str) -> Tensor:
            return self._map(name, rows).view(count, length, self.heads, -1).transpose(1, 2)

        attended = functional.scaled_dot_product_attention(heads("q"), heads("k"), heads("v"), attn_mask=mask)
        attended = attended.transpose(1, 2).reshape(count, length, width)
        rows = self._norm("aln", rows + self._map("ao", attended))
        return self._norm("oln", rows + self._map("fo", functional.gelu(self._map("fi", rows))))

    def _map(self, name: str, rows: Tensor) -> Tensor:
        one = self.maps[name]
        mapped: Tensor = one(rows) if isinstance(one, nn.Module) else functional.linear(rows, *one)
        return mapped

    def _norm(self, name: str, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, (self.width,), *self.norms[name], self.epsilon)


class Encoder(nn.Module):
    """Questions to vectors at unit length."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.file = WeightFile()
        shape = self.file.shape
        self.layers = nn.ModuleList(
            [
                Layer(self.file, number, RANK if number >= TRAINED_FROM else 0)
                for number in range(shape.layers)
            ]
        )
        self._lower: dict[str, Tensor] = {}

    def forward(self, questions: Sequence[str]) -> Tensor:
        """n x 384."""
        with torch.no_grad():
            lower = [self._lower_of(question) for question in questions]
        longest = max(map(len, lower))
        rows = torch.zeros(len(lower), longest, self.file.shape.width)
        mask = torch.zeros(len(lower), longest, dtype=torch.bool)
        for at, one in enumerate(lower):
            rows[at, : len(one)], mask[at, : len(one)] = one.float(), True
        for layer in self.layers[TRAINED_FROM:]:
            rows = layer(rows, mask[:, None, None, :])
        shares = mask.unsqueeze(-1).float()
        return functional.normalize((rows * shares).sum(1) / shares.sum(1), dim=-1)

    def vectors(self, questions: Sequence[str]) -> Any:
        """n x 384 numbers, without training."""
        with torch.no_grad():
            parts = [self(questions[at : at + 64]) for at in range(0, len(questions), 64)]
        return torch.cat(parts).numpy()

    def save(self, file: Path) -> None:
        """Write the difference as `ingest.embedding.e5_questions` reads it, in half precision."""
        arrays: dict[str, Any] = {}
        for number, layer in enumerate(self.layers):
            if number < TRAINED_FROM:
                continue
            for name in MATRICES:
                arrays[f"l{number}.{name}.A"] = layer.maps[name].first  # type: ignore[index,union-attr]
                arrays[f"l{number}.{name}.B"] = layer.maps[name].second  # type: ignore[index,union-attr]
            for name in ("aln", "oln"):
                for part, value in zip("wb", layer.norms[name], strict=True):  # type: ignore[index]
                    arrays[f"l{number}.{name}.{part}"] = value
        file.parent.mkdir(parents=True, exist_ok=True)
        plain = {name: value.detach().numpy().astype(numpy.float16) for name, value in arrays.items()}
        numpy.savez_compressed(file, allow_pickle=False, **plain)

    def _lower_of(self, question: str) -> Tensor:
        """A question after the layers that don't change; kept in half precision."""
        known = self._lower.get(question)
        if known is None:
            file, shape = self.file, self.file.shape
            ids = [file.begin, *file.token_ids(QUERY_PREFIX + question)[: MOST_TOKENS - 2], file.end]
            rows = torch.from_numpy(file.word_rows(numpy.array(ids)))
            rows = rows + torch.from_numpy(file.tensor("emb.pos")).view(-1, shape.width)[: len(ids)]
            rows = rows + torch.from_numpy(file.tensor("emb.type"))[: shape.width]
            norm = [torch.from_numpy(file.tensor(f"emb.ln.{part}")) for part in "wb"]
            rows = functional.layer_norm(rows, (shape.width,), norm[0], norm[1], shape.epsilon)[None]
            everything = torch.ones(1, 1, 1, len(ids), dtype=torch.bool)
            for layer in self.layers[:TRAINED_FROM]:
                rows = layer(rows, everything)
            known = self._lower[question] = rows[0].half()
        return known
