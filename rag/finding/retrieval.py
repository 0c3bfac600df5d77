"""From a question to evidence: fused, looked at a second time, one a statement, with a score to trust."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from ingest.embedding.bundled import BUNDLED_MODEL, Embedder
from ingest.language.periods import Period
from ingest.library.filters import EVERYWHERE, Where
from ingest.records import Passage, Record, Span
from ingest.settings import Settings
from rag.asking.colloquial import formal_terms
from rag.finding.fusion import Part, Pool, Space, fuse, gather, order, standardised, typical_questions
from rag.finding.repeats import Fingerprint, fingerprint
from rag.finding.reranking import A_YEAR, ModelReranker, Time, second_look
from rag.finding.signals import Candidate, signals
from rag.finding.trained import Trained

if TYPE_CHECKING:
    from ingest.library.index import Index

# So many fused candidates are looked at a second time, so many of them by a model where one is set.
SECOND_LOOK = 80
MODEL_LOOK = 20
# So many of them are judged by their signals; how rare a word is, so many tell.
JUDGED, TELL_RARITY = 24, 60
QUESTIONS_REMEMBERED = 512  # about 3 KiB each; one answer may embed its question twice, many ask the same


class Searchable(Protocol):
    """What of a library a search needs."""

    @property
    def index(self) -> Index: ...

    @property
    def embeddings(self) -> Embedder: ...

    def passages(self, ids: Sequence[str]) -> list[Passage]: ...

    def superseded(self, as_of: date | None = None) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that retrieval found for a question.

    `score` in 0..1 says how likely the passage is about what is asked (see `rag.finding.judgement`); it never rises down a
    list. `parts` are the raw values behind it. `repeats` are passages of other records that say the same, newest
    first; the passage itself is the newest.
    """

    passage: Passage
    score: float
    parts: Mapping[str, float]
    repeats: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One candidate after the second look."""

    passage: Passage
    value: float
    score: float
    parts: Mapping[str, float]


class Retriever:
    """Finds evidence in a library.

    Example:
        >>> retriever = Retriever(library, Settings())
        >>> where = Where(codes=frozenset({"688787"}))
        >>> retriever.search("境外业务毛利率为什么更高？", where, k=5)[0].passage.text
    """

    def __init__(self, library: Searchable, settings: Settings, trained: Trained | None = None) -> None:
        """Loads nothing yet.

        Args:
            library: to search in.
            settings: `embedding_model` is the library's; `reranker_model` names a CrossEncoder, or none.
            trained: the trained parts; those that come with the program where absent.
        """
        self._library = library
        self._settings = settings
        self._trained = trained or Trained.bundled()
        self._model = ModelReranker(settings.reranker_model) if settings.reranker_model else None
        self._space: Space | None = None
        self._space_version: tuple[int, int] | None = None
        self._vector = lru_cache(maxsize=QUESTIONS_REMEMBERED)(self._vector_of)

    def search(
        self, question: str, where: Where = EVERYWHERE, k: int = 8, *, periods: Sequence[Period] = ()
    ) -> list[Evidence]:
        """The k statements that answer the question best, best first; ties in the order of ids.

        Args:
            question: what is looked for, best without greetings and company names.
            where: hard filters; nothing outside them is found.
            k: how many at most.
            periods: of the question, resolved to days; read from its words where absent.
        """
        return _statements(self.ranked(question, where, periods=periods), k)

    def ranked(
        self,
        question: str,
        where: Where = EVERYWHERE,
        *,
        periods: Sequence[Period] = (),
        most_judged: int = JUDGED,
    ) -> list[Found]:
        """All candidates that were looked at a second time, best first, each passage by itself; the first `most_judged`
        by their signals (at most TELL_RARITY), the others as likely as the least likely of these."""
        candidates = self.candidates(question, where, periods=periods)
        told = signals(question, candidates[:TELL_RARITY])[:most_judged]
        judge = self._trained.judgement
        found = [
            Found(one.passage, one.value, judge.probability(mine), _parts(one.raw))
            for one, mine in zip(candidates, told, strict=False)
        ]
        if self._knows_questions():
            found.sort(key=lambda one: (-one.score, -one.value, one.passage.id))
        least = min((one.score for one in found), default=0.0)
        found += [Found(one.passage, one.value, least, _parts(one.raw)) for one in candidates[len(found) :]]
        if self._model is not None and found:
            head = found[:MODEL_LOOK]
            scores = self._model.scores(question, [one.passage for one in head])
            ranking = sorted(range(len(head)), key=lambda at: (-scores[at], head[at].passage.id))
            found = [head[at] for at in ranking] + found[MODEL_LOOK:]
        return found

    def candidates(
        self, question: str, where: Where = EVERYWHERE, *, periods: Sequence[Period] = ()
    ) -> list[Candidate]:
        """The best of all searches, mixed and looked at a second time, best first."""
        pool = self.pool(question, where)
        fused = fuse(len(pool.ids), standardised(pool))
        best = order(pool.ids, fused)[:SECOND_LOOK]
        # An earlier version of a record is told only where it is asked for by its id.
        gone = self._library.superseded(where.published_to) if where.records is None else frozenset()
        passages = {
            p.id: p for p in self._library.passages([pool.ids[at] for at in best]) if p.record_id not in gone
        }
        best = [at for at in best if pool.ids[at] in passages]
        time = Time.of(question, periods)
        chosen = [passages[pool.ids[at]] for at in best]
        looked = second_look(time, chosen, [float(fused[at]) for at in best])
        newest = max((p.published_on for p in chosen if p.published_on), default=None)
        found = [
            Candidate(
                passage,
                value,
                {name: float(values[at]) for name, values in pool.parts.items()},
                time.fit(passage),
                time.published(passage.published_on),
                (newest - passage.published_on).days / A_YEAR if newest and passage.published_on else 0.0,
            )
            for at, passage, value in zip(best, chosen, looked, strict=True)
        ]
        found.sort(key=lambda one: (-one.value, one.passage.id))
        return found

    def pool(self, question: str, where: Where = EVERYWHERE) -> Pool:
        """The candidates of all searches with their raw values."""
        vector = list(self._vector(question))
        return gather(self._library.index, self._current_space(), sought(question), vector, where)

    def _knows_questions(self) -> bool:
        """Whether the passages stand under their questions, as those that the parts were trained on.

        Where none does (answers alone), the bundled encoder and the mixed order are better:
        docs/decisions/0008-judging-evidence.md.
        """
        return self._current_space().has_questions

    def _vector_of(self, question: str) -> tuple[float, ...]:
        if self._settings.embedding_model == BUNDLED_MODEL and self._knows_questions():
            return tuple(float(value) for value in self._trained.encoder.embed(question))
        return tuple(self._library.embeddings.embed_query(question))

    def _current_space(self) -> Space:
        version = self._library.index.store.version()
        if self._space is None or version != self._space_version:
            self._space = Space(self._library.index, typical_questions(self._settings.embedding_model))
            self._space_version = version
            self._vector.cache_clear()  # the first questions may have come in, which changes the encoder
        return self._space


def sought(question: str) -> str:
    """The question's words and the records' terms for its everyday ones, each term once."""
    terms = dict.fromkeys(term for terms in formal_terms(question).values() for term in terms)
    return " ".join((question, *(term for term in terms if term not in question)))


def _statements(found: Sequence[Found], k: int) -> list[Evidence]:
    """One Evidence a pair, its best slice in front, and one a statement, its newest record in front."""
    seen: set[tuple[str, int, int]] = set()
    heads: list[tuple[Found, Fingerprint]] = []
    repeats: dict[int, list[Found]] = defaultdict(list)
    for one in found:
        unit = (one.passage.record_id, one.passage.number, one.passage.unit)
        if unit in seen:
            continue
        seen.add(unit)
        mark = fingerprint(one.passage.text)
        same = next((at for at, (head, known) in enumerate(heads) if _repeats(one, head, mark, known)), None)
        if same is not None:
            repeats[same].append(one)
        elif len(heads) < k:
            heads.append((one, mark))
    evidence: list[Evidence] = []
    least = 1.0
    for at, (head, _) in enumerate(heads):
        group = sorted([head, *repeats[at]], key=_newest_first)
        least = min(least, max(one.score for one in group))
        evidence.append(
            Evidence(group[0].passage, round(least, 4), group[0].parts, tuple(o.passage for o in group[1:]))
        )
    return evidence


def _parts(raw: Mapping[Part, float]) -> dict[str, float]:
    """The parts that apply."""
    return {name: value for name, value in raw.items() if not math.isnan(value)}


def _repeats(one: Found, head: Found, mark: Fingerprint, known: Fingerprint) -> bool:
    # Two companies never share a statement, and a pair repeats itself in another record only.
    return (
        one.passage.code == head.passage.code
        and one.passage.record_id != head.passage.record_id
        and mark.same_statement(known)
    )


def _newest_first(found: Found) -> tuple[int, str]:
    day = found.passage.published_on
    return (-(day.toordinal() if day else 0), found.passage.id)


def answer_of(passage: Passage, record: Record) -> Span:
    """Where the answer stands that a passage is a slice of; a slice of a statement stands by itself."""
    return next((pair.answer_span for pair in record.pairs if pair.number == passage.number), passage.span)


def whole_of(passage: Passage, record: Record) -> Span:
    """Where the answer or the statement stands that a passage is, or is a slice of."""
    if passage.kind == "statement" and passage.unit < len(record.statements):
        span = record.statements[passage.unit].span
        return span if span.contains(passage.span) else passage.span
    return answer_of(passage, record)
