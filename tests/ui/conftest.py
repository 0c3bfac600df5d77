"""A library of the examples and the page served over it by the real command, in a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


@dataclass(frozen=True)
class Served:
    """A running page: where it is, its library, and how long it took to answer."""

    url: str
    library: Path
    seconds: float
    process: int


@contextmanager
def served(
    library: Path,
    environment: dict[str, str] | None = None,
    program: tuple[str, ...] = ("-m", "ui.cli"),
    *,
    command: str = "chat",
    path: str = "/",
) -> Iterator[Served]:
    """`jupilu chat`, or another command that serves, over a library until the block ends.

    Args:
        library: to serve.
        environment: settings beside those of every test.
        program: may be one that does so after a change.
        command: what serves.
        path: what answers once it does.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started = time.perf_counter()
    line = [sys.executable, *program, command, "--port", str(port), "--library", str(library)]
    # No proxy, no model, no network: the page must not miss them.
    inherited = {
        k: v
        for k, v in os.environ.items()
        if not k.lower().endswith("_proxy") and not k.startswith("JUPILU_")
    }
    process = subprocess.Popen(
        line,
        cwd=ROOT,
        env={**inherited, "JUPILU_MODEL": "none", **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                with urllib.request.urlopen(f"{url}{path}", timeout=10) as answer:
                    answer.read()
                break
            except OSError:
                if process.poll() is not None or time.perf_counter() - started > PATIENCE:
                    process.kill()
                    told = process.stdout.read().decode(errors="replace") if process.stdout else ""
                    pytest.fail(f"the server did not come up:\n{told[-3000:]}")
                time.sleep(0.1)
        yield Served(url, library, time.perf_counter() - started, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def example_page(example_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The page over a copy of the example library that the tests of this process share."""
    own = tmp_path_factory.mktemp("page") / "library"
    shutil.copytree(example_library, own)
    with served(own) as page:
        yield page


@contextmanager
def served_api(library: Path, environment: dict[str, str] | None = None) -> Iterator[Served]:
    """`jupilu serve` over a library until the block ends."""
    with served(library, environment, command="serve", path="/health") as api:
        yield api


@pytest.fixture(scope="session")
def example_api(example_library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The API over a copy of the example library that the tests of this process share."""
    own = tmp_path_factory.mktemp("api") / "library"
    shutil.copytree(example_library, own)
    with served_api(own) as api:
        yield api


@pytest.fixture(scope="module")  # its event loop must not outlive the file: other tests run their own
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright; tests that need it are skipped where either is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright to test the page")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no chromium here: apt-get install chromium to test the page")
    with ExitStack() as stack:
        driver = stack.enter_context(playwright.sync_playwright())
        opened = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        stack.callback(opened.close)
        yield opened


@pytest.fixture
def visit(browser: Any, example_page: Served) -> Iterator[Callable[..., Any]]:
    """Opens the page as a new visitor; notes page errors and requests in `page.notes`."""
    with ExitStack() as stack:

        def opened(served_page: Served | None = None, path: str = "/", **options: Any) -> Any:
            context = browser.new_context(
                **{"locale": "zh-CN", "viewport": {"width": 1360, "height": 860}, **options}
            )
            stack.callback(context.close)
            page = context.new_page()
            page.set_default_timeout(30_000)
            page.notes = {"errors": [], "requests": []}
            page.on("pageerror", lambda error: page.notes["errors"].append(str(error)))
            page.on("request", lambda request: page.notes["requests"].append(request.url))
            page.goto((served_page or example_page).url + path)
            page.wait_for_selector(".welcome, .turn")
            return page

        yield opened
