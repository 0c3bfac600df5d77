"""`jupilu remove` and `jupilu doctor`: what keeps a library as it should be."""

from __future__ import annotations

from typing import Annotated

import typer

from ui.commands.options import JsonOption, LibraryOption, print_json, settings_for
from ui.commands.showing import printable


def remove(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORD|FILE...", help="Record ids (or beginnings), file names, or paths of files."
        ),
    ],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take records out of the library, with their originals; killed in the middle, the next command ends it."""
    from ingest.library.library import Library

    settings = settings_for(library)
    with Library.open(settings.library, settings) as opened:
        gone = opened.remove(records)
        left = opened.count()
    if as_json:
        print_json({"removed": gone, "records": left})
    else:
        typer.echo(f"{len(gone)} removed, {left} records left")


def doctor(
    library: LibraryOption = None,
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Bring the library in order from its catalogue and originals first."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that everything needed is there and that catalogue, index and originals of the library agree."""
    from ui.commands.doctor import examine

    settings = settings_for(library)
    done: list[str] = []
    left: list[str] = []
    if repair:
        from ingest.library.repair import repair as run

        told = run(settings.library, settings, tell=lambda line: typer.echo(f"{line} …", err=True))
        done, left = told.done, told.left
    findings = examine(settings)
    if as_json:
        shown = [finding.as_json() for finding in findings]
        document = {"repaired": done, "not_repaired": left, "findings": shown} if repair else shown
        print_json(document)
    else:
        for line in done:
            typer.echo(f"done {printable(line)}")
        for line in left:
            typer.echo(f"LEFT {printable(line)}")
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {printable(finding.detail)}")
    raise typer.Exit(0 if not left and all(finding.ok for finding in findings) else 1)
