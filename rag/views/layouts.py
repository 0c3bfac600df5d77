"""The views as plain values for a page: what stands in which line, column and cell, and under which mark.

The text of an answer says the same in one column; a page has room for a table. Every quote carries the mark of the
citation that proves it, so nothing here is shown that `Answer.claims` does not hold.

A layout has `kind` (timeline, comparison, list or brief), `head` and `tail` (lines), the kind's own parts, and `length`:
how many characters of the answer's text it stands for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.answers import Claim
from rag.asking.question import Language
from rag.views.brief import Line
from rag.views.comparison import Cell, Comparison
from rag.views.comparison_text import cell_as_text, row_name, verdicts
from rag.views.timeline import Entry, Timeline
from rag.views.timeline_text import entry_notes, gap_line, head_lines
from rag.writing.wording import say


def quote(claim: Claim) -> dict[str, Any]:
    """A quote in one line, and its mark."""
    return {"text": " ".join(claim.text.split()), "mark": claim.citations[0].mark}


def timeline_layout(view: Timeline, language: Language, *, left_out: int = 0) -> dict[str, Any]:
    """A topic over time: one entry a day, newest first; `left_out` entries are told of in one line."""
    head, *rest = head_lines(view, language, left_out=left_out)
    return {
        "kind": "timeline",
        "head": [head.rstrip("：:"), *rest],
        "entries": [_entry(entry, language) for entry in view.entries],
        "tail": [say(language, "more", entries=left_out)] if left_out else [],
    }


def _entry(entry: Entry, language: Language) -> dict[str, Any]:
    return {
        "day": str(entry.day) if entry.day else None,
        "notes": entry_notes(entry, language),
        "figures": [one.as_text() for one in entry.figures],
        "quotes": [quote(claim) for claim in entry.claims],
        "gap": gap_line(entry, language),
        "overtaken": entry.overtaken_by is not None,
        "declined": entry.declined,
    }


def comparison_layout(view: Comparison, language: Language) -> dict[str, Any]:
    """Companies side by side: a row for each measure and period, with the quote of every cell in it."""
    shown: set[tuple[int, int]] = set()
    return {
        "kind": "comparison",
        "head": [],
        "columns": list(view.companies),
        "rows": [
            {
                "name": row_name(row, language),
                "cells": [
                    _cell(cell, language, shown, of_row=row.kind == "same", is_higher=at == row.higher)
                    for at, cell in enumerate(row.cells)
                ],
            }
            for row in view.rows
        ],
        "tail": verdicts(view, language),
    }


def _cell(
    cell: Cell, language: Language, shown: set[tuple[int, int]], *, of_row: bool, is_higher: bool
) -> dict[str, Any]:
    """A cell; each quote is written out where it first comes, later cells lead to it by its mark."""
    quotes: list[dict[str, Any]] = []
    for claim in cell.claims:
        place = (claim.citations[0].mark, claim.citations[0].start)
        if place not in shown:
            shown.add(place)
            quotes.append(quote(claim))
    text = cell_as_text(cell, language, of_row=of_row)
    if quotes and cell.figure is None:  # "see the quote" is told where the quote stands elsewhere
        text = text.replace(say(language, "cell_quote"), "").strip()
    return {
        "status": cell.status,
        "text": text,
        "quotes": quotes,
        "higher": is_higher,
    }


def brief_layout(form: Sequence[str], lines: Sequence[tuple[Line, str]]) -> dict[str, Any]:
    """One record in brief.

    Args:
        form: the lines about the record, as its text has them.
        lines: each question or statement with what is told of its novelty.
    """
    return {
        "kind": "brief",
        "head": [line for line in form if line],
        "items": [
            {
                "pair": line.pair,
                "question": " ".join(line.question.split()),
                "quote": quote(line.claim) if line.claim else None,
                "news": news,
                "new": bool(line.news and line.news.state == "new"),
            }
            for line, news in lines
            if line.claim or line.pair
        ],
        "tail": [],
    }
