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
from ingest.embedding.e5_network import MATRICES
from ingest.embedding.e5_questions import MOST_TOKENS

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
        return functional.linear(rows, self.weight, self.bias) + functional.linear(
            functional.linear(rows, self.first), self.second
        )


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

        asked, key, value = heads("q"), heads("k"), heads("v")
        with torch.autocast("cpu", enabled=False):  # its half-precision gradient takes four times as long
            attended = functional.scaled_dot_product_attention(
                asked.float(), key.float(), value.float(), attn_mask=mask
            )
        attended = attended.transpose(1, 2).reshape(count, length, width)
        rows = self._norm("aln", rows + self._map("ao", attended))
        return self._norm("oln", rows + self._map("fo", functional.gelu(self._map("fi", rows))))

    def _map(self, name: str, rows: Tensor) -> Tensor:
        one = self.maps[name]
        mapped: Tensor = one(rows) if isinstance(one, nn.Module) else functional.linear(rows, *one)
        return mapped

    def _norm(self, name: str, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, (self.width,), *self.norms[name], self.epsilon)


class Stack(nn.Module):
    """The bundled network, of which the layers from `trained_from` on are trained."""

    def __init__(self, trained_from: int = TRAINED_FROM, rank: int = RANK, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.file, self.trained_from = WeightFile(), trained_from
        shape = self.file.shape
        self.layers = nn.ModuleList(
            [
                Layer(self.file, number, rank if number >= trained_from else 0)
                for number in range(shape.layers)
            ]
        )

    def lower(self, ids: Sequence[int]) -> Tensor:
        """Tokens after the layers that don't change: tokens x 384, in half precision."""
        file, shape = self.file, self.file.shape
        with torch.no_grad():
            rows = torch.from_numpy(file.word_rows(numpy.array(ids)))
            rows = rows + torch.from_numpy(file.tensor("emb.pos")).view(-1, shape.width)[: len(ids)]
            rows = rows + torch.from_numpy(file.tensor("emb.type"))[: shape.width]
            norm = [torch.from_numpy(file.tensor(f"emb.ln.{part}")) for part in "wb"]
            rows = functional.layer_norm(rows, (shape.width,), norm[0], norm[1], shape.epsilon)[None]
            everything = torch.ones(1, 1, 1, len(ids), dtype=torch.bool)
            for layer in self.layers[: self.trained_from]:
                rows = layer(rows, everything)
        return rows[0].half()

    def upper(self, lower: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """n texts through the trained layers: rows (n x longest x 384) and which of them are tokens (n x longest)."""
        longest = max(map(len, lower))
        rows = torch.zeros(len(lower), longest, self.file.shape.width)
        mask = torch.zeros(len(lower), longest, dtype=torch.bool)
        for at, one in enumerate(lower):
            rows[at, : len(one)], mask[at, : len(one)] = one.float(), True
        # Three times as fast; the parameters stay in full precision.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            for layer in self.layers[self.trained_from :]:
                rows = layer(rows, mask[:, None, None, :])
        return rows.float(), mask

    def save(self, file: Path, **more: Tensor) -> None:
        """Write the difference as `ingest.embedding.e5_network` reads it, in half precision, and what belongs to it."""
        arrays: dict[str, Any] = dict(more)
        for number, layer in enumerate(self.layers):
            if number < self.trained_from:
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


class Encoder(Stack):
    """Questions to vectors at unit length."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self._lower: dict[str, Tensor] = {}

    def forward(self, questions: Sequence[str]) -> Tensor:
        """n x 384."""
        rows, mask = self.upper([self._lower_of(question) for question in questions])
        shares = mask.unsqueeze(-1).float()
        return functional.normalize((rows * shares).sum(1) / shares.sum(1), dim=-1)

    def vectors(self, questions: Sequence[str]) -> Any:
        """n x 384 numbers, without training."""
        with torch.no_grad():
            parts = [self(questions[at : at + 64]) for at in range(0, len(questions), 64)]
        return torch.cat(parts).numpy()

    def _lower_of(self, question: str) -> Tensor:
        known = self._lower.get(question)
        if known is None:
            ids = self.file.token_ids(QUERY_PREFIX + question)[: MOST_TOKENS - 2]
            known = self._lower[question] = self.lower([self.file.begin, *ids, self.file.end])
        return known
