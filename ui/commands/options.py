"""What several commands share: options, the settings for a library, opening it without a language model, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingest.settings import Settings

if TYPE_CHECKING:
    from rag.disclosure_qa import DisclosureQA

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", help="The library's folder. Default: $JUPILU_LIBRARY, else the user data dir."),
]
EnglishOption = Annotated[bool, typer.Option("--english", help="The words around the quotes in English.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Use only records published on or before this day."),
]
FromOption = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Published on or after this day.")
]
ToOption = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Published on or before this day.")
]


def settings_for(library: Path | None) -> Settings:
    """The settings, with the library that the command names."""
    settings = Settings()
    return settings.model_copy(update={"library": library}) if library else settings


@contextmanager
def without_model(library: Path | None) -> Iterator[DisclosureQA]:
    """The library opened for what needs no language model."""
    from rag.disclosure_qa import DisclosureQA

    settings = settings_for(library).model_copy(update={"model": "none"})
    with DisclosureQA.open(settings.library, settings) as qa:
        yield qa


def print_json(document: Any, indent: int | None = 2) -> None:
    """One JSON document on standard output; days and paths as text."""
    typer.echo(json.dumps(document, ensure_ascii=False, indent=indent, default=_plain))


def _plain(value: object) -> str:
    if isinstance(value, date | Path):
        return str(value)
    raise TypeError(f"not JSON: {type(value).__name__}")
