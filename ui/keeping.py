"""`jupilu remove` and `jupilu doctor`: what keeps a library as it should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import Settings
from ui.showing import printable

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library's folder. Default: $JUPILU_LIBRARY, else the user data dir."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


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
    from ingest.library import Library

    settings = _settings(library)
    with Library.open(settings.library, settings) as opened:
        gone = opened.remove(records)
        left = opened.count()
    if as_json:
        typer.echo(json.dumps({"removed": gone, "records": left}, ensure_ascii=False, indent=2))
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
    from ui.doctor import examine

    settings = _settings(library)
    done: list[str] = []
    left: list[str] = []
    if repair:
        from ingest.repair import repair as run

        told = run(settings.library, settings, tell=lambda line: typer.echo(f"{line} …", err=True))
        done, left = told.done, told.left
    findings = examine(settings)
    if as_json:
        shown = [finding.as_json() for finding in findings]
        document = {"repaired": done, "not_repaired": left, "findings": shown} if repair else shown
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
    else:
        for line in done:
            typer.echo(f"done {printable(line)}")
        for line in left:
            typer.echo(f"LEFT {printable(line)}")
        for finding in findings:
            typer.echo(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {printable(finding.detail)}")
    raise typer.Exit(0 if not left and all(finding.ok for finding in findings) else 1)


def _settings(library: Path | None) -> Settings:
    settings = Settings()
    return settings.model_copy(update={"library": library}) if library else settings
