"""The weights of the gate's score for figures, fitted on the tuning half of the FinEval mutations.

    python -m eval.standing_weights CSV

Prints what belongs in rag/grounding/standing.py, and how well such a score does on contexts left out of its fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from eval.mutation_sources import fineval_sources
from eval.mutations import TRUE, cases
from rag.grounding import EvidenceText
from rag.grounding.binding import bind, token_counts
from rag.grounding.reading import read
from rag.grounding.standing import terms
from rag.grounding.stated_figures import togetherness

KINDS: Final = ("swap", "period")
FOLDS: Final = 6


@dataclass(frozen=True, slots=True)
class Example:
    """One figure of a claim that the evidence prints: its terms, whether the claim is true, and which context."""

    kind: str
    context: int
    terms: dict[str, float]


def examples(csv: Path) -> list[Example]:
    """The figures of true statements, and those that a mutation put into a false one."""
    found: list[Example] = []
    for number, source in enumerate(fineval_sources(csv, "tune")):
        for case in cases([source], KINDS):
            claim, evidence = read(EvidenceText(case.claim)), read(case.evidence)
            counts = token_counts([evidence])
            bounds = [bind(figure, [evidence], counts) for figure in claim.figures]
            for index, bound in enumerate(bounds):
                figure = bound.claimed.figure
                kept = case.kind == "swap" and claim.text[figure.start : figure.end] in case.made_from
                if bound.best is not None and not kept:
                    found.append(Example(case.kind, number, terms(bound, togetherness(bounds, index))))
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the weights; see the module's first lines."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    parser = argparse.ArgumentParser(
        prog="python -m eval.standing_weights", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("csv", type=Path)
    found = examples(parser.parse_args(arguments).csv)
    names = sorted({name for one in found for name in one.terms} - {"constant"})
    matrix: Any = np.array([[one.terms.get(name, 0.0) for name in names] for one in found])
    kinds: Any = np.array([one.kind for one in found])
    true = kinds == TRUE
    weight = np.where(true, 1.0, 0.0)
    for kind in KINDS:  # true and false weigh alike, and so do both kinds of false
        weight = np.where(kinds == kind, true.sum() / len(KINDS) / (kinds == kind).sum(), weight)

    def fitted(rows: Any) -> Any:
        return LogisticRegression(C=1.0, max_iter=5000).fit(
            matrix[rows], true[rows], sample_weight=weight[rows]
        )

    score: Any = np.zeros(len(found))
    groups = [one.context for one in found]
    for inside, outside in GroupKFold(FOLDS).split(matrix, true, groups):
        score[outside] = fitted(inside).decision_function(matrix[outside])
    print(f"{len(found)} figures; contexts left out of the fit:")
    for threshold in (-0.6, -0.4, -0.2, 0.0, 0.2):
        shares = ", ".join(
            f"{kind} {float((score[kinds == kind] >= threshold).mean()):.3f}" for kind in (TRUE, *KINDS)
        )
        print(f"  standing at {threshold:+.1f}: {shares}")
    model = fitted(np.arange(len(found)))
    for name, value in zip(names, model.coef_[0], strict=True):
        print(f'    "{name}": {value:.2f},')
    print(f'    "constant": {model.intercept_[0]:.2f},')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
