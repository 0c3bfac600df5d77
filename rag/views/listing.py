"""Every place where some words stand: in questions, answers, statements and what a form says, without a cut-off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from ingest.library.catalogue import form_of
from ingest.library.library import Library, RecordSummary
from ingest.records import Form, Record, Span
from rag.answers import Citation
from rag.views.passages import PARTS, Part, Place, passages, places, texts, within
from rag.views.words import Word, plain

Sort = Literal["date", "company"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must fulfil beside holding the words; empty lets everything pass.

    `codes` are company codes (`names` the short names of companies without one), `without` codes left out.
    `institution`, `host` and `category` must stand in one entry of the form; `first` and `last` are publication
    days, both inclusive; `parts` are the kinds of passage that are looked through.
    """

    codes: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    institution: str = ""
    host: str = ""
    category: str = ""
    first: date | None = None
    last: date | None = None
    parts: tuple[Part, ...] = PARTS

    @property
    def by_day(self) -> bool:
        """Whether a record's publication day decides."""
        return self.first is not None or self.last is not None

    def as_json(self) -> dict[str, Any]:
        """The filters that are set."""
        told = {
            "codes": sorted(self.codes | self.names),
            "without": sorted(self.without),
            "institution": self.institution,
            "host": self.host,
            "category": self.category,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "kinds": list(self.parts) if self.parts != PARTS else [],
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that holds the words: a question with its answer, a statement, or the form of one record.

    `pair` is the pair's number, 0 for statements and forms; `question` is the statement's title there, if any.
    `only_asked`: the investor used the words, and the company in its answer did not (or not all of them).
    `superseded_by` is the id of the later version that stands in the record's place.
    """

    record_id: str
    source_file: str
    code: str | None
    short_name: str | None
    number: str | None
    published_on: date | None
    part: Part
    pair: int
    question: str
    places: tuple[Place, ...]
    only_asked: bool = False
    superseded_by: str | None = None

    @property
    def company(self) -> str:
        """By what a company's hits are counted: its code, else its name."""
        return self.code or self.short_name or ""

    @property
    def said(self) -> Place:
        """The place to show first: the company's sentence with most of the words, else the question's."""
        return self.spoken[0] if self.spoken else max(self.places, key=lambda place: place.words)

    @property
    def spoken(self) -> tuple[Place, ...]:
        """The places where the company speaks, those with most of the words first."""
        own = [place for place in self.places if place.where != "question"]
        return tuple(sorted(own, key=lambda place: -place.words))

    def citation(self, mark: int, place: Place | None = None) -> Citation:
        """A place of the hit (the one to show first, where none is given) as a citation printed as `mark`."""
        place = place or self.said
        return Citation(
            mark=mark,
            record_id=self.record_id,
            source_file=self.source_file,
            code=self.code,
            short_name=self.short_name,
            number=self.number,
            published_on=self.published_on,
            pair=self.pair,
            question=self.question if self.part == "pair" else "",
            quote=place.quote,
            start=place.start,
            end=place.end,
            page=place.page,
        )

    def as_json(self) -> dict[str, Any]:
        """One hit of `jupilu find --json`."""
        return {
            "record_id": self.record_id,
            "source_file": self.source_file,
            "code": self.code,
            "short_name": self.short_name,
            "number": self.number,
            "published_on": self.published_on.isoformat() if self.published_on else None,
            "kind": self.part,
            "pair": self.pair,
            "question": self.question,
            "only_asked": self.only_asked,
            "superseded_by": self.superseded_by,
            "places": [
                {"where": p.where, "quote": p.quote, "start": p.start, "end": p.end, "page": p.page}
                for p in self.places
            ],
        }


@dataclass(frozen=True, slots=True)
class CompanyCount:
    """How often one company's records hold the words; `only_asked` of the hits stand in questions alone."""

    code: str | None
    short_name: str | None
    hits: int
    records: int
    only_asked: int
    newest: Hit

    def as_json(self) -> dict[str, Any]:
        day = self.newest.published_on
        return {
            "code": self.code,
            "short_name": self.short_name,
            "hits": self.hits,
            "records": self.records,
            "only_asked": self.only_asked,
            "newest": day.isoformat() if day else None,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """All hits, sorted, and what was looked through.

    `undated` are hits in records without a publication day, where the filters name days: they may or may not belong
    to the list and are not counted with it. `records` counts the records looked through, `first` and `last` their
    days. `any_word`: one of the words was enough.
    """

    words: tuple[Word, ...]
    filters: Filters
    hits: tuple[Hit, ...]
    undated: tuple[Hit, ...]
    records: int
    first: date | None
    last: date | None
    any_word: bool = False
    companies: tuple[CompanyCount, ...] = field(default=())

    @property
    def record_ids(self) -> tuple[str, ...]:
        """The records that have hits, each once, in the order of the list."""
        return tuple(dict.fromkeys(hit.record_id for hit in self.hits))

    def as_json(self) -> dict[str, Any]:
        """The document that `jupilu find --json` prints."""
        return {
            "words": [{"text": word.text, "also": list(word.also)} for word in self.words],
            "any": self.any_word,
            "filters": self.filters.as_json(),
            "searched": {
                "records": self.records,
                "from": self.first.isoformat() if self.first else None,
                "to": self.last.isoformat() if self.last else None,
            },
            "count": len(self.hits),
            "records": len(self.record_ids),
            "only_asked": sum(hit.only_asked for hit in self.hits),
            "companies": [company.as_json() for company in self.companies],
            "hits": [hit.as_json() for hit in self.hits],
            "undated": [hit.as_json() for hit in self.undated],
        }


def find(
    library: Library,
    words: Sequence[Word],
    filters: Filters | None = None,
    *,
    sort: Sort = "date",
    any_word: bool = False,
    records: Iterable[RecordSummary] | None = None,
) -> Listing:
    """Look through every record for passages that hold all words (one of them, with `any_word`).

    Args:
        library: looked through text by text; only the hits are kept in memory.
        words: at least one.
        filters: see `Filters`.
        sort: `date` puts the newest first (undated last), `company` goes by code and then by date.
        any_word: one of the words is enough.
        records: look through these alone; all of the library where absent.

    Raises:
        ValueError: there is no word.
    """
    if not words:
        raise ValueError("no word to look for: name at least one, such as 液冷")
    filters = filters or Filters()
    chosen = _chosen(library, filters, library.records() if records is None else records)
    dated = [one for one in chosen if not filters.by_day or one.published_on]
    found = list(_hits(library, words, filters.parts, chosen, any_word))
    found.sort(key=_newest_first if sort == "date" else lambda hit: (hit.company, *_newest_first(hit)))
    counted = tuple(hit for hit in found if not filters.by_day or hit.published_on)
    days = [one.published_on for one in dated if one.published_on]
    return Listing(
        words=tuple(words),
        filters=filters,
        hits=counted,
        undated=tuple(hit for hit in found if filters.by_day and not hit.published_on),
        records=len(dated),
        first=min(days, default=None),
        last=max(days, default=None),
        any_word=any_word,
        companies=tuple(_counted(counted)),
    )


def _chosen(library: Library, filters: Filters, records: Iterable[RecordSummary]) -> list[RecordSummary]:
    """The records that pass the filters; those without a day pass a filter of days."""
    forms = _forms(library) if filters.institution or filters.host or filters.category else {}
    limited = bool(filters.codes or filters.names)
    return [
        one
        for one in records
        if (not limited or one.code in filters.codes or (not one.code and one.short_name in filters.names))
        and one.code not in filters.without
        and (filters.first is None or one.published_on is None or one.published_on >= filters.first)
        and (filters.last is None or one.published_on is None or one.published_on <= filters.last)
        and (not forms or _form_passes(forms[one.id], filters))
    ]


def _forms(library: Library) -> Mapping[str, Form]:
    query = "SELECT id, form FROM records JOIN sources USING (sha256) WHERE state = 'ready'"
    return {row["id"]: form_of(row["form"]) for row in library.catalogue.rows(query)}


def _form_passes(form: Form, filters: Filters) -> bool:
    rows = (
        (filters.institution, [f"{each.institution} {' '.join(each.people)}" for each in form.participants]),
        (filters.host, form.hosts),
        (filters.category, form.categories),
    )
    return all(
        not wanted or any(plain(wanted) in plain(entry) for entry in entries) for wanted, entries in rows
    )


def _hits(
    library: Library,
    words: Sequence[Word],
    parts: Sequence[Part],
    records: Sequence[RecordSummary],
    any_word: bool,
) -> Iterator[Hit]:
    enough: Callable[[Iterable[bool]], bool] = any if any_word else all
    for text, group in texts(library, records):
        if not enough(word.stands_in(text) for word in words):
            continue
        for one in group:
            record = library.record(one.id)
            for part, number, title, spans in passages(record, parts):
                found = [list(within(word, text, spans)) for word in words]
                if enough(bool(each) for each in found):
                    asked = next((span for where, span in spans if where == "question"), Span(0, 0))
                    only_asked = not enough(any(not asked.contains(p) for p in each) for each in found)
                    yield _hit(
                        one, record, part, number, title, tuple(places(record, spans, found)), only_asked
                    )


def _hit(
    one: RecordSummary,
    record: Record,
    part: Part,
    number: int,
    title: str,
    places: tuple[Place, ...],
    only_asked: bool,
) -> Hit:
    return Hit(
        record_id=one.id,
        source_file=one.source_file,
        code=one.code,
        short_name=one.short_name,
        number=record.form.number,
        published_on=one.published_on,
        part=part,
        pair=number,
        question=title,
        places=places,
        only_asked=only_asked,
        superseded_by=one.superseded_by,
    )


def _newest_first(hit: Hit) -> tuple[int, str, int, int]:
    day = hit.published_on
    return (-(day.toordinal() if day else 0), hit.record_id, hit.pair, hit.places[0].start)


def _counted(hits: Sequence[Hit]) -> Iterator[CompanyCount]:
    """The companies by how often their records hold the words, most first."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.company, []).append(hit)
    for _, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        # The newest place where the company itself speaks is told; a question alone only where there is no other.
        newest = min(group, key=lambda hit: (hit.only_asked, bool(hit.superseded_by), _newest_first(hit)))
        yield CompanyCount(
            code=newest.code,
            short_name=newest.short_name,
            hits=len(group),
            records=len({hit.record_id for hit in group}),
            only_asked=sum(hit.only_asked for hit in group),
            newest=newest,
        )
