"""What the API costs beside asking in the same process: seconds of an answer, alone and with several at once.

    python -m eval.studies.serve_load --library LIBRARY [--clients 1 8] [--questions 200] [--rounds 3]

Starts `jupilu serve` and asks the built-in questions verbatim, each client without a pause between two; then the same
number of threads ask one `DisclosureQA` in this process. Prints one JSON document.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from eval.studies.page_load import built_in_questions, processor_seconds
from ingest.settings import Settings

Ask = Callable[[str], object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask both ways and print how long it took; status 1 where an answer failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument(
        "--rounds", type=int, default=3, help="of each way in turn, so that all meet the same weather"
    )
    options = parser.parse_args(arguments)
    questions = list(itertools.islice(itertools.cycle(built_in_questions()), options.questions))
    loads = {(way, clients): _Load() for way in ("serve", "in process") for clients in options.clients}
    from rag.disclosure_qa import DisclosureQA

    library = Settings(library=options.library, model="none")
    with _api(options.library) as (url, server), DisclosureQA.open(options.library, library) as qa:
        qa.ask("公司主要产品是什么？")
        ways = {"serve": (lambda: _over_http(url), server), "in process": (lambda: qa.ask, os.getpid())}
        for _ in range(options.rounds):
            for (way, clients), load in loads.items():
                load.run(clients, questions, *ways[way])
    report = [{"way": way, "clients": clients, **load.told()} for (way, clients), load in loads.items()]
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if any(load.errors for load in loads.values()) else 0


def _over_http(url: str) -> Ask:
    client = httpx.Client(base_url=url, timeout=120, trust_env=False)

    def ask(question: str) -> object:
        return client.post("/v1/ask", json={"question": question}).raise_for_status().json()["outcome"]

    return ask


@dataclass
class _Load:
    """What some rounds of questions took."""

    took: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    processor: float = 0.0

    def run(self, clients: int, questions: Sequence[str], asker: Callable[[], Ask], process: int) -> None:
        """So many clients work through the questions together; `process` answers them."""
        supply, lock = iter(questions), threading.Lock()

        def one_client() -> None:
            ask = asker()
            while True:
                with lock:
                    question = next(supply, None)
                if question is None:
                    return
                started = time.perf_counter()
                try:
                    ask(question)
                    self.took.append(time.perf_counter() - started)
                except Exception as error:  # noqa: BLE001  # counted and told
                    self.errors.append(f"{type(error).__name__}: {error}"[:200])

        started, used = time.perf_counter(), processor_seconds(process)
        workers = [threading.Thread(target=one_client) for _ in range(clients)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.seconds += time.perf_counter() - started
        self.processor += processor_seconds(process) - used

    def told(self) -> dict[str, Any]:
        """As JSON."""
        cuts = statistics.quantiles(self.took, n=20) if len(self.took) > 1 else [0.0] * 19
        return {
            "answers": len(self.took),
            "errors": len(self.errors),
            "first_error": next(iter(self.errors), None),
            "p50_ms": round(1000 * cuts[9], 1),
            "p95_ms": round(1000 * cuts[18], 1),
            "answers_a_second": round(len(self.took) / self.seconds, 1),
            "processor_ms_an_answer": round(1000 * self.processor / max(1, len(self.took)), 1),
        }


@contextmanager
def _api(library: Path) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", "0", "--library", str(library)]
    process = subprocess.Popen(
        command, env={**os.environ, "JUPILU_MODEL": "none"}, stdout=subprocess.PIPE, text=True
    )
    try:
        line = process.stdout.readline() if process.stdout else ""
        address = next((word for word in line.split() if word.startswith("http://")), None)
        if address is None:
            raise SystemExit("the API did not come up; run jupilu serve to see why")
        url = address.removesuffix("/v1")
        _over_http(url)("公司主要产品是什么？")  # after this one everything is loaded
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
