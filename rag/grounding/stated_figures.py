"""The findings on a claim's figures: each supported, or not, with what the evidence has instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rag.grounding.binding import (
    Bound,
    Match,
    basis_conflict,
    bind,
    direction_conflict,
    reach_conflict,
    same_base,
    share_conflict,
    token_weights,
)
from rag.grounding.dates import agree
from rag.grounding.derived import derivation
from rag.grounding.figures import Figure, same_value
from rag.grounding.polarity import metrics_opposed
from rag.grounding.reading import BoundFigure, Reading
from rag.grounding.standing import TOLD_OF, standing
from rag.grounding.verdicts import DecidingSpan, Finding, Verdict
from rag.grounding.wording import shortened

Judged = tuple[BoundFigure, Finding, Bound | None]

STANDS: Final = -0.6  # see what `python -m eval.studies.standing_weights` prints of each threshold
UNSURE: Final = -1.5


def judge_figures(claim: Reading, readings: Sequence[Reading]) -> list[Judged]:
    """A finding for every figure of the claim, with what it was bound to."""
    if not claim.figures:
        return []
    weights = token_weights(readings)
    bounds = [bind(figure, readings, weights) for figure in claim.figures]
    return [
        (bound.claimed, _finding(claim, bound, readings, togetherness(bounds, number)), bound)
        for number, bound in enumerate(bounds)
    ]


def togetherness(bounds: Sequence[Bound], number: int) -> float:
    """The share of a claim's other figures that stand in the same sentence of the evidence; 0.5 where it has none."""
    best = bounds[number].best
    if len(bounds) == 1 or best is None:
        return 0.5
    others = [other.best for index, other in enumerate(bounds) if index != number and other.best is not None]
    if not others:
        return 0.0
    place = (best.source, best.stated.sentence)
    return sum((other.source, other.stated.sentence) == place for other in others) / len(others)


def _finding(claim: Reading, bound: Bound, readings: Sequence[Reading], together: float) -> Finding:
    claimed = bound.claimed
    if not bound.same:
        return _no_such_value(claim, bound, readings)
    likeliest = max(bound.same, key=lambda match: match.fit)
    stands = standing(bound, together)
    turned = _turned(claimed, likeliest)
    if turned is not None and (
        turned == "figure_base"
        or bound.best is None
        or likeliest.fit > bound.best.fit + 0.05
        or stands < STANDS
    ):
        return _found(claim, bound, likeliest, "contradicted", turned, 0.5)
    told = bound.best is not None and bound.best.period in TOLD_OF
    if bound.best is not None and told and stands >= STANDS:
        if not _bounds_agree(claimed.figure, bound.best.stated.figure):
            return _found(claim, bound, bound.best, "unsupported", "figure_bound", 0.5)
        return _found(claim, bound, bound.best, "supported", "figure", 0.5 + stands / 10)
    best = bound.best or likeliest
    if best.period == ("part", "carried") and best.core_recall >= 0.5:
        return _found(claim, bound, best, "not_checkable", "period_unsure", 0.5)
    if not (told or best.period == ("governs", "free")) and best.core_recall >= 0.5:
        verdict: Verdict = "contradicted" if _stated_period(best) else "unsupported"
        return _found(
            claim,
            bound,
            best,
            verdict,
            "figure_other_period" if verdict == "contradicted" else "period_absent",
            0.5,
        )
    if bound.best is None:
        return _found(claim, bound, best, "unsupported", "period_absent", 0.3)
    outdone = any(
        rival is not None and rival.core_recall >= 0.8 and rival.quality > best.quality + 0.2
        for rival in (bound.rival, bound.rival_here)
    )
    if stands > UNSURE and not outdone:
        return _found(claim, bound, best, "not_checkable", "figure_unsure", 0.5 + stands / 2)
    if not outdone:
        return _found(claim, bound, best, "unsupported", "figure_unsure", 0.3)
    here = bound.rival_here is not None and bound.rival_here.quality > best.quality + 0.2
    verdict = "contradicted" if here else "unsupported"
    return _found(claim, bound, best, verdict, "figure_other_metric", 0.5)


def _turned(claimed: BoundFigure, match: Match) -> str | None:
    """The rule by which the same value says the opposite there."""
    if direction_conflict(claimed, match.stated):
        return "figure_direction"
    if basis_conflict(claimed, match.stated):
        return "figure_basis"
    if reach_conflict(claimed, match.stated):
        return "figure_reach"
    if not same_base(claimed, match.stated):
        return "figure_base"
    opposed = metrics_opposed(claimed.zone, match.stated.zone) or share_conflict(claimed, match.stated)
    return "figure_other_metric" if opposed else None


def _bounds_agree(claimed: Figure, stated: Figure) -> bool:
    """超过 5 亿 is not 5 亿; 约 may come and go."""
    if claimed.high is not None:
        return True
    if claimed.bound in {"over", "under"}:
        return (
            stated.bound == claimed.bound or not same_value(claimed, stated) or stated.value != claimed.value
        )
    return stated.bound in {"exact", "about"}


