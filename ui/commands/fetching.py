"""`jupilu fetch`: from the exchanges' sites into a folder, and from there into the library where that is asked for."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import user_data_dir
from ui.commands.options import JsonOption, LibraryOption, ToOption, print_json, settings_for
from ui.commands.running import IN_PART
from ui.commands.showing import printable


def fetch(
    codes: Annotated[
        list[str], typer.Argument(metavar="CODE...", help="Codes or short names of listed companies.")
    ],
    first: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="Published on or after this day. Default: a year ago."
        ),
    ] = None,
    last: ToOption = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", file_okay=False, help="The folder. Default: `fetched` in the user data dir."),
    ] = None,
    unlisted: Annotated[
        bool, typer.Option("--unlisted", help="Also ask for codes that Jupilu's list of companies lacks.")
    ] = False,
    ingest: Annotated[bool, typer.Option("--ingest", help="Then read the folder into the library.")] = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Get activity records and answered investor questions from the exchanges' sites; only what is new is fetched."""
    from ingest.fetching import fetch as run

    wanted = [_code(name, unlisted) for name in codes]
    if first and last and first > last:
        raise typer.BadParameter("--from is later than --to")
    if library is not None and not ingest:
        raise typer.BadParameter("--library goes with --ingest")
    folder = into or user_data_dir() / "fetched"
    report = run(
        wanted,
        folder,
        first=first.date() if first else None,
        last=last.date() if last else None,
        told=None if as_json else lambda line: typer.echo(printable(line), err=True),
    )
    document = report.as_json()
    if not as_json:
        typer.echo(printable(report.summary()))
        for problem in report.problems:
            typer.echo(f"  {printable(problem)}", err=True)
    failed = bool(report.problems)
    if ingest:
        told, some_failed = _ingest([folder / code for code in dict.fromkeys(wanted)], library, as_json)
        document["ingest"] = told
        failed = failed or some_failed
    if as_json:
        print_json(document)
    raise typer.Exit(IN_PART if failed else 0)


def _ingest(
    folders: list[Path], library: Path | None, as_json: bool
) -> tuple[dict[str, object] | None, bool]:
    """Read the companies' folders into the library; the report, and whether a file failed."""
    from ingest.pipeline.ingesting import ingest
    from ui.commands.progress import bar

    there = [folder for folder in folders if folder.is_dir()]
    if not there:
        return None, False
    settings = settings_for(library)
    with bar(hidden=as_json) as progress:
        report = ingest(there, settings.library, settings, progress=progress)
    if not as_json:
        typer.echo(report.summary())
        for failure in report.failed:
            typer.echo(printable(f"  {failure.path}: {failure.reason}"), err=True)
    return report.as_json(), bool(report.failed)


def _code(name: str, unlisted: bool) -> str:
    """The code that is meant, or a usage error."""
    from ingest.language.listed import listing, spellings

    name = name.strip()
    known = listing()
    if name in known.by_code:
        return name
    if re.fullmatch(r"\d{6}", name, re.ASCII):
        if unlisted:
            return name
        raise typer.BadParameter(
            f"no company is listed as {name}; one that was listed since Jupilu's list was made: --unlisted",
            param_hint="CODE",
        )
    for spelling in spellings(name):
        if spelling in known.by_name:
            return known.by_name[spelling].code
    raise typer.BadParameter(
        f"{name}: no code (six digits) and no short name of a listed company", param_hint="CODE"
    )
