"""The answer to a question for a list or a count: every hit counted, one line a company (or a record) with its quote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.library.library import Library, RecordSummary
from rag.answers import Citation, Claim
from rag.asking.companies import CompanyNames, source_label
from rag.asking.kinds import kind_of
from rag.asking.question import Question
from rag.grounding.synonyms import synonyms
from rag.views.about_records import Told, form_row, when
from rag.views.answering import answering_sentence
from rag.views.asked_words import Wanted, segmented, wanted
from rag.views.layouts import quote
from rag.views.listing import Filters, Hit, Listing, find
from rag.views.passages import place_of
from rag.views.words import Word
from rag.writing.answer_notes import names_of_all, reading_notes
from rag.writing.quoting import cite, judged
from rag.writing.wording import say

COMPANIES_SHOWN, RECORDS_SHOWN = 30, 12
# A phrase that stands together in less than this share of the passages that hold its parts is no term: the parts are
# then looked for (华为合作: 1 of 14; 浸没式液冷: 26 of 29).
TERM = 0.25


@dataclass(frozen=True, slots=True)
class Found:
    """A list, and how its words were come by.

    `missed` were asked for, but stand together in `together` places only, so that other words were looked for;
    `apart` counts further hits where the `parts` of a phrase stand in one passage, but not together. `unread` are
    words for a period that limited nothing.
    """

    listing: Listing
    missed: tuple[str, ...] = ()
    together: int = 0
    parts: tuple[str, ...] = ()
    apart: int = 0
    unread: str = ""


def about_list(
    asked: Question, records: Sequence[RecordSummary], library: Library, names: CompanyNames
) -> Told | None:
    """The list or count that a question asks for; None where no words to look for can be read from it.

    Args:
        asked: the question, understood.
        records: those that it is about, published in time.
        library: it is looked through text by text.
        names: of its companies.
    """
    sought = wanted(asked, names)
    if not sought.words:
        return _activities(asked, records, library) if kind_of(asked) == "count" else None
    period = sought.period
    filters = Filters(
        without=sought.without,
        first=period.first if period else None,
        last=period.last if period else None,
    )
    found = replace(_found(library, sought, filters, records), unread=sought.unread)
    if not found.listing.hits:
        return _none(asked, sought, found)
    return _told(asked, found, library)


def _found(library: Library, sought: Wanted, filters: Filters, records: Sequence[RecordSummary]) -> Found:
    """The hits of the words as asked for, else of their parts in one passage, else of their synonyms."""
    words = tuple(map(Word, sought.words))
    listing = find(library, words, filters, records=records)
    parts = segmented(sought.words)
    if len(parts) > 1 and set(parts) != set(sought.words):
        by_parts = find(library, tuple(map(Word, parts)), filters, records=records)
        if by_parts.hits and len(listing.hits) < TERM * len(by_parts.hits):
            return Found(by_parts, missed=sought.words, together=len(listing.hits))
        if listing.hits:
            return Found(listing, parts=parts, apart=max(0, len(by_parts.hits) - len(listing.hits)))
    if listing.hits:
        return Found(listing)
    wider = tuple(Word(word.text, synonyms(word.text)) for word in words)
    if wider != words:
        by_synonyms = find(library, wider, filters, records=records)
        if by_synonyms.hits:
            return Found(by_synonyms, missed=sought.words)
    return Found(listing)


def _told(asked: Question, found: Found, library: Library) -> Told | None:
    listing = found.listing
    one_company = _is_of_one(asked, listing)
    hits = list(_newest_of_records(listing)) if one_company else [each.newest for each in listing.companies]
    shown = hits[: RECORDS_SHOWN if one_company else COMPANIES_SHOWN]
    lines = [_heading(asked, found)]
    claims: list[Claim] = []
    items: list[dict[str, Any]] = []
    unquoted: list[Hit] = []
    for hit in shown:
        claim = next(judged(_citations(hit, library, len(claims) + 1)), None)
        if claim:
            claims.append(claim)
            lines.append(_line(asked, listing, hit, claim, one_company))
            items.append(_item(asked, listing, hit, claim, one_company))
        else:
            unquoted.append(hit)
    tail = list(_remarks(asked, found, unquoted, len(hits) - len(shown), one_company))
    words = "\n".join([*lines, *tail])
    view = {"kind": "list", "head": lines[:1], "items": items, "tail": tail, "length": len(words)}
    return Told("\n".join([words, *_notes(asked, claims)]), tuple(claims), view=view if items else None)


def _citations(hit: Hit, library: Library, mark: int) -> Iterator[Citation]:
    """What may be quoted for a hit: the company's sentences with the words; where only the investor used them,
    what the company answered."""
    yield from (hit.citation(mark, place) for place in hit.spoken)
    if hit.only_asked and hit.pair:
        record = library.record(hit.record_id)
        pair = next(pair for pair in record.pairs if pair.number == hit.pair)
        span = answering_sentence(pair.question, record.text, pair.answer_span)
        if span:
            yield hit.citation(mark, place_of(record, "answer", span))


def _is_of_one(asked: Question, listing: Listing) -> bool:
    """Whether a list is of one company's records, rather than of companies."""
    return len(asked.companies) == 1 and not listing.filters.without


