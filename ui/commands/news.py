"""`jupilu news`: what came into the library since a day, or since the last look."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.errors import LibraryError
from ui.commands.exporting import FORMATS, write_tables
from ui.commands.options import EnglishOption, JsonOption, LibraryOption, print_json, without_model
from ui.commands.running import IN_PART
from ui.commands.showing import citations_as_text, printable

if TYPE_CHECKING:
    from rag.asking.question import Language
    from rag.disclosure_qa import DisclosureQA
    from rag.views.news import NewsReport


def news(
    since: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Published on or after this day. Default: since the last look."
        ),
    ] = None,
    company: Annotated[
        list[str] | None,
        typer.Option(help="Code or name; may be given several times. Default: those watched, else all."),
    ] = None,
    peek: Annotated[
        bool, typer.Option("--peek", help="Look without remembering it as the last look.")
    ] = False,
    watch: Annotated[
        list[str] | None, typer.Option(help="Watch this company from now on; may be given several times.")
    ] = None,
    unwatch: Annotated[
        list[str] | None, typer.Option(help="Watch it no longer; may be given several times.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Print all, not only the first of each kind.")
    ] = False,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Also write all to this file.")] = None,
    xlsx_file: Annotated[Path | None, typer.Option("--xlsx", help="Also write all to this file.")] = None,
    md_file: Annotated[Path | None, typer.Option("--md", help="Also write all to this file.")] = None,
    english: EnglishOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """What came in: new records, questions never asked before, changed statements, first visits."""
    if (watch or unwatch) and (since or company or peek or csv_file or xlsx_file or md_file):
        raise typer.BadParameter(
            "--watch and --unwatch change the list of watched companies and show nothing else"
        )
    with without_model(library) as qa:
        if watch or unwatch:
            _change_watched(qa, watch or [], unwatch or [], as_json)
            return
        from rag.views.news_text import header, rows

        language: Language = "en" if english else "zh"
        report = qa.news(since.date() if since else None, company=company or ())
        files = zip((csv_file, xlsx_file, md_file), FORMATS, strict=True)
        write_tables(files, header(language), rows(report, language))
        if as_json:
            print_json(report.as_json())
        else:
            _show(report, language, everything)
        if since is None and not peek:
            _remember(qa, report)


def _remember(qa: DisclosureQA, report: NewsReport) -> None:
    """Remember the look; what was shown was shown, also where the library can't be written."""
    try:
        qa.looked(report)
    except LibraryError as error:
        typer.echo(f"jupilu: this look is not remembered: {error}", err=True)
        raise typer.Exit(IN_PART) from error


def _change_watched(qa: DisclosureQA, add: list[str], drop: list[str], as_json: bool) -> None:
    watched = qa.watch(add, drop)
    if as_json:
        print_json({"watched": list(watched)})
    else:
        typer.echo("\n".join([*watched, f"{len(watched)} 家关注的公司"]))


def _show(report: NewsReport, language: Language, everything: bool) -> None:
    from rag.views.news_text import as_text, shown

    sources = citations_as_text(shown(report, everything=everything))
    typer.echo("\n".join([printable(as_text(report, language, everything=everything)), *sources]))
