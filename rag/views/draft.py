"""An IR reply held, sentence by sentence, against all that the company has said so far."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

from ingest.language.courtesy import substance
from ingest.language.sentences import trim
from ingest.library.library import Company
from ingest.records import Passage, Record, Span
from rag.answers import Citation, Searched
from rag.asking.glossary import translate_terms
from rag.asking.question import Language
from rag.finding.declining import Declining, bundled_declining
from rag.finding.retrieval import Evidence
from rag.grounding import check
from rag.grounding.alignment import atoms, coverage
from rag.grounding.clauses import cut
from rag.grounding.evidence import CheckContext, EvidenceText
from rag.grounding.normalise import is_chinese, normalise
from rag.grounding.reading import Reading, read
from rag.grounding.verdicts import Check, Finding
from rag.grounding.wording import reason
from rag.overtaking.measures import same_measure
from rag.overtaking.superseded import Statement, superseded
from rag.overtaking.telling import told
from rag.views.draft_figures import figures_told
from rag.writing.quoting import cite
from rag.writing.wording import say

Standing = Literal["supported", "contradicts", "new", "no_claim"]
STANDINGS: Final[tuple[Standing, ...]] = ("contradicts", "new", "supported", "no_claim")

# Share of a sentence's words that one sentence of a passage must have for its contradiction to be of this one; more where a
# plan is told as a fact: companies tell of plans and of facts in the same words.
ABOUT, ABOUT_PLANS = 0.8, 0.9
LEAST: Final = 4  # characters of substance below which nothing is claimed
# What the gate finds where a sentence says otherwise of the same thing; other rules find that nothing was said.
_SAYS_OTHERWISE: Final = frozenset(
    ["figure_other_value", "figure_unit", "figure_direction", "figure_other_period", "figure_other_metric",
     "figure_basis", "negation", "opposite", "replaced", "overclaimed", "exception", "extent"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Beside:
    """A figure of the draft beside the figure that the company gave before of the same measure.

    `period` and `stated_period` are the words that name the times, empty where none is named; `citation` is the mark of
    the citation in which the earlier one stands. `same_period`: both name one period, so that only one can be right; else
    each is of the day on which it was told.
    """

    measure: str
    figure: str
    period: str
    stated: str
    stated_period: str
    citation: int
    same_period: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of the draft, `draft[start:end]`, and how it stands; `reasons` are for a person."""

    text: str
    start: int
    end: int
    standing: Standing
    reasons: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    figures: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft held against the records of one company that were published by `as_of`."""

    code: str | None
    short_name: str | None
    as_of: date | None
    searched: Searched
    lines: tuple[Line, ...]

    @property
    def counts(self) -> dict[Standing, int]:
        """How many sentences stand how."""
        return {standing: sum(line.standing == standing for line in self.lines) for standing in STANDINGS}

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu draft --json` prints."""
        body = {
            "code": self.code,
            "short_name": self.short_name,
            "as_of": self.as_of,
            "searched": {
                "records": self.searched.records,
                "from": self.searched.first,
                "to": self.searched.last,
            },
            "counts": self.counts,
            "sentences": [asdict(line) for line in self.lines],
        }
        plain: dict[str, Any] = json.loads(json.dumps(body, default=str, ensure_ascii=False))
        return plain


@dataclass(frozen=True, slots=True)
class _Held:
    """One passage held against one sentence: the gate's result, and where the words stand that decided."""

    passage: Passage
    result: Check
    about: float


