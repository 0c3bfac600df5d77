"""What hovering a mark previews, and what the page viewer is told of a card: said beside the mark and on the card."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from ingest.records import Record
from ui.web.panels.cards import Card
from ui.web.panels.markup import html, shortened, visible
from ui.web.wording import Language, say

QUOTED = 180
"""Characters of a quote that are previewed."""


def peek(language: Language, card: Card) -> Markup:
    """The attributes of a mark from which its preview is made: whose words, when, where, and the quote."""
    first = card.citations[0]
    return html(
        " data-whose='{whose}' data-where='{where}' data-quote='{quote}'",
        whose=whose(first),
        where=" · ".join(where(language, first)),
        quote=shortened(str(first["quote"]), QUOTED),
    )


def whose(citation: Mapping[str, Any]) -> str:
    """The company that a citation quotes: name and code, as far as they are known."""
    return " ".join(filter(None, (citation.get("short_name"), citation.get("code")))) or "?"


def where(language: Language, citation: Mapping[str, Any]) -> list[str]:
    """Day, record number, pair and page of a citation."""
    day = citation.get("published_on") or say(language, "unknown_date")
    number, page = citation.get("number"), citation.get("page")
    pair = citation["pair"]
    return [
        say(language, "published_on", date=day),
        say(language, "number", number=number) if number else say(language, "no_number"),
        say(language, "pair", number=pair) if pair else say(language, "statement"),
        *([say(language, "page", number=page)] if page else []),
    ]


def place(language: Language, card: Card, record: Record) -> str:
    """What the viewer needs of a card, as JSON: the record, the quoted spans, and what stands above the page."""
    first = card.citations[0]
    spans = sorted({(int(c["start"]), int(c["end"])) for c in card.citations})
    told = {
        "record": record.id,
        "mark": card.mark,
        "format": record.format,
        "spans": spans,
        "whose": visible(whose(first)),
        "where": visible(" · ".join(where(language, first))),
    }
    return json.dumps(told, ensure_ascii=False)
