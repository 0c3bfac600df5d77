"""How a question and its answer stand to those that a company's earlier records hold: said before, asked before, new."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal

from ingest.embedding.bundled import BUNDLED_MODEL
from ingest.language.courtesy import substance
from ingest.language.folding import nfkc
from ingest.language.numerals import plain_dates
from ingest.language.period_words import named_periods
from ingest.library.exact_vectors import Field
from ingest.library.library import Library
from ingest.records import QAPair, Record
from rag.data_files import word_list
from rag.finding.fusion import WHITENING_SAMPLE, Whitening
from rag.finding.repeats import fingerprint

if TYPE_CHECKING:
    from numpy import float64
    from numpy.typing import NDArray

State = Literal["same", "changed", "asked", "new"]
"""`same`: an earlier answer says the same; `changed`: one says nearly the same, with other words or figures; `asked`: an
earlier question is near, its answer is another; `new`: none of these."""

# Whitened cosines from which two questions ask about the same, and two answers say nearly the same: docs/views.md,
# "How new is told".
ASKED_BEFORE: Final = 0.75
NEARLY_SAID: Final = 0.88
NEARLY_ASKED, COVERED = 0.6, 0.6
"""From that cosine, and with so much of what a question is about in the earlier one, it was asked before, too."""
# What is asked of every company every ten days, in many words.
SHAREHOLDERS: Final = re.compile(r"股东(?:账户|[总人户])*(?:人数|户数|数量|总数|数)")
SHORT: Final = 60
"""A question of so many characters that names the number of shareholders asks for nothing else."""
_COUNTS: Final = re.compile(r"\d+(?:\.\d+)?(?:[年月日号%％]|亿?元)?")
_RUNS: Final = re.compile(r"[\u4e00-\u9fff]+|[a-z][a-z0-9+./-]*")
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A pair of an earlier record."""

    record_id: str
    published_on: date
    pair: int
    question: str


class PairVectors:
    """The whitened vectors of the pairs of some records (of long ones the beginning), by record and pair."""

    def __init__(
        self,
        questions: Mapping[Key, NDArray[float64]],
        passages: Mapping[Key, NDArray[float64]],
    ) -> None:
        self.questions, self.passages = questions, passages

    @classmethod
    def of(cls, library: Library, records: Sequence[str]) -> PairVectors:
        """Reads them; there are none where another model than the bundled one embeds, since thresholds were measured
        with its vectors alone."""
        if library.settings.embedding_model != BUNDLED_MODEL or not records:
            return cls({}, {})
        whitening = Whitening.of(library.index.store.sample(WHITENING_SAMPLE))
        names = _names(library, sorted(records))
        return cls(
            _whitened(library, whitening, names, "question"), _whitened(library, whitening, names, "passage")
        )


@dataclass(frozen=True, slots=True)
class Near:
    """A known pair that is near another one; `asked` is the whitened cosine of their questions."""

    earlier: Earlier
    asked: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """A known pair, and what its question is about."""

    earlier: Earlier
    answer: str
    about: frozenset[str]


