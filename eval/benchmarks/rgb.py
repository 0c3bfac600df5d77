"""RGB (Chen et al. 2023), counterfactual part: a passage with a fact altered against the true passage.

python -m eval.benchmarks.rgb en_fact.json > pairs.jsonl
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks.pairs import Pair, command, objects


def pairs(path: Path) -> Iterator[Pair]:
    """Each true passage against itself (supported), and its altered form against the true one (contradicted)."""
    for number, item in enumerate(objects(path)):
        true, altered = item.get("positive") or [], item.get("positive_wrong") or []
        for index, passage in enumerate(true):
            yield Pair(f"{number}-{index}-true", str(passage), str(passage), "supported")
            if index < len(altered) and altered[index] != passage:
                yield Pair(f"{number}-{index}-altered", str(altered[index]), str(passage), "contradicted")


if __name__ == "__main__":
    raise SystemExit(command(pairs, "rgb"))
