"""Answers in the company's own words: which sentences of the evidence answer the question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.folding import nfkc
from ingest.records import Span
from rag.courtesy import substance
from rag.sentences import sentence_spans

_ANNOUNCES = re.compile(r"[:：]$|(?:如下|以下|下列|几[个方]\S{0,4}|[两三四五]\S{0,3}方面)\S{0,6}[。:：]$")
_FIGURE = re.compile(r"\d")
FIRST_SENTENCE, BEST_SLICE = 0.35, 0.1  # in shares of the question's weight; set on eval/cases
_NOT_WORDS = re.compile(r"[\W_]+")
_IDLE = frozenset(
    [
        "公司",
        "目前",
        "情况",
        "如何",
        "什么",
        "怎么",
        "是否",
        "哪些",
        "为什",
        "请问",
        "可以",
        "介绍",
        "多少",
        "进展",
        "未来",
        "主要",
        "相关",
        "方面",
        "我们",
        "以及",
        "一下",
        "业务",
    ]
)


def choose_sentences(
    question: str, text: str, whole: Span, limit: int, *, best: Span | None = None, asks_figure: bool = False
) -> tuple[Span, ...]:
    """The sentences of `text[whole]` that best answer `question`, at most about `limit` characters.

    A short answer is quoted whole, without courtesy. From a long one the first sentence of
    substance (companies answer, then explain), then those with most of the question's rare terms
    (and figures, where figures are asked for) are taken until the limit is reached.

    Args:
        question: what is looked for.
        text: a record's canonical text.
        whole: where the answer stands in it.
        limit: characters.
        best: the stretch of it that retrieval found; sentences in it are preferred.
        asks_figure: whether the question asks for figures.

    Returns:
        Spans in `text`, in order; none only where there is no text.
    """
    every = sentence_spans(text, whole.start, whole.end)
    spoken = [span for span in every if substance(span.of(text)) or _FIGURE.search(span.of(text))] or every
    if sum(map(len, spoken)) <= limit:
        return tuple(spoken)
    weights = _weights(question, [span.of(text) for span in spoken])
    scores = [
        _score(span.of(text), weights, asks_figure)
        + (FIRST_SENTENCE if index == 0 else 0.0)
        + (BEST_SLICE if best and best.contains(span) else 0.0)
        for index, span in enumerate(spoken)
    ]
    chosen: set[int] = set()
    used = 0
    for index in sorted(range(len(spoken)), key=lambda i: (-scores[i], i)):
        wanted = {index}
        if _ANNOUNCES.search(spoken[index].of(text)) and index + 1 < len(spoken):
            wanted.add(index + 1)
        cost = sum(len(spoken[i]) for i in wanted - chosen)
        if chosen and (used + cost > limit or scores[index] <= 0):
            continue
        chosen |= wanted
        used += cost
    return tuple(spoken[i] for i in sorted(chosen))


def runs(sentences: Sequence[Span], text: str) -> list[Span]:
    """Neighbouring sentences joined: each run is one stretch of `text` that can be quoted unbroken."""
    joined: list[Span] = []
    for span in sentences:
        if joined and not text[joined[-1].end : span.start].strip():
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined


def terms(text: str) -> Counter[str]:
    """Character bigrams and whole Latin words or numbers of `text`, folded; question words left out."""
    folded = nfkc(text).lower()
    found: Counter[str] = Counter(re.findall(r"[a-z0-9][a-z0-9.+-]*", folded))
    for run in re.findall(r"[\u4e00-\u9fff]+", folded):
        found.update(pair for i in range(len(run) - 1) if (pair := run[i : i + 2]) not in _IDLE)
    return found


def _weights(question: str, sentences: Sequence[str]) -> dict[str, float]:
    """A weight for each term of the question: the fewer sentences have it, the more it tells."""
    spread = Counter(term for sentence in sentences for term in set(terms(sentence)))
    return {term: 1.0 / (1 + spread[term]) for term in terms(question)}


def _score(sentence: str, weights: dict[str, float], asks_figure: bool) -> float:
    total = sum(weights.values()) or 1.0
    covered = sum(weights[term] for term in terms(sentence).keys() & weights.keys())
    length = len(_NOT_WORDS.sub("", sentence))
    figure = 0.25 if asks_figure and _FIGURE.search(sentence) else 0.0
    return covered / total + figure - (0.2 if length < 8 else 0.0)
