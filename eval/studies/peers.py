"""Jupilu beside two other ways to search the same records, in one run on one machine; prints a table.

    python -m eval.studies.peers CASES... --records FOLDER... [--folds eval/fold_models] [--place FOLDER]

*Plain*: LangChain's splitter, 500-character chunks, Chroma (`eval.studies.plain_pipeline`). *LlamaIndex*: its sentence splitter
(512 tokens), its BM25 over Han characters and its vector index, fused by reciprocal ranks (extra `peers`). All three use
the bundled embedding weights through the same engine. The two get the records' canonical texts for nothing, so that
their rates leave out reading PDFs, finding pairs and dates; Jupilu's is told with and without it.

A first hit, for chunks and pairs alike: at least half of the first passage lies in a gold pair, or half of a gold pair's
answer lies in it. Companies chosen beside a question are put before it for the two, which have no other place for them.
Cases that go on a conversation, or that have no gold, are left out and counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eval.cases import Case, facts_found, read_cases
from eval.folds import trained_without
from eval.studies.plain_pipeline import PlainPipeline, asked_of
from eval.studies.versus import gold_places, of
from ingest.library.library import Library
from ingest.records import Record, Span
from ingest.settings import Settings

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode

    from rag.disclosure_qa import DisclosureQA

TOP: Final = 10
WARM_UP: Final = 5
MEGABYTE: Final = 2**20
HAN_OR_WORD: Final = r"[\u3400-\u9fff]|[A-Za-z0-9]+(?:\.[0-9]+)?"
CHUNK_TOKENS: Final = 512


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a record's canonical text."""

    record_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class System:
    """One way to search: what indexing took, and its search; an empty list is a refusal."""

    name: str
    seconds: float
    passages: int
    disk: int
    search: Callable[[Case], list[Place]]


@dataclass(frozen=True, slots=True)
class Score:
    """What became of all cases in one system."""

    first: int
    five: int
    facts: int
    times: tuple[float, ...]


def hits(place: Place, gold: Sequence[Place]) -> bool:
    """Whether a passage is a hit: half of it in a gold answer, or half of a gold answer in it."""
    for one in gold:
        common = min(place.span.end, one.span.end) - max(place.span.start, one.span.start)
        if one.record_id == place.record_id and 2 * common >= min(len(place.span), len(one.span)) > 0:
            return True
    return False


def jupilu(folders: Sequence[Path], path: Path, folds: Path | None) -> tuple[System, DisclosureQA]:
    """Ingests the records into a new library."""
    from ingest.pipeline.ingesting import ingest
    from rag.disclosure_qa import DisclosureQA

    settings = Settings(library=path, model="none")
    with Library.open(path, settings, create=True) as made:
        _warm(made)
        started = time.perf_counter()
        ingest(folders, made)
        seconds = time.perf_counter() - started
    trained = trained_without(folds) if folds else None
    qa = DisclosureQA(Library.open(path, settings), settings, keeps_receipts=False, trained=trained)

    def search(case: Case) -> list[Place]:
        groups = qa.search(case.question, company=case.company, as_of=case.as_of)
        ranked = sorted((rank, at) for at, group in enumerate(groups) for rank in range(len(group)))
        passages = [groups[at][rank].passage for rank, at in ranked]
        return [Place(one.record_id, one.span) for one in passages]

    return System("Jupilu", seconds, qa.library.index.count(), _size(path), search), qa


def plain(library: Library, folder: Path) -> System:
    """LangChain's splitter and Chroma over the library's texts."""
    started = time.perf_counter()
    pipeline = PlainPipeline(library, folder)
    seconds = time.perf_counter() - started

    def search(case: Case) -> list[Place]:
        return [Place(one.record_id, one.span) for one in pipeline.search(asked_of(case), TOP)]

    return System("plain (LangChain, Chroma)", seconds, len(pipeline.chunks), _size(folder), search)


def llama_index(library: Library, folder: Path) -> System:
    """LlamaIndex's splitter, BM25 and vectors, fused."""
    import tiktoken
    from llama_index.core import VectorStoreIndex
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.llms import MockLLM
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.schema import Document, QueryBundle
    from llama_index.retrievers.bm25 import BM25Retriever

    from ingest.embedding.embeddings import open_embeddings
    from ingest.reading.passages import ENCODING

    embeddings = open_embeddings(library.settings)
    embeddings.embed_documents(["预热"] * 9)
    splitter = SentenceSplitter(
        chunk_size=CHUNK_TOKENS, chunk_overlap=0, tokenizer=tiktoken.get_encoding(ENCODING).encode
    )
    started = time.perf_counter()
    records = [library.record(one.id) for one in library.records()]
    nodes: list[TextNode] = splitter.get_nodes_from_documents(
        [Document(text=record.text, id_=record.id) for record in records]
    )
    for at in range(0, len(nodes), 64):
        part = nodes[at : at + 64]
        for node, vector in zip(part, embeddings.embed_documents([one.text for one in part]), strict=True):
            node.embedding = vector
    index = VectorStoreIndex(nodes, embed_model=MockEmbedding(1))  # the vectors are there
    words = BM25Retriever.from_defaults(
        nodes=nodes, similarity_top_k=TOP, skip_stemming=True, token_pattern=HAN_OR_WORD
    )
    index.storage_context.persist(str(folder / "vectors"))
    words.persist(str(folder / "words"))
    seconds = time.perf_counter() - started
    fused = QueryFusionRetriever(
        [words, index.as_retriever(similarity_top_k=TOP)],
        llm=MockLLM(),
        num_queries=1,
        mode="reciprocal_rerank",
        similarity_top_k=TOP,
        use_async=False,
    )

    def search(case: Case) -> list[Place]:
        asked = asked_of(case)
        found = fused.retrieve(QueryBundle(asked, embedding=embeddings.embed_query(asked)))
        return [_place(one.node) for one in found]

    return System("LlamaIndex (BM25 and vectors)", seconds, len(nodes), _size(folder), search)


