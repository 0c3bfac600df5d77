"""DisclosureQA: a question in, an answer out in which every claim has been proven or is not there."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import takewhile
from pathlib import Path
from types import TracebackType

from ingest.library.library import Library, RecordSummary
from ingest.settings import Settings
from rag.answers import Answer, Claim, Drafted, Outcome, PeriodRead, Provisional, Searched, Step
from rag.asking.edges import fit_name, fit_question
from rag.asking.history import HistoryItem
from rag.asking.kinds import is_beside, kind_of
from rag.asking.question import Question
from rag.finding.closest import closest, with_closest
from rag.finding.newest_first import Placed, placed, with_premise
from rag.finding.relevance import Relevant, relevant
from rag.finding.retrieval import Evidence
from rag.finding.trained import Trained
from rag.models.chosen import open_model
from rag.receipts import Receipts, Replayed, compare
from rag.searching import GIVEN, FoundEvidence, days_of
from rag.searching import TrainedFor as TrainedFor
from rag.views.about_records import Told, about_library, about_record
from rag.views.api import ViewMethods
from rag.views.told_brief import about_one
from rag.views.told_lists import about_list
from rag.views.visitors import about_visitors
from rag.writing.answer_notes import names_of_all, notes
from rag.writing.composing import compose
from rag.writing.model_answer import ModelWriter, prompt_stamp
from rag.writing.quoting import judged
from rag.writing.verbatim_answer import Draft, draft_verbatim
from rag.writing.wording import say

Event = Step | Claim | Provisional | Drafted | Answer


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
        super().__init__(library, settings, trained)
        model = open_model(settings)
        self._writer = ModelWriter(model) if model else None
        self._receipts = Receipts(library.path)
        self._keeps_receipts = keeps_receipts

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

    @property
    def is_model_loading(self) -> bool:
        """Whether what writes has first to be loaded into memory; False where nothing writes, or somebody else's does."""
        return not getattr(self._writer.source, "is_loaded", True) if self._writer else False

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
        asked, already = self._understood_and_searched(question, company, as_of, history)
        yield Step("question", finished("question"))

        scope = self._scope(asked, published_from)
        answer = self._refusal(asked) or self._empty(asked, scope) or self._without_search(asked, scope)
        draft: Draft | None = None
        if answer is None:
            # What chose among a follow-up's readings is not searched for again.
            found = already if already and not published_from else self._search(asked, published_from)
            draft, answer = yield from self._searched(asked, found, scope, published_from, finished)
            if self._writer and answer.outcome == "answered":
                yield Provisional(replace(answer.sealed(self._snapshot), timings_ms=dict(timings)))
                written = yield from self._writer.rewrite(asked, draft, answer, stopped)
                if written.text != answer.text:
                    words = "\n\n".join([written.text, *notes(asked, answer.claims, scope)])
                    written = replace(written, text=words, full_text=words, view=None)
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

    def _searched(
        self,
        asked: Question,
        searched: FoundEvidence,
        scope: Sequence[RecordSummary],
        published_from: date | None,
        finished: Callable[[str], float],
    ) -> Generator[Event, None, tuple[Draft, Answer]]:
        """The verbatim answer from what a search found, step by step; `finished` gives a step's milliseconds."""
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
        if view and claims:
            answer = replace(answer, view=view.layout)
        if answer.outcome == "not_found":
            answer = self._beside(asked, answer, searched)
        return draft, answer

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

    def _refusal(self, asked: Question) -> Answer | None:
        declined = self._declined(asked)
        return self._answer(asked, *declined, ()) if declined else None

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
            told = about_visitors(
                asked, scope, self.library.participants([one.id for one in scope]), self.library.record
            )
        elif kind == "brief":
            told = about_one(asked, scope, self.library)
        elif kind in ("list", "count"):
            told = about_list(asked, scope, self.library, self._names)
        if told is None:
            return None
        return replace(self._answer(asked, told.outcome, told.text, scope, told.claims), view=told.view)

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
            first, last = days_of(scope)
            unknown = say(asked.language, "unknown_date")
            text = say(
                asked.language,
                "not_found",
                scope=names_of_all(asked.companies) or say(asked.language, "all_companies"),
                records=len(scope),
                first=first or unknown,
                last=last or unknown,
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
        first, last = days_of(scope)
        undated = 0
        if asked.as_of is not None:
            everything = self._scope(replace(asked, as_of=None), None)
            undated = sum(1 for _ in takewhile(lambda one: one.published_on is None, reversed(everything)))
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
            newest_record=last,
            searched=Searched(len(scope), first, last),
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
