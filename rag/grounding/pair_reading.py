"""What no rule decides, read by the trained reader of pairs.

Rules keep their veto: a figure, period, name, denial, certainty, extent or condition that a rule has found wrong is not
read again. The limit was chosen on held-out companies (docs/decisions/0020-entailment.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

from ingest.embedding.e5_pairs import CLASSES, PairReader
from rag.grounding.facing import Facing
from rag.grounding.verdicts import Finding

Entails = Callable[[str, str], float]
"""How likely (0 to 1) a text entails a statement: `entails(statement, text)`."""

# Findings that say only that words differ; everything else is a fact that differs.
BY_WORDS: Final = frozenset({"paraphrase", "polarity_unsure"})
SUPPORTED_FROM: Final = 0.972
MOST_CHARACTERS: Final = 420  # of the evidence: the reader was trained on 25 to 350


def read_again(sentence: Facing, findings: Sequence[Finding], entails: Entails) -> list[Finding]:
    """The findings on a sentence, those by words alone replaced where the reader is sure.

    Args:
        sentence: a whole sentence of the claim.
        findings: what the rules found about its parts.
        entails: the reader.
    """
    open_ = [one for one in findings if one.verdict != "supported"]
    text = "\n".join(one.text for one in sentence.readings)
    if not open_ or len(text) > MOST_CHARACTERS or any(one.rule not in BY_WORDS for one in open_):
        return list(findings)
    likely = entails(sentence.words, text)
    if likely < SUPPORTED_FROM:
        return list(findings)
    stand = [one for one in findings if one.verdict == "supported"]
    told = (("score", f"{likely:.2f}"), ("quote", sentence.words))
    return [*stand, Finding("supported", "entailed", told, likely)]


@lru_cache(maxsize=1)
def bundled_reader() -> Entails:
    """The reader that comes with the program; loaded when it is first asked."""
    reader, entailed = PairReader(), CLASSES.index("entailed")
    return lambda statement, text: float(reader.probabilities(statement, text)[entailed])
