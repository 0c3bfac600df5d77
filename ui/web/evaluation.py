"""The evaluation tab: runs the built-in cases over the library, with progress, and shows the report.

It only reads: nothing is ingested, and no conversation is kept. One run at a time; a second visitor is told so.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio

from ingest.errors import JupiluError
from ui.web.panels.evaluation import finished, running, told
from ui.web.plain_words import plain_error
from ui.web.service import Service
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from eval.cases import Case
    from ui.web.layout import Page


@dataclass(frozen=True, slots=True)
class _Done:
    """What a run's thread leaves: the run and its page, or what went wrong."""

    run: dict[str, Any] | None = None
    page: str = ""
    fault: str = ""


class EvaluationTab:
    """What the evaluation tab does, for any visitor."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._busy = threading.Lock()

    def run(self, language: Language) -> Iterator[str]:
        """Ask every case and show the report; gives the panel as it grows."""
        if not self._busy.acquire(blocking=False):
            yield str(told(say(language, "eval_busy")))
            return
        try:
            yield from self._running(language)
        finally:
            self._busy.release()

    def _running(self, language: Language) -> Iterator[str]:
        said: queue.Queue[tuple[int, int] | _Done] = queue.Queue()
        gone = threading.Event()
        thread = threading.Thread(target=self._measure, args=(language, said, gone), daemon=True)
        yield str(running(language, 0, 0))
        thread.start()
        try:
            while True:
                heard = said.get()
                while not isinstance(heard, _Done) and not said.empty():
                    heard = said.get()  # only the newest progress is worth showing
                if isinstance(heard, _Done):
                    if heard.run is None:
                        yield str(told(heard.fault))
                    else:
                        yield str(finished(language, heard.run, heard.page))
                    return
                yield str(running(language, *heard))
        finally:
            gone.set()  # the visitor left or all is done
            thread.join()

    def _measure(
        self, language: Language, said: queue.Queue[tuple[int, int] | _Done], gone: threading.Event
    ) -> None:
        from eval.answers import run_cases
        from eval.report.html import page
        from eval.run_file import document
        from rag.disclosure_qa import DisclosureQA

        def progress(done: int, of: int) -> None:
            if gone.is_set():
                raise _Stopped
            said.put((done, of))

        # The cases are asked verbatim, through a DisclosureQA of its own over the library that is open.
        settings = self.service.settings.model_copy(update={"model": "none"})
        try:
            library = self.service.library()
            if not library.records():
                said.put(_Done(fault=say(language, "eval_no_records")))
                return
            cases, paths = self.cases()
            results = run_cases(DisclosureQA(library, settings, keeps_receipts=False), cases, progress)
            run = document(results, settings=settings, cases=paths, library=library)
            said.put(_Done(run, page([run], [say(language, "eval_name")])))
        except _Stopped:
            return
        except JupiluError as error:
            said.put(_Done(fault=plain_error(language, error)))
        except Exception as error:  # noqa: BLE001  # the visitor must hear of it, not wait forever
            said.put(_Done(fault=plain_error(language, error)))

    def cases(self) -> tuple[list[Case], list[Path]]:
        """The cases that are asked, and their files: the built-in ones, about the examples' companies.

        Cases made from the library itself (`eval.making.make_cases`) are to be added here.
        """
        from eval.cases import BUILT_IN, read_cases

        return read_cases([BUILT_IN]), [BUILT_IN]


class _Stopped(Exception):
    """Nobody waits for this run any more."""


def wire_evaluation(page: Page, tab: EvaluationTab, language: gradio.State) -> None:
    """The tab's components, for `ui.web.layout.build`."""
    from ui.web.chat_events import PRIVATE
    from ui.web.layout import shown_html

    with page.say(gradio.Tab(id="evaluation", elem_id="evaluation-tab"), label="eval_tab"):
        page.say(shown_html(elem_id="evaluation-intro"), value="eval_intro")
        start = page.say(gradio.Button(elem_id="run-evaluation", variant="primary"), value="eval_run")
        panel = shown_html(elem_id="evaluation")
    start.click(tab.run, [language], panel, concurrency_id="evaluation", concurrency_limit=4, **PRIVATE)
