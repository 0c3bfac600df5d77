"""Dense and lexical candidates in one order: every part made comparable, then mixed.

What is mixed, and why not by reciprocal ranks, was measured: docs/decisions/0004-fusion.md.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from ingest.library.exact_vectors import Field
from ingest.library.filters import EVERYWHERE, Where
from ingest.library.index import EXACT_LIMIT, Index
from rag.data_files import lexicon

if TYPE_CHECKING:
    from numpy import float32, float64
    from numpy.typing import NDArray

    Vector = NDArray[float64]

Part = Literal["passage", "passage_white", "words", "question", "question_white"]

# So many candidates come from each of the three searches.
DEPTH = 200
# So far down the exact word scores are asked for: what one search brings up the others must judge too.
WORDS_DEPTH = 1000
# The shares of the parts; only their ratios count.
WEIGHTS: Mapping[Part, float] = MappingProxyType(
    {"passage": 0.75, "passage_white": 0.45, "words": 0.7, "question": 0.2, "question_white": 0.1}
)
# E5 vectors crowd in a cone: differences along its many wide directions drown those along the rest.
# Whitening by this power of the variances, half-way to full whitening (0.5), lets the rest be heard.
WHITENING_POWER = 0.2
# So many passages must speak before their own variances are believed more than an even spread.
WHITENING_PRIOR = 100
WHITENING_SAMPLE = 8192
# Questions lie apart from passages; they are centred on a point so far on the way to their own mean.
QUESTIONS_MEAN = 0.5
# A passage that is near any question says little about this one: so much of its mean cosine to the
# nearest typical questions is taken off (after CSLS, Conneau et al., ICLR 2018).
HUBNESS = 0.3
HUB_NEIGHBOURS = 10
PART_DIGITS = 6
FIELDS: tuple[Field, ...] = ("passage", "question")


@dataclass(frozen=True, slots=True)
class Whitening:
    """How vectors of one library are centred and stretched before they are compared a second time."""

    mean: Vector
    matrix: Vector

    @classmethod
    def of(cls, rows: NDArray[float32]) -> Whitening:
        """Learn it from the passages' vectors, n x dimensions.

        The variances are drawn to their mean by `WHITENING_PRIOR / n`, so that a library of a few
        records is hardly changed.
        """
        import numpy

        sample = rows.astype(numpy.float64)
        mean = sample.mean(axis=0)
        centred = _unit(sample - mean)
        variances, directions = numpy.linalg.eigh(centred.T @ centred / len(centred))
        variances = numpy.maximum(variances, 0.0)
        variances += variances.mean() * (WHITENING_PRIOR / len(centred)) + 1e-9
        return cls(mean, directions * variances**-WHITENING_POWER @ directions.T)

    def __call__(self, rows: NDArray[float32] | Vector) -> Vector:
        """Rows centred, stretched and at unit length again."""
        whitened: Vector = _unit(_unit(rows - self.mean) @ self.matrix)
        return whitened


@dataclass(frozen=True, slots=True)
class Pool:
    """All candidates of one question with the raw value of each part.

    `parts[name][i]` belongs to `ids[i]`; it is NaN where the part does not apply (a statement
    answers no question).
    """

    ids: tuple[str, ...]
    parts: Mapping[Part, Vector]


class Space:
    """All vectors of an index as they stand now, plain and whitened, for comparing many at once."""

    def __init__(self, index: Index, typical: NDArray[float32] | None = None) -> None:
        """Reads them from the index.

        Args:
            index: with at most `EXACT_LIMIT` passages, all vectors are held in memory; of a larger (mapped)
                one only the variances of a sample, and vectors are read as they are needed.
            typical: vectors of questions as investors ask them, by the index's model; see
                `typical_questions`.
        """
        import numpy

        self._index = index
        self._whole = index.count() <= EXACT_LIMIT and not index.store.is_mapped
        self._typical = typical
        sample = index.store.sample(WHITENING_SAMPLE)
        self._whitening = Whitening.of(sample) if len(sample) else None
        self._position: dict[str, int] = {}
        self._plain: dict[Field, NDArray[float32]] = {}
        self._white: dict[Field, NDArray[float32]] = {}
        self._hubs: dict[Field, Vector] = {}
        self.has_questions = True
        if self._whole and self._whitening is not None:
            table = index.store.table()
            self._position = {passage_id: at for at, passage_id in enumerate(table.ids)}
            self._plain = {"passage": table.passage, "question": table.question}
            self.has_questions = bool(table.asked.any())
            for field, rows in self._plain.items():
                self._white[field] = self._whitening(rows).astype(numpy.float32)
                self._hubs[field] = self._hubness(rows)

    def known(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Those passages that were there when the vectors were read: an ingest may be adding others."""
        return tuple(name for name in ids if name in self._position) if self._whole else tuple(ids)

    def cosines(self, ids: Sequence[str], query: Vector, field: Field) -> tuple[Vector, Vector]:
        """How near each passage (or its question) is to the query; NaN where there is none.

        Args:
            ids: n passages.
            query: at unit length.
            field: which of their vectors.

        Returns:
            n cosines less the passage's hubness, and n cosines after whitening.
        """
        import numpy

        if self._whitening is None:
            return numpy.full(len(ids), numpy.nan), numpy.full(len(ids), numpy.nan)
        if self._whole:
            positions = [self._position[passage_id] for passage_id in ids]
            plain = self._plain[field][positions].astype(numpy.float64)
            white = self._white[field][positions].astype(numpy.float64)
            hubs = self._hubs[field][positions]
        else:
            found = self._index.vectors(ids, field)
            nothing = numpy.zeros(len(query), dtype=numpy.float32)
            plain = numpy.array([found.get(passage_id, nothing) for passage_id in ids], dtype=numpy.float64)
            white, hubs = self._whitening(plain), self._hubness(plain)
        held = plain.any(axis=1)
        shift = 0.0
        if self._typical is not None:
            shift = QUESTIONS_MEAN * (self._typical.astype(numpy.float64).mean(axis=0) - self._whitening.mean)
        white_query = self._whitening(query[None, :] - shift)[0]
        # Row by row, so that a sum does not depend on which rows stand beside it.
        return (
            numpy.where(held, (plain * query).sum(axis=1) - hubs, numpy.nan),
            numpy.where(held, (white * white_query).sum(axis=1), numpy.nan),
        )

    def _hubness(self, rows: NDArray[float32] | Vector) -> Vector:
        import numpy

        if self._typical is None:
            return numpy.zeros(len(rows))
        nearest = numpy.sort(rows @ self._typical.T, axis=1)[:, -HUB_NEIGHBOURS:]
        hubs: Vector = numpy.round(HUBNESS * nearest.mean(axis=1, dtype=numpy.float64), PART_DIGITS)
        return hubs