def hold(
    draft: str,
    company: Company,
    *,
    as_of: date | None,
    searched: Searched,
    search: Callable[[str], Sequence[Evidence]],
    record_of: Callable[[str], Record],
) -> HeldDraft:
    """Hold every sentence of a draft against what the company has said.

    Args:
        draft: a reply, with or without the investors' questions (问： 答：), in Chinese or English.
        company: whose reply it is.
        as_of: the day from which the draft's 今年 is read, where it is not the newest record's.
        searched: the records that `search` searches.
        search: gives the evidence for some words, best first.
        record_of: gives the record with an id.
    """
    names = tuple(name for name in (company.short_name, company.company, company.code) if name)
    today = as_of or searched.last
    holder = _Holder(CheckContext(names, today), today, search, record_of, bundled_declining())
    normal = normalise(draft)
    lines: list[Line] = []
    asked = ""
    for sentence in cut(normal)[1]:
        start, end = normal.original(sentence.start, sentence.end)
        span = trim(draft, Span(start, end))
        if not len(span):
            continue
        if sentence.asks:
            asked = span.of(draft)
        lines.append(holder.line(span.of(draft), span, asked, asks=sentence.asks))
    return HeldDraft(company.code, company.short_name, as_of, searched, tuple(lines))


@dataclass(frozen=True, slots=True)
class _Holder:
    context: CheckContext
    today: date | None
    search: Callable[[str], Sequence[Evidence]]
    record_of: Callable[[str], Record]
    declining: Declining

    def line(self, text: str, span: Span, asked: str, *, asks: bool) -> Line:
        nothing = set(check(text, text).rules) <= {"opinion", "no_content"}
        if asks or nothing or len(substance(text)) < LEAST or self.declining.degree(text) > 0:
            return Line(text, span.start, span.end, "no_claim")
        chinese = is_chinese(text)
        words = text if chinese else f"{text} {translate_terms(text)}"
        found = {one.passage.id: one.passage for one in self.search(words)}
        if asked:
            found |= {one.passage.id: one.passage for one in self.search(f"{asked} {text}")}
        newest = sorted(found.values(), key=lambda one: (one.published_on or date.min, one.id), reverse=True)
        if not chinese:
            return self._english(text, span, newest)
        held = [self._held(text, passage) for passage in newest]
        standing, decided = _standing(held)
        overtaken = self._overtaken(text, decided[0].passage, newest) if standing == "supported" else None
        citations = [self._cited(one.passage, one.result, number) for number, one in enumerate(decided, 1)]
        figures = self._beside(text, newest, citations)
        reasons = tuple(dict.fromkeys(why for one in decided for why in one.result.reasons))
        other = next((row for row in figures if row.same_period), None)
        if standing == "new" and other is not None:
            standing, reasons = "contradicts", (_other_value(other, chinese=is_chinese(text)),)
        if overtaken is not None:
            standing, reasons = "contradicts", (overtaken[0], *reasons)
            citations.append(cite(self.record_of(overtaken[1].record_id), *overtaken[1:], len(citations) + 1))
        return Line(text, span.start, span.end, standing, reasons, tuple(citations), figures)

    def _english(self, text: str, span: Span, passages: Sequence[Passage]) -> Line:
        """A sentence in English: only its figures can be compared."""
        readings = [read(_evidence(passage)) for passage in passages]
        standing, figures = figures_told(read(EvidenceText(text, published_on=self.today)), readings)
        citations: list[Citation] = []
        rows: list[Beside] = []
        for one in figures:
            passage = passages[one.source]
            place = _sentences_around(passage, one.start, one.end)
            citations.append(cite(self.record_of(passage.record_id), passage, place, len(citations) + 1))
            if not one.same:
                words = (one.measure, one.figure, one.period, one.stated, one.stated_period)
                rows.append(Beside(*words, len(citations), True))
        reasons = tuple(_other_value(row, chinese=False) for row in rows)
        if standing == "new":
            reasons = (say("en", "draft_not_compared"),)
        return Line(text, span.start, span.end, standing, reasons, tuple(citations), tuple(rows))

    def _overtaken(
        self, text: str, supports: Passage, passages: Sequence[Passage]
    ) -> tuple[str, Passage, Span] | None:
        """What a later record says otherwise than the one that supports a sentence: why, and where.

        A newer figure of another day leaves the older one true; it stands beside the draft's.
        """
        told_of = {
            one.id: Statement(one.id, one.text, one.published_on, one.question, one.span.start)
            for one in passages
        }
        mark = superseded(list(told_of.values()), text).get(supports.id)
        if mark is None or mark.reason == "figure":
            return None
        by = next(one for one in passages if one.id == mark.by)
        language: Language = "zh" if is_chinese(text) else "en"
        why = say(language, f"superseded_{mark.reason}")
        return say(language, "draft_overtaken", why=why, date=by.published_on), by, mark.new

    def _held(self, text: str, passage: Passage) -> _Held:
        piece = _evidence(passage)
        result = check(text, piece, context=self.context)
        claim, reading = read(EvidenceText(text, published_on=self.today)), read(piece)
        return _Held(passage, result, _about(claim, reading))

    def _cited(self, passage: Passage, result: Check, mark: int) -> Citation:
        record = self.record_of(passage.record_id)
        places = [one for one in result.spans if one.source is not None and one.end > one.start]
        if places:
            start, end = min(one.start for one in places), max(one.end for one in places)
            span = _sentences_around(passage, start, end)
        else:
            span = passage.span
        return cite(record, passage, span, mark)

    def _beside(
        self, text: str, passages: Sequence[Passage], citations: list[Citation]
    ) -> tuple[Beside, ...]:
        """The newest earlier figure of each measure of the sentence that differs; what it stands in is cited as well."""
        mine = told(EvidenceText(text, published_on=self.today))
        rows: dict[int, Beside] = {}
        for passage in passages:
            for pair in same_measure(told(_evidence(passage)), mine):
                if pair.new.figure.start in rows:
                    continue
                record = self.record_of(passage.record_id)
                place = _sentences_around(passage, *pair.old_place)
                cited = next(
                    (
                        one
                        for one in citations
                        if one.record_id == record.id and one.start <= place.start and place.end <= one.end
                    ),
                    None,
                )
                if cited is None:
                    cited = cite(record, passage, place, len(citations) + 1)
                    citations.append(cited)
                rows[pair.new.figure.start] = Beside(*pair.words, cited.mark, pair.time == "period")
        return tuple(rows.values())


