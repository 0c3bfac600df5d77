"""`jupilu track` and `jupilu compare`: a topic over time, companies side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.exporting import write_tables
from ui.commands.options import AsOfOption, JsonOption, LibraryOption, print_json, without_model
from ui.commands.showing import printable, sources_as_text

if TYPE_CHECKING:
    from rag.disclosure_qa import DisclosureQA
    from rag.views.comparison import Comparison
    from rag.views.timeline import Timeline

TopicArgument = Annotated[
    str, typer.Argument(help="What it is about: 毛利率, 在手订单, 海外收入占比, gross margin.")
]
CsvOption = Annotated[
    Path | None, typer.Option("--csv", dir_okay=False, help="Write the table to this file.")
]
XlsxOption = Annotated[
    Path | None, typer.Option("--xlsx", dir_okay=False, help="Write the table to this spreadsheet.")
]


def track(
    topic: TopicArgument,
    company: Annotated[
        str | None, typer.Option("--company", help="Code, short name, full name or alias.")
    ] = None,
    as_of: AsOfOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """What one company said on a topic over time, newest first, and what is different each time."""
    with _opened(topic, library) as qa:
        from rag.asking.question import language_of
        from rag.views import timeline_text

        view = qa.track(topic, company=company, as_of=as_of.date() if as_of else None)
        language = language_of(topic)
        _show(view, timeline_text.as_text(view, language), as_json=as_json, is_written=bool(csv or xlsx))
        _write(
            (csv, ".csv"),
            (xlsx, ".xlsx"),
            header=timeline_text.header(language),
            rows=timeline_text.rows(view, language),
        )


def compare(
    topic: TopicArgument,
    company: Annotated[
        list[str] | None,
        typer.Option("--company", help="Code, short name, full name or alias; at least twice."),
    ] = None,
    as_of: AsOfOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
    csv: CsvOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """What several companies said on a topic, side by side, and which figure is higher where two may be compared."""
    with _opened(topic, library) as qa:
        from rag.asking.question import language_of
        from rag.views import comparison_text

        view = qa.compare(topic, companies=company or (), as_of=as_of.date() if as_of else None)
        language = language_of(topic)
        _show(view, comparison_text.as_text(view, language), as_json=as_json, is_written=bool(csv or xlsx))
        rows = comparison_text.rows(view, language)
        _write((csv, ".csv"), (xlsx, ".xlsx"), header=comparison_text.header(view, language), rows=rows)


def register(app: typer.Typer) -> None:
    """Add the two commands to the program."""
    app.command()(track)
    app.command()(compare)


@contextmanager
def _opened(topic: str, library: Path | None) -> Iterator[DisclosureQA]:
    if not topic.strip():
        raise typer.BadParameter("the topic is empty", param_hint="TOPIC")
    with without_model(library) as qa:
        yield qa


def _show(view: Timeline | Comparison, text: str, *, as_json: bool, is_written: bool) -> None:
    """The view as JSON, else as text with its sources unless it goes into a file."""
    if as_json:
        print_json(view.as_json())
    elif not is_written:
        typer.echo("\n".join([printable(text), *sources_as_text(view.claims)]))


def _write(*files: tuple[Path | None, str], header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for path, suffix in files:
        if path is None:
            continue
        if path.suffix.lower() != suffix:
            raise typer.BadParameter(
                f"{path.name}: the name should end in {suffix}", param_hint=f"--{suffix[1:]}"
            )
        write_tables([(path, suffix)], header, rows)
        typer.echo(f"{path}: {len(rows)}", err=True)
