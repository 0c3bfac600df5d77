"""What the API costs beside asking in the same process: seconds of an answer, alone and with several at once.

    python -m eval.serve_load --library LIBRARY [--clients 1 8] [--questions 200]

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
from pathlib import Path
from typing import Any

import httpx

from eval.page_load import built_in_questions
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
    options = parser.parse_args(arguments)
    questions = list(itertools.islice(itertools.cycle(built_in_questions()), options.questions))
    report: list[dict[str, Any]] = []
    with _api(options.library) as url:
        for clients in options.clients:
            report.append({"way": "serve", **_load(clients, questions, lambda: _over_http(url))})
    from rag.disclosure_qa import DisclosureQA

    with DisclosureQA.open(options.library, Settings(library=options.library, model="none")) as qa:
        qa.ask("公司主要产品是什么？")
        for clients in options.clients:
            report.append({"way": "in process", **_load(clients, questions, lambda: qa.ask)})
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if any(one["errors"] for one in report) else 0


def _over_http(url: str) -> Ask:
    client = httpx.Client(base_url=url, timeout=120, trust_env=False)

    def ask(question: str) -> object:
        return client.post("/v1/ask", json={"question": question}).raise_for_status().json()["outcome"]

    return ask


def _load(clients: int, questions: Sequence[str], asker: Callable[[], Ask]) -> dict[str, Any]:
    """So many clients work through the questions together."""
    supply, lock = iter(questions), threading.Lock()
    took: list[float] = []
    errors: list[str] = []

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
                took.append(time.perf_counter() - started)
            except Exception as error:  # noqa: BLE001  # counted and told
                errors.append(f"{type(error).__name__}: {error}"[:200])

    started = time.perf_counter()
    workers = [threading.Thread(target=one_client) for _ in range(clients)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    whole = time.perf_counter() - started
    cuts = statistics.quantiles(took, n=20) if len(took) > 1 else [0.0] * 19
    return {
        "clients": clients,
        "answers": len(took),
        "errors": len(errors),
        "first_error": errors[0] if errors else None,
        "p50_ms": round(1000 * cuts[9], 1),
        "p95_ms": round(1000 * cuts[18], 1),
        "answers_a_second": round(len(took) / whole, 1),
    }


@contextmanager
def _api(library: Path) -> Iterator[str]:
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
        yield url
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    sys.exit(main())
