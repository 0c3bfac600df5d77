"""Lists and briefs as plain text, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from rag.asking.companies import source_label
from rag.asking.question import Language
from rag.views.brief import Brief, Line
from rag.views.layouts import brief_layout
from rag.views.listing import Hit, Listing
from rag.views.novelty import State
from rag.writing.wording import say


def listing_as_text(listing: Listing, language: Language = "zh") -> str:
    """The counts, in all and for each company, then every hit with the sentences in which the words stand."""
    words = say(language, "list_and").join(f"“{word.text}”" for word in listing.words)
    lines = [
        say(
            language,
            "find_heading",
            words=words,
            searched=listing.records,
            first=listing.first or "?",
            last=listing.last or "?",
            companies=len(listing.companies),
            records=len(listing.record_ids),
            hits=len(listing.hits),
            asked=sum(hit.only_asked for hit in listing.hits),
        )
    ]
    for one in listing.companies:
        lines.append(
            say(
                language,
                "find_company",
                company=source_label(one.short_name, one.code),
                hits=one.hits,
                records=one.records,
                asked=one.only_asked,
                date=one.newest.published_on or say(language, "unknown_date"),
            )
        )
    for hit in listing.hits:
        lines += ["", *_hit(hit, language)]
    if listing.undated:
        lines += ["", say(language, "find_undated", count=len(listing.undated))]
        for hit in listing.undated:
            lines += ["", *_hit(hit, language)]
    return "\n".join(lines)


def brief_as_text(brief: Brief, language: Language = "zh") -> str:
    """The form, who came, then each question with its sentence and what is new in it."""
    form, compared = list(_form(brief, language)), _compared(brief, language)
    lines = [*form, "", *([compared, ""] if compared else [])]
    for statement in brief.statements:
        if statement.claim:
            title = statement.question or say(language, "brief_statement")
            lines.append(f"{' '.join(title.split()).rstrip('：:')}：{_quote(statement, language)}")
    for line in brief.questions:
        mark = say(language, "brief_new") if line.news and line.news.state == "new" else ""
        lines.append(f"{line.pair}. {mark}{' '.join(line.question.split())}")
        lines.append(
            f"   {_quote(line, language)}" if line.claim else f"   {say(language, 'brief_no_answer')}"
        )
        if news := _news(line, language):
            lines.append(f"   {news}")
    return "\n".join(lines).strip()


def brief_as_layout(brief: Brief, language: Language = "zh") -> dict[str, Any]:
    """The same as plain values for a page."""
    form = [*_form(brief, language), _compared(brief, language)]
    every = [(line, _news(line, language)) for line in (*brief.statements, *brief.questions)]
    return brief_layout(form, every)


def _compared(brief: Brief, language: Language) -> str:
    """What is new against the company's earlier records, counted."""
    if not brief.compared:
        return say(language, "brief_uncompared") if brief.questions else ""
    states = [line.news.state for line in brief.questions if line.news]
    return say(
        language,
        "brief_compared",
        records=brief.compared,
        first=brief.compared_from,
        last=brief.compared_to,
        questions=len(brief.questions),
        counts=("；" if language == "zh" else "; ").join(
            say(language, f"brief_count_{state}", count=states.count(state))
            for state in get_args(State)
            if state in states
        ),
    )


def _hit(hit: Hit, language: Language) -> Iterator[str]:
    part = say(language, f"find_{hit.part}", pair=hit.pair)
    later = say(language, "list_superseded") if hit.superseded_by else ""
    day = hit.published_on or say(language, "unknown_date")
    title = " ".join(hit.question.split())
    yield f"{day} {source_label(hit.short_name, hit.code)} {hit.number or ''} {part}{later} {title}".rstrip()
    for place in hit.places:
        page = say(language, "find_page", page=place.page) if place.page else ""
        speaker = say(language, "find_investor") if place.where == "question" else ""
        yield f"  {speaker}“{' '.join(place.quote.split())}”{page}"
    yield f"  {hit.source_file} {hit.record_id}"


def _form(brief: Brief, language: Language) -> Iterator[str]:
    unknown = say(language, "unknown_date")
    held = say(language, "brief_days").join(dict.fromkeys(map(str, brief.held_on or ())))
    yield f"{source_label(brief.short_name or brief.company, brief.code)} {brief.number or ''}".rstrip()
    yield say(language, "brief_published", date=brief.published_on or unknown)
    rows = (
        ("brief_held", " ".join(filter(None, [held, brief.place]))),
        ("brief_kind", "、".join(brief.categories)),
        ("brief_hosts", "、".join(brief.hosts)),
    )
    for key, value in rows:
        if value:
            yield say(language, key, value=" ".join(value.split()))
    if brief.institutions:
        names = "、".join(brief.first_institutions)
        more = "……" if brief.institutions > len(brief.first_institutions) else ""
        people = say(language, "brief_people", count=brief.people) if brief.people else ""
        yield say(language, "brief_visitors", count=brief.institutions, people=people, names=f"{names}{more}")
    if brief.superseded_by:
        yield say(language, "brief_superseded", record=brief.superseded_by)


def _quote(line: Line, language: Language) -> str:
    if line.claim is None:
        return ""
    citation = line.claim.citations[0]
    page = say(language, "find_page", page=citation.page) if citation.page else ""
    return f"“{' '.join(citation.quote.split())}” [{citation.mark}]{page}"


def _news(line: Line, language: Language) -> str:
    """Which earlier pair says the same or nearly, or asks so, and the figures that are new; a new one has its mark."""
    news = line.news
    if news is None:
        return ""
    told: list[str] = []
    if news.earlier:
        told.append(
            say(
                language,
                f"brief_{news.state}",
                date=news.earlier.published_on,
                pair=news.earlier.pair,
            )
        )
    if news.figures and news.state != "same":
        told.append(say(language, "brief_figures", figures="、".join(news.figures)))
    return "".join(told) if language == "zh" else " ".join(told)
