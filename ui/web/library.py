"""The library tab: adding files with progress, what is covered and what is missing, removing."""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio

from ingest.errors import JupiluError
from ingest.pipeline.report import IngestReport
from ui.web.components import PRIVATE, Page, shown_html
from ui.web.library_routes import LibraryDesk
from ui.web.panels.library import library_frame
from ui.web.panels.uploads import State, upload_report
from ui.web.plain_words import plain_error, plain_reason, plain_warning
from ui.web.service import Service
from ui.web.settings import WebSettings
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.pipeline.report import Standing


@dataclass(frozen=True, slots=True)
class LibraryParts:
    """Of the library tab: what is shown anew after a change, and the events that change something."""

    refreshed: list[Any]
    changes: list[Any]


class LibraryTab:
    """What the library tab does, for any visitor."""

    def __init__(self, service: Service, web: WebSettings, desk: LibraryDesk, may_change: bool) -> None:
        self.service = service
        self.web = web
        self.desk = desk
        self.may_change = may_change

    def refresh(self, language: Language) -> list[Any]:
        """The frame in which the library is looked through."""
        return [str(library_frame(language, self.desk.shelves.now()))]

    def add(self, language: Language, uploads: Sequence[str]) -> Iterator[str]:
        """Ingest uploaded files; gives the report as it grows.

        Args:
            language: of the page.
            uploads: where Gradio has put the uploaded files.
        """
        refusal = self._refusal(language, uploads)
        if refusal:
            yield str(upload_report(language, {}, refusal))
            return
        # Gradio keeps every upload in a folder of its own; sidecars must stand beside their files.
        folder = Path(tempfile.mkdtemp(prefix="jupilu-upload-"))
        try:
            names = _gather(uploads, folder)
            yield from self._ingested(language, folder, names)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            for path in uploads:
                Path(path).unlink(missing_ok=True)

    def _refusal(self, language: Language, uploads: Sequence[str]) -> str | None:
        if not self.may_change:
            return say(language, "library_read_only")
        if not uploads:
            return say(language, "nothing_uploaded")
        if len(uploads) > self.web.max_files:
            return say(language, "too_many_files", most=self.web.max_files, count=len(uploads))
        if sum(Path(path).stat().st_size for path in uploads) > self.web.max_upload_bytes:
            return say(language, "too_many_bytes", most=self.web.max_upload_bytes // 2**20)
        return None

    def _ingested(self, language: Language, folder: Path, names: Sequence[str]) -> Iterator[str]:
        """Ingest in a thread of its own, telling how far it is until it ends."""
        told: queue.Queue[Standing | IngestReport | Exception] = queue.Queue()

        def work() -> None:
            try:
                told.put(self.service.ingest([folder], told.put))
            except Exception as error:  # noqa: BLE001 handed to the thread that shows it
                told.put(error)

        files: dict[str, tuple[State, str]] = dict.fromkeys(names, ("working", ""))
        headline = say(language, "ingesting", done=0, count=len(names))
        yield str(upload_report(language, files, headline))
        threading.Thread(target=work, daemon=True, name="ingest").start()
        while True:
            event = told.get()
            while not told.empty():  # only the newest standing is worth showing
                event = told.get()
            if isinstance(event, JupiluError):
                yield str(
                    upload_report(
                        language, files, say(language, "failed", reason=plain_error(language, event))
                    )
                )
                return
            if isinstance(event, Exception):
                raise event
            if isinstance(event, IngestReport):
                yield self._reported(language, files, event)
                return
            ready = {record.source_file for record in self.service.records()}
            files |= {name: ("added", "") for name in names if name in ready}
            headline = say(language, "ingesting", done=event.done, count=event.total or len(names))
            yield str(upload_report(language, files, headline))

    def _reported(self, language: Language, files: dict[str, tuple[State, str]], report: IngestReport) -> str:
        final: dict[str, tuple[State, str]] = dict.fromkeys(files, ("unchanged", ""))
        final |= {Path(one.path).name: ("added", _warned(language, one.warnings)) for one in report.added}
        final |= {Path(one.path).name: ("updated", _warned(language, one.warnings)) for one in report.updated}
        final |= {Path(one.path).name: ("unchanged", f"= {one.same_as}") for one in report.duplicates}
        final |= {
            Path(one.path).name: ("failed", plain_reason(language, one.reason)) for one in report.failed
        }
        headline = say(
            language,
            "ingested",
            added=len(report.added),
            updated=len(report.updated),
            unchanged=report.unchanged + len(report.duplicates),
            failed=len(report.failed),
        )
        return str(upload_report(language, final, headline))


def _warned(language: Language, warnings: Sequence[str]) -> str:
    separator = "；" if language == "zh" else "; "
    return separator.join(plain_warning(language, warning) for warning in warnings)


def _gather(uploads: Sequence[str], folder: Path) -> list[str]:
    """Move uploads into one folder under their own names; same names get a folder each."""
    names: list[str] = []
    for upload in map(Path, uploads):
        target = folder / upload.name
        number = 1
        while target.exists():
            number += 1
            target = folder / str(number) / upload.name
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(upload, target)
        if upload.suffix.lower() != ".json":
            names.append(upload.name)
    return names


def wire_library(page: Page, tab: LibraryTab, language: gradio.State) -> LibraryParts:
    """Build the tab (within the Tabs that are open) and connect its events."""
    with page.say(gradio.Tab(id="library"), label="library_tab"):
        with gradio.Row(visible=tab.may_change, elem_id="upload-row"):
            files = page.say(
                # Of any kind: what a file really is its bytes say, and a refusal is in the page's own words.
                gradio.File(file_count="multiple", elem_id="upload", height=112),
                label="upload",
            )
            with gradio.Column(min_width=160, scale=0):
                folder = page.say(
                    gradio.UploadButton(file_count="directory", elem_id="upload-folder"),
                    label="upload_folder",
                )
                add = page.say(gradio.Button(variant="primary", elem_id="ingest"), value="ingest")
        report = shown_html(elem_id="upload-report")
        shown = shown_html(
            elem_id="overview", js_on_load="jupilu.library(element, trigger, watch, 'changed')"
        )

    def add_files(now: Language, paths: list[str] | None) -> Iterator[list[Any]]:
        for html in tab.add(now, paths or []):
            yield [html, None]

    writing = {"concurrency_id": "writing", "concurrency_limit": 1, **PRIVATE}
    return LibraryParts(
        [shown],
        [
            add.click(add_files, [language, files], [report, files], **writing),
            folder.upload(add_files, [language, folder], [report, folder], **writing),
            shown.changed(lambda: None, None, None, **PRIVATE),
        ],
    )
