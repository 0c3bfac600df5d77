"""A progress bar on stderr with rate and remaining time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.pipeline.report import Standing

PHASES = {
    "waiting": "waiting for another ingest",
    "looking": "looking for files",
    "reading": "reading and embedding",
    "settling": "settling the index",
    "done": "done",
}


@contextmanager
def bar(hidden: bool = False) -> Iterator[Callable[[Standing], None]]:
    """A callback for `ingest(progress=…)` that draws a bar; `hidden`, or an stderr that is no terminal, draws nothing."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        console=Console(stderr=True),
        disable=hidden or not sys.stderr.isatty(),  # a file of progress is no progress
    ) as progress:
        task = progress.add_task(PHASES["looking"], total=None, pace="")

        def show(standing: Standing) -> None:
            remaining = "" if standing.remaining is None else f", {standing.remaining:.0f} s left"
            failed = f", {standing.failed} failed" if standing.failed else ""
            progress.update(
                task,
                description=PHASES[standing.phase],
                completed=standing.done,
                total=standing.total or None,
                pace=f"{standing.rate:.1f} files/s{remaining}{failed}",
            )

        yield show
