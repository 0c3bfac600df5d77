"""Several people asking on the page at once: seconds from sending to the finished answer, errors, memory.

    python -m eval.studies.page_load --library LIBRARY [--users 8] [--seconds 120] [--flat 500]

Starts `jupilu chat` and asks as a browser does (Gradio's queue, the same event, cookies of its own), verbatim.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

CASES = Path(__file__).parents[1] / "cases"
CONVERSATION_LENGTH = 8
_CONVERSATION = re.compile(r"data-conversation='([0-9a-f]{32})'")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the load and print one JSON document; status 1 where an answer failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--users", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--flat", type=int, default=500, help="questions between the two looks at memory")
    options = parser.parse_args(arguments)
    questions = built_in_questions()
    with _page(options.library) as (url, process):
        warm = _ask_all(url, 1, questions, 60.0, most=40)
        idle = processor_seconds(process)
        load = _ask_all(url, options.users, questions, options.seconds)
        busy = processor_seconds(process)
        before = _resident(process)
        flat = _ask_all(url, 4, questions, 900.0, most=options.flat)
        after = _resident(process)
    report = {
        "users": options.users,
        "seconds": options.seconds,
        "different_questions": len(set(questions)),
        **_summary(load),
        "server_processor_ms_a_question": round(1000 * (busy - idle) / max(1, len(load)), 1),
        "alone_p50_s": _summary(warm)["p50_s"],
        "memory_mib_before": before,
        "memory_mib_after": after,
        "memory_questions": len(flat),
        "memory_errors": sum(error is not None for _, error in flat),
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))
    return 1 if report["errors"] or report["memory_errors"] else 0


def built_in_questions() -> list[str]:
    """The questions of all built-in cases."""
    found = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            question = json.loads(line).get("question") if line.strip() else None
            if isinstance(question, str):
                found.append(question)
    if not found:
        raise SystemExit(f"no questions in {CASES}")
    return found


@contextmanager
def _page(library: Path) -> Iterator[tuple[str, int]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    command = [sys.executable, "-m", "ui.cli", "chat", "--port", str(port), "--library", str(library)]
    process = subprocess.Popen(command, env={**os.environ, "JUPILU_MODEL": "none"}, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx.get(url, timeout=5, trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                if process.poll() is not None or time.perf_counter() - started > 120:
                    raise SystemExit("the page did not come up; run jupilu chat to see why") from None
                time.sleep(0.1)
        print(f"first answer of the page after {time.perf_counter() - started:.1f} s", file=sys.stderr)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(30)


def _ask_all(
    url: str, users: int, questions: Sequence[str], seconds: float, most: int | None = None
) -> list[tuple[float, str | None]]:
    """(seconds, error) of every question that so many users ask one after another."""
    results: list[tuple[float, str | None]] = []
    supply = (
        itertools.cycle(questions) if most is None else itertools.islice(itertools.cycle(questions), most)
    )
    lock = threading.Lock()
    end = time.monotonic() + seconds

    def one_user() -> None:
        with httpx.Client(base_url=url, timeout=60, trust_env=False) as browser:
            function = _function_of(browser)
            browser.get("/")
            session = secrets.token_hex(6)  # one for as long as the page is open, as a browser has
            conversation = ""
            for asked in itertools.count():
                with lock:
                    question = next(supply, None)
                if question is None or time.monotonic() > end:
                    return
                started = time.perf_counter()
                try:
                    conversation = _ask(
                        browser,
                        function,
                        session,
                        question,
                        conversation if asked % CONVERSATION_LENGTH else "",
                    )
                    error = None
                except (httpx.HTTPError, RuntimeError) as failure:
                    error = f"{type(failure).__name__}: {failure}"
                    print(error, file=sys.stderr)
                with lock:
                    results.append((time.perf_counter() - started, error))

    threads = [threading.Thread(target=one_user) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _function_of(browser: httpx.Client) -> int:
    """The number that Gradio has given to "ask what stands in the box"."""
    dependencies = browser.get("/config").json()["dependencies"]
    return next(int(d["id"]) for d in dependencies if d["api_name"] == "ask_in_box")


def _ask(browser: httpx.Client, function: int, session: str, question: str, conversation: str) -> str:
    """Ask as the page's own script does and wait for the end; gives the conversation's id."""
    data = [question, None, "", conversation, None]
    joined = browser.post(
        "/gradio_api/queue/join",
        json={
            "data": data,
            "fn_index": function,
            "session_hash": session,
            "event_data": None,
            "trigger_id": None,
        },
    )
    joined.raise_for_status()
    seen = ""
    with browser.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as events:
        for line in events.iter_lines():
            if not line.startswith("data:"):
                continue
            event: dict[str, Any] = json.loads(line[5:])
            if event["msg"] in ("process_generating", "process_completed"):
                seen += json.dumps(event.get("output", {}), ensure_ascii=False)
            if event["msg"] == "process_completed":
                if not event.get("success", False):
                    raise RuntimeError(f"not answered: {event.get('output')}")
                break
            if event["msg"] in ("queue_full", "unexpected_error"):
                raise RuntimeError(event["msg"])
    if "turn failed" in seen:
        raise RuntimeError("the page showed a failure")
    found = _CONVERSATION.findall(seen)
    return found[-1] if found else ""


def _summary(results: Sequence[tuple[float, str | None]]) -> dict[str, Any]:
    times = sorted(seconds for seconds, _ in results)
    if len(times) < 2:
        return {
            "questions": len(times),
            "errors": sum(e is not None for _, e in results),
            "p50_s": None,
            "p95_s": None,
        }
    return {
        "questions": len(times),
        "errors": sum(error is not None for _, error in results),
        "p50_s": round(statistics.median(times), 3),
        "p95_s": round(statistics.quantiles(times, n=20)[-1], 3),
        "max_s": round(times[-1], 3),
    }


def processor_seconds(process: int) -> float:
    """Processor time that the server has used so far; unlike the clock it knows no other programs' load."""
    import psutil  # type: ignore[import-untyped]

    times = psutil.Process(process).cpu_times()
    return float(times.user + times.system)


def _resident(process: int) -> float | None:
    """Resident memory in MiB; None where the system has no /proc."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    kib = re.search(r"VmRSS:\s+(\d+)", status.read_text())
    return round(int(kib.group(1)) / 1024, 1) if kib else None


if __name__ == "__main__":
    sys.exit(main())
