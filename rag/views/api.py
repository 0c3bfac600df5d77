"""The views as methods of `DisclosureQA`: find, brief, news, track, compare and draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from ingest.errors import CompanyUnknown, RecordUnknown
from ingest.library.library import Company, Library, RecordSummary
from ingest.settings import Settings
from rag.answers import Searched
from rag.asking.companies import company_label
from rag.searching import Searching, TrainedFor
from rag.views.asking import Views, of_companies, one_company
from rag.views.brief import Brief, brief_of, latest_of, record_meant
from rag.views.comparison import Comparison
from rag.views.draft import HeldDraft, hold
from rag.views.listing import Filters, Listing, Sort, find
from rag.views.looks import Looks, read_looks, watch, write_looks
from rag.views.news import NewsReport, gathered
from rag.views.passages import PARTS, Part
from rag.views.timeline import Timeline
from rag.views.words import words_of
from rag.writing.answer_notes import which_company
from rag.writing.wording import say


class ViewMethods(Searching):
    """Every place of some words, one record in brief, what came in, a topic over time, companies side by side, a draft held against all."""

    def __init__(self, library: Library, settings: Settings, trained: TrainedFor | None = None) -> None:
        super().__init__(library, settings, trained)
        self._views = Views(self._candidates, lambda asked: self._scope(asked, None), library.record)

    def find(
        self,
        words: str,
        *,
        company: str | Sequence[str] = (),
        institution: str = "",
        host: str = "",
        category: str = "",
        published_from: date | None = None,
        published_to: date | None = None,
        kinds: Sequence[Part] = PARTS,
        sort: Sort = "date",
        any_word: bool = False,
    ) -> Listing:
        """Every passage that holds the words, counted; nothing is cut off.

        Args:
            words: parted by spaces or commas; what stands in quotation marks is one phrase. All of them must stand in
                the same question and answer, statement or form.
            company: codes or names; records of these alone.
            institution: a word in the name of an institution (or of a person it sent) that took part.
            host: a word in the name or office of one who spoke for the company.
            category: a word in a category of the activity, such as 业绩说明会.
            published_from: the first day of publication.
            published_to: the last one. Hits without a day are then told apart, in `Listing.undated`.
            kinds: which passages: `pair`, `statement`, `form`.
            sort: `date` (newest first) or `company`.
            any_word: one of the words is enough.

        Raises:
            CompanyUnknown: a company is not in the library, or its name may mean several.
            ValueError: there is no word.
        """
        self._refresh()
        companies = [self.company(name) for name in ([company] if isinstance(company, str) else company)]
        filters = Filters(
            codes=frozenset(one.code for one in companies if one.code),
            names=frozenset(one.short_name for one in companies if not one.code and one.short_name),
            institution=institution,
            host=host,
            category=category,
            first=published_from,
            last=published_to,
            parts=tuple(kinds),
        )
        return find(
            self.library, words_of(words), filters, sort=sort, any_word=any_word, records=self._records
        )

    def brief(self, record: str | None = None, *, latest: str | None = None) -> Brief:
        """One record in brief: its form, each question with the sentence that answers it, what is new.

        Args:
            record: its id, its file name, or a part of either that fits no other record.
            latest: a company instead: its newest record.

        Raises:
            RecordUnknown: no record is meant, or several may be.
            CompanyUnknown: the company is not in the library, or its name may mean several.
            ValueError: not exactly one of both is given.
        """
        if (record is None) == (latest is None):
            raise ValueError("name a record, or a company for its latest")
        self._refresh()
        if latest is not None:
            company = self.company(latest)
            found = latest_of([one for one in self._records if _is_of(one, company)])
            if found is None:
                raise RecordUnknown(f"there is no record of {company_label(company)} with text")
        else:
            found = record_meant(record or "", self._records)
        return brief_of(self.library, found, self._records)

    def news(self, since: date | None = None, *, company: str | Sequence[str] = ()) -> NewsReport:
        """What came into the library: records, questions never asked before, changed statements, first visits.

        Args:
            since: the first day of publication; what came in since the last look, whenever it was published, where absent.
            company: codes or names; those that are watched where none is given, and all where none is watched.

        Raises:
            CompanyUnknown: a company is not in the library, or its name may mean several.
        """
        self._refresh()
        looks = read_looks(self.library.path)
        named = [self.company(name) for name in ([company] if isinstance(company, str) else company)]
        watched = () if named else looks.watched
        chosen = [
            one
            for one in self._records
            if (any(_is_of(one, each) for each in named) if named else not watched or one.code in watched)
        ]
        return gathered(self.library, chosen, since, looks, watched)

    def looked(self, report: NewsReport) -> None:
        """Remember a report as the last look at its companies: what it has seen is no news any more.

        Raises:
            LibraryError: the library's folder can't be written.
        """
        looks = read_looks(self.library.path)
        there = {one.id for one in self._records}
        seen = (looks.seen & there) | report.looked
        write_looks(self.library.path, Looks(datetime.now(UTC), seen, looks.watched))

    def watch(self, add: Sequence[str] = (), drop: Sequence[str] = ()) -> tuple[str, ...]:
        """Watch some more companies and some no longer, each by code or name. Gives the codes that are watched.

        Raises:
            CompanyUnknown: a company is not in the library, or its name may mean several.
            LibraryError: the library's folder can't be written.
        """
        self._refresh()
        codes = [[self.company(name).code or name for name in names] for names in (add, drop)]
        return watch(self.library.path, *codes)

    def track(self, topic: str, *, company: str | None = None, as_of: date | str | None = None) -> Timeline:
        """What one company said on a topic over time, newest first; the arguments are those of `ask`.

        Raises:
            CompanyUnknown: no company of the library is meant, or several.
        """
        self._refresh()
        return self._views.track(one_company(self._understood(topic, company, as_of), self._names), topic)

    def compare(
        self, topic: str, *, companies: Sequence[str] = (), as_of: date | str | None = None
    ) -> Comparison:
        """What at least two companies said on a topic, side by side; each is a code or name, or stands in the topic.

        Raises:
            CompanyUnknown: a name means no company of the library or several, or fewer than two are named.
        """
        self._refresh()
        each = [one_company(self._understood(topic, name, as_of), self._names) for name in companies]
        asked = of_companies(self._understood(topic, None, as_of), each)
        return self._views.compare(asked, topic)

    def draft(self, text: str, *, company: str, as_of: date | str | None = None) -> HeldDraft:
        """Hold an IR reply, sentence by sentence, against all that a company has said.

        Args:
            text: the reply, with or without the investors' questions (问： 答：).
            company: code, short name, full name or alias of the company whose reply it is.
            as_of: only records published on or before this day are searched; 今年 in the draft is read from it.

        Raises:
            ValueError: `as_of` is no date, or `company` is none or several of the library's.
        """
        self._refresh()
        asked = self._understood("公司", company, as_of)
        unclear = which_company(asked, self._names)
        if unclear or len(asked.companies) != 1:
            raise ValueError(unclear or say("zh", "company_unknown", name=company))
        scope = self._scope(asked, None)
        days = [record.published_on for record in scope if record.published_on]
        return hold(
            text,
            asked.companies[0],
            as_of=asked.as_of,
            searched=Searched(len(scope), min(days, default=None), max(days, default=None)),
            search=lambda words: self._search(replace(asked, search_text=words))[0][1][:8] if scope else (),
            record_of=self.library.record,
        )

    def company(self, name: str) -> Company:
        """The one company of the library that a code, name or alias means.

        Raises:
            CompanyUnknown: it means none, or several.
        """
        self._refresh()
        found = self._names.resolve(name)
        if len(found) == 1:
            return found[0]
        if found:
            raise CompanyUnknown(
                f"{name} may mean {'、'.join(map(company_label, found))}: name one by its code"
            )
        near = "、".join(map(company_label, self._names.nearest(name)))
        hint = f"near: {near}" if near else "jupilu companies lists all"
        raise CompanyUnknown(f"the library holds no records of {name}: {hint}")


def _is_of(record: RecordSummary, company: Company) -> bool:
    return record.code == company.code if company.code else record.short_name == company.short_name
