"""Loading the records of fictional companies that come with the project, with progress, into an empty library."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.pipeline.report import IngestReport
from ui.web.panels.markup import html
from ui.web.service import Service, examples_folder
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.pipeline.report import Standing


def load_examples(service: Service, language: Language) -> Iterator[str]:
    """Ingest the examples; gives the thread as it grows. A page that is left does not end it.

    Raises:
        JupiluError: they cannot be ingested, or did not come with the program.
    """
    from ingest.errors import LibraryMissing

    folder = examples_folder()
    if folder is None:
        raise LibraryMissing("the example records did not come with this program")
    told: queue.Queue[Standing | IngestReport | Exception] = queue.Queue()

    def work() -> None:
        try:
            told.put(service.ingest([folder], told.put))
        except Exception as error:  # noqa: BLE001  # handed to the thread that shows it
            told.put(error)

    yield _shown(language, 0, 0)
    threading.Thread(target=work, daemon=True, name="examples").start()
    while True:
        event = told.get()
        while not told.empty():  # only the newest standing is worth showing
            event = told.get()
        if isinstance(event, Exception):
            raise event
        if isinstance(event, IngestReport):
            service.examples(language)  # begins to try the questions that the welcome offers
            return
        yield _shown(language, event.done, event.total or 0)


def _shown(language: Language, done: int, of: int) -> str:
    text = (
        say(language, "loading_examples_count", done=done, of=of) if of else say(language, "loading_examples")
    )
    bar = html("<progress aria-label='{text}' max='{of}' value='{done}'></progress>", text=text, of=max(of, 1), done=done)  # fmt: skip
    return str(
        html(
            "<div class='thread'><div class='welcome loading'><p role='status'><strong>{text}</strong></p>{bar}"
            "<p class='hint'>{note}</p></div></div>",
            text=text,
            bar=bar,
            note=say(language, "loading_examples_note"),
        )
    )
