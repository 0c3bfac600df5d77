"""From the exchanges' sites into a folder: what is new of some companies, one request after another."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from ingest.errors import FetchError, SiteUnreachable, SourceError
from ingest.fetching.announcements import Announcement, announcements, numbers_of_companies
from ingest.fetching.asking import Asker
from ingest.fetching.ehudong import number_of as ehudong_number
from ingest.fetching.ehudong import questions as ehudong_questions
from ingest.fetching.folder import Folder
from ingest.fetching.hudongyi import number_of as hudongyi_number
from ingest.fetching.hudongyi import questions as hudongyi_questions
from ingest.fetching.markets import Market, market_of
from ingest.fetching.moments import BEIJING
from ingest.fetching.questions import Asked
from ingest.fetching.report import CompanyReport, FetchReport, Source, SourceReport
from ingest.fetching.settings import FetchSettings
from ingest.language.listed import listed_name
from ingest.readers.sniffing import sniff

CNINFO: Final = "cninfo"
HUDONGYI: Final = "hudongyi"
EHUDONG: Final = "ehudong"
PLATFORMS: Final[Mapping[str, tuple[Callable[[Asker, str], str], Callable[..., Asked]]]] = {
    HUDONGYI: (hudongyi_number, hudongyi_questions),
    EHUDONG: (ehudong_number, ehudong_questions),
}
Told = Callable[[str], None]


def fetch(
    codes: Sequence[str],
    into: Path,
    settings: FetchSettings | None = None,
    *,
    first: date | None = None,
    last: date | None = None,
    told: Told | None = None,
) -> FetchReport:
    """Gets activity records and answered questions of some companies; what the folder holds is not fetched again.

    Args:
        codes: six digits each; whether they are listed is the caller's to look at.
        into: the folder; it is made if it is not there.
        settings: where the sites are and how they are asked.
        first: the first day of publication; `settings.days` before the last one where absent.
        last: the last one; today (at Beijing) where absent.
        told: called with a line for each file that is written.

    Raises:
        LibraryError: the folder can't be written, or the disk is full; what was written stays.
        FetchError: another run writes to the folder.
        SiteUnreachable: no site gave anything at all.
        ValueError: the first day is after the last one.
    """
    settings = settings or FetchSettings()
    last = last or datetime.now(BEIJING).date()
    first = first or last - timedelta(days=settings.days)
    if first > last:
        raise ValueError(f"{first} is later than {last}")
    folder = Folder(into)
    started = time.monotonic()
    with folder.held(), Asker(settings) as asker:
        run = _Run(asker, folder, first, last, told or (lambda line: None))
        companies = tuple(run.company(code) for code in dict.fromkeys(codes))
    report = FetchReport(str(into), first, last, companies, asker.requests, time.monotonic() - started)
    if report.is_empty_handed and report.problems:
        more = len(report.problems) - 1
        raise SiteUnreachable(report.problems[0] + (f" (and {more} more)" if more else ""))
    return report


class _Run:
    """One run over one folder."""

    def __init__(self, asker: Asker, folder: Folder, first: date, last: date, told: Told) -> None:
        self.asker, self.folder = asker, folder
        self.first, self.last = first, last
        self.told = told
        self.numbers = folder.numbers()
        self.is_list_asked = False

    def company(self, code: str) -> CompanyReport:
        """Everything of one company. A site that fails costs what it has, and nothing else."""
        sources = [self._announcements(code)]
        market = market_of(code)
        if market == Market.shenzhen:
            sources.append(self._questions(code, "互动易", HUDONGYI))
        elif market == Market.shanghai:
            sources.append(self._questions(code, "e互动", EHUDONG))
        return CompanyReport(code, listed_name(code), tuple(sources))

    def _announcements(self, code: str) -> SourceReport:
        try:
            listed = announcements(self.asker, code, self._number_at_cninfo(code), self.first, self.last)
        except FetchError as error:
            return SourceReport("announcements", problems=(str(error),), is_listed=False)
        known = self.folder.announcements(code)
        files: list[str] = []
        problems = list(listed.problems)
        # the oldest first: a run that is ended early leaves no hole behind what it got
        ordered = sorted(listed.announcements, key=lambda one: (str(one.published_on), one.id))
        wanted = [one for one in ordered if one.id not in known]
        for at, one in enumerate(wanted):
            try:
                data = self._file(one)
            except SiteUnreachable as error:
                problems.append(f"{error} ({len(wanted) - at} files not fetched)")
                break
            except FetchError as error:
                problems.append(str(error))
                continue
            path = self.folder.keep_announcement(one, listed_name(code), data)
            files.append(str(path))
            self.told(f"{path} ({len(data) / 1024:.0f} kB)")
        return SourceReport(
            "announcements",
            listed=len(ordered),
            known=len(ordered) - len(wanted),
            new=len(files),
            files=tuple(files),
            problems=tuple(problems),
        )

    def _file(self, one: Announcement) -> bytes:
        """The bytes of an announcement's file, if they are what its name says.

        Raises:
            FetchError: the site does not give it, or gives something else, such as a page about an error.
        """
        data = self.asker.body("GET", one.url)
        try:
            kind, _ = sniff(data, one.url)
        except SourceError as error:
            raise FetchError(f"{error}; not kept") from error
        # names lie between pdf, doc and docx; a page or a text in place of them is an error of the site
        if kind not in ("pdf", "doc", "docx"):
            raise FetchError(
                f"{one.url}: a {kind} came instead of a {one.suffix[1:]}; not kept, run again later"
            )
        return data

    def _questions(self, code: str, source: Source, site: str) -> SourceReport:
        try:
            asked = self._asked(code, site)
            known = self.folder.questions(code, source)
        except FetchError as error:
            return SourceReport(source, problems=(str(error),), is_listed=False)
        files, new, changed = self.folder.keep_questions(source, known, asked.questions)
        for path in files:
            self.told(str(path))
        return SourceReport(
            source,
            listed=len(asked.questions),
            known=len(asked.questions) - new - changed,
            new=new,
            changed=changed,
            unanswered=asked.unanswered,
            files=tuple(map(str, files)),
            problems=asked.problems,
        )

    def _asked(self, code: str, site: str) -> Asked:
        number_of, questions = PLATFORMS[site]
        kept = self.numbers.setdefault(site, {})
        if code not in kept:
            kept[code] = number_of(self.asker, code)
            self.folder.keep_numbers(self.numbers)
        return questions(self.asker, code, kept[code], self.first, self.last)

    def _number_at_cninfo(self, code: str) -> str:
        """Its number at 巨潮资讯; the site's list of all companies is asked for once where it isn't known."""
        kept = self.numbers.setdefault(CNINFO, {})
        if code not in kept and not self.is_list_asked:
            self.numbers[CNINFO] = kept = dict(numbers_of_companies(self.asker))
            self.is_list_asked = True
            self.folder.keep_numbers(self.numbers)
        if code not in kept:
            raise FetchError(f"巨潮资讯 lists no company with the code {code}")
        return kept[code]
