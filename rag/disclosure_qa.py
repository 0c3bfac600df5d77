"""DisclosureQA: a question in, an answer out in which every claim has been proven or is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType

from ingest.library.filters import Where
from ingest.library.library import Company, Library, RecordSummary
from ingest.settings import Settings
from rag.answers import Answer, Claim, Drafted, Outcome, PeriodRead, Provisional, Searched, Step
from rag.asking.companies import CompanyNames, aliases_stamp
from rag.asking.edges import fit_name, fit_question
from rag.asking.followup_evidence import Strength, likeliest
from rag.asking.followups import standalone
from rag.asking.history import HistoryItem, turns
from rag.asking.kinds import is_beside, kind_of
from rag.asking.model_followups import rewritten
from rag.asking.question import Question, newest, understand
from rag.finding.closest import closest, with_closest
from rag.finding.newest_first import Placed, placed, with_premise
from rag.finding.relevance import Relevant, in_years_asked, relevant
from rag.finding.retrieval import TELL_RARITY, Evidence, Found, Retriever
from rag.finding.trained import Trained
from rag.models.chosen import open_model
from rag.receipts import Receipts, Replayed, compare
from rag.views.about_records import Told, about_library, about_record
from rag.views.api import ViewMethods
from rag.views.asking import Views
from rag.views.quotes import judged
from rag.views.told_brief import about_one
from rag.views.told_lists import about_list
from rag.views.visitors import about_visitors
from rag.writing.answer_notes import names_of_all, notes, which_company
from rag.writing.composing import compose
from rag.writing.model_answer import ModelWriter, prompt_stamp
from rag.writing.verbatim_answer import Draft, draft_verbatim
from rag.writing.wording import say

Event = Step | Claim | Provisional | Drafted | Answer
TrainedFor = Callable[[str | None], Trained]
# Statements looked at for each company, and given by `search`: a topic on which much was said needs more for its newest.
FOUND, GIVEN = 20, 8


class DisclosureQA(ViewMethods):
    """Answers questions about what companies have officially said, over one library.

    >>> qa = DisclosureQA.open("library")
    >>> answer = qa.ask("境外业务毛利率为什么更高？", company="688787", as_of="2025-06-30")
    >>> answer.claims[0].citations[0].quote
    """

    def __init__(
        self,
        library: Library,
        settings: Settings,
        *,
        keeps_receipts: bool = True,
        trained: TrainedFor | None = None,
    ) -> None:
        """Loads the trained parts.

        Args:
            library: to answer from.
            settings: which models are used.
            keeps_receipts: False for an evaluation: it writes nothing into the library it measures.
            trained: gives the trained parts for a company's code (None: for all companies at once); those that come with
                the program where absent. An evaluation gives each company parts that have not seen it.
        """
        self.library = library
        self.settings = settings
        bundled = None if trained else Trained.bundled()
        self._trained: TrainedFor = trained or (lambda code: bundled or Trained.bundled())
        self._retrievers: dict[int, Retriever] = {}
        model = open_model(settings)
        self._writer = ModelWriter(model) if model else None
        self._receipts = Receipts(library.path)
        self._keeps_receipts = keeps_receipts
        self._views = Views(self._candidates, lambda asked: self._scope(asked, None), library.record)
        self._snapshot = ""
        self._aliases = 0
        self._names = CompanyNames(())
        self._records: tuple[RecordSummary, ...] = ()

    @classmethod
    def open(cls, path: Path | str | None = None, settings: Settings | None = None) -> DisclosureQA:
        """Open the library at `path` ($JUPILU_LIBRARY, else the user data dir).

        Raises:
            LibraryMissing: there is none; the message names the command that makes one.
            EmbeddingMismatch: it was embedded with another model than the settings ask for.
        """
        settings = settings or Settings()
        return cls(Library.open(Path(path) if path else settings.library, settings), settings)

    def __enter__(self) -> DisclosureQA:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def writes(self) -> str:
        """What writes the answers: a model's name, or none."""
        return self._writer.name if self._writer else "none"

    def close(self) -> None:
        """Let go of the library and of the model."""
        if self._writer:
            self._writer.source.close()
        self.library.close()

    def ask(
        self,
        question: str,
        *,
        company: str | None = None,
        as_of: date | str | None = None,
        published_from: date | None = None,
        history: Sequence[HistoryItem] = (),
    ) -> Answer:
        """Answer one question.

        Args:
            question: in Chinese (simplified or traditional) or English.
            company: code, short name, full name or alias, for a question that names none; a company that the
                question itself asks wins over it, and the answer says so.
            as_of: only records published on or before this day (a date or YYYY-MM-DD) are used.
            published_from: only records published on or after this day are used.
            history: earlier turns, oldest first: a follow-up is made standalone from them. Each is a question, a
                (question, answer) pair, a {"role", "content"} or LangChain message, or a Turn.

        Raises:
            ValueError: `as_of` is no date.
            QuestionTooLong: question or company are longer than anybody asks.
        """
        for event in self.stream(
            question, company=company, as_of=as_of, published_from=published_from, history=history
        ):
            if isinstance(event, Answer):
                return event
        raise AssertionError("stream ends with an answer")

    def stream(
        self,
        question: str,
        *,
        company: str | None = None,
        as_of: date | str | None = None,
        published_from: date | None = None,
        history: Sequence[HistoryItem] = (),
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        """The same as `ask`, as it happens: finished steps, judged claims, and at last the Answer.

        Where a model writes, the verbatim answer comes first, as Provisional, and then what the model
        drafts, sentence by sentence as the gate judged it. `stopped` is asked all the while that a
        model writes: once it says True the model is let go, and the Answer is the verbatim one.
        """
        timings: dict[str, float] = {}
        started = time.perf_counter()

        def finished(name: str) -> float:
            nonlocal started
            now = time.perf_counter()
            timings[name] = round((now - started) * 1000, 2)
            started = now
            return timings[name]

        question, company = fit_question(question), fit_name(company)
        self._refresh()
        asked = self._understood(question, company, as_of, history)
        yield Step("question", finished("question"))

        scope = self._scope(asked, published_from)
        answer = self._refusal(asked) or self._empty(asked, scope) or self._without_search(asked, scope)
        draft: Draft | None = None
        if answer is None:
            searched = self._search(asked, published_from)
            found = [
                (trained, relevant(asked, evidence, trained, self.library.record))
                for trained, evidence in searched
            ]
            yield Step("retrieval", finished("retrieval"))
            ordered = [
                (trained, self._ordered(asked, group, evidence))
                for (trained, group), (_, evidence) in zip(found, searched, strict=True)
            ]
            draft = draft_verbatim(asked, ordered, self.library.record)
            yield Step("writing", finished("writing"))
            view = None if published_from else self._views.answering(asked, draft)
            draft = view.draft if view else draft
            claims = view.claims if view else tuple(judged_claims(draft))
            yield from claims
            yield Step("grounding", finished("grounding"))
            answer = self._told(asked, draft, claims, scope, view.text if view else "")
            if answer.outcome == "not_found":
                answer = self._beside(asked, answer, searched)
            if self._writer and answer.outcome == "answered":
                yield Provisional(replace(answer.sealed(self._snapshot), timings_ms=dict(timings)))
                written = yield from self._writer.rewrite(asked, draft, answer, stopped)
                if written.text != answer.text:
                    words = "\n\n".join([written.text, *notes(asked, answer.claims, scope)])
                    written = replace(written, text=words, full_text=words)
                answer = written
                finished("model")
        elif answer.outcome == "not_found" and kind_of(asked) in ("list", "count") and not is_beside(asked):
            answer = self._beside(asked, answer, self._search(asked, published_from))
        answer = replace(answer.sealed(self._snapshot), timings_ms=timings)
        given = {"company": company, "as_of": asked.as_of, "published_from": published_from}
        prompt = prompt_stamp(asked) if answer.model != "none" else None
        if self._keeps_receipts:
            self._receipts.keep(answer, self._snapshot, draft, prompt, given)
        yield answer

    def replay(self, receipt_id: str) -> Replayed:
        """What has changed since an answer was given: its evidence, its verdicts, the answer itself.

        No model is called: a written answer's sentences are judged again, a verbatim one is made again.

        Raises:
            ReceiptUnknown: there is no such receipt.
        """
        receipt = self._receipts.get(receipt_id)
        self._refresh()
        question, given = receipt.answer["standalone_question"], receipt.asked
        verbatim = DisclosureQA(
            self.library, self.settings.model_copy(update={"model": "none"}), trained=self._trained
        )
        answer = verbatim.ask(question, **given)
        prompt = prompt_stamp(self._understood(question, None, None)) if receipt.prompt else None
        return compare(receipt, self.library, answer, self._snapshot, prompt)

    def search(
        self, question: str, *, company: str | None = None, as_of: date | str | None = None
    ) -> list[list[Evidence]]:
        """The evidence for a question, best first: one list for each company asked about, else one list."""
        self._refresh()
        asked = self._understood(question, company, as_of)
        return [] if self._refusal(asked) else [evidence[:GIVEN] for _, evidence in self._search(asked)]

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
            self._snapshot, self._aliases = snapshot, aliases

    def _understood(
        self,
        question: str,
        company: str | None,
        as_of: date | str | None,
        history: Sequence[HistoryItem] = (),
    ) -> Question:
        question, company = fit_question(question), fit_name(company)
        day = date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
        alone = standalone(question, history, self._names, company)
        alone = likeliest(alone, partial(self._strength, company=company, day=day or alone.as_of))
        if self._writer and not alone.sure:
            alone = rewritten(self._writer.source, question, turns(history), alone, self._names)
        return replace(self._read(alone.text, company, day or alone.as_of), text=question)

    def _read(self, text: str, company: str | None, day: date | None) -> Question:
        return understand(
            text, self._names, company=company, as_of=day, newest_of=partial(newest, self._records)
        )

    def _strength(self, text: str, company: str | None, day: date | None) -> Strength:
        """How well the records answer a text, on average over the companies asked."""
        asked = self._read(text, company, day)
        if self._refusal(asked):
            return Strength(0.0, asked.search_text)
        best = [evidence[0] for _, evidence in self._search(asked) if evidence]
        said = " ".join(f"{one.passage.question} {one.passage.text}" for one in best)
        count = max(1, len(asked.companies))
        return Strength(sum(one.score for one in best) / count, asked.search_text, said)

    def _scope(self, asked: Question, published_from: date | None) -> list[RecordSummary]:
        """The records that may be searched: of the companies asked about, published in time."""
        codes = set() if is_beside(asked) else {company.code for company in asked.companies}
        return [
            record
            for record in self._records
            if (not codes or record.code in codes)
            and (
                asked.as_of is None
                or (record.published_on is not None and record.published_on <= asked.as_of)
            )
            and (
                published_from is None
                or (record.published_on is not None and record.published_on >= published_from)
            )
        ]

    def _refusal(self, asked: Question) -> Answer | None:
        """The answer to a question that needs no search: out of scope, or about no company we hold."""
        if asked.refused:
            return self._answer(asked, "out_of_scope", say(asked.language, asked.refused), ())
        unclear = which_company(asked, self._names)
        return self._answer(asked, "company_unknown", unclear, ()) if unclear else None

    def _empty(self, asked: Question, scope: Sequence[RecordSummary]) -> Answer | None:
        if scope:
            return None
        until = say(asked.language, "until", date=asked.as_of) if asked.as_of else ""
        name = names_of_all(asked.companies) or say(asked.language, "all_companies")
        return self._answer(
            asked, "not_found", say(asked.language, "nothing_searched", scope=name, until=until), ()
        )

    def _without_search(self, asked: Question, scope: Sequence[RecordSummary]) -> Answer | None:
        """The answer to a question about the library itself, one record's form, or who came."""
        kind = kind_of(asked)
        told: Told | None = None
        if kind == "library":
            told = about_library(asked, scope)
        elif kind == "record":
            told = about_record(asked, scope, self.library.record)
        elif kind == "visitors":
            told = about_visitors(asked, scope, self.library.participants(), self.library.record)
        elif kind == "brief":
            told = about_one(asked, scope, self.library)
        elif kind in ("list", "count"):
            told = about_list(asked, scope, self.library, self._names)
        return self._answer(asked, told.outcome, told.text, scope, told.claims) if told else None

    def _search(
        self, asked: Question, published_from: date | None = None
    ) -> list[tuple[Trained, list[Evidence]]]:
        """Evidence for each company asked about (once where none is named), and the parts that found it."""
        found: list[tuple[Trained, list[Evidence]]] = []
        for company in asked.companies or (None,):
            trained, retriever, where = self._searching(asked, company, published_from)
            evidence = retriever.search(asked.search_text, where, k=FOUND, periods=asked.periods)
            found.append((trained, in_years_asked(asked, evidence)))
        return found

    def _ordered(
        self, asked: Question, group: Sequence[Relevant], evidence: Sequence[Evidence]
    ) -> list[Placed]:
        """What is shown of one company, in order: what contradicts the question's premise, then the newest first."""
        shown = placed(asked, group, evidence, self.library.record)
        if len(asked.companies) != 1 or kind_of(asked) != "fact":
            return shown
        company = asked.companies[0]
        names = [name for name in (company.short_name, company.company) if name]
        return with_premise(asked, shown, evidence[:GIVEN], names)

    def _beside(
        self, asked: Question, answer: Answer, searched: Sequence[tuple[Trained, list[Evidence]]]
    ) -> Answer:
        """The answer with what is nearest under it."""
        answer = replace(answer, closest=closest(asked, searched, self.library.record))
        return replace(answer, text=with_closest(asked, answer))

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

    def _told(
        self,
        asked: Question,
        draft: Draft,
        claims: tuple[Claim, ...],
        scope: Sequence[RecordSummary],
        viewed: str = "",
    ) -> Answer:
        """The answer from the claims that stand; when none does, nothing was found."""
        if not claims:
            days = [record.published_on for record in scope if record.published_on]
            unknown = say(asked.language, "unknown_date")
            text = say(
                asked.language,
                "not_found",
                scope=names_of_all(asked.companies) or say(asked.language, "all_companies"),
                records=len(scope),
                first=min(days, default=unknown),
                last=max(days, default=unknown),
            )
            return self._answer(asked, "not_found", "\n\n".join([text, *notes(asked, (), scope)]), scope)
        said = notes(asked, claims, scope)
        answer = self._answer(
            asked, draft.outcome, "\n\n".join([viewed or compose(asked, draft, claims), *said]), scope, claims
        )
        everything = "\n\n".join([viewed or compose(asked, draft, claims, everything=True), *said])
        return replace(answer, full_text=everything)

    def _answer(
        self,
        asked: Question,
        outcome: Outcome,
        text: str,
        scope: Sequence[RecordSummary],
        claims: tuple[Claim, ...] = (),
    ) -> Answer:
        days = [record.published_on for record in scope if record.published_on]
        undated = 0
        if asked.as_of is not None:
            undated = sum(
                record.published_on is None for record in self._scope(replace(asked, as_of=None), None)
            )
        notice = (
            say(asked.language, "undated_left_out", records=undated, date=asked.as_of) if undated else None
        )
        return Answer(
            notice=notice,
            question=asked.text,
            standalone_question=asked.standalone,
            outcome=outcome,
            text=text,
            as_of=asked.as_of,
            newest_record=max(days, default=None),
            searched=Searched(len(scope), min(days, default=None), max(days, default=None)),
            claims=claims,
            periods=tuple(PeriodRead(p.first, p.last, p.text) for p in asked.periods),
        )


def judged_claims(draft: Draft) -> Iterator[Claim]:
    """Each drafted claim with the gate's verdict; what the gate doesn't support is left out."""
    for section in draft.sections:
        for claim in judged(section.citations, section.record.text):
            citation = claim.citations[0]
            yield replace(
                claim, folded=not section.leads(citation), superseded_by=section.superseded_by(citation)
            )
