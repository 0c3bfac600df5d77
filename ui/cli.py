"""The `jupilu` command.

Exit status: 0 done; 1 done in part, reasons listed; 2 wrong usage; 3 cannot: one line, and the command that helps.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.pipeline.sources import readable
from ingest.settings import Settings
from ui.commands.drafting import draft
from ui.commands.evaluating import app as evaluating
from ui.commands.fetching import fetch
from ui.commands.keeping import doctor, remove
from ui.commands.modelling import app as modelling
from ui.commands.modelling import replay
from ui.commands.news import news
from ui.commands.options import AsOfOption, JsonOption, LibraryOption, print_json, settings_for
from ui.commands.running import run
from ui.commands.tracking import register as register_views
from ui.commands.viewing import app as viewing

if TYPE_CHECKING:
    from ingest.library.library import Library

app = typer.Typer(
    name="jupilu",
    help="据披露 · Jupilu: what listed companies have officially said, proven against the original record.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(evaluating, name="eval")
app.add_typer(modelling, name="models")
app.add_typer(viewing)  # find, brief


def main() -> None:
    """Run the command; a failure that has a name is one line and exit status 3."""
    run(app)


@app.command()
def ingest(
    paths: Annotated[
        list[Path] | None, typer.Argument(exists=True, help="Source files or folders of them.")
    ] = None,
    library: LibraryOption = None,
    published_on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day on which these files were published."),
    ] = None,
    reembed: Annotated[bool, typer.Option("--reembed", help="Embed every record again.")] = False,
    ray: Annotated[
        bool,
        typer.Option("--ray", help="Read and embed on Ray workers: here, or on the cluster at $RAY_ADDRESS."),
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, max=1024, help="How many Ray workers; 2 if not said.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read source files into the library; unchanged files are skipped."""
    if not paths and not reembed:
        raise typer.BadParameter("name source files or folders (only --reembed needs none)")
    if workers and not ray:
        raise typer.BadParameter("--workers goes with --ray")
    from ingest.pipeline.ingesting import ingest as run
    from ui.commands.progress import bar

    settings = settings_for(library)
    with bar(hidden=as_json) as progress:
        report = run(
            paths or [],
            settings.library,
            settings,
            published_on=published_on.date() if published_on else None,
            reembed=reembed,
            progress=progress,
            ray_workers=(workers or 2) if ray else None,
        )
    if as_json:
        print_json(report.as_json())
    else:
        typer.echo(report.summary())
        for failure in report.failed:
            typer.echo(f"  {failure.path}: {failure.reason}", err=True)
    raise typer.Exit(1 if report.failed else 0)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="In Chinese or English.")],
    company: Annotated[str | None, typer.Option(help="Code, short name, full name or alias.")] = None,
    as_of: AsOfOption = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="What writes: none, local, provider:model, or auto (local if pulled). Default: $JUPILU_MODEL, else auto."
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Print the whole answers and all passages, not only what answers best."),
    ] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the library, every sentence with its citation."""
    from rag.answers import Answer, Provisional
    from rag.disclosure_qa import DisclosureQA
    from ui.commands.showing import answer_as_text

    settings = settings_for(library)
    if model:
        settings = settings.model_copy(update={"model": _model(model)})
    with DisclosureQA.open(settings.library, settings) as qa:
        for event in qa.stream(question, company=company, as_of=as_of.date() if as_of else None):
            if isinstance(event, Provisional) and not as_json:
                typer.echo(f"{answer_as_text(event.answer, everything=everything)}\n\n… {qa.writes}\n")
            elif isinstance(event, Answer) and as_json:
                print_json(event.as_json())
            elif isinstance(event, Answer):
                typer.echo(answer_as_text(event, everything=everything))


@app.command()
def records(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the records of the library."""
    from ui.commands.showing import records_as_json, records_as_text

    with _library(library) as opened:
        found = opened.records()
    if as_json:
        print_json(records_as_json(found))
    else:
        typer.echo(records_as_text(found))


