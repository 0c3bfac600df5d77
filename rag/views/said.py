"""What a company has said on a topic: every statement that the search brings up and that speaks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.language.courtesy import substance
from ingest.language.sentences import sentence_spans
from ingest.library.library import RecordSummary
from ingest.records import Passage, Record, Span
from rag.asking.question import Question
from rag.finding.judgement import any_of
from rag.finding.relevance import MOST_SHOWN, OVER_TIME
from rag.finding.retrieval import Found, whole_of
from rag.finding.topics import Topic
from rag.finding.trained import Trained

# So much of the topic stands in the sentence, or in the question, of a statement that is taken without the judgement's word.
SPEAKS = 0.81
# So much of it stands in what the judgement takes, question and answer together.
TOUCHES = 0.5
# So much of the best one's likelihood has a statement that bears on the topic in other words.
NEARLY_BEST = 0.5
ONE_THING = 50  # characters of a question that asks for one thing
QUOTED = 160  # characters of one statement, unless its one sentence is longer
_FIGURE = re.compile(r"\d")
_QUESTION = re.compile(r"[？?；;]")
_LEANS = re.compile(r"^(?:其(?!他|它|次)|该|此(?!外)|上述|前述|这|但|不过)")


@dataclass(frozen=True, slots=True)
class Said:
    """One statement on the topic: a pair's answer or management's remarks.

    `whole` is where it stands in the record's text, `spans` are its sentences on the topic, in order. `declined`:
    the company was asked and gave no real answer. `score` is the judgement's, 0..1.
    """

    passage: Passage
    record: Record
    whole: Span
    spans: tuple[Span, ...]
    score: float
    declined: bool = False

    @property
    def key(self) -> tuple[str, int, int]:
        """Which statement of which record it is."""
        return self.passage.record_id, self.passage.number, self.passage.unit


def said_on(
    asked: Question,
    topic: Topic,
    found: Sequence[Found],
    records: Sequence[RecordSummary],
    trained: Trained,
    record_of: Callable[[str], Record],
) -> list[Said]:
    """The statements on a topic, best first; empty where nothing speaks of it.

    What the search brings up is taken where the judgement or the topic's words say so; of the rest of the company's
    records, what holds the topic's words: a search looks at so many candidates only.

    Args:
        asked: the topic or question, understood.
        topic: what it is about.
        found: the candidates of one company, best first; each statement counts once, by its best slice.
        records: all of that company that may be searched.
        trained: the parts that judge.
        record_of: gives the record with an id.
    """
    judge = trained.judgement
    best = max((one.score for one in found), default=0.0)
    likely = any_of([one.score for one in found[:MOST_SHOWN]]) >= judge.answers_from
    least = OVER_TIME * judge.shown_from * best if likely else 1.1
    units: dict[tuple[str, int, int], tuple[Passage, float]] = {}
    for one in found:
        key = (one.passage.record_id, one.passage.number, one.passage.unit)
        units.setdefault(key, (one.passage, one.score))
    for summary in records:
        for passage in _mentioning(topic, record_of(summary.id), summary):
            units.setdefault((passage.record_id, passage.number, passage.unit), (passage, 0.0))
    told = (
        _said(asked, topic, passage, score, record_of(passage.record_id), best, least, trained)
        for passage, score in units.values()
    )
    return [said for said in told if said is not None]


def _mentioning(topic: Topic, record: Record, summary: RecordSummary) -> Iterator[Passage]:
    """The answers and statements of a record that hold words of the topic, each as one passage."""
    units = [("pair", pair.number, 0, pair.question, pair.answer_span) for pair in record.pairs]
    units += [("statement", 0, at, one.title, one.span) for at, one in enumerate(record.statements)]
    for kind, number, unit, question, span in units:
        text = span.of(record.text)
        if topic.mentioned(text) or topic.mentioned(question):
            yield Passage(
                id=f"{record.id}:{number}:{unit}",
                record_id=record.id,
                kind="pair" if kind == "pair" else "statement",
                number=number,
                unit=unit,
                slice=0,
                context="",
                question=question,
                text=text,
                span=span,
                code=summary.code,
                short_name=summary.short_name,
                published_on=record.published_on,
            )


def _said(
    asked: Question,
    topic: Topic,
    passage: Passage,
    score: float,
    record: Record,
    best: float,
    least: float,
    trained: Trained,
) -> Said | None:
    text = record.text
    whole = whole_of(passage, record)
    sentences = [span for span in sentence_spans(text, whole.start, whole.end) if _tells(span.of(text))]
    if not sentences:
        return None
    shares = [topic.share(span.of(text)) for span in sentences]
    asks = topic.share(passage.question)
    spoken = max(shares) >= SPEAKS
    declined = (
        passage.kind == "pair"
        and trained.declining.probability(asked.search_text, whole.of(text)) >= trained.declining.evades_from
    )
    near = [
        share if topic.touched(span.of(text)) else 0.0 for span, share in zip(sentences, shares, strict=True)
    ]
    near = near if any(near) else shares
    worth = [
        share
        + 0.25 * bool(_FIGURE.search(span.of(text)))
        + 0.35 * topic.names_measure(span.of(text))
        + 0.35 * (at == 0 and (asks >= SPEAKS or max(shares) < TOUCHES))
        for at, (span, share) in enumerate(zip(sentences, near, strict=True))
    ]
    spans = _chosen(text, sentences, near, worth)
    if not spoken:
        shown = passage.question + "，" + "，".join(span.of(text) for span in spans)
        told = topic.share(shown)
        if asks >= SPEAKS:
            # Of several questions in one the answer may leave out just this one.
            one_thing = len(passage.question) <= ONE_THING and len(_QUESTION.findall(passage.question)) <= 2
            kept = declined or one_thing or (score >= least and max(shares) > 0)
        else:
            bears = score >= least and told >= TOUCHES and not declined
            kept = bears and (
                score >= NEARLY_BEST * best or (topic.names_measure(shown) and topic.touched(shown))
            )
        if not kept:
            return None
    return Said(passage, record, whole, spans, score, declined)


def _tells(sentence: str) -> bool:
    return bool(substance(sentence) or _FIGURE.search(sentence))


def _chosen(
    text: str, sentences: Sequence[Span], shares: Sequence[float], worth: Sequence[float]
) -> tuple[Span, ...]:
    """The sentences worth most, further ones only where they speak of the topic, each with what it leans on."""
    chosen: set[int] = set()
    used = 0
    for at in sorted(range(len(sentences)), key=lambda at: (-worth[at], at)):
        if chosen and (used + len(sentences[at]) > QUOTED or shares[at] < TOUCHES):
            continue
        chosen.add(at)
        used += len(sentences[at])
    for at in sorted(chosen):
        if at and _LEANS.match(sentences[at].of(text)) and len(sentences[at - 1]) <= QUOTED:
            chosen.add(at - 1)
    return tuple(sentences[at] for at in sorted(chosen))
