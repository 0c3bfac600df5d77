"""What is each rule of the gate, and each of its word lists, good for? Leave one out and measure.

    python -m eval.studies.rules --claims PAIRS.jsonl... --fineval CSV [--every 6] [--only NAME...]

PAIRS are labelled pairs ({"claim", "evidence", "label": entailed | contradicted | neutral}); of FinEval the half that no
constant was chosen on is used, every n-th case. For each thing left out the table says by how much the figures move:

    kept     share of true (entailed) statements that are supported
    caught   FinEval: share of false statements that are not supported; pairs: share of the contradicted that are called so
    precise  pairs: share of what is supported that is entailed
    denied   pairs: share of the entailed and the neutral that are called contradicted
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.studies.mutation_sources import fineval_sources
from eval.studies.mutations import KINDS, TRUE, cases
from rag.grounding import CheckContext, EvidenceText, check, words
from rag.grounding.rules.table import RULES

_NEVER: Final = "(?!)"  # a pattern that matches nothing
_PLAIN: Final = frozenset(
    ["alignment.function", "alignment.english_function", "sentence.turning"]
)  # no patterns


@dataclass(frozen=True, slots=True)
class Labelled:
    """One claim with its evidence; `label` is entailed, contradicted, neutral, or true / false of FinEval."""

    label: str
    claim: str
    evidence: EvidenceText


def pairs(path: Path) -> list[Labelled]:
    """Labelled pairs of a JSONL file."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [Labelled(row["label"], row["claim"], EvidenceText(row["evidence"])) for row in rows]


def fineval(path: Path, every: int) -> list[Labelled]:
    """Every n-th case of FinEval's test half: true statements and what was made of them."""
    every_case = list(cases(fineval_sources(path, "test"), KINDS))[::every]
    return [Labelled("true" if one.kind == TRUE else "false", one.claim, one.evidence) for one in every_case]


def figures(labelled: Sequence[Labelled], without: frozenset[str] = frozenset()) -> dict[str, float]:
    """The shares that the module's first lines explain; only those that the labels allow."""
    context = CheckContext(without=without)
    counts: Counter[tuple[str, str]] = Counter(
        (one.label, check(one.claim, one.evidence, context=context).verdict) for one in labelled
    )
    totals = Counter(one.label for one in labelled)

    def share(label: str, *verdicts: str) -> float:
        return sum(counts[label, verdict] for verdict in verdicts) / totals[label]

    if "true" in totals:
        kept, caught = share("true", "supported"), 1 - share("false", "supported")
        return {"kept": kept, "caught": caught, "balanced": (kept + caught) / 2}
    stands = sum(counts[label, "supported"] for label in totals)
    denied = sum(counts[label, "contradicted"] for label in ("entailed", "neutral"))
    return {
        "kept": share("entailed", "supported"),
        "precise": counts["entailed", "supported"] / stands if stands else 1.0,
        "caught": share("contradicted", "contradicted"),
        "denied": denied / (totals["entailed"] + totals["neutral"]),
    }


def lists() -> list[str]:
    """The names of the gate's word lists, those of units and numerals aside: without these nothing is read at all."""
    return [f"{group}.{name}" for group, found in words.tables().items() if group != "unit" for name in found]


@contextmanager
def emptied(name: str) -> Iterator[None]:
    """The gate with one word list empty."""
    group, _, key = name.partition(".")
    kept: Any = words.tables()[group][key]
    words.tables()[group][key] = [] if name in _PLAIN or not isinstance(kept[0], str) else [_NEVER]
    _forget()
    try:
        yield
    finally:
        words.tables()[group][key] = kept
        _forget()


def _forget() -> None:
    """Clear what the gate's modules remember, the tables themselves aside."""
    for name, module in list(sys.modules.items()):
        if name.startswith("rag.grounding"):
            for one in vars(module).values():
                if hasattr(one, "cache_clear") and one is not words.tables:
                    one.cache_clear()


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; see the module's first lines."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.rules", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("--claims", type=Path, nargs="*", default=[])
    parser.add_argument("--fineval", type=Path)
    parser.add_argument("--every", type=int, default=6)
    parser.add_argument("--only", nargs="*", help="names of rules or lists (all)")
    given = parser.parse_args(arguments)
    sets = [("pairs", [one for file in given.claims for one in pairs(file)])] if given.claims else []
    sets += [("FinEval", fineval(given.fineval, given.every))] if given.fineval else []
    if not sets:
        parser.error("give --claims, --fineval or both")
    whole = {name: figures(labelled) for name, labelled in sets}
    columns = [(name, figure) for name, found in whole.items() for figure in found]
    print("sets: " + ", ".join(f"{name} {len(labelled)}" for name, labelled in sets))
    print(f"{'left out':<28}" + "".join(f"{name + ' ' + figure:>18}" for name, figure in columns))
    print(
        f"{'nothing':<28}" + "".join(f"{whole[name][figure]:>18.4f}" for name, figure in columns), flush=True
    )
    for thing in given.only or [*(rule.name for rule in RULES), *lists()]:
        if "." in thing:
            with emptied(thing):
                found = {name: figures(labelled) for name, labelled in sets}
        else:
            found = {name: figures(labelled, frozenset({thing})) for name, labelled in sets}
        moved = "".join(f"{found[name][figure] - whole[name][figure]:>+18.4f}" for name, figure in columns)
        print(f"{thing:<28}{moved}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
