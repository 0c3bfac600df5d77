"""`jupilu find` and `jupilu brief`: every place of some words; one record in brief."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.exporting import FORMATS, write_tables
from ui.commands.options import (
    EnglishOption,
    FromOption,
    JsonOption,
    LibraryOption,
    ToOption,
    print_json,
    without_model,
)
from ui.commands.showing import printable

if TYPE_CHECKING:
    from rag.views.listing import Listing
    from ui.commands.exporting import Cell

app = typer.Typer()

COLUMNS = "公司 代码 披露日期 编号 类型 问答 问题或标题 出处 原句 页 只在提问 文件 记录".split()
PART_NAMES = {"pair": "问答", "statement": "陈述", "form": "表头及其他"}
PLACE_NAMES = {"question": "提问", "answer": "回答", "statement": "陈述", "form": "表头及其他"}


class Order(StrEnum):
    """How hits are sorted."""

    date = "date"
    company = "company"


class Kind(StrEnum):
    """Kinds of passage."""

    pair = "pair"
    statement = "statement"
    form = "form"


@app.command()
def find(
    words: Annotated[
        list[str],
        typer.Argument(help='All must stand in one passage; "…" (or “…”) within an argument is one phrase.'),
    ],
    company: Annotated[
        list[str] | None, typer.Option(help="Code or name; may be given several times.")
    ] = None,
    institution: Annotated[str, typer.Option(help="Only records whose form names this visitor.")] = "",
    host: Annotated[str, typer.Option(help="Only records whose form names this host.")] = "",
    category: Annotated[str, typer.Option(help="Only this kind of activity, such as 业绩说明会.")] = "",
    first: FromOption = None,
    last: ToOption = None,
    kind: Annotated[
        list[Kind] | None, typer.Option(help="Only in these passages; may be given several times.")
    ] = None,
    any_word: Annotated[bool, typer.Option("--any", help="One of the words is enough.")] = False,
    sort: Annotated[Order, typer.Option(help="The newest first, or by company.")] = Order.date,
    csv_file: Annotated[Path | None, typer.Option("--csv", help="Also write all hits to this file.")] = None,
    xlsx_file: Annotated[
        Path | None, typer.Option("--xlsx", help="Also write all hits to this file.")
    ] = None,
    md_file: Annotated[Path | None, typer.Option("--md", help="Also write all hits to this file.")] = None,
    english: EnglishOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Every passage that holds some words, counted for each company and in all."""
    from rag.views.passages import PARTS
    from rag.views.texts import listing_as_text
    from rag.views.words import words_of

    asked = " ".join(words)
    try:
        words_of(asked)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="WORDS") from error
    if first and last and first > last:
        raise typer.BadParameter("--from is later than --to")
    with without_model(library) as qa:
        listing = qa.find(
            asked,
            company=company or (),
            institution=institution,
            host=host,
            category=category,
            published_from=first.date() if first else None,
            published_to=last.date() if last else None,
            kinds=tuple(part for part in PARTS if part in {one.value for one in kind}) if kind else PARTS,
            sort=sort.value,
            any_word=any_word,
        )
    write_tables(zip((csv_file, xlsx_file, md_file), FORMATS, strict=True), COLUMNS, _rows(listing))
    if as_json:
        print_json(listing.as_json())
    else:
        typer.echo(printable(listing_as_text(listing, "en" if english else "zh")))


@app.command()
def brief(
    record: Annotated[
        str | None, typer.Argument(help="A record's id, its file name, or a part that fits no other.")
    ] = None,
    latest: Annotated[
        str | None, typer.Option(metavar="COMPANY", help="Instead: the newest record of a company.")
    ] = None,
    english: EnglishOption = False,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """One record in brief: its form, each question with the sentence that answers it, what is new in it."""
    from rag.views.texts import brief_as_text

    if (record is None) == (latest is None):
        raise typer.BadParameter("name a record, or a company with --latest")
    with without_model(library) as qa:
        found = qa.brief(record, latest=latest)
    if as_json:
        print_json(found.as_json())
    else:
        typer.echo(printable(brief_as_text(found, "en" if english else "zh")))


def _rows(listing: Listing) -> Iterator[list[Cell]]:
    """One row a sentence, those of hits without a day at the end."""
    for hit in (*listing.hits, *listing.undated):
        for place in hit.places:
            yield [
                hit.short_name,
                hit.code,
                hit.published_on,
                hit.number,
                PART_NAMES[hit.part],
                hit.pair or None,
                hit.question,
                PLACE_NAMES[place.where],
                place.quote,
                place.page,
                "是" if hit.only_asked else "",
                hit.source_file,
                hit.record_id,
            ]
