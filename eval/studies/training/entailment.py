"""Trains the reader of pairs (`ingest.embedding.e5_pairs`): does this evidence say what this claim says?

    python -m eval.studies.training.entailment CLAIMS.jsonl... [--hold-out 5] [--epochs 4] --out FILE

Claims are lines {"id", "company", "evidence", "claim", "label"}, the label entailed, contradicted or neutral. Every
n-th company (`--hold-out`) is left out of the training and read after each epoch; the last readings say from which
probability on a claim counts as supported. One thread; about 20 minutes of a core for 1,500 lines. A checkpoint is
written after each epoch.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import torch
from torch import Tensor, nn
from torch.nn import functional

from eval.studies.training.network import Stack
from ingest.embedding.e5_pairs import CLASSES, pair_ids

TRAINED_FROM, RANK = 4, 16
TOGETHER, RATE, WARM_UP = 12, 5e-4, 20
PRECISE = 0.97  # what is called supported must be so this often


@dataclass(frozen=True, slots=True)
class Line:
    """A claim beside its evidence, with its label as a place in `CLASSES`."""

    company: str
    claim: str
    evidence: str
    label: int


class Reader(nn.Module):
    """Pairs to a number for each class."""

    def __init__(self) -> None:
        super().__init__()
        self.stack = Stack(TRAINED_FROM, RANK)
        self.head = nn.Linear(2 * self.stack.file.shape.width, len(CLASSES))
        self._lower: dict[Line, Tensor] = {}

    def forward(self, lines: Sequence[Line]) -> Tensor:
        """n x classes."""
        rows, mask = self.stack.upper([self._lower_of(line) for line in lines])
        mean = (rows * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        values: Tensor = self.head(torch.cat([rows[:, 0], mean], 1))
        return values

    def _lower_of(self, line: Line) -> Tensor:
        known = self._lower.get(line)
        if known is None:
            known = self._lower[line] = self.stack.lower(pair_ids(self.stack.file, line.claim, line.evidence))
        return known

    def probabilities(self, lines: Sequence[Line]) -> Any:
        """n x classes, summing to one."""
        with torch.no_grad():
            parts = [self(lines[at : at + 2 * TOGETHER]) for at in range(0, len(lines), 2 * TOGETHER)]
        return torch.cat(parts).softmax(1).numpy()

    def save(self, file: Path) -> None:
        self.stack.save(file, **{"head.w": self.head.weight, "head.b": self.head.bias})


def read_lines(files: Sequence[Path]) -> list[Line]:
    """The labelled claims of some files."""
    rows = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [Line(row["company"], row["claim"], row["evidence"], CLASSES.index(row["label"])) for row in rows]


def train(lines: Sequence[Line], held: Sequence[Line], epochs: int, out: Path) -> Reader:
    """Cross entropy by AdamW over shuffled lines, a step of TOGETHER at a time."""
    torch.set_num_threads(1)
    reader = Reader()
    parameters = [one for one in reader.parameters() if one.requires_grad]
    steps = epochs * math.ceil(len(lines) / TOGETHER)
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.05, 1 - step / steps)
    )
    for epoch in range(epochs):
        began, total, order = time.monotonic(), 0.0, list(lines)
        random.Random(epoch).shuffle(order)
        for at in range(0, len(order), TOGETHER):
            part = order[at : at + TOGETHER]
            loss = functional.cross_entropy(reader(part), torch.tensor([line.label for line in part]))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            pace.step()
            total += loss.item() * len(part)
        reader.save(out)
        print(f"epoch {epoch}: loss {total / len(order):.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if held:
            print(report(held, reader.probabilities(held)), flush=True)
    return reader


def report(lines: Sequence[Line], likely: Any) -> str:
    """How well classes are told apart on these lines, and how many entailed claims are supported at which precision."""
    from sklearn.metrics import roc_auc_score

    labels = numpy.array([line.label for line in lines])
    areas = [f"AUC {name} {roc_auc_score(labels == n, likely[:, n]):.3f}" for n, name in enumerate(CLASSES)]
    least = supported_from(labels, likely[:, 0])
    kept = (likely[:, 0] >= least)[labels == 0].mean()
    right = (likely.argmax(1) == labels).mean()
    return f"  right {right:.3f}, {', '.join(areas)}; from {least:.3f} on {kept:.3f} of the entailed are supported"


def supported_from(labels: Any, likely: Any) -> float:
    """The least probability above which at least PRECISE of the claims are entailed; 1 where there is none."""
    order = numpy.argsort(-likely, kind="stable")
    shares = numpy.cumsum(labels[order] == 0) / numpy.arange(1, len(order) + 1)
    good = numpy.flatnonzero(shares >= PRECISE)
    return float(likely[order[good[-1]]]) if len(good) else 1.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, report and write."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.training.entailment", description=__doc__)
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--hold-out", type=int, default=5, help="every n-th company is held out; 0: none")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    lines = read_lines(options.claims)
    companies = sorted({line.company for line in lines})
    random.Random(1).shuffle(companies)
    out = frozenset(companies[:: options.hold_out]) if options.hold_out else frozenset()
    held = [line for line in lines if line.company in out]
    train([line for line in lines if line.company not in out], held, options.epochs, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
