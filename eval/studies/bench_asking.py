"""How fast questions are answered: cold from the command line, warm in one process."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from eval.studies.bench_figures import Figure
from ingest.settings import Settings

COLD_AT_MOST = 2.5
P50_AT_MOST, P95_AT_MOST = 0.060, 0.150
QUESTIONS, WARM_UP, COLD_RUNS = 200, 10, 5


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
