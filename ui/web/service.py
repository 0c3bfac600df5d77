"""What the page can do, without a word about how it looks: ask, show, ingest, remove, remember.

One DisclosureQA serves all users; conversations are kept apart by the user's name.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.errors import LibraryMissing
from ingest.records import Box, Record, Span
from ingest.settings import Settings
from ui.web.models import Models
from ui.web.panels.filters import Choice, choice_of
from ui.web.panels.markup import shortened
from ui.web.suggestions import SHORT_QUESTION, Suggestions
from ui.web.wording import Language

if TYPE_CHECKING:
    from ingest.library.library import Company, Library, RecordSummary
    from rag.asking.history import HistoryItem
    from rag.conversations import Conversations
    from rag.disclosure_qa import DisclosureQA, Event, TrainedFor

PICTURE_SCALE = 1.6
"""Pixels a point of a page's picture: sharp at the panel's width, light to send."""
SHARP_SCALE = 3.2
"""The same for a page that a visitor has enlarged."""
MARGIN = 70.0
"""Points of the page shown above and below a quote."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the user chose beside the question."""

    company: str | None = None
    as_of: date | None = None
    published_from: date | None = None
    model: str | None = None


class Service:
    """The one door between the page and the library; safe to call from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.RLock()
        self._qa: DisclosureQA | None = None
        self._writing: dict[str, DisclosureQA] = {}
        self.models = Models(settings, self._is_loading)
        self._trial: DisclosureQA | None = None
        self._trained: TrainedFor | None = None  # shared by both: a hundred megabytes
        self._conversations: Conversations | None = None
        self._drawing = threading.Lock()
        self._suggestions = Suggestions(self.library, self._finds)
        self._picture = lru_cache(maxsize=64)(self._draw)
        self._boxes = lru_cache(maxsize=256)(self._find_boxes)

    # ---------------------------------------------------------------- opening

    def qa(self) -> DisclosureQA:
        """The opened library, with everything that answers in the company's own words. Raises LibraryMissing."""
        with self._lock:
            if self._qa is None:
                from ingest.library.library import Library
                from rag.disclosure_qa import DisclosureQA
                from rag.finding.trained import Trained

                library = Library.open(self.settings.library, self.settings)
                parts = Trained.bundled()
                self._trained = lambda _: parts
                verbatim = self.settings.model_copy(update={"model": "none"})
                self._qa = DisclosureQA(library, verbatim, trained=self._trained)
            return self._qa

    def _written_by(self, model: str) -> DisclosureQA:
        """The same library, its answers written by a model. Raises LibraryMissing."""
        with self._lock:
            verbatim = self.qa()
            if model == "none":
                return verbatim
            if model not in self._writing:
                from rag.disclosure_qa import DisclosureQA

                settings = self.settings.model_copy(update={"model": model})
                self._writing[model] = DisclosureQA(verbatim.library, settings, trained=self._trained)
            return self._writing[model]

    def answering(self) -> DisclosureQA:
        """What answers where nothing was chosen. Raises LibraryMissing."""
        return self._written_by(self.models.chosen(None))

    def measuring(self) -> DisclosureQA:
        """One that answers verbatim and leaves no trace, for an evaluation. Raises LibraryMissing."""
        from rag.disclosure_qa import DisclosureQA

        verbatim = self.qa()
        return DisclosureQA(verbatim.library, verbatim.settings, keeps_receipts=False, trained=self._trained)

    def _is_loading(self, model: str) -> bool:
        return model in self._writing and self._writing[model].is_model_loading

    def library(self) -> Library:
        """The opened library. Raises LibraryMissing."""
        return self.qa().library

    def is_ready(self) -> bool:
        """Whether there is a library; conversations are kept beside one, and none is made just by looking."""
        try:
            self.library()
        except LibraryMissing:
            return False
        return True

    def conversations(self) -> Conversations:
        """All users' conversations, kept beside the library."""
        with self._lock:
            if self._conversations is None:
                from rag.conversations import FILE_NAME, Conversations

                self._conversations = Conversations(self.settings.library / FILE_NAME)
            return self._conversations

    def warm(self) -> None:
        """Load everything, and make the questions that the page offers."""
        if self.load():
            for language in ("zh", "en"):
                self.examples(language)

    def load(self) -> bool:
        """Open everything and load the embedding model, so that the first question doesn't pay for it.

        Gives whether there are records to ask.
        """
        try:
            library = self.library()
        except LibraryMissing:
            return False
        if not library.records():
            return False
        from rag.answers import Provisional

        for event in self.stream("公司主要产品是什么？", Choices(), ()):
            if isinstance(event, Provisional):  # nobody reads what a model would write now
                break
        return True

    def close(self) -> None:
        """Let go of the library."""
        with self._lock:
            if self._qa is not None:
                for one in (*self._writing.values(), self._qa):
                    one.close()
                self._qa = self._trial = None
                self._writing = {}

    # ----------------------------------------------------------------- asking

    def stream(
        self,
        question: str,
        choices: Choices,
        history: Sequence[HistoryItem],
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        """The events of an answer: steps, claims, at last the Answer; `stopped` lets a model go."""
        model = self.models.chosen(choices.model)
        events = self._written_by(model).stream(
            question,
            company=choices.company,
            as_of=choices.as_of,
            published_from=choices.published_from,
            history=history,
            stopped=stopped,
        )
        return self._watched(model, events)

    def _watched(self, model: str, events: Iterator[Event]) -> Iterator[Event]:
        """The events as they come; how long the model takes is noted."""
        from rag.answers import Answer, Provisional

        began: float | None = None
        wrote = False
        try:
            for event in events:
                if isinstance(event, Provisional):
                    began = time.monotonic()
                    self.models.begins(model)
                wrote = wrote or (isinstance(event, Answer) and event.model != "none")
                yield event
        finally:
            if began is not None:
                self.models.ended(model, time.monotonic() - began, wrote=wrote)

    # ---------------------------------------------------------------- looking

    def records(self) -> list[RecordSummary]:
        """All records; none where there is no library yet."""
        try:
            return self.library().records()
        except LibraryMissing:
            return []

    def companies(self) -> list[Company]:
        """All companies; none where there is no library yet."""
        try:
            return self.library().companies()
        except LibraryMissing:
            return []

    def filter_choices(self) -> tuple[list[Choice], list[int]]:
        """The companies to choose from, and the years in which records were published, newest first."""
        years = {record.published_on.year for record in self.records() if record.published_on}
        return [choice_of(company) for company in self.companies()], sorted(years, reverse=True)

    def record(self, record_id: str) -> Record:
        """One record. Raises RecordUnknown, also where there is no library."""
        return self.library().record(record_id)

    def original(self, record_id: str) -> tuple[Record, bytes]:
        """A record with the bytes that its company published."""
        record = self.record(record_id)
        return record, self.library().original(record.id)

    def page_picture(
        self, record_id: str, page: int, spans: tuple[Span, ...], *, around: bool, sharp: bool = False
    ) -> bytes:
        """A page of a PDF as PNG, the spans highlighted.

        Args:
            record_id: of a PDF record.
            page: counts from 1.
            spans: of the record's text.
            around: only the part of the page around the highlights.
            sharp: for a page that is looked at enlarged.

        Raises:
            RecordUnknown: no such record.
            SourceError: no such page, or no PDF.
        """
        return self._picture(self.record(record_id).id, page, spans, around, sharp)

    def boxes(self, record_id: str, spans: tuple[Span, ...]) -> tuple[tuple[Box, ...], ...]:
        """Where each of some spans of a record is printed, a box a line; nowhere in what is no PDF.

        Raises:
            RecordUnknown: no such record.
        """
        record = self.record(record_id)
        return self._boxes(record.id, spans) if record.format == "pdf" and spans else ()

    def examples(self, language: Language) -> list[str]:
        """Questions of different kinds that this library answers; none where there is no library."""
        try:
            return self._suggestions.of(language)
        except LibraryMissing:
            return []

    def _finds(self, question: str, word: str) -> bool:
        """Whether a question finds an answer with a word in it, without a model and without leaving a trace."""
        from rag.disclosure_qa import DisclosureQA

        with self._lock:
            if self._trial is None:
                verbatim, library = self.settings.model_copy(update={"model": "none"}), self.library()
                self._trial = DisclosureQA(library, verbatim, keeps_receipts=False, trained=self._trained)
        answer = self._trial.ask(question)
        return answer.outcome == "answered" and word in answer.text

    def candidates(self, answer: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Code and name of the companies that an unclear question may mean, as its answer names them."""
        if answer["outcome"] != "company_unknown":
            return []
        named = re.findall(r"[（(](\d{6})[）)]", str(answer["text"]))
        known = {company.code: company.short_name or company.company for company in self.companies()}
        return [(code, known[code] or code) for code in dict.fromkeys(named) if code in known]

    def related(self, answer: Mapping[str, Any], company: str | None = None, most: int = 3) -> list[str]:
        """Questions to go on with: those asked next to the ones cited, or where nothing was found, near ones.

        Args:
            answer: as JSON.
            company: that the user had chosen beside the question.
            most: so many at most.
        """
        if answer["outcome"] == "not_found" and answer["searched"]["records"]:
            return self._near(answer, company, most)
        citations = [c for claim in answer.get("claims", ()) for c in claim["citations"]]
        cited = {(c["record_id"], c["pair"]) for c in citations}
        found: list[str] = []
        for record_id in dict.fromkeys(c["record_id"] for c in citations):
            name = next((c["short_name"] for c in citations if c["record_id"] == record_id), None)
            near = min((pair for known, pair in cited if known == record_id), default=0)
            seen = {pair for known, pair in cited if known == record_id}
            found += [_of(name, asked) for asked in self._questions(record_id, without=seen, near=near)]
        return list(dict.fromkeys(found))[:most]

    def _near(self, answer: Mapping[str, Any], company: str | None, most: int) -> list[str]:
        """What investors did ask that comes nearest to a question without an answer."""
        groups = self.qa().search(answer["standalone_question"], company=company, as_of=answer.get("as_of"))
        best = sorted((e for group in groups for e in group), key=lambda evidence: -evidence.score)
        found = [
            _of(evidence.passage.short_name, shortened(evidence.passage.question, 400))
            for evidence in best
            if 6 <= len(evidence.passage.question) <= 2 * SHORT_QUESTION
        ]
        return list(dict.fromkeys(found))[:most]

    def _questions(
        self, record_id: str, without: frozenset[int] | set[int] = frozenset(), near: int = 0
    ) -> Iterator[str]:
        """A record's questions that are short enough to click, nearest to the pair `near` first."""
        from ingest.errors import RecordUnknown

        try:
            pairs = self.record(record_id).pairs
        except RecordUnknown:
            return
        for pair in sorted(pairs, key=lambda pair: (abs(pair.number - near), pair.number)):
            text = shortened(pair.question, 400)
            if pair.number not in without and 8 <= len(text) <= SHORT_QUESTION and text[-1] in "？?":
                yield text

    # --------------------------------------------------------------- changing

    def ingest(self, paths: Sequence[Path], progress: Callable[[Any], None] | None = None) -> Any:
        """Read source files into the library, which is made if missing; gives the IngestReport."""
        from ingest.pipeline.ingesting import ingest

        return ingest(list(paths), self.settings.library, self.settings, progress=progress)

    def remove(self, record_ids: Sequence[str]) -> list[str]:
        """Take records out of the library; gives the ids of all that went."""
        removed: list[str] = list(self.library().remove(record_ids))
        self._picture.cache_clear()
        self._boxes.cache_clear()
        return removed

    # --------------------------------------------------------------- pictures

    def _find_boxes(self, record_id: str, spans: tuple[Span, ...]) -> tuple[tuple[Box, ...], ...]:
        from ingest.readers.pdf import boxes

        _, data = self.original(record_id)
        return tuple(map(tuple, boxes(data, spans)))

    def _draw(self, record_id: str, page: int, spans: tuple[Span, ...], around: bool, sharp: bool) -> bytes:
        from PIL import Image

        from ingest.library.drawing import page_png
        from ui.web.pictures import highlighted

        _, data = self.original(record_id)
        with self._drawing:  # one worker at a time: many pages at once are asked for by one answer
            png, scale = page_png(data, page, SHARP_SCALE if sharp else PICTURE_SCALE, self.settings)
        picture = Image.open(io.BytesIO(png))
        groups = self._boxes(record_id, spans) if spans else ()
        found = [box for group in groups for box in group if box.page == page]
        return highlighted(picture, found, scale, margin=MARGIN if around else None)


def _of(name: str | None, question: str) -> str:
    """A question that names its company."""
    return question if not name or name in question else f"{name}：{question}"


def examples_folder() -> Path | None:
    """Where the records of fictional companies are that come with the project, if they do."""
    folder = Path(__file__).resolve().parents[2] / "examples" / "records"
    return folder if folder.is_dir() else None
