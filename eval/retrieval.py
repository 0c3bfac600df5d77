"""How well the product's own retrieval ranks the documents of a BEIR folder.

    jupilu eval retrieval --beir DIR

The folder holds `corpus.jsonl` (`_id`, `title`, `text`), `queries.jsonl` (`_id`, `text`) and
`qrels/test.tsv` (a header, then query, document, relevance). Documents become passages without a
question; from there on the code is the one that `jupilu ask` runs.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from langchain_core.embeddings import Embeddings

from ingest.library.index import Index
from ingest.records import Passage, Span
from ingest.settings import Settings
from rag.finding.fusion import DEPTH, Pool, fuse, order, standardised
from rag.finding.retrieval import Retriever

Mode = Literal["dense", "lexical", "reciprocal_ranks", "fused", "reranked"]
MODES: tuple[Mode, ...] = ("dense", "lexical", "reciprocal_ranks", "fused", "reranked")
DEFAULT: Mode = "reranked"
# k of reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
RANK_CONSTANT = 60
DEEPEST = 10
BATCH = 256


@dataclass(frozen=True, slots=True)
class BeirData:
    """A BEIR folder in memory; `relevant` has only judged queries and documents that exist."""

    documents: tuple[Passage, ...]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]
    unjudged: int
    unknown_documents: int


@dataclass(frozen=True, slots=True)
class BeirReport:
    """Figures of each mode over the judged queries, and what was left out.

    `unjudged` queries have no relevant document and don't count; `unknown_documents` are judged
    but not in the corpus.
    """

    modes: Mapping[Mode, Mapping[str, float]]
    queries: int
    documents: int
    unjudged: int
    unknown_documents: int

    def as_json(self) -> dict[str, float]:
        """The figures of the product's own mode, as `--json` prints them."""
        return {**self.modes[DEFAULT], "queries": self.queries}


def read_beir(folder: Path) -> BeirData:
    """Read a BEIR folder.

    Raises:
        ValueError: a file is missing or not in the form above, or no query can be judged.
    """
    try:
        documents = tuple(
            _passage(str(line["_id"]), str(line.get("title") or ""), str(line["text"]))
            for line in _lines(folder / "corpus.jsonl")
        )
        queries = {str(line["_id"]): str(line["text"]) for line in _lines(folder / "queries.jsonl")}
        with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
            judged = [row for row in csv.reader(file, delimiter="\t") if row][1:]
        grades = [(query, document, int(float(grade))) for query, document, grade in judged]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{folder} is no BEIR folder: {error}") from error
    known = {document.id for document in documents}
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    unknown = 0
    for query, document, grade in grades:
        if document not in known:
            unknown += 1
        elif grade > 0 and query in queries:
            relevant[query][document] = grade
    if not relevant:
        raise ValueError(f"{folder} has no query with a relevant document in its corpus")
    return BeirData(documents, queries, relevant, len(queries) - len(relevant), unknown)


def evaluate_beir(
    folder: Path,
    settings: Settings,
    modes: Sequence[Mode] = MODES,
    *,
    embeddings: Embeddings | None = None,
    progress: Callable[[str], None] | None = None,
) -> BeirReport:
    """Rank the corpus for each judged query in each mode and measure.

    The index lives in a temporary folder and nothing is kept between runs.

    Args:
        folder: in BEIR's layout.
        settings: its embedding model and reranker are used; `chroma_url` is not.
        modes: parts of the way to compare; the default mode is always among them.
        embeddings: used instead of the model that the settings name.
        progress: told one line now and then; stderr if absent.

    Raises:
        ValueError: the folder cannot be read.
        ModelUnavailable: the embedding model or the reranker is not on this machine.
    """
    from ingest.embedding.embeddings import open_embeddings

    say = progress or _to_stderr
    data = read_beir(folder)
    settings = settings.model_copy(update={"chroma_url": None})
    embeddings = embeddings or open_embeddings(settings)
    wanted = tuple(mode for mode in MODES if mode in modes or mode == DEFAULT)
    runs: dict[Mode, dict[str, list[str]]] = {mode: {} for mode in wanted}
    seconds: dict[Mode, float] = dict.fromkeys(wanted, 0.0)
    with tempfile.TemporaryDirectory(prefix="jupilu-beir-") as place:
        shelf = _Shelf(Path(place), settings, embeddings, data.documents, say)
        retriever = Retriever(shelf, settings)
        retriever.ranked(
            next(iter(data.queries.values()))
        )  # models and whitening are there before time counts
        for number, query in enumerate(sorted(data.relevant), 1):
            started = time.perf_counter()
            shelf.embeddings.embed_query(data.queries[query])
            embedding_took = time.perf_counter() - started
            for mode in wanted:
                started = time.perf_counter()
                runs[mode][query] = _ranking(mode, data.queries[query], shelf, retriever)[:DEEPEST]
                seconds[mode] += time.perf_counter() - started
                seconds[mode] += 0.0 if mode == "lexical" else embedding_took
            if number % 200 == 0 or number == len(data.relevant):
                say(f"{number} of {len(data.relevant)} queries")
        shelf.index.close()
    figures = {
        mode: {
            **measure(data.relevant, runs[mode]),
            "ms_per_query": round(seconds[mode] / len(data.relevant) * 1000, 2),
        }
        for mode in wanted
    }
    return BeirReport(figures, len(data.relevant), len(data.documents), data.unjudged, data.unknown_documents)


