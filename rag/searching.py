"""A question understood over one library, and the evidence for it: what answers and views stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from ingest.library.filters import Where
from ingest.library.library import Company, Library, RecordSummary
from ingest.settings import Settings
from rag.answers import Outcome
from rag.asking.companies import CompanyNames, aliases_stamp
from rag.asking.edges import fit_name, fit_question
from rag.asking.followup_evidence import Strength, likeliest
from rag.asking.followups import standalone
from rag.asking.history import HistoryItem, turns
from rag.asking.kinds import is_beside
from rag.asking.model_followups import rewritten
from rag.asking.question import Question, understand
from rag.finding.relevance import in_years_asked
from rag.finding.retrieval import TELL_RARITY, Evidence, Found, Retriever
from rag.finding.trained import Trained
from rag.writing.answer_notes import which_company
from rag.writing.model_answer import ModelWriter
from rag.writing.wording import say

# For each company asked about: the parts that searched, and the evidence.
FoundEvidence = list[tuple[Trained, list[Evidence]]]
TrainedFor = Callable[[str | None], Trained]
# Statements looked at for each company, and given by `search`: a topic on which much was said needs more for its newest.
FOUND, GIVEN = 20, 8


class Searching:
    """Reads questions with the names and records of one library, and searches it."""

    def __init__(self, library: Library, settings: Settings, trained: TrainedFor | None = None) -> None:
        """Loads the trained parts; `trained` gives them for a company's code (None: for all companies at once)."""
        self.library = library
        self.settings = settings
        bundled = None if trained else Trained.bundled()
        self._trained: TrainedFor = trained or (lambda code: bundled or Trained.bundled())
        self._retrievers: dict[int, Retriever] = {}
        self._writer: ModelWriter | None = None
        self._snapshot = ""
        self._aliases = 0
        self._names = CompanyNames(())
        self._records: tuple[RecordSummary, ...] = ()
        self._records_of: dict[str | None, list[RecordSummary]] = {}

    def search(
        self, question: str, *, company: str | None = None, as_of: date | str | None = None
    ) -> list[list[Evidence]]:
        """The evidence for a question, best first: one list for each company asked about, else one list."""
        self._refresh()
        asked = self._understood(question, company, as_of)
        return [] if self._declined(asked) else [evidence[:GIVEN] for _, evidence in self._search(asked)]

    def understood(
        self,
        question: str,
        *,
        company: str | None = None,
        as_of: date | str | None = None,
        history: Sequence[HistoryItem] = (),
    ) -> Question:
        """How a question is read, without answering it; the arguments are those of `ask`."""
        self._refresh()
        return self._understood(question, company, as_of, history)

    def _refresh(self) -> None:
        """Read the library's companies and records again when it has changed."""
        snapshot, aliases = self.library.snapshot(), aliases_stamp(self.library.path)
        if (snapshot, aliases) != (self._snapshot, self._aliases):
            self._names = CompanyNames.of(self.library)
            self._records = tuple(self.library.records())
            self._records_of = {}
            for record in self._records:
                self._records_of.setdefault(record.code, []).append(record)
            self._snapshot, self._aliases = snapshot, aliases

    def _understood(
        self,
        question: str,
        company: str | None,
        as_of: date | str | None,
        history: Sequence[HistoryItem] = (),
    ) -> Question:
        return self._understood_and_searched(question, company, as_of, history)[0]

    def _understood_and_searched(
        self,
        question: str,
        company: str | None,
        as_of: date | str | None,
        history: Sequence[HistoryItem] = (),
    ) -> tuple[Question, FoundEvidence | None]:
        """How a question is read, and what was found for it where that decided how a follow-up is read."""
        question, company = fit_question(question), fit_name(company)
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        alone = standalone(question, history, self._names, company)
        known: dict[str, FoundEvidence] = {}
        strength = partial(self._strength, company=company, day=day or alone.as_of, known=known)
        alone = likeliest(alone, strength)
        if self._writer and not alone.sure:
            alone = rewritten(self._writer.source, question, turns(history), alone, self._names)
        asked = replace(self._read(alone.text, company, day or alone.as_of), text=question)
        return asked, known.get(alone.text)

    def _read(self, text: str, company: str | None, day: date | None) -> Question:
        return understand(text, self._names, company=company, as_of=day, newest_of=self._newest)

    def _strength(
        self, text: str, company: str | None, day: date | None, known: dict[str, FoundEvidence]
    ) -> Strength:
        """How well the records answer a text, on average over the companies asked; `known` keeps what was found."""
        asked = self._read(text, company, day)
        if self._declined(asked):
            return Strength(0.0, asked.search_text)
        known[text] = self._search(asked)
        best = [evidence[0] for _, evidence in known[text] if evidence]
        said = " ".join(f"{one.passage.question} {one.passage.text}" for one in best)
        count = max(1, len(asked.companies))
        return Strength(sum(one.score for one in best) / count, asked.search_text, said)

    def _scope(self, asked: Question, published_from: date | None) -> Sequence[RecordSummary]:
        """The records that may be searched: of the companies asked about, published in time; newest first."""
        codes = set() if is_beside(asked) else {company.code for company in asked.companies}
        records: Sequence[RecordSummary] = self._records
        if len(codes) == 1:
            records = self._records_of.get(min(codes, key=str), ())
        elif codes:
            records = [record for record in records if record.code in codes]
        if asked.as_of is None and published_from is None:
            return records
        first, last = published_from or date.min, asked.as_of or date.max
        return [one for one in records if one.published_on and first <= one.published_on <= last]

    def _newest(self, companies: Sequence[Company]) -> date | None:
        """The newest publication of these companies; of all, where none is named."""
        codes = {company.code for company in companies}
        if not codes:
            return days_of(self._records)[1]
        return max(filter(None, (days_of(self._records_of.get(code, ()))[1] for code in codes)), default=None)

    def _declined(self, asked: Question) -> tuple[Outcome, str] | None:
        """Outcome and text for a question that needs no search: out of scope, or about no company we hold."""
        if asked.refused:
            return "out_of_scope", say(asked.language, asked.refused)
        unclear = which_company(asked, self._names)
        return ("company_unknown", unclear) if unclear else None

    def _search(self, asked: Question, published_from: date | None = None) -> FoundEvidence:
        """Evidence for each company asked about (once where none is named), and the parts that found it."""
        found: FoundEvidence = []
        for company in asked.companies or (None,):
            trained, retriever, where = self._searching(asked, company, published_from)
            evidence = retriever.search(asked.search_text, where, k=FOUND, periods=asked.periods)
            found.append((trained, in_years_asked(asked, evidence)))
        return found

    def _candidates(self, asked: Question, company: Company) -> tuple[Trained, list[Found]]:
        """All that a search for one company looks at a second time, and the parts that judge it."""
        trained, retriever, where = self._searching(asked, company)
        return trained, retriever.ranked(
            asked.search_text, where, periods=asked.periods, most_judged=TELL_RARITY
        )

    def _searching(
        self, asked: Question, company: Company | None, published_from: date | None = None
    ) -> tuple[Trained, Retriever, Where]:
        """What searches for one company (for all, where none is given), and where."""
        where = Where(published_from=published_from, published_to=asked.as_of)
        if company and company.code:
            where = replace(where, codes=frozenset([company.code]))
        elif company:
            own = (r.id for r in self._records if not r.code and r.short_name == company.short_name)
            where = replace(where, records=frozenset(own))
        trained = self._trained(company.code if company else None)
        retriever = self._retrievers.setdefault(id(trained), Retriever(self.library, self.settings, trained))
        return trained, retriever, where


def days_of(records: Sequence[RecordSummary]) -> tuple[date | None, date | None]:
    """The first and the last day of publication; the records stand newest first, undated ones at the end."""
    first = next((one.published_on for one in reversed(records) if one.published_on), None)
    return first, records[0].published_on if records else None
