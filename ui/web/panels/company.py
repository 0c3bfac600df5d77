"""One company of the library on a page of its own, and the list of all companies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from ui.web.panels.coverage import cell, gaps, missing_numbers
from ui.web.panels.listing import record_link
from ui.web.panels.markup import html, joined
from ui.web.suggestions import called_in
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ui.web.shelf import Holding, Shelf


def companies(language: Language, shelf: Shelf, new: frozenset[str]) -> Markup:
    """All companies: how many records, until when, and whether numbers are missing."""
    head = joined(
        html("<th scope='col'>{t}</th>", t=say(language, key))
        for key in ("col_company", "col_records", "col_pairs", "col_span", "gaps", "new")
    )
    holdings = sorted(shelf.holdings.values(), key=lambda one: (-len(one.records), one.value))
    rows = joined(_line(language, holding, new) for holding in holdings)
    return html(
        "<table class='records companies'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>",
        head=head,
        rows=rows,
    )


def _line(language: Language, holding: Holding, new: frozenset[str]) -> Markup:
    fresh = sum(one.id in new for one in holding.records)
    missing = sum(map(len, missing_numbers(one.number for one in holding.records).values()))
    cells: tuple[tuple[str, object], ...] = (
        ("col_records", len(holding.records)),
        ("col_pairs", sum(one.pairs for one in holding.records)),
        ("col_span", _span(language, holding)),
        ("gaps", missing or "—"),
        ("new", html("<b class='tag new'>{n}</b>", n=fresh) if fresh else "—"),
    )
    return html(
        "<tr><td data-label='{label}'><button type='button' class='link' data-do='company' data-company='{value}'>{name}</button></td>{cells}</tr>",
        label=say(language, "col_company"),
        value=holding.value,
        name=holding.label,
        cells=joined(
            html("<td data-label='{label}'>{text}</td>", label=say(language, key), text=text)
            for key, text in cells
        ),
    )


def company_page(
    language: Language, holding: Holding, topics: Sequence[tuple[str, int]], records: Markup
) -> Markup:
    """What there is of one company.

    Args:
        language: of the page.
        holding: the company.
        topics: what its investors ask about most, with the number of questions.
        records: the list of its records.
    """
    full = next((one.company for one in holding.records if one.company and one.company != holding.name), "")
    return html(
        "<article class='company'><p><button type='button' class='link' data-do='home'>← {back}</button></p>"
        "<header><div><h2>{name}</h2><p class='hint'>{full}{facts}</p></div>"
        "<button type='button' class='primary' data-do='ask' data-company='{value}'>{ask}</button></header>"
        "<div class='tiles'>{latest}{topics}</div>{calendar}{gaps}<h3>{title}</h3>{records}</article>",
        back=say(language, "library_tab"),
        name=holding.label,
        full=f"{full} · " if full else "",
        facts=say(
            language,
            "company_facts",
            records=len(holding.records),
            pairs=sum(one.pairs for one in holding.records),
            span=_span(language, holding),
        ),
        value=holding.value,
        ask=say(language, "ask_company"),
        latest=_latest(language, holding),
        topics=_topics(language, holding, topics),
        calendar=_calendar(language, holding),
        gaps=gaps(language, [holding], named=False),
        title=say(language, "company_records"),
        records=records,
    )


def _latest(language: Language, holding: Holding) -> Markup:
    latest = next((one for one in holding.records if one.published_on), holding.records[0])
    day = latest.published_on.isoformat() if latest.published_on else say(language, "unknown_date")
    facts = [
        "、".join(latest.categories),
        say(language, "number", number=latest.number) if latest.number else say(language, "no_number"),
        say(language, "latest_pairs", count=latest.pairs),
    ]
    return html(
        "<section class='tile'><h3>{title}</h3><p class='big'>{day}</p><p>{facts}</p>"
        "<p><a href='{link}' target='_blank' rel='noopener'>{file}</a></p></section>",
        title=say(language, "latest_record"),
        day=day,
        facts=" · ".join(filter(None, facts)),
        link=record_link(language, latest.id),
        file=latest.source_file,
    )


def _topics(language: Language, holding: Holding, topics: Sequence[tuple[str, int]]) -> Markup:
    if not topics:
        return Markup("")
    called = called_in(language, holding.code, holding.name) if holding.name else holding.code
    buttons = joined(
        html(
            "<li><button type='button' data-do='ask' data-company='{value}' data-question='{question}'>{topic}"
            " <span>{count}</span></button></li>",
            value=holding.value,
            question=say(language, "suggest_fact", company=called, topic=topic),
            topic=topic,
            count=count,
        )
        for topic, count in topics
    )
    return html(
        "<section class='tile'><h3>{title}</h3><p class='hint'>{note}</p><ul class='topics'>{buttons}</ul></section>",
        title=say(language, "topics"),
        note=say(language, "topics_note"),
        buttons=buttons,
    )


def _calendar(language: Language, holding: Holding) -> Markup:
    """Years down, months across: when the company was visited."""
    days = [one.published_on for one in holding.records if one.published_on]
    if not days:
        return Markup("")
    counts = Counter(f"{day:%Y-%m}" for day in days)
    head = joined(html("<th scope='col'>{m}</th>", m=month) for month in range(1, 13))
    rows = joined(
        html(
            "<tr><th scope='row'>{year}</th>{cells}</tr>",
            year=year,
            cells=joined(
                cell(language, holding, f"{year}-{month:02d}", counts[f"{year}-{month:02d}"])
                for month in range(1, 13)
            ),
        )
        for year in range(max(days).year, min(days).year - 1, -1)
    )
    return html(
        "<figure class='coverage-figure'><figcaption>{title}</figcaption><div class='scroll'>"
        "<table class='coverage calendar'><thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table></div></figure>",
        title=say(language, "coverage"),
        head=head,
        rows=rows,
    )


def _span(language: Language, holding: Holding) -> str:
    days = [one.published_on for one in holding.records if one.published_on]
    if not days:
        return say(language, "unknown_date")
    first, last = min(days).isoformat(), max(days).isoformat()
    return first if first == last else say(language, "days_span", first=first, last=last)
