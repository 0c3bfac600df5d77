"""The gate: may this sentence stand on this evidence? Deterministic, Chinese first, no model."""

from rag.grounding.check import check, check_lines
from rag.grounding.evidence import CheckContext, EvidenceText
from rag.grounding.verdicts import Check, DecidingSpan, Verdict

__all__ = [
    "Check",
    "CheckContext",
    "DecidingSpan",
    "EvidenceText",
    "Verdict",
    "check",
    "check_lines",
]
