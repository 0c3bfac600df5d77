"""All rules of the gate in one ordered table: of those that apply to a part of a claim, the first that finds anything decides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rag.grounding.facing import Facing, Kind
from rag.grounding.rules import (
    absent,
    basis,
    bound,
    certainty,
    condition,
    dates,
    derived,
    direction,
    exact,
    extent,
    figure,
    figure_metric,
    figure_period,
    level,
    name,
    negation,
    opinion,
    paraphrase,
    period,
    premise,
    qualified,
    question_answer,
    quotation,
    read_off,
    replaced,
    same,
    side,
    term,
    unit,
    value,
    whose,
    wording,
)
from rag.grounding.verdicts import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: which kinds of parts it applies to, which verdicts it may give, and how it decides."""

    name: str
    applies: frozenset[Kind]
    verdicts: tuple[Verdict, ...]
    decides: Callable[[Facing], Finding | None]


def _rule(name: str, applies: str, verdicts: str, decides: Callable[[Facing], Finding | None]) -> Rule:
    return Rule(name, frozenset(applies.split()), tuple(verdicts.split()), decides)  # type: ignore[arg-type]  # a test holds both against Kind and Verdict


RULES: Final[tuple[Rule, ...]] = (
    # whole sentences
    _rule("question_answer", "sentence", "supported unsupported", question_answer.decides),
    _rule("opinion", "sentence", "not_checkable", opinion.decides),
    _rule("exact", "sentence", "supported", exact.decides),
    _rule("term", "sentence", "unsupported", term.decides),
    _rule("quotation", "quotation", "supported contradicted unsupported", quotation.decides),
    # figures
    _rule("derived", "figure", "supported", derived.decides),
    _rule("unit", "figure", "contradicted", unit.decides),
    _rule("value", "figure", "contradicted unsupported", value.decides),
    _rule("direction", "figure", "contradicted not_checkable", direction.decides),
    _rule("basis", "figure", "contradicted", basis.decides),
    _rule("side", "figure", "contradicted", side.decides),
    _rule("bound", "figure", "unsupported", bound.decides),
    _rule("level", "figure", "contradicted", level.decides),
    _rule("qualified", "figure", "contradicted", qualified.decides),
    _rule("figure", "figure", "supported", figure.decides),
    _rule("figure_period", "figure", "contradicted unsupported not_checkable", figure_period.decides),
    _rule("figure_metric", "figure", "contradicted unsupported not_checkable", figure_metric.decides),
    # words
    _rule("dates", "date dates_only", "unsupported supported not_checkable", dates.decides),
    _rule("period", "clause", "contradicted unsupported", period.decides),
    _rule("premise", "clause", "unsupported", premise.decides),
    _rule("name", "figured", "unsupported", name.decides),
    _rule("negation", "clause figured change", "contradicted not_checkable", negation.decides),
    _rule("certainty", "clause figured change repeated", "contradicted unsupported", certainty.decides),
    _rule("extent", "clause figured change repeated", "contradicted unsupported", extent.decides),
    _rule("condition", "clause figured change", "unsupported", condition.decides),
    _rule("same", "change", "supported", same.decides),
    _rule("replaced", "clause change", "contradicted unsupported not_checkable", replaced.decides),
    _rule("absent", "clause", "unsupported", absent.decides),
    _rule("paraphrase", "clause", "not_checkable", paraphrase.decides),
    _rule("wording", "clause figured", "supported", wording.decides),
    # a sentence of which all parts stand
    _rule("whose", "worded", "unsupported", whose.decides),
    _rule("read_off", "worded", "not_checkable", read_off.decides),
)


def decide(facing: Facing, rules: Sequence[Rule] = RULES) -> Finding | None:
    """What the first rule says that finds anything; None where none does."""
    for rule in rules:
        if facing.kind in rule.applies:
            finding = rule.decides(facing)
            if finding is not None:
                return finding
    return None
