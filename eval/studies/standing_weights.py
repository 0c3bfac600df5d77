"""The weights of the gate's score for figures, fitted on the tuning half of the FinEval mutations.

    python -m eval.studies.standing_weights CSV

Prints what belongs in rag/grounding/standing.py, and how well such a score does on contexts left out of its fit.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.studies.mutation_sources import fineval_sources
from eval.studies.mutations import TRUE, cases
from rag.grounding import EvidenceText
from rag.grounding.binding import bind, token_weights
from rag.grounding.claim_parts import togetherness
from rag.grounding.reading import read
from rag.grounding.standing import TOLD_OF, terms

FOLDS: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One figure of a claim that the evidence prints: its terms, its period's place, which context and kind."""

    kind: str
    context: int
    terms: dict[str, float]
    period: tuple[str, str]


def examples(csv: Path) -> list[Example]:
    """The figures of true statements, and those that a mutation put into a false one or into another period."""
    found: list[Example] = []
    for number, source in enumerate(fineval_sources(csv, "tune")):
        for case in cases([source], ("swap", "period")):
            claim, evidence = read(EvidenceText(case.claim)), read(case.evidence)
            weights = token_weights([evidence])
            bounds = [bind(figure, [evidence], weights) for figure in claim.figures]
            for index, bound in enumerate(bounds):
                figure = bound.claimed.figure
                kept = case.kind == "swap" and claim.text[figure.start : figure.end] in case.made_from
                if bound.best is not None and not kept:
                    told = terms(bound, togetherness(bounds, index))
                    found.append(Example(case.kind, number, told, bound.best.period))
    return found


def show_periods(found: Sequence[Example]) -> None:
    """How many figures of each place of the period are true, and how many are of a mutated period."""
    counts = Counter((one.period, one.kind) for one in found)
    for period in sorted({one.period for one in found}):
        true, moved = counts[period, TRUE], counts[period, "period"]
        accepted = "accepted" if period in TOLD_OF else ""
        print(f"  {'period ' + ', '.join(period):<28} true {true:>5}  period moved {moved:>5}  {accepted}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the weights; see the module's first lines."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression  # ships no types
    from sklearn.model_selection import GroupKFold  # as above

    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.standing_weights", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("csv", type=Path)
    found = examples(parser.parse_args(arguments).csv)
    show_periods(found)
    found = [one for one in found if one.period in TOLD_OF and one.kind != "period"]
    names = [name for name in found[0].terms if name != "constant"]
    matrix: Any = np.array([[one.terms[name] for name in names] for one in found])
    true: Any = np.array([one.kind == TRUE for one in found])
    weight: Any = np.where(true, 1.0, true.sum() / (~true).sum())  # true and false weigh alike

    def fitted(rows: Any) -> Any:
        return LogisticRegression(C=1.0, max_iter=5000).fit(
            matrix[rows], true[rows], sample_weight=weight[rows]
        )

    score: Any = np.zeros(len(found))
    groups = [one.context for one in found]
    for inside, outside in GroupKFold(FOLDS).split(matrix, true, groups):
        score[outside] = fitted(inside).decision_function(matrix[outside])
    print(f"{len(found)} figures; contexts left out of the fit:")
    for threshold in (-0.6, -0.4, -0.2, 0.0, 0.2, 0.4):
        stands = score >= threshold
        print(
            f"  standing at {threshold:+.1f}: true {stands[true].mean():.3f}, swapped {stands[~true].mean():.3f}"
        )
    model = fitted(np.arange(len(found)))
    for name, value in zip(names, model.coef_[0], strict=True):
        print(f'    "{name}": {value:.2f},')
    print(f'    "constant": {model.intercept_[0]:.2f},')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