def _newest_of_records(listing: Listing) -> Iterator[Hit]:
    """One hit of each record, newest record first; one in which the company speaks before a question alone."""
    for record_id in listing.record_ids:
        yield min((hit for hit in listing.hits if hit.record_id == record_id), key=lambda hit: hit.only_asked)


def _heading(asked: Question, found: Found) -> str:
    listing, language = found.listing, asked.language
    only_asked = sum(hit.only_asked for hit in listing.hits)
    several = "_words" if len(listing.words) > 1 else ""
    if only_asked == len(listing.hits):
        asked_alone = say(language, f"list_all_only_asked{several}")
    else:
        asked_alone = say(language, f"list_only_asked{several}", count=only_asked) if only_asked else ""
    return say(
        language,
        "list_heading_one" if _is_of_one(asked, listing) else "list_heading",
        words=_quoted(asked, [_spelled(asked, word) for word in listing.words]),
        within=_within(asked, listing),
        searched=listing.records,
        company=names_of_all(asked.companies),
        companies=len(listing.companies),
        records=len(listing.record_ids),
        hits=len(listing.hits),
        asked=asked_alone,
    )


def _hits_of(listing: Listing, hit: Hit, one_company: bool) -> int:
    """How many hits one line stands for: those of its record, or of its company."""
    if one_company:
        return sum(other.record_id == hit.record_id for other in listing.hits)
    return next(each.hits for each in listing.companies if each.newest is hit)


def _item(asked: Question, listing: Listing, hit: Hit, claim: Claim, one_company: bool) -> dict[str, Any]:
    """The same as `_line` as plain values."""
    language = asked.language
    notes = (
        say(language, "list_investor").strip("，, ") if hit.only_asked else "",
        say(language, "list_superseded").strip(" （）()") if hit.superseded_by else "",
    )
    return {
        "company": hit.short_name or "",
        "code": hit.code or "",
        "day": str(hit.published_on) if hit.published_on else None,
        "hits": _hits_of(listing, hit, one_company),
        "question": " ".join(hit.question.split()),
        "notes": [note for note in notes if note],
        "quote": quote(claim),
    }


def _line(asked: Question, listing: Listing, hit: Hit, claim: Claim, one_company: bool) -> str:
    language = asked.language
    hits = _hits_of(listing, hit, one_company)
    return say(
        language,
        "list_record" if one_company else "list_company",
        company=source_label(hit.short_name, hit.code),
        date=hit.published_on or say(language, "unknown_date"),
        hits=say(language, "list_hits", count=hits) if hits > 1 or not one_company else "",
        asked=say(language, "list_investor") if hit.only_asked else "",
        quote=" ".join(claim.text.split()),
        mark=claim.citations[0].mark,
        later=say(language, "list_superseded") if hit.superseded_by else "",
    )


