"""The order in which the parts of a claim are judged; what is judged, and how, stands in the rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.grounding.alignment import atoms
from rag.grounding.changes import repeated
from rag.grounding.claim_parts import clauses, figures, sentences
from rag.grounding.facing import Facing, Span
from rag.grounding.quotes import quotations
from rag.grounding.reading import Reading
from rag.grounding.rules.table import RULES, Rule, decide
from rag.grounding.verdicts import Finding

Judged = tuple[Facing, Finding]


def judge(
    claim: Reading,
    readings: Sequence[Reading],
    rules: Sequence[Rule] = RULES,
) -> list[Finding]:
    """Findings on all that the claim asserts; at least one."""
    findings: list[Finding] = []
    every = decided(figures(claim, readings), rules)
    for sentence in sentences(claim, readings, [facing.figures[0] for facing, _ in every]):
        whole = decide(sentence, rules)
        here = [item for item in every if item[0].figures[0] in sentence.figures]
        found = [whole] if whole is not None else _parts(sentence, here, rules)
        if whole is None and all(one.verdict == "supported" for one in found):
            computed = tuple(facing.claim_part for facing, one in here if one.rule == "derived")
            found += [one for _, one in decided([replace(sentence, kind="worded", masked=computed)], rules)]
        findings += found
    return findings or [Finding("not_checkable", "no_content")]


def decided(parts: Sequence[Facing], rules: Sequence[Rule] = RULES) -> list[Judged]:
    """The parts that any rule finds something about, with what it finds."""
    found = ((part, decide(part, rules)) for part in parts)
    return [(part, finding) for part, finding in found if finding is not None]


def _parts(sentence: Facing, figures: Sequence[Judged], rules: Sequence[Rule]) -> list[Finding]:
    """A sentence that nothing decides as a whole: what it changes in one that it repeats, else its quotations,
    figures, dates and clauses."""
    start, end = sentence.claim_part
    quoted = [span for span in quotations(sentence.claim) if _within(span, sentence)]
    mostly_quoted = 2 * sum(b - a for a, b in quoted) >= end - start
    changes = [] if mostly_quoted else _changes(sentence, figures, rules)
    if changes:
        return [finding for _, finding in figures if finding.verdict != "supported"] + changes
    findings = [
        finding
        for _, finding in decided(
            [replace(sentence, kind="quotation", claim_part=span, source=None) for span in quoted], rules
        )
    ]
    masked = [(period.start, period.end) for period in sentence.periods] + quoted
    left = [item for item in figures if not any(a <= item[0].claim_part[0] < b for a, b in masked)]
    masked += [facing.claim_part for facing, _ in left]
    findings += [finding for _, finding in left]
    words = [
        atom
        for atom in atoms(sentence.claim.text, *sentence.claim_part)
        if not any(a <= atom.start < b for a, b in masked)
    ]
    rest = replace(sentence, figures=tuple(facing.figures[0] for facing, _ in left))
    if not words and findings:
        return findings
    parts = [] if left else [_date(sentence, (period.start, period.end)) for period in sentence.periods]
    parts += clauses(rest, masked) if words else [replace(sentence, kind="dates_only")]
    return findings + [finding for _, finding in decided(parts, rules)]


def _date(sentence: Facing, span: Span) -> Facing:
    here = tuple(period for period in sentence.periods if period.start == span[0])
    return replace(sentence, kind="date", claim_part=span, periods=here, source=None)


def _within(span: Span, sentence: Facing) -> bool:
    return sentence.claim_part[0] <= span[0] < sentence.claim_part[1]


def _changes(sentence: Facing, figures: Sequence[Judged], rules: Sequence[Rule]) -> list[Finding]:
    """What a repeated sentence changes for the worse; empty where it repeats none or changes nothing."""
    if any(finding.verdict in {"contradicted", "unsupported"} for _, finding in figures):
        return []
    stand = [facing for facing, finding in figures if finding.verdict == "supported"]
    best = [facing.figures[0].best for facing in stand]
    found = [(match.source, match.stated.sentence) for match in best if match is not None]
    *changes, whole = repeated(sentence, found, [facing.claim_part for facing in stand]) or [sentence]
    findings = [finding for _, finding in decided(changes, rules) if finding.verdict != "supported"]
    return findings + [finding for _, finding in decided([whole] if findings else [], rules)]
