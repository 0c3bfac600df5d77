"""The library as a visitor looks through it: records sought, sorted, narrowed and paged; companies and their topics."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

from ingest.errors import LibraryMissing
from rag.views.words import plain
from ui.web.panels.filters import initials, spelled
from ui.web.wording import Language

if TYPE_CHECKING:
    from ingest.library.library import Library, RecordSummary
    from ui.web.service import Service

PAGE_SIZE: Final = 50
TOPICS_FROM = 500  # the newest records of a company
MOST_TOPICS: Final = 12
Sort = Literal["date", "company", "pairs", "file"]
SORTS: Final[tuple[Sort, ...]] = ("date", "company", "pairs", "file")


@dataclass(frozen=True, slots=True)
class Query:
    """What of the library is looked at; empty lets everything pass.

    `month` is YYYY-MM or YYYY, `first` and `last` are publication days, both inclusive; `page` counts from 1.
    """

    words: str = ""
    company: str = ""
    category: str = ""
    format: str = ""
    first: date | None = None
    last: date | None = None
    month: str = ""
    warned: bool = False
    new: bool = False
    sort: Sort = "date"
    backwards: bool = False
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Query:
        """The query in an address; what cannot be read there is not looked at."""
        sort: Sort = next((one for one in SORTS if one == given.get("sort")), "date")
        number = given.get("page", "")
        return cls(
            words=given.get("words", "").strip()[:100],
            company=given.get("company", "")[:100],
            category=given.get("category", "")[:60],
            format=given.get("format", "")[:10],
            first=_day(given.get("from", "")),
            last=_day(given.get("to", "")),
            month=given.get("month", "")[:7],
            warned=bool(given.get("warned")),
            new=bool(given.get("new")),
            sort=sort,
            backwards=bool(given.get("backwards")),
            page=max(1, int(number)) if number.isdecimal() and len(number) < 6 else 1,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of the records that a query lets pass, and how many there are."""

    records: Sequence[RecordSummary]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Holding:
    """A company and its records, newest first; `value` is its code, else its name."""

    value: str
    code: str
    name: str
    records: Sequence[RecordSummary]

    @property
    def label(self) -> str:
        """Name and code, whichever there are."""
        return " ".join(filter(None, (self.name, self.code)))


