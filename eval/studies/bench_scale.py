"""How the library grows: `python -m eval.studies.bench scale --pairs 10000 100000 1000000 --place FOLDER [--like LIBRARY]`.

For each size a library of invented records is made (`eval.studies.made_market`: invented text, simulated vectors) through the
library's own writers, then opened and asked in a process of its own, so that its memory is its own. A run that is stopped
goes on where it was; finished libraries stay in the folder until they are deleted.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from eval.studies.bench_figures import Figure
from eval.studies.made_market import LikeVectors, MadeMarket, example_pairs
from ingest.embedding.bundled import BUNDLED_MODEL
from ingest.settings import Settings

if TYPE_CHECKING:
    from ingest.library.index import Index
    from ingest.library.library import Library

PAIRS: Final = 10_000
ASKED, WARM_UP, COMPARED = 100, 5, 20
WITH_COMPANY_AT_MOST, WITHOUT_AT_MOST = 0.300, 0.600
MEMORY_AT_MOST: Final = 8 * 2**30
SERVER_TO_LOCAL_AT_MOST: Final = 2.0
MADE: Final = "made batches"
MEGABYTE: Final = 2**20


@dataclass(frozen=True, slots=True)
class Made:
    """What it cost to make a library in this run; `passages` were made in it (fewer than all, if it went on)."""

    passages: int
    texts: float
    indexes: float
    catalogue: float
    settling: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.texts + self.indexes + self.catalogue + self.settling


def bench_scale(
    sizes: Sequence[int], place: Path, like: Path | None = None, server: str | None = None
) -> Iterator[Figure]:
    """The figures of each size in turn.

    Args:
        sizes: numbers of pairs.
        place: where the libraries are made and kept.
        like: a library whose vectors are the pattern of the simulated ones; the example records, if absent.
        server: the address of a Chroma server that is measured beside the exact search; none if absent.
    """
    vectors = pattern(like)
    for pairs in sizes:
        path = place / f"made-{pairs}"
        made = fill(path, pairs, vectors)
        yield Figure(f"{pairs:,} pairs", told_of(made))
        yield Figure("on disk", disk_of(path))
        yield from _figures(asked_alone(path))
        if server is not None:
            yield from _beside_server(path, server)


def pattern(like: Path | None) -> LikeVectors:
    """Real vectors of pairs: of a library, else of the example records."""
    import numpy

    if like is None:
        from ingest.embedding.embeddings import embed_all, open_embeddings

        pairs = example_pairs()
        return LikeVectors(
            *embed_all(
                open_embeddings(Settings(embedding_model=BUNDLED_MODEL)),
                [f"{pair.question}\n{pair.answer}" for pair in pairs],
                [pair.question for pair in pairs],
            )
        )
    from ingest.library.library import Library

    with Library.open(like, Settings()) as library:
        tables = library.index.store.tables()
        passages = numpy.concatenate([table.passage[table.asked] for table in tables])
        return LikeVectors(passages, numpy.concatenate([table.question[table.asked] for table in tables]))


def fill(path: Path, pairs: int, like: LikeVectors, seconds: float = float("inf")) -> Made:
    """Makes the library of a size, or what is left of it to make.

    Args:
        path: the library's folder.
        pairs: its size.
        like: the pattern of the simulated vectors.
        seconds: after so long it stops; called again it goes on.
    """
    from ingest.library.catalogue import Source
    from ingest.library.library import Library
    from ingest.library.recovery import recover
    from ingest.library.writing_lock import sole_writer
    from ingest.pipeline.fingerprint import reading_fingerprint
    from ingest.reading.passages import cut

    settings = Settings(library=path, model="none")
    market, reader = MadeMarket(pairs), reading_fingerprint(settings)
    clock = {"texts": 0.0, "indexes": 0.0, "catalogue": 0.0, "settling": 0.0}
    passages_made, begun = 0, time.perf_counter()

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        clock[stage] += time.perf_counter() - started

    with Library.open(path, settings, create=True) as library, sole_writer(path):
        recover(library, reembed=False)
        for number in range(int(library.catalogue.fact(MADE) or 0), market.batch_count):
            with timed("texts"):
                records = market.batch(number)
                passages = [cut(record, settings.passage_tokens) for record in records]
                flat = [passage for group in passages for passage in group]
                vectors = like.of(len(flat), number)
            with timed("indexes"):
                library.index.add(flat, *vectors)
                library.index.begin()
            with timed("catalogue"), library.catalogue.transaction():
                for record, its in zip(records, passages, strict=True):
                    library.catalogue.put_source(
                        Source(record.sha256, len(record.text), "ready", reader, record.source_file, "txt")
                    )
                    library.catalogue.put_records([record], its)
                library.catalogue.remember(MADE, str(number + 1))
            passages_made += len(flat)
            if time.perf_counter() - begun > seconds:
                return Made(passages_made, **clock)
            if number % 20 == 19:
                print(f"  … {number + 1} of {market.batch_count} batches", file=sys.stderr, flush=True)
        with timed("settling"):
            library.index.settle(library.all_passages)
    return Made(passages_made, **clock)


def told_of(made: Made) -> str:
    """What making cost, in words."""
    if not made.passages:
        return "made before"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return (
        f"{made.passages:,} passages made in {made.seconds:.0f} s ({made.passages / made.seconds:.0f} a second):"
        f" texts {made.texts:.0f} s, indexes {made.indexes:.0f} s, catalogue {made.catalogue:.0f} s,"
        f" settling {made.settling:.0f} s; memory at most {memory / MEGABYTE:.0f} MB"
    )


def disk_of(path: Path) -> str:
    """What takes how much room."""
    sizes: dict[str, int] = {}
    for file in path.rglob("*"):
        if file.is_file():
            parts = file.relative_to(path).parts
            name = parts[1] if parts[0] == "index" and len(parts) > 2 else parts[-1]
            name = "mapped" if name.startswith("mapped-") else name.split("-wal")[0].split("-shm")[0]
            sizes[name] = sizes.get(name, 0) + file.stat().st_size
    told = ", ".join(
        f"{name} {size / MEGABYTE:.0f}" for name, size in sorted(sizes.items()) if size > MEGABYTE
    )
    return f"{sum(sizes.values()) / MEGABYTE:.0f} MB ({told})"


def asked_alone(path: Path) -> dict[str, Any]:
    """Opens a library and asks it, in a process of its own; what that measured."""
    command = [sys.executable, "-m", "eval.studies.bench_scale", str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _figures(measured: dict[str, Any]) -> Iterator[Figure]:
    yield Figure("opened, and the first answer", f"{measured['first']:.1f} s")
    for name, words, bar in (
        ("company", "with a company", WITH_COMPANY_AT_MOST),
        ("all", "over all companies", WITHOUT_AT_MOST),
    ):
        for what in ("search", "ask"):
            p50, p95, busy = measured[f"{what} {name}"]
            yield Figure(
                f"{what} {words}, p50 and p95",
                f"{p50 * 1000:.0f} and {p95 * 1000:.0f} ms (processor time p95 {busy * 1000:.0f} ms)",
                f"p95 at most {bar * 1000:.0f} on an idle machine, where the clock's is the processor's",
                busy <= bar,
            )
    memory = measured["memory"]
    yield Figure("memory of the asking process", f"{memory / MEGABYTE:.0f} MB", "", memory <= MEMORY_AT_MOST)
    first, ten, of = measured["same"]
    yield Figure(
        "nearest as by comparing every vector in float64",
        f"first of {of} the same {first} times, first ten {ten} times",
        "all",
        first == ten == of,
    )


def _beside_server(path: Path, server: str) -> Iterator[Figure]:
    from ingest.library.library import Library

    settings = Settings(library=path, model="none", chroma_url=server)
    with Library.open(path, settings) as library:
        started = time.perf_counter()
        library.index.begin()
        library.index.settle(library.all_passages)
        yield Figure("Chroma server filled", f"{time.perf_counter() - started:.0f} s")
    for name, words in (("company", "with a company"), ("all", "over all companies")):
        same, of, ours, servers = _in_turns(path, settings, name == "company")
        yield Figure(f"server, search {words}", f"the same passages for {same} of {of} questions")
        yield Figure(
            f"server to one machine, search {words}, p50",
            f"{servers / ours:.2f}x ({servers * 1000:.0f} and {ours * 1000:.0f} ms)",
            f"at most {SERVER_TO_LOCAL_AT_MOST}x",
            servers <= SERVER_TO_LOCAL_AT_MOST * ours,
        )


def _in_turns(path: Path, settings: Settings, with_company: bool) -> tuple[int, int, float, float]:
    """(questions with the same passages, questions, median seconds on one machine, median seconds with the server)."""
    from rag.disclosure_qa import DisclosureQA

    alone = settings.model_copy(update={"chroma_url": None})
    with DisclosureQA.open(path, alone) as local, DisclosureQA.open(path, settings) as served:
        questions = _questions(local.library)
        times: dict[bool, list[float]] = {False: [], True: []}
        same = 0
        for number, (question, code, day) in enumerate(questions):
            found = []
            for which in (number % 2 == 0, number % 2 == 1):  # in turns: both meet the same machine
                begun = time.perf_counter()
                groups = (served if which else local).search(
                    question, company=code if with_company else None, as_of=day if number % 3 else None
                )
                times[which].append(time.perf_counter() - begun)
                found.append([one.passage.id for group in groups for one in group])
            same += found[0] == found[1]
    ours, servers = (sorted(times[which][WARM_UP:]) for which in (False, True))
    return same, len(questions), ours[len(ours) // 2], servers[len(servers) // 2]


def measure(path: Path) -> dict[str, Any]:
    """Opens a library and asks it; seconds, bytes and counts."""
    from rag.disclosure_qa import DisclosureQA

    settings = Settings(library=path, model="none")
    started = time.perf_counter()
    with DisclosureQA.open(path, settings) as qa:
        questions = _questions(qa.library)
        qa.ask(questions[0][0], company=questions[0][1])
        found: dict[str, Any] = {"first": time.perf_counter() - started}
        for name in ("company", "all"):
            for what, work in (("search", qa.search), ("ask", qa.ask)):
                times, busy = [], []
                for number, (question, code, day) in enumerate(questions):
                    started, worked = time.perf_counter(), time.process_time()
                    work(
                        question,
                        company=code if name == "company" else None,
                        as_of=day if number % 3 else None,
                    )
                    times.append(time.perf_counter() - started)
                    busy.append(time.process_time() - worked)  # what a busy machine does not change
                times, busy = sorted(times[WARM_UP:]), sorted(busy[WARM_UP:])
                at = int(0.95 * (len(times) - 1))
                found[f"{what} {name}"] = times[len(times) // 2], times[at], busy[at]
        found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        found["same"] = same_as_exact(qa.library.index)
    return found


def _questions(library: Library) -> list[tuple[str, str, str]]:
    """Questions with a company's code and a day: half from invented pairs, half as investors ask them of anybody."""
    from importlib import resources

    told = resources.files("rag").joinpath("data/typical_questions.json").read_text(encoding="utf-8")
    typical = json.loads(told)["questions"]
    dice = random.Random(7)
    found = []
    for number in range(ASKED + WARM_UP):
        (row,) = library.catalogue.rows(
            "SELECT passages.question, code, published_on FROM passages JOIN records ON record_id = records.id"
            " WHERE passages.id >= ? ORDER BY passages.id LIMIT 1",
            (f"{dice.randrange(int(0.99 * 16**8)):08x}",),
        )
        question = row["question"][:30] if number % 2 else typical[number * 7 % len(typical)]
        found.append((str(question), str(row["code"]), "2025-06-30"))
    return found


