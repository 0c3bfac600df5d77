"""The gate's one entry: a claim and its evidence in, a verdict with reasons out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rag.grounding.evidence import CheckContext, EvidenceText, as_evidence
from rag.grounding.judging import judge
from rag.grounding.normalise import is_chinese
from rag.grounding.reading import Reading, read
from rag.grounding.rules.table import RULES, Rule
from rag.grounding.second_opinion import consult
from rag.grounding.verdicts import SEVERITY, Check, Finding, Verdict, scored
from rag.grounding.wording import reason


def check(claim: str, evidence: object, *, context: CheckContext | None = None) -> Check:
    """Judge whether the claim may stand on the evidence. Fails closed: an internal error is not checkable.

    Args:
        claim: one sentence (or a few) of an answer.
        evidence: a text, an EvidenceText, a passage, or a sequence of these: the claim's own cited spans.
        context: what else is known; see CheckContext.
    """
    try:
        return _judge(claim, evidence, context or CheckContext())
    except Exception as error:  # noqa: BLE001  # invariant 2: whatever goes wrong, nothing stands unproven
        words = f"{type(error).__name__}: {error}"
        return _summed(
            [Finding("not_checkable", "error", (("words", words),))], chinese=is_chinese(str(claim))
        )


def check_lines(lines: Iterable[str], *, context: CheckContext | None = None) -> Iterator[dict[str, Any]]:
    """One result for each JSONL line {"claim", "evidence"[, "id"]}, as it comes; a bad line is not checkable."""
    for line in lines:
        if not line.strip():
            continue
        given: object = None
        try:
            given = json.loads(line)
            if not isinstance(given, dict) or not isinstance(given.get("claim"), str):
                raise TypeError('expected {"claim": "…", "evidence": "…"}')
            result = check(given["claim"], _texts(given.get("evidence")), context=context).as_json()
        except (ValueError, TypeError, RecursionError) as error:
            words = f"{type(error).__name__}: {error}"
            result = _summed([Finding("not_checkable", "error", (("words", words),))], chinese=True).as_json()
        if isinstance(given, dict) and "id" in given:
            result["id"] = given["id"]
        yield result


def _texts(evidence: object) -> object:
    """Evidence of a JSONL line: a text, {"text", "question"…}, or a list of these."""
    if isinstance(evidence, dict):
        known = {key: str(evidence[key]) for key in ("text", "question") if evidence.get(key)}
        return EvidenceText(known.get("text", ""), known.get("question", ""))
    if isinstance(evidence, list):
        return [_texts(item) for item in evidence]
    return evidence


def _judge(claim: str, evidence: object, context: CheckContext) -> Check:
    chinese = is_chinese(claim)
    readings = [read(_told(piece, context)) for piece in as_evidence(evidence) if piece.text.strip()]
    if not any(character.isalnum() for character in claim):
        return _summed([Finding("not_checkable", "no_content")], chinese=chinese)
    if not readings:
        return _summed([Finding("not_checkable", "no_evidence")], chinese=chinese)
    findings = judge(_read_claim(claim, context), readings, _rules(context))
    result = _summed(findings, chinese=chinese)
    if result.verdict == "not_checkable" and context.second_opinions:
        return _advised(claim, readings, result, context, chinese=chinese)
    return result


def _told(piece: EvidenceText, context: CheckContext) -> EvidenceText:
    if not context.names and context.as_of is None:
        return piece
    names = tuple(dict.fromkeys((*piece.names, *context.names)))
    return EvidenceText(piece.text, piece.question, names, piece.published_on or context.as_of, piece.speaker)


def _read_claim(claim: str, context: CheckContext) -> Reading:
    return read(EvidenceText(claim, published_on=context.as_of))


def _rules(context: CheckContext) -> tuple[Rule, ...]:
    return tuple(rule for rule in RULES if rule.name not in context.without) if context.without else RULES


def _summed(findings: Sequence[Finding], *, chinese: bool) -> Check:
    """The worst finding decides; its reasons come first, and only those of its kind are told."""
    verdict: Verdict = max((finding.verdict for finding in findings), key=lambda one: SEVERITY[one])
    deciding = [finding for finding in findings if finding.verdict == verdict]
    strength = min(finding.strength for finding in deciding)
    return Check(
        verdict,
        tuple(dict.fromkeys(reason(finding, chinese) for finding in deciding)),
        scored(verdict, strength),
        tuple(dict.fromkeys(finding.span for finding in deciding if finding.span is not None)),
        tuple(dict.fromkeys(finding.rule for finding in deciding)),
    )


def _advised(
    claim: str, readings: Sequence[Reading], result: Check, context: CheckContext, *, chinese: bool
) -> Check:
    opinion = consult(context.second_opinions, claim, "\n".join(reading.text for reading in readings))
    if opinion is None or opinion.verdict == "not_checkable":
        return result
    told = _summed([opinion], chinese=chinese)
    return Check(
        told.verdict, told.reasons + result.reasons, told.score, result.spans, told.rules + result.rules
    )