class Known:
    """The pairs of one company that are known so far; records are added as they were published."""

    def __init__(self, vectors: PairVectors) -> None:
        self._vectors = vectors
        self._pairs: list[_Pair] = []  # the newest record's first
        self._spread: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, record: Record) -> None:
        """One more record; one without a day is left out."""
        if record.published_on is None:
            return
        own = [
            _Pair(
                Earlier(record.id, record.published_on, pair.number, pair.question),
                pair.answer,
                about(pair.question),
            )
            for pair in record.pairs
        ]
        for one in own:
            self._spread.update(one.about)
        self._pairs[:0] = own

    def standing(self, record: Record) -> dict[int, tuple[State, Earlier | None]]:
        """How each pair of a record stands to what is known, by its number.

        With it goes the pair that says the same (the newest that does), nearly the same, or was asked so.
        """
        said = self._nearest(record, self._vectors.passages, NEARLY_SAID)
        asked = self._nearest(record, self._vectors.questions, ASKED_BEFORE)
        found: dict[int, tuple[State, Earlier | None]] = {}
        for pair in record.pairs:
            if same := self._same(pair):
                found[pair.number] = ("same", same)
            elif pair.number in said:
                found[pair.number] = ("changed", said[pair.number])
            elif before := asked.get(pair.number) or self._covers(record, pair):
                found[pair.number] = ("asked", before)
            else:
                found[pair.number] = ("new", None)
        return found

    def near(self, record: Record, pair: int, most: int, least: float) -> list[Near]:
        """The known pairs whose question or answer is nearest to those of a pair, the nearest first.

        Args:
            record: that holds the pair.
            pair: its number.
            most: so many at most.
            least: whitened cosine from which one is near.
        """
        import numpy

        asked, said = (
            self._values(record, pair, vectors)
            for vectors in (self._vectors.questions, self._vectors.passages)
        )
        best = numpy.maximum(asked, said)
        order = [int(at) for at in numpy.argsort(-best, kind="stable")[:most] if best[at] >= least]
        return [Near(self._pairs[at].earlier, float(asked[at])) for at in order]

    def _values(self, record: Record, pair: int, vectors: Mapping[Key, NDArray[float64]]) -> NDArray[float64]:
        """How near each known pair is to one; -1 where there is no vector."""
        import numpy

        values = numpy.full(len(self._pairs), -1.0)
        own = vectors.get((record.id, pair))
        places, matrix = self._matrix(vectors)
        if own is not None and places:
            values[places] = numpy.round(matrix @ own, 6)
        return values

    def _same(self, pair: QAPair) -> Earlier | None:
        own = fingerprint(pair.answer)
        if not own.letters:
            return None
        return next((one.earlier for one in self._pairs if own.same_statement(fingerprint(one.answer))), None)

    def _nearest(
        self, record: Record, vectors: Mapping[Key, NDArray[float64]], least: float
    ) -> Mapping[int, Earlier]:
        """For each pair of the record the known one whose vector is nearest, where one is near enough."""
        import numpy

        places, matrix = self._matrix(vectors)
        found: dict[int, Earlier] = {}
        if not places:
            return found
        for pair in record.pairs:
            own = vectors.get((record.id, pair.number))
            if own is None:
                continue
            values = numpy.round((matrix * own).sum(axis=1), 6)
            best = int(numpy.argmax(values))
            if values[best] >= least:
                found[pair.number] = self._pairs[places[best]].earlier
        return found

    def _matrix(self, vectors: Mapping[Key, NDArray[float64]]) -> tuple[list[int], NDArray[float64]]:
        import numpy

        places = [
            at for at, one in enumerate(self._pairs) if (one.earlier.record_id, one.earlier.pair) in vectors
        ]
        keys = ((self._pairs[at].earlier.record_id, self._pairs[at].earlier.pair) for at in places)
        return places, numpy.array([vectors[key] for key in keys])

    def _covers(self, record: Record, pair: QAPair) -> Earlier | None:
        """The known question about the same: of the very same words, or near and naming most of what this one is about.

        Rarer words weigh more.
        """
        own = about(pair.question)
        if not own:
            return None
        weights = {word: math.log(1 + len(self._pairs) / max(1, self._spread[word])) for word in own}
        least = COVERED * sum(weights.values())
        near = self._values(record, pair.number, self._vectors.questions)
        best, shared = None, 0.0
        for at, one in enumerate(self._pairs):
            if own == one.about:
                return one.earlier
            value = sum(weights[word] for word in own & one.about) if near[at] >= NEARLY_ASKED else 0.0
            if value >= least and value > shared:
                best, shared = one.earlier, value
        return best


@lru_cache(maxsize=8192)
def about(question: str) -> frozenset[str]:
    """What a question is about: Latin words and pairs of characters, without its frame, days and counts.

    >>> about("董秘您好，请问截至5月20日的股东人数是多少？") == about("请问最新股东户数")
    True
    """
    text = plain_dates(nfkc(question))
    if len(text) <= SHORT and SHAREHOLDERS.search(text):
        return frozenset(["股东人数"])
    for period in reversed(named_periods(text)):
        text = f"{text[: period.start]} {text[period.end :]}"
    parts = re.split(r"[\s，,。．;；：:？?！!、（）()“”\"]+", _COUNTS.sub(" ", text))
    words: set[str] = set()
    for part in parts:
        plain = _frame().sub(" ", substance(part).lower())
        for run in _RUNS.findall(plain):
            if run[0] < "\u4e00":
                words.add(run)
            else:
                words.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(words)


@cache
def _frame() -> re.Pattern[str]:
    words = sorted(word_list("question_frame"), key=lambda word: (-len(word), word))
    return re.compile("|".join([*map(re.escape, words), "[请问是的了着吗呢吧啊呀嘛有在和与对]"]))


def _names(library: Library, records: Sequence[str]) -> dict[str, Key]:
    """Of each pair's first passage: its record and number."""
    names: dict[str, Key] = {}
    for start in range(0, len(records), 500):
        part = records[start : start + 500]
        query = (
            "SELECT id, record_id, number FROM passages WHERE kind = 'pair' AND slice = 0"
            f" AND record_id IN ({','.join('?' * len(part))})"
        )
        for row in library.catalogue.rows(query, part):
            names[row["id"]] = (row["record_id"], row["number"])
    return names


def _whitened(
    library: Library, whitening: Whitening, names: Mapping[str, Key], field: Field
) -> dict[Key, NDArray[float64]]:
    import numpy

    rows = library.index.store.rows(sorted(names), field)
    if not rows:
        return {}
    ids = sorted(rows)
    white = whitening(numpy.array([rows[name] for name in ids]))
    return {names[name]: white[at] for at, name in enumerate(ids)}