def same_as_exact(index: Index) -> tuple[int, int, int]:
    """How often the first, and the first ten, are those of a comparison with every stored vector in float64."""
    import numpy

    dice = numpy.random.default_rng(3)
    sample = index.store.sample(4000)
    queries = sample[:: max(1, len(sample) // COMPARED)][:COMPARED].astype(numpy.float64)
    queries += dice.standard_normal(queries.shape) * (0.5 / queries.shape[1] ** 0.5)
    queries /= numpy.linalg.norm(queries, axis=1, keepdims=True)
    best: list[list[tuple[float, str]]] = [[] for _ in queries]
    for table in index.store.tables():
        held = table.held("passage")
        for at in range(0, len(held), 8192):
            part = held[at : at + 8192]
            scores = table.passage[part].astype(numpy.float64) @ queries.T
            for which, column in enumerate(scores.T):
                top = numpy.argpartition(-column, min(20, len(column) - 1))[:20]
                rows = [(-round(float(column[one]), 6), str(table.ids[part[one]])) for one in top]
                best[which] = sorted(best[which] + rows)[:20]
    first = ten = 0
    for query, expected in zip(queries, best, strict=True):
        found = [name for name, _ in index.dense(query, k=10)]
        first += found[:1] == [name for _, name in expected[:1]]
        ten += found == [name for _, name in expected[:10]]
    return first, ten, len(queries)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures one library that is there; prints JSON. Started by `bench_scale`."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.bench_scale", description=measure.__doc__)
    parser.add_argument("library", type=Path)
    given = parser.parse_args(arguments)
    print(json.dumps(measure(given.library)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
