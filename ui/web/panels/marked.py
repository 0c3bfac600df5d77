"""An answer's text on the page: its quotes set apart, its marks links to their evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from rag.writing.wording import wording
from ui.web.panels.cards import Card, cards_of
from ui.web.panels.markup import html, joined, visible
from ui.web.panels.peek import peek
from ui.web.panels.views import view_body
from ui.web.plain_words import without_commands
from ui.web.wording import Language, say

MARK = re.compile(r"\[(\d{1,3})\]")
"""A mark of an answer, such as [1]."""


def marked_text(
    language: Language,
    number: int,
    answer: Mapping[str, Any],
    *,
    verdicts: bool = True,
    everything: bool = False,
) -> Markup:
    """The answer's text, its quotes set apart and its marks made links; `everything`: also what is folded.

    What a view of the answer shows is left out. A "[2]" inside a quote is the record's own and stays text.
    """
    text = str((answer.get("full_text") if everything else None) or answer["text"])
    if answer.get("view"):
        text = text[answer["view"]["length"] :].strip()
    if has_more(answer) and not everything:
        text = "\n\n".join(part for part in text.split("\n\n") if not _folded_line().fullmatch(part))
    if not answer.get("claims"):
        text = without_commands(text)
    cards = {card.mark: card for card in cards_of(answer)}
    pieces: list[Markup] = []
    position = 0
    for start, end in quote_spans(text, answer):
        pieces.append(_with_marks(language, number, text[position:start], cards, verdicts))
        pieces.append(html("<span class='verbatim'>{words}</span>", words=text[start:end]))
        position = end
    pieces.append(_with_marks(language, number, text[position:], cards, verdicts))
    return joined(pieces)


def viewed(language: Language, number: int, answer: Mapping[str, Any], *, verdicts: bool = True) -> Markup:
    """The answer's view in its own layout; nothing where it has none."""
    if not answer.get("view"):
        return Markup("")
    cards = {card.mark: card for card in cards_of(answer)}

    def quoted(one: Mapping[str, Any]) -> Markup:
        words = html("<span class='verbatim'>{t}</span> ", t=one["text"]) if one["text"] else Markup("")
        card = cards.get(one["mark"])
        return words + (mark_link(language, number, card, verdicts=verdicts) if card else Markup(""))

    return view_body(language, answer["view"], quoted)


def plain_copy(language: Language, answer: Mapping[str, Any]) -> str:
    """What the copy button copies: the answer, its sources and the disclaimer."""
    lines = [visible(without_commands(str(answer.get("full_text") or answer["text"])))]
    cards = cards_of(answer)
    if cards:
        lines += ["", say(language, "sources") + "："]
    for card in cards:
        first = card.citations[0]
        page = f" {say(language, 'page', number=first['page'])}" if first.get("page") else ""
        place = say(language, "pair", number=first["pair"]) if first["pair"] else say(language, "statement")
        day = say(language, "published_on", date=first.get("published_on") or say(language, "unknown_date"))
        names = " ".join(filter(None, (first.get("short_name"), first.get("code"), first.get("number"))))
        lines.append(visible(f"[{card.mark}] {names} {day} {place}{page} {first['source_file']}"))
    return "\n".join([*lines, "", say(language, "disclaimer")])


def has_more(answer: Mapping[str, Any]) -> bool:
    """Whether something of an answer is folded."""
    return bool(answer.get("full_text")) and answer["full_text"] != answer["text"]


@lru_cache(maxsize=1)
def _folded_line() -> re.Pattern[str]:
    """The paragraph of an answer's text that tells how much is folded: the page has a button that tells it."""
    lines = wording()["folded"].values()
    return re.compile("|".join(re.sub(r"\\{\w+\\}", ".*?", re.escape(line)) for line in lines))


def quote_spans(text: str, answer: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Where the cited quotes stand in the answer's text: sorted, disjoint."""
    spans: list[tuple[int, int]] = []
    for claim in answer.get("claims", ()):
        for citation in claim["citations"]:
            quote = str(citation["quote"])
            start = text.find(quote) if len(quote) >= 4 else -1
            while start >= 0:
                spans.append((start, start + len(quote)))
                start = text.find(quote, start + len(quote))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(set(spans)):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _with_marks(
    language: Language, number: int, text: str, cards: Mapping[int, Card], verdicts: bool
) -> Markup:
    pieces: list[Markup] = []
    position = 0
    for match in MARK.finditer(text):
        card = cards.get(int(match.group(1)))
        if card is None:
            continue
        pieces.append(html("{text}", text=text[position : match.start()]))
        pieces.append(mark_link(language, number, card, verdicts=verdicts))
        position = match.end()
    pieces.append(html("{text}", text=text[position:]))
    return joined(pieces)


def mark_link(language: Language, number: int, card: Card, *, verdicts: bool) -> Markup:
    """A mark that leads to its evidence; without verdicts while the gate is at work."""
    verdict = card.verdict if verdicts else "checking"
    label = (
        say(language, "mark_label", mark=card.mark, verdict=say(language, verdict))
        if verdicts
        else say(language, "mark_label_open", mark=card.mark)
    )
    return html(
        "<a class='mark {verdict}' href='#evidence-{n}-{mark}' data-action='evidence' data-number='{n}'"
        " data-mark='{mark}' aria-label='{label}'{peek}>{mark}{sign}</a>",
        verdict=verdict,
        n=number,
        mark=card.mark,
        label=label,
        peek=peek(language, card),
        sign={"supported": "✓", "checking": ""}.get(verdict, "?"),
    )