def _no_such_value(claim: Reading, bound: Bound, readings: Sequence[Reading]) -> Finding:
    claimed = bound.claimed
    computed = derivation(claimed, readings)
    if computed is not None:
        return Finding(
            "supported", "derived", (("figure", _printed(claim, claimed)), ("computation", computed.text)), 0.5,
            DecidingSpan(*claim.normal.original(claimed.figure.start, claimed.figure.end), computed.source,
                         *readings[computed.source].normal.original(computed.start, computed.end)),
        )  # fmt: skip
    for source, reading in enumerate(readings):
        for stated in reading.figures:
            if not reading.sentences[stated.sentence].asks and _same_digits(claimed.figure, stated.figure):
                match = Match(reading, source, stated, 0.0, 0.0, 0.0, ("nowhere", "free"))
                return _found(claim, bound, match, "contradicted", "figure_unit", 0.2)
    rival = bound.rival
    if rival is not None and rival.core_recall >= 0.8 and rival.fit >= 0.7:
        return _found(claim, bound, rival, "contradicted", "figure_other_value", 0.2)
    return Finding(
        "unsupported", "figure_absent", (("figure", _printed(claim, claimed)),), 0.2,
        DecidingSpan(*claim.normal.original(claimed.figure.start, claimed.figure.end)),
    )  # fmt: skip


def _same_digits(claimed: Figure, stated: Figure) -> bool:
    """The same digits with another scale or a unit of the same kind: 5.2万 and 5.2亿, 5% and 5个百分点."""
    if claimed.is_rate != stated.is_rate or (claimed.unit != stated.unit and claimed.scale != stated.scale):
        return False
    if claimed.unit == stated.unit and claimed.value == stated.value:
        return False
    if claimed.value == 0 or stated.value == 0 or claimed.high is not None or stated.high is not None:
        return False
    digits = [abs(figure.value).normalize().as_tuple().digits for figure in (claimed, stated)]
    return digits[0] == digits[1] and len(digits[0]) >= 2


def _stated_period(match: Match) -> str:
    near = [*match.stated.own, *match.stated.governing[:1], *match.reading.part_periods[_part(match)][:1]]
    return match.reading.text[near[0].start : near[0].end] if near else ""


def _claimed_period(claim: Reading, match: Match, claimed: BoundFigure) -> str:
    wanted = [*claimed.own[::-1], *claimed.governing]
    near = [*match.stated.own, *match.stated.governing]
    missed = [period for period in wanted if not any(agree(period, other) for other in near)] or wanted
    return claim.text[missed[0].start : missed[0].end] if missed else ""


def _part(match: Match) -> int:
    return match.reading.sentences[match.stated.sentence].part


def _printed(reading: Reading, bound: BoundFigure) -> str:
    return reading.text[bound.figure.start : bound.figure.end].strip()


def _label(reading: Reading, bound: BoundFigure) -> str:
    """The words in front of a figure, as printed, from the last break."""
    if bound.name:
        return shortened(bound.name, 30)
    sentence = reading.sentences[bound.sentence]
    text = reading.text[sentence.start : bound.figure.start]
    for stop in ("，", "、", "；", "。", ":"):
        text = text.rstrip(stop).rpartition(stop)[2] or text
    return shortened(text.strip("，、；:。 \n"), 30)


def _found(
    claim: Reading, bound: Bound, match: Match, verdict: Verdict, rule: str, strength: float
) -> Finding:
    sentence = match.reading.sentences[match.stated.sentence]
    values = {
        "figure": _printed(claim, bound.claimed),
        "stated": _printed(match.reading, match.stated),
        "label": _label(match.reading, match.stated),
        "claimed": _label(claim, bound.claimed),
        "quote": shortened(match.reading.text[sentence.start : sentence.end]),
    }
    if rule in {"figure_other_period", "period_absent", "period_unsure"}:
        values |= {"stated": _stated_period(match), "claimed": _claimed_period(claim, match, bound.claimed)}
    if rule == "figure_reach":
        values |= {"stated": match.stated.reach, "claimed": bound.claimed.reach}
    if rule == "figure_base":
        base = match.stated.against[-1:]
        values |= {
            "stated": match.reading.text[base[0].start : base[0].end] if base else "",
            "claimed": claim.text[bound.claimed.against[-1].start : bound.claimed.against[-1].end],
        }
    if rule == "figure_basis":
        values |= {"stated": match.stated.basis, "claimed": bound.claimed.basis}
    figure = bound.claimed.figure
    span = DecidingSpan(
        *claim.normal.original(figure.start, figure.end), match.source,
        *match.reading.normal.original(match.stated.figure.start, match.stated.figure.end),
    )  # fmt: skip
    return Finding(verdict, rule, tuple(values.items()), strength, span)
