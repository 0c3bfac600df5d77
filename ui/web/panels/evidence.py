"""The evidence panel: for every mark of an answer a card with the quote where it stands in its record."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote as url_quote

from markupsafe import Markup

from ingest.errors import RecordUnknown
from ingest.records import Record, Span
from ui.web.panels.cards import Card, cards_of, near_cards
from ui.web.panels.markup import html, joined, shortened
from ui.web.panels.peek import place, where, whose
from ui.web.wording import Language, say

CONTEXT = 260
"""Characters of the record shown on either side of a quote."""

RecordOf = Callable[[str], Record]


def evidence_panel(
    language: Language,
    number: int | None,
    answer: Mapping[str, Any] | None,
    record_of: RecordOf,
    *,
    open_mark: int | None = None,
) -> Markup:
    """The whole panel for one turn.

    Args:
        language: of the page.
        number: the turn's number in its conversation.
        answer: the turn's answer as JSON, or None where there is nothing to show.
        record_of: gives the record with an id; raises RecordUnknown for one that was removed.
        open_mark: the card to lead the eye to.
    """
    if answer is None or number is None:
        return html("<p class='hint'>{hint}</p>", hint=say(language, "evidence_hint"))
    cards = cards_of(answer) or near_cards(answer)
    if not cards:
        return html("<p class='hint'>{hint}</p>", hint=say(language, "no_evidence_of", number=number))
    title = "evidence_of" if cards[0].claims else "closest_of"
    head = html(
        "<header class='panel-head' data-words='{words}'><h2 class='panel-title'>{title}</h2>"
        "<button type='button' class='sheet-close' data-action='lower' aria-label='{close}'>✕</button></header>",
        words=viewer_words(language),
        title=say(language, title, number=number),
        close=say(language, "viewer_close"),
    )
    return head + joined(
        _card(language, number, card, record_of, is_open=card.mark == open_mark) for card in cards
    )


def _card(language: Language, turn: int, card: Card, record_of: RecordOf, *, is_open: bool) -> Markup:
    first = card.citations[0]
    try:
        record: Record | None = record_of(first["record_id"])
    except RecordUnknown:
        record = None
    return html(
        "<article class='card{chosen}' id='evidence-{turn}-{mark}' data-mark='{mark}'{place} tabindex='-1'"
        " aria-labelledby='evidence-{turn}-{mark}-title'>"
        "<header><span class='mark-number' aria-hidden='true'>{mark}</span>"
        "<h3 id='evidence-{turn}-{mark}-title'>{company}</h3>{badge}</header>"
        "<p class='facts'>{facts}</p>{question}{quotes}{pictures}{reasons}{more}"
        "<footer>{links}<a href='#turn-{turn}' class='quiet' data-action='back'>{back}</a></footer></article>",
        chosen=" chosen" if is_open else "",
        turn=turn,
        mark=card.mark,
        place=html(" data-place='{place}'", place=place(language, card, record)) if record else Markup(""),
        company=whose(first),
        badge=verdict_badge(language, card.verdict)
        if card.claims
        else html("<span class='badge near'>{text}</span>", text=say(language, "near")),
        facts=_facts(language, card, record),
        question=_question(language, first),
        quotes=_quotes(language, card, record),
        pictures=_pictures(language, card, record),
        reasons=_reasons(language, turn, card),
        more=_people(language, turn, card.mark, record),
        links=_links(language, first, record),
        back=say(language, "back_to_answer"),
    )


def verdict_badge(language: Language, verdict: str) -> Markup:
    """The verdict as a small coloured label; colour is never the only sign."""
    signs = {"supported": "✓", "contradicted": "✗", "unsupported": "✗", "not_checkable": "?"}
    return html(
        "<span class='badge {verdict}'><span aria-hidden='true'>{sign}</span> {text}</span>",
        verdict=verdict,
        sign=signs.get(verdict, "?"),
        text=say(language, verdict if verdict in signs else "not_checkable"),
    )


def _facts(language: Language, card: Card, record: Record | None) -> str:
    published, *rest = where(language, {**card.citations[0], "page": None})
    if record is not None and record.published_on_basis in ("held_on", "signed_on"):
        published += say(language, f"basis_{record.published_on_basis}")
    pages = sorted({int(c["page"]) for c in card.citations if c.get("page")})
    return " · ".join([published, *rest, *(say(language, "page", number=page) for page in pages)])


def _question(language: Language, citation: Mapping[str, Any]) -> Markup:
    if not citation["pair"] or not citation.get("question"):
        return Markup("")
    return html(
        "<p class='asked'><span class='who'>{who}</span> {question}</p>",
        who=say(language, "investor_asked"),
        question=" ".join(str(citation["question"]).split()),
    )


def _quotes(language: Language, card: Card, record: Record | None) -> Markup:
    said = say(language, "company_said" if card.citations[0]["pair"] else "statement")
    if record is None:
        gone = html("<p class='notice'>{text}</p>", text=say(language, "record_removed"))
        return gone + joined(
            html("<blockquote><mark>{quote}</mark></blockquote>", quote=c["quote"]) for c in card.citations
        )
    spans = sorted(Span(int(c["start"]), int(c["end"])) for c in card.citations)
    bounds = _unit_around(record, spans[0])
    return html(
        "<div class='context'><span class='who'>{said}</span> {text}</div>",
        said=said,
        text=quote_in_context(record.text, spans, bounds),
    )


def quote_in_context(text: str, spans: Sequence[Span], bounds: Span) -> Markup:
    """The quotes marked within the text around them, long stretches between and around them left out."""
    pieces: list[Markup] = []
    position = bounds.start
    for index, span in enumerate(spans):
        between = Span(position, max(position, span.start))
        pieces.append(_clipped(between.of(text), keep_head=index > 0, keep_tail=True))
        pieces.append(html("<mark>{quote}</mark>", quote=Span(max(position, span.start), span.end).of(text)))
        position = max(position, span.end)
    pieces.append(
        _clipped(Span(position, max(position, bounds.end)).of(text), keep_head=True, keep_tail=False)
    )
    return joined(pieces)


def _clipped(text: str, *, keep_head: bool, keep_tail: bool) -> Markup:
    most = CONTEXT * (keep_head + keep_tail)
    if len(text) <= most:
        return html("{text}", text=text)
    head = text[:CONTEXT] if keep_head else ""
    tail = text[-CONTEXT:] if keep_tail else ""
    return html("{head}<span class='gap'>…</span>{tail}", head=head, tail=tail)


def _unit_around(record: Record, span: Span) -> Span:
    """The answer or statement that holds the quote, so that the context never runs into the next question."""
    for pair in record.pairs:
        if pair.answer_span.contains(span):
            return pair.answer_span
    for statement in record.statements:
        if statement.span.contains(span):
            return statement.span
    return Span(max(0, span.start - CONTEXT), min(len(record.text), span.end + CONTEXT))


def _pictures(language: Language, card: Card, record: Record | None) -> Markup:
    """For paged originals: the printed lines around the quote as pictures, highlighted, one a page."""
    if record is None or record.format != "pdf":
        return Markup("")
    spans = [Span(int(c["start"]), int(c["end"])) for c in card.citations]
    pages = [
        page.number
        for page in record.pages
        if any(s.start < page.span.end and page.span.start < s.end for s in spans)
    ]
    wanted = ",".join(f"{span.start}-{span.end}" for span in spans)
    return joined(
        html(
            "<figure class='page'><a class='frame' href='{whole}' target='_blank' rel='noopener' data-action='view'"
            " data-page='{number}'>"
            "<img src='{part}' loading='lazy' alt='{alt}'></a><figcaption>{page} · "
            "<a href='{whole}' target='_blank' rel='noopener' data-action='view' data-page='{number}'>{open}</a>"
            "</figcaption></figure>",
            number=page,
            part=page_link(record.id, page, wanted, around=True),
            whole=page_link(record.id, page, wanted),
            alt=say(language, "page_picture", file=record.source_file, number=page),
            page=say(language, "page", number=page),
            open=say(language, "whole_page"),
        )
        for page in pages
    )


def page_link(record_id: str, page: int, spans: str = "", *, around: bool = False) -> str:
    """Where the picture of a page is served (see `ui/web/routes.py`)."""
    part = "&around=1" if around else ""
    return f"jupilu/records/{url_quote(record_id, safe='')}/pages/{page}.png?spans={spans}{part}"


def _reasons(language: Language, turn: int, card: Card) -> Markup:
    """Every sentence that stands on this card, with its verdict and the gate's reasons."""
    if not card.claims:
        return Markup("")
    items = joined(
        html(
            "<li>{badge} <q>{text}</q>{reasons}</li>",
            badge=verdict_badge(language, claim["verdict"]),
            text=shortened(claim["text"], 90),
            reasons=joined(html("<br><span class='reason'>{r}</span>", r=r) for r in claim["reasons"]),
        )
        for claim in card.claims
    )
    return html(
        "<details class='reasons' data-key='{key}'><summary>{title}</summary><ul>{items}</ul></details>",
        key=f"reasons-{turn}-{card.mark}",
        title=say(language, "reasons"),
        items=items,
    )


