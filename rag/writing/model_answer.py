"""A model's answer, sentence by sentence, of which only what the gate lets through is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.records import Span
from rag.answers import Answer, Citation, Claim, Drafted
from rag.asking.companies import source_label
from rag.asking.edges import without_surrogates
from rag.asking.question import Question
from rag.asking.scope import out_of_scope
from rag.finding.signals import grams
from rag.grounding import CheckContext, check
from rag.models.calls import streamed
from rag.models.chosen import ChatSource
from rag.models.failures import WritingFailed, explained
from rag.writing.citation_marks import Sentence, Sentences
from rag.writing.model_sources import Source, numbered
from rag.writing.prompts import Prompt, as_data, load
from rag.writing.quoting import cite
from rag.writing.verbatim_answer import Draft, Section
from rag.writing.wording import say

MOST_SENTENCES = 3
LEAST_LETTERS = 4
QUESTION_CHARACTERS = 400
_NO_ANSWER = re.compile(
    r"资料(?:中|里)?(?:并?没有|未)(?:直接)?(?:回答|提及|提到|说明)|evidence does not answer", re.I
)
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class ModelWriter:
    """Writes answers with a language model; what it writes is a draft until the gate has judged it."""

    source: ChatSource

    @property
    def name(self) -> str:
        """What an answer's `model` says."""
        return self.source.name

    def rewrite(
        self, asked: Question, draft: Draft, verbatim: Answer, stopped: Callable[[], bool] = lambda: False
    ) -> Generator[Drafted, None, Answer]:
        """Write the verbatim answer anew: yields each drafted sentence as judged, returns the answer.

        Whatever goes wrong, the verbatim answer comes back, with a notice of one line.

        Args:
            asked: the question, understood.
            draft: what the verbatim answer was made from.
            verbatim: the answer that stands until (and unless) this one has passed.
            stopped: asked all the while that the model writes; True ends the writing.
        """
        try:
            sources = numbered(asked, draft, self.source.evidence_tokens, _cite)
            drafted: list[Drafted] = []
            for one in self._drafted(asked, sources, stopped):
                drafted.append(one)
                yield one
            return _assembled(asked, draft, verbatim, sources, drafted, self.name)
        except WritingFailed as failed:
            return replace(verbatim, notice=say(asked.language, failed.failure, detail=failed.detail))

    def _drafted(
        self, asked: Question, sources: Sequence[Source], stopped: Callable[[], bool]
    ) -> Iterator[Drafted]:
        seen: set[str] = set()
        for sentence in self._sentences(asked, sources, stopped):
            if _NO_ANSWER.search(sentence.text):
                if not seen:
                    raise WritingFailed("model_no_answer")
                return
            plain = _LETTERS.sub("", sentence.text)
            if plain in seen:  # a small model that begins to repeat itself goes on doing so
                return
            seen.add(plain)
            yield _judged(asked, sentence, sources)
            if len(seen) >= MOST_SENTENCES:
                return
        if not seen:
            raise WritingFailed("model_empty")

    def _sentences(
        self, asked: Question, sources: Sequence[Source], stopped: Callable[[], bool]
    ) -> Iterator[Sentence]:
        """The model's sentences as the stream finishes them.

        Raises:
            WritingFailed: whatever the provider raised.
        """
        parser = Sentences(max(source.mark for source in sources))
        messages = prompt(asked).filled(
            evidence="\n".join(source.shown() for source in sources),
            question=as_data(asked.standalone)[:QUESTION_CHARACTERS],
        )
        streaming = False
        finish = ""
        silence = getattr(self.source, "silence", self.source.deadline)
        pieces = streamed(
            self.source.connect,
            messages,
            deadline=self.source.deadline,
            silence=silence,
            stopped=stopped,
        )
        try:
            chat = next(pieces)
            for piece in pieces:
                finish = piece.response_metadata.get("finish_reason") or finish
                streaming = streaming or bool(piece.text)
                yield from parser.feed(without_surrogates(piece.text))
            if (
                streaming
                and not finish
                and any(kind.__name__ == "BaseChatOpenAI" for kind in type(chat).__mro__)
            ):
                raise WritingFailed("model_dropped")  # a stream that ends without a reason was cut
            if finish != "length":  # else the last sentence is not whole
                yield from parser.finish()
        except Exception as error:  # noqa: BLE001  # every provider has its own tree; the verbatim answer stands
            raise explained(error, streaming=streaming) from None