def typical_questions(model: str) -> NDArray[float32] | None:
    """Vectors of the questions in `data/typical_questions.json`; None for any but the bundled model.

    Args:
        model: the embedding model's name.
    """
    import numpy

    document = lexicon("typical_questions.json")
    if document["model"] != model:
        return None
    values = numpy.frombuffer(base64.b64decode(document["vectors"]), dtype=numpy.float16)
    return values.astype(numpy.float32).reshape(len(document["questions"]), -1)


def gather(
    index: Index,
    space: Space,
    text: str,
    vector: Sequence[float],
    where: Where = EVERYWHERE,
    depth: int = DEPTH,
) -> Pool:
    """Everything that three searches bring up: passages by meaning, by words, and questions by meaning.

    Args:
        index: to search in.
        space: of the index as it stands now.
        text: the words to look for.
        vector: the question's embedding.
        where: hard filters.
        depth: how many candidates each search may bring.
    """
    import numpy

    query = numpy.asarray(vector, dtype=numpy.float64)
    query = query / (numpy.linalg.norm(query) or 1.0)
    hits = index.lexical(text, where, max(depth, WORDS_DEPTH))
    words = dict(hits)
    near = {passage_id for field in FIELDS for passage_id, _ in index.dense(vector, where, depth, field)}
    ids = space.known(sorted(near | {passage_id for passage_id, _ in hits[:depth]}))
    # What is not among so many hits has at most the score of the last one.
    least = hits[-1][1] if len(hits) >= WORDS_DEPTH else 0.0
    parts: dict[Part, Vector] = {"words": numpy.array([words.get(passage_id, least) for passage_id in ids])}
    parts["passage"], parts["passage_white"] = space.cosines(ids, query, "passage")
    parts["question"], parts["question_white"] = space.cosines(ids, query, "question")
    return Pool(ids, {name: numpy.round(values, PART_DIGITS) for name, values in parts.items()})


def standardised(pool: Pool) -> dict[Part, Vector]:
    """Each part of the pool centred on its mean over the candidates and divided by its deviation, which makes
    the parts comparable; NaN stays where a part does not apply."""
    import numpy

    found: dict[Part, Vector] = {}
    for name, values in pool.parts.items():
        applies = ~numpy.isnan(values)
        if not applies.any():
            continue
        centred = values - values[applies].mean()
        found[name] = centred / max(float(centred[applies].std()), 1e-6)
    return found


def fuse(count: int, standard: Mapping[Part, Vector], weights: Mapping[Part, float] = WEIGHTS) -> Vector:
    """One value a candidate: the weighted mean of its standardised parts, better is larger.

    Where a part does not apply to a candidate the others speak for it.

    Args:
        count: how many candidates there are.
        standard: see `standardised`.
        weights: only their ratios count.
    """
    import numpy

    total, shares = numpy.zeros(count), numpy.zeros(count)
    for name, weight in weights.items():
        values = standard.get(name)
        if values is None or weight == 0.0:
            continue
        applies = ~numpy.isnan(values)
        total[applies] += weight * values[applies]
        shares[applies] += weight
    fused: Vector = numpy.round(total / numpy.maximum(shares, 1e-9), PART_DIGITS)
    return fused


def order(ids: Sequence[str], values: Sequence[float] | Vector) -> list[int]:
    """Positions, best value first; equals in the order of their ids."""
    return sorted(range(len(ids)), key=lambda at: (-values[at], ids[at]))


def _unit(rows: NDArray[float32] | Vector) -> Vector:
    import numpy

    lengths = numpy.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vector = rows / numpy.maximum(lengths, 1e-12)
    return unit
