"""OCNLI (Hu et al. 2020): does the hypothesis follow from the premise?

python -m eval.benchmarks.ocnli dev.json > pairs.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from eval.benchmarks.pairs import Label, Pair, command, objects

_LABELS: Final[dict[str, Label]] = {
    "entailment": "supported", "neutral": "unsupported", "contradiction": "contradicted",
}  # fmt: skip


def pairs(path: Path) -> Iterator[Pair]:
    """Premise as evidence, hypothesis as claim; pairs without an agreed label ("-") are left out."""
    for number, item in enumerate(objects(path)):
        label = _LABELS.get(str(item.get("label")))
        if label is not None:
            yield Pair(str(item.get("id", number)), str(item["sentence2"]), str(item["sentence1"]), label)


if __name__ == "__main__":
    raise SystemExit(command(pairs, "ocnli"))