def _remarks(
    asked: Question, found: Found, unquoted: Sequence[Hit], left: int, one_company: bool
) -> Iterator[str]:
    """What has no quote or was not shown, where other words were looked for, and what a wider search would give."""
    language, listing = asked.language, found.listing
    if unquoted:
        days = [str(hit.published_on or say(language, "unknown_date")) for hit in unquoted]
        names = days if one_company else [source_label(hit.short_name, hit.code) for hit in unquoted]
        yield say(language, "list_unquoted", names="、".join(names))
    if left > 0:
        command = " ".join(word.text for word in listing.words)
        yield say(language, "list_more", left=left, words=command)
    if found.missed:
        key = "list_together" if found.together else "list_missed"
        yield say(language, key, words=_quoted(asked, found.missed), count=found.together)
    if found.apart:
        yield say(language, "list_apart", words=_quoted(asked, found.parts), count=found.apart)
    if listing.undated:
        yield say(language, "list_undated", count=len(listing.undated))
    if found.unread:
        yield say(language, "list_unread", words=found.unread)


def _none(asked: Question, sought: Wanted, found: Found) -> Told:
    listing = found.listing
    text = say(
        asked.language,
        "list_none",
        words=_quoted(asked, sought.words),
        within=_within(asked, listing),
        scope=_scope(asked, listing),
        searched=listing.records,
    )
    undated = say(asked.language, "list_undated", count=len(listing.undated)) if listing.undated else ""
    return Told("\n\n".join(filter(None, [text, undated, *_notes(asked, ())])), outcome="not_found")


def _scope(asked: Question, listing: Listing) -> str:
    names = names_of_all(asked.companies)
    if names and listing.filters.without:
        return say(asked.language, "all_but", names=names)
    return names or say(asked.language, "all_companies")


def _activities(asked: Question, records: Sequence[RecordSummary], library: Library) -> Told | None:
    """How many activities a company's records tell of, in the period asked about; the newest quoted."""
    held = [
        one
        for one in records
        if one.held_on
        and (
            not asked.periods
            or any(p.first <= one.held_on[1] and one.held_on[0] <= p.last for p in asked.periods)
        )
    ]
    if not asked.companies or not held:
        return None
    language = asked.language
    lines = [
        say(
            language,
            "activities",
            company=names_of_all(asked.companies),
            records=len(held),
            first=min(one.held_on[0] for one in held if one.held_on),
            last=max(one.held_on[1] for one in held if one.held_on),
        )
    ]
    claims: list[Claim] = []
    for one in sorted(held, key=when, reverse=True)[:RECORDS_SHOWN]:
        record = library.record(one.id)
        spans = form_row(record, "when")
        claim = next(judged(cite(record, one, span, len(claims) + 1) for span in spans), None)
        if claim:
            claims.append(claim)
            lines.append(f"“{' '.join(claim.text.split())}” [{len(claims)}]")
    if len(held) > len(claims):
        lines.append(say(language, "first_shown", shown=len(claims), count=len(held)))
    return Told("\n".join([*lines, *_notes(asked, claims)]), tuple(claims)) if claims else None


def _within(asked: Question, listing: Listing) -> str:
    if not listing.filters.by_day:
        return ""
    first, last = listing.filters.first, listing.filters.last
    return say(asked.language, "list_within", first=first, last=last)


def _spelled(asked: Question, word: Word) -> str:
    return say(asked.language, "list_or").join((word.text, *word.also))


def _quoted(asked: Question, words: Sequence[str]) -> str:
    return say(asked.language, "list_and").join(f"“{word}”" for word in words)


def _notes(asked: Question, claims: Sequence[Claim]) -> list[str]:
    """What else is said of how the question was read; companies without a hit are not listed one by one."""
    return reading_notes(replace(asked, companies=asked.companies[:1]), claims, ())
