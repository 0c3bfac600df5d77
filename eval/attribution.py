"""Does each sentence of an answer stand on what it cites, is each citation needed, and do the figures hold?

The definitions are ALCE's (Gao et al. 2023, arXiv:2305.14627, §4): a sentence is recalled when its cited
passages together support it; a citation is precise when its sentence is recalled and it supports the
sentence alone, or without it the others no longer do. The judge is the gate (rag.grounding) in place of
their NLI model; second opinions, if given, are asked where the gate cannot tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from eval.recorded import RecordedAnswer, RecordedPassage
from rag.grounding import Check, CheckContext, EvidenceText, Verdict, check
from rag.grounding.claim_parts import figures
from rag.grounding.judging import decided
from rag.grounding.reading import read
from rag.grounding.second_opinion import SecondOpinion
from rag.writing.citation_marks import Sentences

CITES_NOTHING: Final = "没有引用任何资料 (cites nothing)"
_NOTHING: Final = EvidenceText("-")  # tells what asserts something from courtesy, opinions and questions


@dataclass(frozen=True, slots=True)
class CitationScore:
    """One mark of a sentence: what its passage says of the sentence alone, and whether the mark is precise."""

    mark: int
    alone: Verdict
    precise: bool


@dataclass(frozen=True, slots=True)
class FigureScore:
    """A figure of a sentence as printed; `verdict` is supported where the cited passages have it so bound."""

    text: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SentenceScore:
    """One sentence without its marks. `invented` are marks that no passage has; `failed`: the judge broke on it."""

    text: str
    marks: tuple[int, ...]
    invented: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[str, ...]
    citations: tuple[CitationScore, ...]
    figures: tuple[FigureScore, ...]
    failed: bool = False

    @property
    def recalled(self) -> bool:
        """Whether what it cites supports it; a sentence that cites nothing is not recalled."""
        return self.verdict == "supported"


@dataclass(frozen=True, slots=True)
class AnswerScore:
    """All sentences of one answer. The shares are None where there is nothing to count, never NaN.

    A refusal (`outcome` neither answered nor evaded) makes no claims: it has no sentences here.
    """

    outcome: str
    sentences: tuple[SentenceScore, ...]

    @property
    def recall(self) -> float | None:
        """ALCE's citation recall: recalled sentences over all; not checkable counts as not recalled."""
        return _share(sum(s.recalled for s in self.sentences), len(self.sentences))

    @property
    def precision(self) -> float | None:
        """ALCE's citation precision: precise citations over all, marks without a passage among them."""
        made = sum(len(s.citations) + len(s.invented) for s in self.sentences)
        return _share(sum(c.precise for s in self.sentences for c in s.citations), made)


def score(recorded: RecordedAnswer, second_opinions: Sequence[SecondOpinion] = ()) -> AnswerScore:
    """Judge every sentence of an answer against what it cites.

    Args:
        recorded: the answer and its passages.
        second_opinions: asked in order where the gate says not checkable; none by default.
    """
    outcome = recorded.told_outcome
    if outcome not in ("answered", "evaded"):
        return AnswerScore(outcome, ())
    passages = {passage.mark: _evidence(passage) for passage in recorded.passages}
    context = CheckContext(second_opinions=tuple(second_opinions))
    sentences = Sentences(10**3)
    found = [*sentences.feed(recorded.answer), *sentences.finish()]
    scores: list[SentenceScore] = []
    for sentence in found:
        written = (*sentence.marks, *sentence.invented)
        marks = tuple(mark for mark in written if mark in passages)
        invented = tuple(mark for mark in written if mark not in passages)
        scores.append(_sentence(sentence.text, marks, invented, passages, context))
    return AnswerScore(outcome, tuple(scores))


def _sentence(
    text: str,
    marks: tuple[int, ...],
    invented: tuple[int, ...],
    passages: dict[int, EvidenceText],
    context: CheckContext,
) -> SentenceScore:
    cited = [passages[mark] for mark in marks]
    together = _judge(text, cited, context)
    citations = tuple(_citation(text, mark, marks, together, passages, context) for mark in marks)
    return SentenceScore(
        text,
        marks,
        invented,
        together.verdict,
        together.reasons,
        citations,
        _figures(text, cited, together),
        "error" in together.rules,
    )


def _citation(
    text: str,
    mark: int,
    marks: tuple[int, ...],
    together: Check,
    passages: dict[int, EvidenceText],
    context: CheckContext,
) -> CitationScore:
    stands = together.verdict == "supported"
    if len(marks) == 1:
        return CitationScore(mark, together.verdict, stands)
    alone = _judge(text, [passages[mark]], context).verdict
    precise = stands and (
        alone == "supported"
        or _judge(text, [passages[m] for m in marks if m != mark], context).verdict != "supported"
    )
    return CitationScore(mark, alone, precise)


def _judge(text: str, cited: Sequence[EvidenceText], context: CheckContext) -> Check:
    """The gate's verdict on a sentence; what asserts something and cites nothing is unsupported.

    As in DisclosureQA, courtesy asserts nothing, but that it was said can be checked.
    """
    if not cited:
        result = check(text, _NOTHING)
        if result.verdict == "not_checkable":
            return result
        return Check("unsupported", (CITES_NOTHING,), result.score, rules=("cites_nothing",))
    result = check(text, cited, context=context)
    if result.verdict == "not_checkable":
        said = check(f"“{text}”", cited)
        if said.verdict == "supported":
            return said
    return result


def _figures(text: str, cited: Sequence[EvidenceText], together: Check) -> tuple[FigureScore, ...]:
    """Every figure of a sentence with the gate's finding on it; where nothing is cited none holds."""
    claim = read(EvidenceText(text))
    readings = [read(piece) for piece in cited if piece.text.strip()]
    verdicts: list[Verdict]
    if not readings or together.verdict == "supported":  # a sentence stands only if its figures do
        verdicts = [together.verdict if readings else "unsupported"] * len(claim.figures)
    else:
        verdicts = [finding.verdict for _, finding in decided(figures(claim, readings))]
    return tuple(
        FigureScore(claim.text[bound.figure.start : bound.figure.end].strip(), verdict)
        for bound, verdict in zip(claim.figures, verdicts, strict=True)
    )


def _evidence(passage: RecordedPassage) -> EvidenceText:
    names = tuple(name for name in (passage.short_name, passage.code) if name)
    return EvidenceText(passage.text, passage.question or "", names, passage.published_on)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
