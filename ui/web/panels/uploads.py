"""The report of an upload: every file with what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from markupsafe import Markup

from ui.web.panels.markup import html, joined
from ui.web.wording import Language, say

State = Literal["working", "added", "updated", "unchanged", "failed"]


def upload_report(language: Language, files: Mapping[str, tuple[State, str]], headline: str) -> Markup:
    """A line saying where it stands, and one row a file.

    Args:
        language: of the page.
        files: for each file name its state and, for a failed one, the reason.
        headline: the line above.
    """
    rows = joined(
        html(
            "<tr class='{state}'><td>{name}</td><td>{word}</td><td>{reason}</td></tr>",
            state=state,
            name=name,
            word=say(language, f"file_{state}"),
            reason=reason,
        )
        for name, (state, reason) in sorted(files.items(), key=lambda item: item[1][0] != "failed")
    )
    head = joined(
        html("<th scope='col'>{t}</th>", t=say(language, key))
        for key in ("col_file", "col_result", "col_reason")
    )
    table = (
        html(
            "<table class='uploads'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
            head=head,
            rows=rows,
        )
        if files
        else Markup("")
    )
    return html("<p role='status' class='headline'>{headline}</p>{table}", headline=headline, table=table)