def measure(
    relevant: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, float]:
    """hit@1, hit@5, hit@10, mrr@10 and ndcg@10, the mean over the judged queries; a query without hits is 0.

    Args:
        relevant: query -> document -> grade, at least one grade above 0 for each query.
        rankings: query -> documents, best first.
    """
    measured = measure_each(relevant, rankings)
    names = ("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10")
    return {name: round(sum(one[name] for one in measured.values()) / len(relevant), 4) for name in names}


def measure_each(
    relevant: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """The same figures for each judged query that has a ranking; arguments as for `measure`."""
    import ir_measures
    from ir_measures import RR, Success, nDCG

    names = {Success @ 1: "hit@1", Success @ 5: "hit@5", Success @ 10: "hit@10", RR @ 10: "mrr@10"}
    names[nDCG @ 10] = "ndcg@10"
    run = {
        query: {document: 1 / (1 + place) for place, document in enumerate(ranking)}
        for query, ranking in rankings.items()
    }
    judged = {query: dict(grades) for query, grades in relevant.items()}
    figures: dict[str, dict[str, float]] = {query: dict.fromkeys(names.values(), 0.0) for query in judged}
    for metric in ir_measures.iter_calc(list(names), judged, run):
        figures[metric.query_id][names[metric.measure]] = metric.value
    return figures


def table(report: BeirReport) -> str:
    """All modes side by side, for a terminal."""
    columns = list(report.modes[DEFAULT])
    lines = [" ".join([f"{'':18}", *(f"{column:>12}" for column in columns)])]
    for mode, figures in report.modes.items():
        lines.append(" ".join([f"{mode:18}", *(f"{figures[column]:12.4f}" for column in columns)]))
    lines.append(f"{report.queries} queries, {report.documents} documents")
    if report.unjudged:
        lines.append(f"{report.unjudged} queries without a relevant document were left out")
    if report.unknown_documents:
        lines.append(f"{report.unknown_documents} judgements name documents that are not in the corpus")
    return "\n".join(lines)


class _LastQuestion(Embeddings):
    """Embeds a question once for all modes that are compared; its time is added to each."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        self._text = ""
        self._vector: list[float] = []

    def embed_query(self, text: str) -> list[float]:
        if text != self._text:
            self._vector, self._text = self._embeddings.embed_query(text), text
        return self._vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embeddings.embed_documents(texts)


class _Shelf:
    """Plain documents behind the same interface as a library."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        embeddings: Embeddings,
        documents: Sequence[Passage],
        say: Callable[[str], None],
    ) -> None:
        self.index = Index(folder, settings)
        self.embeddings = _LastQuestion(embeddings)
        self._documents = {document.id: document for document in documents}
        for start in range(0, len(documents), BATCH):
            part = documents[start : start + BATCH]
            self.index.add(part, embeddings.embed_documents([passage.indexed_text for passage in part]))
            say(f"{min(start + BATCH, len(documents))} of {len(documents)} documents")
        self.index.settle(lambda: documents)

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        return [self._documents[name] for name in ids]

    def superseded(self, as_of: date | None = None) -> frozenset[str]:
        return frozenset()


def _ranking(mode: Mode, question: str, shelf: _Shelf, retriever: Retriever) -> list[str]:
    if mode == "lexical":
        return [name for name, _ in shelf.index.lexical(question, k=DEPTH)]
    if mode == "dense":
        return [name for name, _ in shelf.index.dense(shelf.embeddings.embed_query(question), k=DEPTH)]
    if mode == "reranked":
        return [found.passage.id for found in retriever.ranked(question)]
    pool = retriever.pool(question)
    values = fuse(len(pool.ids), standardised(pool)) if mode == "fused" else _reciprocal_ranks(pool)
    return [pool.ids[at] for at in order(pool.ids, values)]


def _reciprocal_ranks(pool: Pool) -> list[float]:
    values = [0.0] * len(pool.ids)
    for part in ("passage", "words"):
        for place, at in enumerate(order(pool.ids, pool.parts[part]), 1):
            values[at] += 1 / (RANK_CONSTANT + place)
    return values


def _passage(name: str, title: str, text: str) -> Passage:
    return Passage(
        id=name,
        record_id=name,
        kind="pair",
        number=1,
        unit=0,
        slice=0,
        context=title,
        question="",
        text=text,
        span=Span(0, len(text)),
        code=None,
        short_name=None,
        published_on=None,
    )


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
