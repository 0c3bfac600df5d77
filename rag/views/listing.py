"""Every place where some words stand: in questions, answers, statements and what a form says, without a cut-off."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any, Literal

from ingest.catalogue import form_of
from ingest.library import Library, RecordSummary
from ingest.records import Form, Record, Span
from rag.answers import Citation
from rag.sentences import sentence_spans
from rag.views.words import Word, plain

Part = Literal["pair", "statement", "form"]
Sort = Literal["date", "company"]
Where = Literal["question", "answer", "statement", "form"]
PARTS: tuple[Part, ...] = ("pair", "statement", "form")

TEXTS_AT_ONCE = 32  # texts of source files in memory at the same time
LONGEST_SENTENCE = 300  # characters; of a longer one (a list of visitors) what stands around the words is quoted
_STOPS = "；;、，,\n。 "


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
class Place:
    """A sentence in which words stand: `record.text[start:end] == quote`; `page` counts from 1, None in unpaged formats.

    `words` says how many of the words stand in it.
    """

    where: Where
    quote: str
    start: int
    end: int
    page: int | None
    words: int = 0


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
    return all(not wanted or any(plain(wanted) in plain(entry) for entry in entries) for wanted, entries in rows)


def _hits(
    library: Library, words: Sequence[Word], parts: Sequence[Part], records: Sequence[RecordSummary], any_word: bool
) -> Iterator[Hit]:
    enough: Callable[[Iterable[bool]], bool] = any if any_word else all
    for text, group in _texts(library, records):
        if not enough(word.stands_in(text) for word in words):
            continue
        for one in group:
            record = library.record(one.id)
            for part, number, title, spans in _passages(record, parts, alone=len(group) == 1):
                found = [list(_within(word, text, spans)) for word in words]
                if enough(bool(places) for places in found):
                    asked = next((span for where, span in spans if where == "question"), Span(0, 0))
                    only_asked = not enough(any(not asked.contains(p) for p in places) for places in found)
                    places = tuple(_places(record, spans, found))
                    yield _hit(one, record, part, number, title, places, only_asked)


def _texts(library: Library, records: Sequence[RecordSummary]) -> Iterator[tuple[str, list[RecordSummary]]]:
    """The canonical text of each source file and those of the records that stand in it, a few texts in memory."""
    # A record's id begins with 16 digits of its source's hash: the records of one csv share them.
    groups = [
        (source, list(group))
        for source, group in groupby(sorted(records, key=lambda one: one.id), key=lambda one: one.id[:16])
    ]
    for start in range(0, len(groups), TEXTS_AT_ONCE):
        some = dict(groups[start : start + TEXTS_AT_ONCE])
        marks = ",".join("?" * len(some))
        rows = library.catalogue.rows(
            "SELECT DISTINCT substr(records.id, 1, 16) AS source, body FROM texts JOIN records USING (sha256)"
            f" JOIN sources USING (sha256) WHERE state = 'ready' AND sha256 IN (SELECT sha256 FROM records WHERE id IN ({marks}))",
            [group[0].id for group in some.values()],
        )
        for row in sorted(rows, key=lambda row: str(row["source"])):
            yield zlib.decompress(row["body"]).decode("utf-8", "surrogatepass"), some[row["source"]]


def _passages(
    record: Record, parts: Sequence[Part], *, alone: bool
) -> Iterator[tuple[Part, int, str, tuple[tuple[Where, Span], ...]]]:
    """The passages of a record: kind, number, question or title, and where their parts stand."""
    taken: list[Span] = []
    for pair in record.pairs:
        taken += [pair.question_span, pair.answer_span]
        if "pair" in parts:
            spans: tuple[tuple[Where, Span], ...] = (("question", pair.question_span), ("answer", pair.answer_span))
            yield "pair", pair.number, pair.question, spans
    for statement in record.statements:
        taken.append(statement.span)
        if "statement" in parts:
            yield "statement", 0, statement.title, (("statement", statement.span),)
    # In a table all text belongs to its rows; what is left of it are columns of no record.
    if "form" in parts and alone and record.format not in ("csv", "xlsx"):
        yield "form", 0, "", tuple(("form", span) for span in _left(record.text, taken))


def _left(text: str, taken: Sequence[Span]) -> Iterator[Span]:
    at = 0
    for span in sorted(taken):
        if span.start > at:
            yield Span(at, span.start)
        at = max(at, span.end)
    if at < len(text):
        yield Span(at, len(text))


def _within(word: Word, text: str, spans: Iterable[tuple[Where, Span]]) -> Iterator[Span]:
    for _, span in spans:
        for place in word.places(span.of(text)):
            yield Span(span.start + place.start, span.start + place.end)


def _places(
    record: Record, spans: Sequence[tuple[Where, Span]], found: Sequence[Sequence[Span]]
) -> Iterator[Place]:
    """The sentences in which the words stand, each once, in order; `found` are the places of each word."""
    every = sorted({place for places in found for place in places})
    for where, whole in spans:
        inside = [place for place in every if whole.contains(place)]
        quoted: list[Span] = []
        sentences = sentence_spans(record.text, whole.start, whole.end) if inside else []
        for place in inside:
            around = [one for one in sentences if one.start < place.end and place.start < one.end]
            span = _shortened(record.text, Span(around[0].start, around[-1].end), place)
            if quoted and span.start < quoted[-1].end:
                quoted[-1] = Span(quoted[-1].start, max(quoted[-1].end, span.end))
            else:
                quoted.append(span)
        for span in quoted:
            held = sum(any(span.contains(place) for place in places) for places in found)
            yield place_of(record, where, span, held)


def place_of(record: Record, where: Where, span: Span, words: int = 0) -> Place:
    """A span of a record's text as a place that can be cited; so many of the words stand in it."""
    page = next((p.number for p in record.pages if p.span.start <= span.start < p.span.end), None)
    return Place(where, span.of(record.text), span.start, span.end, page, words)


def _shortened(text: str, sentence: Span, place: Span) -> Span:
    """The sentence, or of a long one what stands around the place, cut at marks where there are some."""
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    room = (LONGEST_SENTENCE - len(place)) // 2
    start, end = max(sentence.start, place.start - room), min(sentence.end, place.end + room)
    if start > sentence.start:
        start = next((at + 1 for at in range(start, place.start) if text[at] in _STOPS), start)
    if end < sentence.end:
        end = next((at for at in range(end, place.end, -1) if text[at] in _STOPS), end)
    while text[start].isspace() and start < place.start:
        start += 1
    return Span(start, end)


def _hit(
    one: RecordSummary, record: Record, part: Part, number: int, title: str, places: tuple[Place, ...], only_asked: bool
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
