"""What a model is shown: short numbered evidence, the most relevant sentences first, within a token budget."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.reading.passages import token_count
from ingest.records import Span
from rag.answers import Citation
from rag.asking.question import Question
from rag.asking.scope import out_of_scope
from rag.grounding import EvidenceText
from rag.writing.prompts import as_data
from rag.writing.quoting import runs
from rag.writing.telling import leading
from rag.writing.verbatim_answer import Draft, Section

FIRST_SHARE = 0.6  # of the budget, for the best passage where one matters most
LEAST_CHARACTERS = 40
_CHAT = re.compile(r"\b(?:assistant|system|user|instructions?)\s*[:：]|<\||\[/?INST\]", re.I)


@dataclass(frozen=True, slots=True)
class Source:
    """One numbered piece of evidence: what of a section the model sees, and what a citation of it covers.

    `headed` where company and day matter to the question; a small model copies them for nothing.
    """

    mark: int
    section: Section
    citations: tuple[Citation, ...]
    headed: bool = False

    def evidence(self, citations: Sequence[Citation] | None = None) -> list[EvidenceText]:
        """The cited sentences for the gate: neighbours joined to unbroken stretches of the record."""
        passage = self.section.relevant.evidence.passage
        chosen = [Span(c.start, c.end) for c in (self.citations if citations is None else citations)]
        form = self.section.record.form
        names = tuple(name for name in (passage.short_name, passage.code, form.company) if name)
        return [
            EvidenceText(run.of(self.section.record.text), passage.question, names, passage.published_on)
            for run in runs(chosen, self.section.record.text)
        ]

    @property
    def code(self) -> str | None:
        """The code of the company that speaks."""
        return self.section.relevant.evidence.passage.code

    def shown(self) -> str:
        """The lines for the prompt; the record's words are data there, whatever they say."""
        passage = self.section.relevant.evidence.passage
        head = f" {passage.short_name or ''} {passage.published_on or ''}".rstrip() if self.headed else ""
        later = self.section.later
        head += f" {passage.published_on}，已被[{later.mark}]更新" if later else ""
        asked = f" 问：{as_data(passage.question)[:60]}" if passage.question else ""
        return f"[{self.mark}]{head}{asked}\n答：{as_data(' '.join(c.quote for c in self.citations))}"


def _is_order(sentence: str) -> bool:
    return bool(_CHAT.search(sentence)) or out_of_scope(sentence) is not None


def numbered(
    asked: Question, draft: Draft, budget: int, cite: Callable[[Section, Span], Citation]
) -> list[Source]:
    """Sources for the draft's sections, numbered as in the verbatim answer.

    Args:
        asked: the question.
        draft: the verbatim draft; sections that no budget is left for are not shown.
        budget: tiktoken tokens for all of them together.
        cite: makes the citation of a span of a section's record.
    """
    sources: list[Source] = []
    equal = asked.asks_change or len(asked.companies) > 1
    left = budget
    for index, section in enumerate(draft.sections):
        waiting = len(draft.sections) - index
        share = left / waiting if equal or waiting == 1 else left * FIRST_SHARE
        source = _fitting(asked, section, int(share), cite)
        cost = token_count(source.shown())
        if sources and cost > left:
            break
        sources.append(source)
        left -= cost
    return sources


def _fitting(
    asked: Question, section: Section, tokens: int, cite: Callable[[Section, Span], Citation]
) -> Source:
    """The section's best sentences in about so many tokens; at least one."""
    text = section.record.text
    # Orders and advice inside a record stay quotable, but no model is shown them.
    told = [one for one in section.told if not _is_order(one.span.of(text))] or list(section.told[:1])
    limit = max(LEAST_CHARACTERS, tokens)  # a Chinese character is about one token
    while True:
        spans = leading(told, limit)
        citations = tuple(cite(section, span) for span in spans)
        headed = asked.asks_change or len(asked.companies) != 1
        source = Source(section.citations[0].mark, section, citations, headed)
        if limit <= LEAST_CHARACTERS or token_count(source.shown()) <= tokens:
            return source
        limit = max(LEAST_CHARACTERS, int(limit * 0.8))