def _place(node: Any) -> Place:
    return Place(node.ref_doc_id, Span(node.start_char_idx, node.end_char_idx))


def measure(system: System, cases: Sequence[Case], gold: Sequence[list[Place]], library: Library) -> Score:
    """Asks all cases."""
    for case in cases[:WARM_UP]:
        system.search(case)
    first = five = facts = 0
    times = []
    for case, places in zip(cases, gold, strict=True):
        started = time.perf_counter()
        found = system.search(case)
        times.append(time.perf_counter() - started)
        first += any(hits(one, places) for one in found[:1])
        five += any(hits(one, places) for one in found[:5])
        for one in found[:1]:
            facts += facts_found(case, one.span.of(library.record(one.record_id).text))
    return Score(first, five, facts, tuple(sorted(times)))


def gold_of(library: Library, case: Case) -> list[Place]:
    """Where the answers of a case's gold pairs stand (for a statement all of the record's)."""
    found = []
    for record_id, number in gold_places(library, case):
        record: Record = library.record(record_id)
        spans = [pair.answer_span for pair in record.pairs if pair.number == number]
        spans += [one.span for one in record.statements] if number == 0 else []
        found += [Place(record_id, span) for span in spans]
    return found


def table(
    systems: Sequence[System], scores: Sequence[Score], facts: int, records: int, reading: float
) -> str:
    """The comparison in Markdown."""
    cases = len(scores[0].times)
    lines = ["| | " + " | ".join(system.name for system in systems) + " |", "|---|" + "---|" * len(systems)]

    def row(name: str, values: Sequence[str]) -> None:
        lines.append(f"| {name} | {' | '.join(values)} |")

    row("passages", [f"{one.passages:,}" for one in systems])
    row(
        "indexed in, s",
        [
            f"{one.seconds:.0f}" + (f" (reading alone: {reading:.0f})" if one.name == "Jupilu" else "")
            for one in systems
        ],
    )
    row("records a second", [f"{records / one.seconds:.1f}" for one in systems])
    row("on disk, MB", [f"{one.disk / MEGABYTE:.1f}" for one in systems])
    row("search p50, ms", [f"{one.times[cases // 2] * 1000:.0f}" for one in scores])
    row("search p95, ms", [f"{one.times[int(0.95 * (cases - 1))] * 1000:.0f}" for one in scores])
    row("first passage hits", [of(one.first, cases) for one in scores])
    row("one of the first five hits", [of(one.five, cases) for one in scores])
    row("key facts in the first passage", [of(one.facts, facts) for one in scores])
    return "\n".join(lines)


def compare(cases: Sequence[Case], folders: Sequence[Path], place: Path, folds: Path | None) -> str:
    """Indexes the records three times, asks all cases, and gives the table with what it leaves out."""
    ours, qa = jupilu(folders, place / "library", folds)
    with qa:
        library = qa.library
        reading = _reading(folders, library.settings)
        asked = [(case, its) for case in cases if not case.history and (its := gold_of(library, case))]
        systems = [ours, plain(library, place / "plain")]
        if find_spec("llama_index") is None:
            print("LlamaIndex is left out: pip install 'jupilu[peers]'", file=sys.stderr)
        else:
            systems.append(llama_index(library, place / "llama-index"))
        chosen, gold = [case for case, _ in asked], [places for _, places in asked]
        scores = [measure(system, chosen, gold, library) for system in systems]
        facts = sum(len(case.key_facts) for case in chosen)
        left_out = len(cases) - len(chosen)
        told = table(systems, scores, facts, library.count(), reading)
        return f"{told}\n\n{len(chosen)} cases, {library.count()} records; {left_out} cases left out (no gold, or a conversation)"


def _reading(folders: Sequence[Path], settings: Settings) -> float:
    """Seconds to read all files, without embedding."""
    from ingest.pipeline.reading_pool import Job, ReadingPool

    files = sorted(file for folder in folders for file in folder.rglob("*") if file.is_file())
    started = time.perf_counter()
    with ReadingPool(settings) as pool:
        for _ in pool.read(Job(file, file.name) for file in files):
            pass
    return time.perf_counter() - started


def _warm(library: Library) -> None:
    """The model is in memory before anybody is timed."""
    from ingest.embedding.embeddings import embed_all

    embed_all(library.embeddings, ["预热"] * 9, ["预热"] * 9)


def _size(folder: Path) -> int:
    originals = folder / "originals"
    return sum(
        file.stat().st_size for file in folder.rglob("*") if file.is_file() and originals not in file.parents
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.peers", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--records", nargs="+", type=Path, required=True, help="folders of source files")
    parser.add_argument(
        "--folds", type=Path, help="trained parts that have not seen a company (eval/fold_models)"
    )
    parser.add_argument(
        "--place", type=Path, help="an empty folder for the three indexes; a temporary one if absent"
    )
    given = parser.parse_args(arguments)
    cases = read_cases(given.cases)
    if given.place is not None:
        given.place.mkdir(parents=True, exist_ok=True)
        print(compare(cases, given.records, given.place, given.folds))
        return 0
    with tempfile.TemporaryDirectory() as place:
        print(compare(cases, given.records, Path(place), given.folds))
    return 0


if __name__ == "__main__":
    sys.exit(main())
