"""What a company has said on a topic: every statement that the search brings up and that speaks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.records import Passage, Record, Span
from rag.courtesy import substance
from rag.judgement import any_of
from rag.question import Question
from rag.relevance import MOST_SHOWN, OVER_TIME
from rag.retrieval import Found
from rag.sentences import sentence_spans
from rag.trained import Trained
from rag.views.topics import Topic

# So much of the topic stands in the sentence, or in the question, of a statement that is taken without the judgement's word.
SPEAKS = 0.8
# So much of it stands in what the judgement takes, question and answer together.
TOUCHES = 0.5
# So much of the best one's likelihood has a statement that bears on the topic in other words.
NEARLY_BEST = 0.5
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
    trained: Trained,
    record_of: Callable[[str], Record],
) -> list[Said]:
    """The statements on a topic, best first; empty where nothing that was found speaks of it.

    Args:
        asked: the topic or question, understood.
        topic: what it is about.
        found: the candidates of one company, best first; each statement counts once, by its best slice.
        trained: the parts that judge.
        record_of: gives the record with an id.
    """
    judge = trained.judgement
    best = max((one.score for one in found), default=0.0)
    likely = any_of([one.score for one in found[:MOST_SHOWN]]) >= judge.answers_from
    least = OVER_TIME * judge.shown_from * best if likely else 1.1
    taken: dict[tuple[str, int, int], Said] = {}
    for one in found:
        passage = one.passage
        key = (passage.record_id, passage.number, passage.unit)
        if key in taken:
            continue
        said = _said(asked, topic, one, record_of(passage.record_id), best, least, trained)
        if said is not None:
            taken[key] = said
    return list(taken.values())


def _said(
    asked: Question,
    topic: Topic,
    one: Found,
    record: Record,
    best: float,
    least: float,
    trained: Trained,
) -> Said | None:
    passage, text = one.passage, record.text
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
    worth = [
        share
        + 0.25 * bool(_FIGURE.search(span.of(text)))
        + 0.35 * topic.names_measure(span.of(text))
        + 0.35 * (at == 0 and (asks >= SPEAKS or max(shares) < TOUCHES))
        for at, (span, share) in enumerate(zip(sentences, shares, strict=True))
    ]
    spans = _chosen(text, sentences, shares, worth)
    if not spoken:
        shown = passage.question + "，" + "，".join(span.of(text) for span in spans)
        told = topic.share(shown)
        if asks >= SPEAKS:
            # Of several questions in one the answer may leave out just this one.
            kept = declined or one.score >= least or len(_QUESTION.findall(passage.question)) <= 1
        else:
            best_of_all = best >= least and one.score >= NEARLY_BEST * best and told >= TOUCHES
            kept = not declined and (
                best_of_all or (one.score >= least and told >= SPEAKS and topic.touched(shown))
            )
        if not kept:
            return None
    return Said(passage, record, whole, spans, one.score, declined)


def whole_of(passage: Passage, record: Record) -> Span:
    """Where the answer or the statement stands that a passage is, or is a slice of."""
    if passage.kind == "pair":
        return next(
            (pair.answer_span for pair in record.pairs if pair.number == passage.number), passage.span
        )
    if passage.unit < len(record.statements) and record.statements[passage.unit].span.contains(passage.span):
        return record.statements[passage.unit].span
    return passage.span


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