@app.command()
def companies(
    alias: Annotated[
        str | None,
        typer.Option(
            metavar="CODE=NAME", help="Also know a company by this name; CODE= forgets its aliases."
        ),
    ] = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the companies of the library with their names; keep an alias for one."""
    from rag.asking.company_aliases import read_aliases, write_alias
    from ui.commands.showing import companies_as_json, companies_as_text

    with _library(library) as opened:
        found = opened.companies()
        if alias is not None:
            code, _, name = readable(alias).partition("=")
            if "=" not in alias or not any(company.code == code.strip() for company in found):
                raise typer.BadParameter(
                    "CODE=NAME with the code of a company of the library", param_hint="--alias"
                )
            write_alias(opened.path, code.strip(), name.strip())
        rows = companies_as_json(found, opened.records(), read_aliases(opened.path))
    if as_json:
        print_json(rows)
    else:
        typer.echo(companies_as_text(rows))


@app.command()
def show(
    record: Annotated[str, typer.Argument(help="A record's id (or its beginning) or its file name.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    text: Annotated[bool, typer.Option("--text", help="Print the canonical text and nothing else.")] = False,
) -> None:
    """Show one record: its form, its questions and answers."""
    if as_json and text:
        raise typer.BadParameter("--json and --text exclude each other")
    from ui.commands.showing import record_as_text
    from ui.programs import whole_record

    with _library(library) as opened:
        found = opened.record(record)
    if as_json:
        print_json(whole_record(found))
    else:
        typer.echo(found.text if text else record_as_text(found))


@app.command()
def parse(
    files: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, metavar="FILE...", help="Source files.")
    ],
    published_on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which they were published.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read source files without a library: form, questions and answers of each (--json: a list, for several)."""
    from ingest.errors import SourceError
    from ingest.library.export import record_as_json
    from ingest.pipeline.ingesting import read_file
    from ui.commands.showing import record_as_text

    settings, failed = Settings(), False
    for file in files:
        if not file.is_file():
            raise typer.BadParameter(f"{file} is no regular file", param_hint="FILE")
    documents: list[dict[str, Any]] = []
    for file in files:
        try:
            found = read_file(file, settings, published_on=published_on.date() if published_on else None)
        except SourceError as error:
            typer.echo(f"jupilu: {error}", err=True)
            failed = True
            documents.append({"source_file": file.name, "error": str(error)})
            continue
        if as_json:
            documents.append({"source_file": file.name, **record_as_json(found)})
        else:
            typer.echo("\n\n".join(map(record_as_text, found)))
    if as_json and len(files) > 1:
        print_json(documents)
    elif as_json and not failed:
        del documents[0]["source_file"]
        print_json(documents[0])
    raise typer.Exit(1 if failed else 0)


@app.command()
def check(
    claim: Annotated[str | None, typer.Option(help="One claim.")] = None,
    evidence: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A text file that it may stand on.")
    ] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(help='A file of lines {"claim", "evidence"[, "id"]}; - reads standard input.'),
    ] = None,
) -> None:
    """Judge claims against evidence: one JSON line for each."""
    from rag.asking.edges import without_surrogates
    from rag.grounding import check as judge
    from rag.grounding import check_lines

    if jsonl is not None and claim is None and evidence is None:
        with _lines(jsonl) as lines:
            for result in check_lines(lines):
                typer.echo(json.dumps(result, ensure_ascii=False))
    elif claim is not None and evidence is not None and jsonl is None:
        print_json(judge(without_surrogates(claim), _read(evidence)).as_json(), indent=None)
    else:
        raise typer.BadParameter("give --claim and --evidence, or --jsonl")


@app.command()
def chat(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 7860,
    share: Annotated[
        str, typer.Option(help="'yes' opens a public tunnel; 'no' serves this machine alone.")
    ] = "no",
    library: LibraryOption = None,
) -> None:
    """Chat in a web page."""
    if share not in ("yes", "no"):
        raise typer.BadParameter("--share is yes or no")
    from ui.web.page import serve

    serve(settings_for(library), host=host, port=port, share=share == "yes")


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; one that others can reach needs JUPILU_SERVE_KEYS.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="The port to listen on; 0 takes a free one.")
    ] = 8000,
    library: LibraryOption = None,
) -> None:
    """Serve the API without the page, chat completions as OpenAI's clients ask for them among it."""
    from ui.serving.starting import serve as run

    run(settings_for(library), host=host, port=port)


app.command()(remove)
app.command()(doctor)
app.command()(replay)
register_views(app)
app.command()(draft)
app.command()(fetch)
app.command()(news)


def _model(name: str) -> str:
    """The model's name, or a usage error."""
    from rag.models.chosen import named

    try:
        return named(name)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--model") from None


@contextmanager
def _library(path: Path | None) -> Iterator[Library]:
    from ingest.library.library import Library

    settings = settings_for(path)
    with Library.open(settings.library, settings) as opened:
        yield opened


@contextmanager
def _lines(path: str) -> Iterator[Iterator[str]]:
    if path == "-":
        yield iter(sys.stdin)
        return
    if not Path(path).is_file():
        raise typer.BadParameter(f"there is no file {path}", param_hint="--jsonl")
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        yield iter(file)


def _read(path: Path) -> str:
    """A text file, whatever bytes it holds; a pipe, which may never end, is none."""
    if not path.is_file():
        raise typer.BadParameter(f"{path} is no regular file", param_hint="--evidence")
    return path.read_text(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    main()
