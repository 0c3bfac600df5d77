"""The reasons in words, Chinese and English: what a person reads under a claim (rag/data/gate_wording.toml)."""

from __future__ import annotations

from functools import cache

from rag.data_files import toml_tables
from rag.grounding.verdicts import Finding


@cache
def wordings() -> dict[str, list[str]]:
    """By rule: the wording in Chinese and in English."""
    return toml_tables("gate_wording.toml")


def reason(finding: Finding, chinese: bool) -> str:
    """The finding in one sentence."""
    return wordings()[finding.rule][0 if chinese else 1].format(**dict(finding.values))


def shortened(text: str, longest: int = 60) -> str:
    """A quotation short enough for a reason."""
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"
