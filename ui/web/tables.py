"""An answer's view as a table for a spreadsheet or a document: what is shown, and where each quote stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ui.commands.exporting import Cell
from ui.web.panels.views import text_and_mark
from ui.web.wording import Language, say

SOURCE = (
    "col_company",
    "col_code",
    "record_number",
    "publication",
    "col_pair",
    "col_page",
    "col_verdict",
    "source_file",
)
"""The columns that say where a quote stands."""
_OWN = {
    "timeline": ("publication", "col_quote", "col_figures", "col_notes"),
    "comparison": ("col_row", "col_company", "col_value", "col_quote", "col_higher"),
    "list": ("col_company", "col_code", "publication", "col_hits", "col_question", "col_quote", "col_notes"),
    "brief": ("col_pair", "col_question", "col_quote", "col_notes"),
}
"""Each view's own columns; those of `SOURCE` that they hold already are not repeated."""


def header(language: Language, answer: Mapping[str, Any]) -> list[str]:
    """The names of the columns of `rows`."""
    own = _OWN[answer["view"]["kind"]]
    return [say(language, key) for key in (*own, *(key for key in SOURCE if key not in own))]


def rows(language: Language, answer: Mapping[str, Any]) -> list[list[Cell]]:
    """One row a quote (or a cell without one), under `header`.

    Args:
        language: of the page.
        answer: as JSON, with a view.
    """
    kind = answer["view"]["kind"]
    made = {"timeline": _timeline, "comparison": _comparison, "list": _list, "brief": _brief}[kind]
    kept = [at for at, key in enumerate(SOURCE) if key not in _OWN[kind]]
    sources = _sources(language, answer)
    blank: list[Cell] = [None] * len(SOURCE)
    table: list[list[Cell]] = []
    for own, mark in made(language, answer["view"]):
        stands = sources.get(mark, blank) if mark is not None else blank
        table.append([*own, *(stands[at] for at in kept)])
    return table


Own = Iterator[tuple[Sequence[Cell], int | None]]


def _timeline(language: Language, view: Mapping[str, Any]) -> Own:
    for entry in view["entries"]:
        for at, one in enumerate(entry["quotes"]):
            about = ("；".join(entry["figures"]), "；".join(entry["notes"])) if at == 0 else ("", "")
            yield (_day(entry["day"]), one["text"], *about), one["mark"]


def _comparison(language: Language, view: Mapping[str, Any]) -> Own:
    for row in view["rows"]:
        for name, cell in zip(view["columns"], row["cells"], strict=True):
            value, mark = text_and_mark(cell)
            quotes = cell["quotes"] or [{"text": "", "mark": mark}]
            higher = say(language, "view_higher") if cell["higher"] else ""
            for at, one in enumerate(quotes):
                yield (row["name"], name, value if at == 0 else "", one["text"], higher), one["mark"]


def _list(language: Language, view: Mapping[str, Any]) -> Own:
    for item in view["items"]:
        about = (item["company"], item["code"], _day(item["day"]), item["hits"])
        own = (*about, item["question"], item["quote"]["text"])
        yield (*own, "；".join(item["notes"])), item["quote"]["mark"]


def _brief(language: Language, view: Mapping[str, Any]) -> Own:
    for item in view["items"]:
        said = item["quote"]
        yield (item["pair"] or "", item["question"], said["text"] if said else "", item["news"]), said["mark"] if said else None  # fmt: skip


def _sources(language: Language, answer: Mapping[str, Any]) -> dict[int, list[Cell]]:
    """Where the first quote under each mark stands, in the order of `SOURCE`."""
    found: dict[int, list[Cell]] = {}
    for claim in answer["claims"]:
        for citation in claim["citations"]:
            found.setdefault(citation["mark"], source(language, citation, claim["verdict"]))
    return found


def source(language: Language, citation: Mapping[str, Any], verdict: str) -> list[Cell]:
    """Where a quote stands and what the check said, in the order of `SOURCE`."""
    return [
        citation["short_name"],
        citation["code"],
        citation["number"],
        _day(citation["published_on"]),
        citation["pair"] or say(language, "statement"),
        citation["page"],
        say(language, verdict),
        citation["source_file"],
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