def _evidence(passage: Passage) -> EvidenceText:
    return EvidenceText(passage.text, passage.question, (), passage.published_on)


def _standing(held: Sequence[_Held]) -> tuple[Standing, list[_Held]]:
    """How a sentence stands by what was held against it, newest first, and what decided."""
    supports = next((one for one in held if one.result.verdict == "supported"), None)
    against = [
        one
        for one in held
        if one.result.verdict == "contradicted"
        and one.about >= (ABOUT_PLANS if "overclaimed" in one.result.rules else ABOUT)
        and set(one.result.rules) & _SAYS_OTHERWISE
    ]
    if supports is not None:
        return "supported", [supports]
    if against:
        return "contradicts", [max(against, key=lambda one: one.about)]
    return "new", []


def _other_value(row: Beside, *, chinese: bool) -> str:
    """The gate's words for a figure that is another one in the records."""
    values = (("label", row.measure), ("stated", row.stated), ("figure", row.figure))
    return reason(Finding("contradicted", "figure_other_value", values), chinese)


def _about(claim: Reading, reading: Reading) -> float:
    """How much of the sentence's words, figures and periods aside, one sentence of a passage and its question have."""
    masked = [(p.start, p.end) for p in claim.periods] + [
        (one.figure.start, one.figure.end) for one in claim.figures
    ]
    found = atoms(claim.text)
    heads = reading.name_keys
    return max(
        (
            coverage(claim.text, found, keys | heads, masked).share
            for keys, sentence in zip(reading.sentence_keys, reading.sentences, strict=True)
            if not sentence.asks
        ),
        default=0.0,
    )


def _sentences_around(passage: Passage, start: int, end: int) -> Span:
    """The sentences of a passage that hold `text[start:end]`, as a span of its record."""
    normal = normalise(passage.text)
    touched = [
        normal.original(one.start, one.end)
        for one in cut(normal)[1]
        if normal.original(one.start, one.end)[0] < end and start < normal.original(one.start, one.end)[1]
    ]
    first, last = min((a for a, _ in touched), default=start), max((b for _, b in touched), default=end)
    span = trim(passage.text, Span(first, last))
    return Span(passage.span.start + span.start, passage.span.start + span.end)