def prompt(asked: Question) -> Prompt:
    """The prompt for a question, by its language."""
    return load(f"write.{asked.language}")


def prompt_stamp(asked: Question) -> str:
    """The SHA-256 of that prompt, for receipts."""
    return prompt(asked).sha256


def _judged(asked: Question, sentence: Sentence, sources: Sequence[Source]) -> Drafted:
    """The gate's verdict on a sentence against its own cited spans.

    A sentence without marks, or of which the cited source says nothing, is tried against each source of
    the company alone, just as strictly; what its own source contradicts is not. Scraps, advice and orders
    are no answer, whoever wrote them first.
    """
    if len(_LETTERS.sub("", sentence.text)) < LEAST_LETTERS or out_of_scope(sentence.text):
        return Drafted(
            sentence.text, sentence.marks, "not_checkable", (say(asked.language, "no_answer"),), None
        )
    sentence, sources = _unlabelled(sentence, sources)
    by_mark = {source.mark: source for source in sources}
    cited = [by_mark[mark] for mark in sentence.marks if mark in by_mark]
    first: Drafted | None = None
    codes = {source.code for source in cited or sources}
    alone = [[source] for source in sources if source.code in codes and [source] != cited]
    for attempt in [cited, *alone] if cited else alone:
        drafted = _checked(asked, sentence, attempt)
        if drafted.claim is not None:
            return drafted
        first = first or drafted
        if cited and first.verdict == "contradicted":
            break
    return first or Drafted(sentence.text, sentence.marks, "not_checkable", (), None)


def _unlabelled(sentence: Sentence, sources: Sequence[Source]) -> tuple[Sentence, Sequence[Source]]:
    """A sentence that opens "NAME：" without that label, and the sources of that company alone."""
    for source in sources:
        name = source.section.relevant.evidence.passage.short_name
        label = re.match(rf"{re.escape(name)}\s*[:：]\s*", sentence.text) if name else None
        if label:
            own = [one for one in sources if one.code == source.code]
            return replace(sentence, text=sentence.text[label.end() :]), own
    return sentence, sources


def _checked(asked: Question, sentence: Sentence, cited: Sequence[Source]) -> Drafted:
    if len({source.code for source in cited}) > 1:
        reason = say(asked.language, "two_companies")
        return Drafted(sentence.text, sentence.marks, "not_checkable", (reason,), None)
    context = CheckContext(as_of=asked.as_of)
    evidence = [piece for source in cited for piece in source.evidence()]
    result = check(sentence.text, evidence, context=context)
    if result.verdict != "supported":
        return Drafted(sentence.text, sentence.marks, result.verdict, result.reasons, None)
    citations = _narrowed(sentence, cited, context)
    claim = Claim(sentence.text, result.verdict, result.reasons, citations)
    return Drafted(
        sentence.text, tuple(dict.fromkeys(c.mark for c in citations)), result.verdict, result.reasons, claim
    )


def _narrowed(sentence: Sentence, cited: Sequence[Source], context: CheckContext) -> tuple[Citation, ...]:
    """The fewest cited sentences on which the claim still stands: one alone, else all that were shown."""
    wanted = grams(sentence.text)

    def likeness(citation: Citation) -> int:
        return len(grams(citation.quote) & wanted)

    every = [(source, citation) for source in cited for citation in source.citations]
    for source, citation in sorted(every, key=lambda one: -likeness(one[1]))[:2]:
        if check(sentence.text, source.evidence([citation]), context=context).verdict == "supported":
            return (citation,)
    return tuple(citation for _, citation in every)


def _assembled(
    asked: Question,
    draft: Draft,
    verbatim: Answer,
    sources: Sequence[Source],
    drafted: Sequence[Drafted],
    name: str,
) -> Answer:
    """The written answer: what passed, and for what did not the company's words where they add something."""
    if not any(one.claim for one in drafted):
        raise WritingFailed("model_unproven", str(len(drafted)))
    claims: list[Claim] = []
    replaced = dropped = 0
    for one in drafted:
        claim = one.claim or _verbatim_instead(one, verbatim, sources, [*claims, *_standing(drafted)])
        if claim is None:
            dropped += 1
        else:
            replaced += one.claim is None
            claims.append(claim)
    claims = [*_best_words(draft, verbatim, claims), *claims]
    claims += _left_out(asked, verbatim, claims)
    if asked.asks_change:
        claims.sort(key=lambda claim: claim.citations[0].mark)  # marks are numbered by time there
    notice = None
    if replaced or dropped:
        notice = say(
            asked.language, "written_removed", drafted=len(drafted), replaced=replaced, dropped=dropped
        )
    return replace(
        verbatim,
        text=_text(asked, draft, claims),
        claims=tuple(claims),
        model=name,
        notice=notice,
        receipt="",
    )