def _people(language: Language, turn: int, mark: int, record: Record | None) -> Markup:
    if record is None or not (record.form.participants or record.form.hosts):
        return Markup("")
    institutions = joined(
        html(
            "<li>{name}{people}</li>",
            name=p.institution,
            people=f"：{'、'.join(p.people)}" if p.people else "",
        )
        for p in record.form.participants
    )
    hosts = (
        html("<p>{title}：{names}</p>", title=say(language, "hosts"), names="、".join(record.form.hosts))
        if record.form.hosts
        else Markup("")
    )
    return html(
        "<details class='people' data-key='{key}'><summary>{title}</summary><ul>{institutions}</ul>{hosts}</details>",
        key=f"people-{turn}-{mark}",
        title=say(language, "participants", count=len(record.form.participants)),
        institutions=institutions,
        hosts=hosts,
    )


VIEWER_WORDS = (
    "viewer", "viewer_close", "viewer_back", "viewer_forward", "viewer_of", "viewer_larger", "viewer_smaller", "viewer_fit",
    "viewer_search", "viewer_hits", "viewer_no_hits", "viewer_hit_back", "viewer_hit_forward", "viewer_citation",
    "viewer_citation_back", "viewer_citation_forward", "viewer_text", "viewer_picture", "viewer_loading", "viewer_failed",
    "viewer_page_picture", "peek_more", "sheet",
)  # fmt: skip


def viewer_words(language: Language) -> str:
    """The words of the viewer and the preview, for their scripts: JSON by the names without "viewer_"."""
    told = {key.removeprefix("viewer_"): say(language, key) for key in VIEWER_WORDS}
    return json.dumps(told, ensure_ascii=False)


def _links(language: Language, citation: Mapping[str, Any], record: Record | None) -> Markup:
    if record is None:
        return Markup("")
    place = f"#pair-{citation['pair']}" if citation["pair"] else ""
    base = f"jupilu/records/{url_quote(record.id, safe='')}"
    return html(
        "<button type='button' data-action='view'>{turn}</button> "
        "<a href='{view}' target='_blank' rel='noopener'>{open}</a>"
        " <a href='{original}' download>{download}</a> ",
        view=f"{base}?language={language}{place}",
        original=f"{base}/original",
        turn=say(language, "view_in_record"),
        open=say(language, "open_record"),
        download=say(language, "download"),
    )
