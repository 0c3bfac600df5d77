"""FinEval index extraction as labelled pairs: true statements and their six mutations.

    python -m eval.benchmarks.fineval CSV > pairs.jsonl

How its contexts are read stands in `eval/studies/mutation_sources.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from eval.benchmarks.pairs import Label, Pair, command
from eval.studies.mutation_sources import fineval_sources
from eval.studies.mutations import KINDS, TRUE, cases


def pairs(path: Path) -> Iterator[Pair]:
    """True statements (supported) and what was made of them (contradicted); the id tells the kind."""
    for number, case in enumerate(cases(fineval_sources(path), KINDS)):
        label: Label = "supported" if case.kind == TRUE else "contradicted"
        yield Pair(f"{case.kind}-{number:06d}", case.claim, case.evidence.text, label)


if __name__ == "__main__":
    raise SystemExit(command(pairs, "fineval"))
