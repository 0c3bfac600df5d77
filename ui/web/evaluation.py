"""The evaluation tab: asks cases of the library that is open, in the background, and shows what came of them.

One run at a time for all visitors: whoever opens the tab sees it, a page that is closed or reloaded does not end it.
It only reads: nothing is ingested, no conversation and no receipt is kept.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio
from starlette.concurrency import run_in_threadpool

from ingest.errors import JupiluError
from ui.web.components import LIGHT, WATCHING, Page, shown_html
from ui.web.panels.evaluation import Source, Standing, State, evaluation_panel
from ui.web.service import Service
from ui.web.wording import Language

if TYPE_CHECKING:
    from eval.cases import Case

COUNTS = (10, 20, 40, 60)
"""How many cases of one's own library a visitor may ask for: each takes about a tenth of a second of one processor."""
BEAT = 0.3
"""Seconds between two looks at a run."""


class EvaluationTab:
    """What the evaluation tab does, for any visitor."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._standing = Standing()
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def standing(self) -> Standing:
        """How the run stands that is on its way, else the last one."""
        with self._lock:
            return self._standing

    def start(self, source: str, count: str) -> bool:
        """Begin a run, unless one is on its way.

        Args:
            source: cases made from this library (`own`), or those that come with the program (`built_in`).
            count: how many are made, one of `COUNTS`; anything else is taken for the default.
        """
        with self._lock:
            if self._standing.is_open:
                return False
            wanted: Source = "built_in" if source == "built_in" else "own"
            made = int(count) if count.isdecimal() and int(count) in COUNTS else Standing().count
            self._stop.clear()
            self._standing = Standing("making", wanted, made, changes=self._standing.changes + 1)
        threading.Thread(target=self._measure, daemon=True, name="evaluation").start()
        return True

    def stop(self) -> None:
        """End the run; what has been asked by then is shown."""
        self._stop.set()

    async def follow(self, language: Language) -> AsyncIterator[str]:
        """The panel, anew whenever the run has moved, until it ends."""
        seen = -1
        while True:
            standing = self.standing()
            if standing.changes != seen:
                seen = standing.changes
                companies = await run_in_threadpool(self.service.companies)
                names = {one.code: one.short_name or "" for one in companies if one.code}
                yield str(evaluation_panel(language, standing, COUNTS, names))
            if not standing.is_open:
                return
            await asyncio.sleep(BEAT)

    # -------------------------------------------------------------- internals

    def _change(self, **changes: Any) -> None:
        with self._lock:
            self._standing = replace(self._standing, **changes, changes=self._standing.changes + 1)

    def _measure(self) -> None:
        try:
            with tempfile.TemporaryDirectory(prefix="jupilu-cases-") as folder:
                self._run(Path(folder))
        except JupiluError as error:
            self._change(state="failed", fault=error)
        except Exception as error:  # noqa: BLE001  # the visitor must hear of it, not wait forever
            self._change(state="failed", fault=error)

    def _run(self, folder: Path) -> None:
        from eval.answers import run_cases
        from eval.report.html import page
        from eval.run_file import document

        library = self.service.library()
        if not library.records():
            self._change(state="failed")
            return
        cases, path = self._cases(folder)
        if not cases:
            self._change(state="failed")
            return
        if self._stop.is_set():
            self._change(state="stopped")
            return
        self._change(state="running", of=len(cases))
        progress: Callable[[int, int], None] = lambda done, of: self._change(done=done)  # noqa: E731
        # The cases are asked verbatim, through a DisclosureQA of its own over the library that is open.
        qa = self.service.measuring()
        results = run_cases(qa, cases, progress, stopped=self._stop.is_set)
        run = document(results, settings=qa.settings, cases=[path], library=library) if results else None
        ended: State = "stopped" if len(results) < len(cases) else "done"
        self._change(state=ended, run=run, report=page([run], [path.stem]) if run else "")

    def _cases(self, folder: Path) -> tuple[list[Case], Path]:
        """The cases that are asked, and their file."""
        from eval.cases import BUILT_IN, read_cases
        from eval.making.make_cases import make_cases, write_cases

        standing = self.standing()
        if standing.source == "built_in":
            return read_cases([BUILT_IN]), BUILT_IN
        cases = make_cases(self.service.library(), standing.count)
        path = folder / f"made-{len(cases)}.jsonl"
        write_cases(path, cases)
        return cases, path


def wire_evaluation(page: Page, tab: EvaluationTab, language: gradio.State) -> Callable[[Any], Any]:
    """The tab's components, for `ui.web.layout.build`; gives what shows the panel after another event."""

    async def follow(now: Language) -> AsyncIterator[str]:
        async for panel in tab.follow(now):
            yield panel

    async def start(now: Language, event: gradio.EventData) -> AsyncIterator[str]:
        tab.start(str(event._data.get("source", "")), str(event._data.get("count", "")))
        async for panel in tab.follow(now):
            yield panel

    with page.say(gradio.Tab(id="evaluation", elem_id="evaluation-tab"), label="eval_tab") as opened:
        panel = shown_html(
            elem_id="evaluation", js_on_load="jupilu.evaluation(element, trigger, ['start','halt'])"
        )
    panel.start(start, [language], panel, **WATCHING)
    panel.halt(lambda: tab.stop(), None, None, **LIGHT)
    opened.select(follow, [language], panel, **WATCHING)
    return lambda event: event.then(follow, [language], panel, **WATCHING)
