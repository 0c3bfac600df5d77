"""Three questions of different kinds to begin with, made from what a library holds, each tried before it is shown."""

from __future__ import annotations

import logging
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from ingest.errors import JupiluError
from rag.asking.company_aliases import english_codes
from ui.web.panels.filters import spelled
from ui.web.wording import Language, say

if TYPE_CHECKING:
    from ingest.library.library import Library, RecordSummary

SHORT_QUESTION = 46
MOST_TRIED = 5
"""Candidates of one kind that are asked before that kind is given up."""
LEAST_QUESTIONS = 3
"""Of a company about a topic, before it is asked how the topic has changed."""
NEWEST = 5000  # records that are looked at: enough for every kind, and soon read in the largest library
# What investors ask all companies about: as it stands in their questions, and its English name.
TOPICS: Final = (
    ("毛利率", "gross margin"),
    ("产能", "capacity"),
    ("海外", "overseas business"),
    ("订单", "orders"),
)
# Of a question that is written to somebody rather than about something, or about what no record tells.
ADDRESSES: Final = re.compile(r"您好|你好|请问|董秘|贵公?司|我司|您|尊敬|股价")

Candidate = tuple[str, str, str]
"""A company's short name, a question about it, and a word that its answer must hold ("" for any)."""
Answers = Callable[[str, str], bool]


class Suggestions:
    """The questions for each language, made anew when the library has changed; safe between threads."""

    def __init__(self, library: Callable[[], Library], answers: Answers) -> None:
        """
        Args:
            library: gives the open library; raises LibraryMissing.
            answers: whether a question finds an answer in it, in which a word stands.
        """
        self._library = library
        self._answers = answers
        self._tried: dict[tuple[str, Language], list[str]] = {}
        self._trying: set[tuple[str, Language]] = set()
        self._lock = threading.Lock()

    def of(self, language: Language) -> list[str]:
        """The questions that have been tried; until they are, the likeliest of each kind."""
        library = self._library()
        key = (library.snapshot(), language)
        with self._lock:
            if key in self._tried:
                return self._tried[key]
            begins = key not in self._trying
            self._trying.add(key)
        if begins:
            threading.Thread(
                target=self._try, args=(library, key), daemon=True, name=f"suggestions-{language}"
            ).start()
        return self._chosen(library, language, tries=False)

    def _try(self, library: Library, key: tuple[str, Language]) -> None:
        found: list[str] = []
        try:
            found = self._chosen(library, key[1], tries=True)
        except (JupiluError, RuntimeError, OSError) as error:  # the library was closed or changed meanwhile
            logging.getLogger(__name__).warning("no suggestions: %s", error)
        with self._lock:
            self._trying.discard(key)
            self._tried = {known: kept for known, kept in self._tried.items() if known[0] == key[0]}
            self._tried[key] = found

    def _chosen(self, library: Library, language: Language, *, tries: bool) -> list[str]:
        """The first candidate of each kind, of a company that no other kind has."""
        found: list[str] = []
        companies: set[str] = set()
        for kind in kinds(library, language):
            fresh = (one for one in kind if one[0] not in companies)
            for company, question, word in islice(fresh, MOST_TRIED):
                if not tries or self._answers(question, word):
                    companies.add(company)
                    found.append(question)
                    break
        return found


def kinds(library: Library, language: Language) -> list[Iterator[Candidate]]:
    """Candidates of each kind with their companies, the likeliest first: a fact, a change over time, who came."""
    records = library.records()[:NEWEST]
    asked = library.questions(NEWEST)
    return [
        _facts(records, library) if language == "zh" else _topics(language, records, asked, "suggest_fact"),
        _topics(language, records, asked, "suggest_change"),
        _visitors(language, records, library),
    ]


def _facts(records: Sequence[RecordSummary], library: Library) -> Iterator[Candidate]:
    """Of the newest record of each company a question that an investor did ask; first those about a topic."""
    for topics in ([topic for topic, _ in TOPICS], [""]):
        for summary in _newest(records):
            for pair in library.record(summary.id).pairs:
                text = " ".join(pair.question.split())
                is_short = 8 <= len(text) <= SHORT_QUESTION // 2 + 5 and text[-1] in "？?"
                topic = next((one for one in topics if one in text), None)
                if topic is None or not is_short or len(pair.answer) < 40 or ADDRESSES.search(text):
                    continue
                name = summary.short_name or ""
                yield name, text if name in text else f"{name}：{text}", topic
                break


def _topics(
    language: Language, records: Sequence[RecordSummary], asked: Sequence[tuple[str, str]], key: str
) -> Iterator[Candidate]:
    """About a topic that a company's investors ask about most."""
    names = _names(records)
    for chinese, english in TOPICS:
        counts = Counter(code for code, question in asked if chinese in question and code in names)
        for code, count in counts.most_common():
            if count >= LEAST_QUESTIONS:
                topic = chinese if language == "zh" else english
                called = called_in(language, code, names[code])
                yield names[code], say(language, key, company=called, topic=topic), chinese


def _visitors(language: Language, records: Sequence[RecordSummary], library: Library) -> Iterator[Candidate]:
    """Who came to a company whose records name the most institutions."""
    people, names = library.participants([record.id for record in records]), _names(records)
    counts: Counter[str] = Counter()
    for record in records:
        if record.code in names:
            counts[record.code or ""] += len(people.get(record.id, ()))
    for code, count in counts.most_common():
        if count:
            called = called_in(language, code, names[code])
            yield names[code], say(language, "suggest_visitors", company=called), ""


def called_in(language: Language, code: str, name: str) -> str:
    """What a company is called: in English by its English name, else in pinyin, for a question with Chinese
    characters in it is answered in Chinese."""
    if language == "zh":
        return name
    english = next((one for one, own in english_codes().items() if own == code), None)
    return (english or spelled(name)).title()


def _names(records: Sequence[RecordSummary]) -> dict[str, str]:
    """The short name of each company, as its newest record has it."""
    return {r.code: r.short_name for r in reversed(records) if r.code and r.short_name}


def _newest(records: Sequence[RecordSummary]) -> Iterator[RecordSummary]:
    seen: set[str | None] = set()
    for summary in records:  # newest first
        if summary.pairs and summary.code not in seen:
            seen.add(summary.code)
            yield summary