@dataclass(frozen=True)
class Shelf:
    """All records of one state of the library; `visitors` gives the institutions of each record by its id."""

    records: Sequence[RecordSummary]
    holdings: Mapping[str, Holding]
    visitors: Callable[[], Mapping[str, Sequence[str]]]

    @cached_property
    def sought(self) -> Mapping[str, str]:
        """By a record's id all that it is sought in: made at the first search, for it takes a while."""
        came, found = self.visitors(), {}
        for one in self.records:
            holding = self.holdings.get(company_of(one))
            name = holding.name if holding else ""
            form = (
                one.source_file,
                name,
                one.company or "",
                one.code or "",
                one.number or "",
                *one.categories,
            )
            found[one.id] = "\n".join([*map(plain, (*form, *came.get(one.id, ()))), *_sounds(name)])
        return found

    def find(self, query: Query, new: frozenset[str] = frozenset()) -> Found:
        """The records that a query lets pass, sorted, of them one page."""
        words = [plain(word) for word in query.words.split()]
        passed = [
            one
            for one in self.records
            if _passes(one, query)
            and (not query.new or one.id in new)
            and (not words or all(word in self.sought[one.id] for word in words))
        ]
        passed = _sorted(passed, query)
        pages = max(1, -(-len(passed) // PAGE_SIZE))
        page = min(query.page, pages)
        return Found(passed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], len(passed), page, pages)

    def name(self, record: RecordSummary) -> str:
        """What a record's company is called; "" where it is not known."""
        holding = self.holdings.get(company_of(record))
        return holding.label if holding else ""

    @property
    def categories(self) -> list[str]:
        """The kinds of activity, the commonest first."""
        counts = Counter(kind for one in self.records for kind in one.categories)
        return [kind for kind, _ in counts.most_common()]

    @property
    def formats(self) -> list[str]:
        return sorted({one.format for one in self.records})


class Shelves:
    """The shelf of the library as it is now, made anew when that changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._lock = threading.Lock()
        self._made: tuple[str, Shelf] | None = None

    def now(self) -> Shelf:
        """The present shelf; an empty one where there is no library."""
        try:
            library = self._service.library()
        except LibraryMissing:
            return Shelf((), {}, dict)
        with self._lock:
            snapshot = library.snapshot()
            if self._made is None or self._made[0] != snapshot:
                self._made = snapshot, shelf_of(library)
            return self._made[1]

    def topics(self, company: str, language: Language) -> list[tuple[str, int]]:
        """What a company's investors ask about most: topic and number of questions."""
        try:
            asked = [question for _, question in self._service.library().questions(TOPICS_FROM, company)]
        except LibraryMissing:
            return []
        counts = [
            (
                chinese if language == "zh" else english,
                sum(any(w in q for w in (chinese, *more)) for q in asked),
            )
            for chinese, english, more in known_topics()
        ]
        return sorted((one for one in counts if one[1] > 1), key=lambda one: -one[1])[:MOST_TOPICS]


def shelf_of(library: Library) -> Shelf:
    """Everything about a library that its tab shows."""
    records = library.records()
    groups: dict[str, list[RecordSummary]] = defaultdict(list)
    for one in records:
        groups[company_of(one)].append(one)

    ids = [one.id for one in records]

    def visitors() -> dict[str, list[str]]:
        return {key: [each.institution for each in came] for key, came in library.participants(ids).items()}

    holdings = {value: _holding(value, group) for value, group in groups.items() if value}
    return Shelf(records, holdings, visitors)


def company_of(record: RecordSummary) -> str:
    """By what a company is told from others: its code, else its name, else ""."""
    return record.code or record.short_name or record.company or ""


@lru_cache(maxsize=1)
def known_topics() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """What investors ask all companies about: in Chinese, in English, and other words for it."""
    told = json.loads(files("ui.web").joinpath("topics.json").read_text(encoding="utf-8"))
    return tuple((chinese, english, tuple(more)) for chinese, english, more in told)


def _holding(value: str, group: Sequence[RecordSummary]) -> Holding:
    name = next((one.short_name for one in group if one.short_name), None)
    name = name or next((one.company for one in group if one.company), None)
    code = next((one.code for one in group if one.code), None)
    return Holding(value, code or "", name or "", group)


@lru_cache(maxsize=4096)
def _sounds(name: str) -> tuple[str, ...]:
    return (initials(name), spelled(name)) if name else ()


def _passes(one: RecordSummary, query: Query) -> bool:
    day = one.published_on
    return (
        (not query.company or company_of(one) == query.company)
        and (not query.category or query.category in one.categories)
        and (not query.format or one.format == query.format)
        and (not query.warned or bool(one.warnings))
        and (not query.month or (day is not None and day.isoformat().startswith(query.month)))
        and (query.first is None or (day is not None and day >= query.first))
        and (query.last is None or (day is not None and day <= query.last))
    )


def _sorted(records: Iterable[RecordSummary], query: Query) -> list[RecordSummary]:
    """By what is asked; what is equal stays newest first, and records without a day come last."""
    if query.sort == "company":
        return sorted(records, key=lambda one: company_of(one) or "\uffff", reverse=query.backwards)
    if query.sort == "pairs":
        return sorted(records, key=lambda one: one.pairs, reverse=not query.backwards)
    if query.sort == "file":
        return sorted(records, key=lambda one: one.source_file, reverse=query.backwards)
    dated = [one for one in records if one.published_on]
    undated = [one for one in records if not one.published_on]
    return [*(reversed(dated) if query.backwards else dated), *undated]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
