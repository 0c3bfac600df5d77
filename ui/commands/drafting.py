"""`jupilu draft FILE`: an IR reply held, sentence by sentence, against all that the company has said."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.commands.options import AsOfOption, JsonOption, LibraryOption, print_json, settings_for, without_model
from ui.commands.showing import printable

if TYPE_CHECKING:
    from rag.asking.question import Language
    from rag.views.draft import HeldDraft, Line

LONGEST = 200  # characters of a quote on the screen


def draft(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The reply: txt, md, docx, doc or pdf.")
    ],
    company: Annotated[str, typer.Option(help="Whose reply it is: code, short name, full name or alias.")],
    as_of: AsOfOption = None,
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Hold an IR reply against all that the company has said: supported, contradicting, new."""
    from ingest.readers import read

    text = read(file.read_bytes(), file.name, settings_for(library)).text
    with without_model(library) as qa:
        try:
            held = qa.draft(text, company=company, as_of=as_of.date() if as_of else None)
        except ValueError as error:
            raise typer.BadParameter(str(error), param_hint="--company") from error
    if as_json:
        print_json(held.as_json())
    else:
        typer.echo(printable(draft_as_text(held)))


def draft_as_text(held: HeldDraft) -> str:
    """The counts, then every sentence with how it stands, in the language of the draft."""
    from rag.grounding.normalise import is_chinese
    from rag.writing.wording import say

    language: Language = "zh" if any(is_chinese(line.text) for line in held.lines) else "en"
    unknown = say(language, "unknown_date")
    head = say(
        language,
        "draft_counts",
        company=held.short_name or held.code or "",
        sentences=len(held.lines),
        records=held.searched.records,
        first=held.searched.first or unknown,
        last=held.searched.last or unknown,
        **held.counts,
    )
    return "\n\n".join([head, *(_line(language, line) for line in held.lines)])


def _line(language: Language, line: Line) -> str:
    from rag.writing.wording import say

    rows = [f"[{say(language, f'draft_{line.standing}')}] {' '.join(line.text.split())}"]
    rows += [f"  {reason}" for reason in line.reasons] if line.standing in ("contradicts", "new") else []
    for row in line.figures:
        rows.append(
            say(
                language,
                "draft_beside",
                measure=row.measure,
                period=row.period or "-",
                figure=row.figure,
                stated_period=row.stated_period or "-",
                stated=row.stated,
                mark=row.citation,
            )
        )
    for citation in line.citations:
        quote = " ".join(citation.quote.split())
        rows.append(
            say(
                language,
                "draft_source",
                mark=citation.mark,
                date=citation.published_on or say(language, "unknown_date"),
                file=citation.source_file,
                place=say(language, "draft_pair" if citation.pair else "draft_statement", pair=citation.pair)
                + (say(language, "draft_page", page=citation.page) if citation.page else ""),
                quote=quote if len(quote) <= LONGEST else quote[: LONGEST - 1] + "…",
            )
        )
    return "\n".join(rows)