def _standing(drafted: Sequence[Drafted]) -> list[Claim]:
    return [one.claim for one in drafted if one.claim]


def _verbatim_instead(
    failed: Drafted, verbatim: Answer, sources: Sequence[Source], said: Sequence[Claim]
) -> Claim | None:
    """The verbatim claim nearest to a sentence that failed; None where all that is near has been said."""
    marks = set(failed.marks) or {source.mark for source in sources}
    wanted = grams(failed.text)
    covered = [(c.record_id, c.start, c.end) for claim in said for c in claim.citations]
    best: tuple[float, Claim] | None = None
    for claim in verbatim.claims:
        citation = claim.citations[0]
        # What was not chosen to answer the question, and orders that a record holds, are nobody's answer.
        if citation.mark not in marks or claim.folded or out_of_scope(claim.text):
            continue
        near = len(grams(claim.text) & wanted) / (len(wanted) or 1)
        if near >= 0.3 and (best is None or near > best[0]):
            best = (near, claim)
    if best is None:
        return None
    place = best[1].citations[0]
    inside = any(r == place.record_id and s <= place.start and place.end <= e for r, s, e in covered)
    return None if inside else best[1]


def _best_words(draft: Draft, verbatim: Answer, claims: Sequence[Claim]) -> list[Claim]:
    """The sentences of the best passage that answer best, where the model took its words from others only.

    Retrieval finds the right passage first in four of five questions; a small model often reads on.
    """
    section = draft.sections[0]
    mark = section.citations[0].mark
    if any(citation.mark == mark for claim in claims for citation in claim.citations):
        return []
    own = [claim for claim in verbatim.claims if claim.citations[0].mark == mark]
    return [claim for claim in own if not claim.folded]


def _left_out(asked: Question, verbatim: Answer, claims: Sequence[Claim]) -> list[Claim]:
    """The verbatim words of each company, or of each day of a change over time, that the model left out."""

    def part(citation: Citation) -> object:
        return citation.mark if asked.asks_change else citation.code

    if len(asked.companies) < 2 and not asked.asks_change:
        return []
    present = {part(citation) for claim in claims for citation in claim.citations}
    left_out = [c for c in verbatim.claims if part(c.citations[0]) not in present]
    firsts = {part(claim.citations[0]): claim for claim in reversed(left_out)}
    return [claim for claim in left_out if firsts[part(claim.citations[0])] is claim]


def _text(asked: Question, draft: Draft, claims: Sequence[Claim]) -> str:
    """The claims as one paragraph with their marks, then where each mark comes from."""
    pieces: list[str] = []
    used: dict[int, None] = {}
    for claim in claims:
        marks = dict.fromkeys(citation.mark for citation in claim.citations)
        used |= marks
        verbatim = claim.text == claim.citations[0].quote
        words = f"“{claim.text}”" if verbatim else claim.text
        name = claim.citations[0].short_name
        if len(asked.companies) > 1 and name and name not in claim.text:
            words = f"{name}：{words}"
        if asked.asks_change and claim.citations[0].published_on:
            words = f"{claim.citations[0].published_on} {words}"
        pieces.append(words + "".join(f"[{mark}]" for mark in marks))
    lines = ["\n".join(pieces) if asked.asks_change else " ".join(pieces), ""]
    for section in draft.sections:
        mark = section.citations[0].mark
        if mark in used:
            passage = section.relevant.evidence.passage
            lines.append(
                say(
                    asked.language,
                    "written_source",
                    mark=mark,
                    company=source_label(passage.short_name, passage.code),
                    date=passage.published_on or say(asked.language, "unknown_date"),
                    number=section.record.form.number or "",
                    question=" ".join(passage.question.split()),
                )
            )
    return "\n".join(lines)


def _cite(section: Section, span: Span) -> Citation:
    return cite(section.record, section.relevant.evidence.passage, span, section.citations[0].mark)
