"""巨潮资讯: which activity records a company has published, and their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ingest.errors import FetchError
from ingest.fetching.asking import Asker
from ingest.fetching.markets import Market, market_of
from ingest.fetching.moments import moment

PAGE_SIZE: Final = 30
SEARCHED: Final = "投资者关系活动"
_FILE: Final = re.compile(r"(?:[\w.-]+/)*[\w-]+\.(pdf|docx|doc)", re.IGNORECASE | re.ASCII)
_ID: Final = re.compile(r"\w{1,40}", re.ASCII)
_RECORD: Final = re.compile(r"投资者关系(?:活动|管理信息)|投资者(?:调研|接待)")
_ABOUT_RULES: Final = re.compile(r"制度|办法|规定|细则")


@dataclass(frozen=True, slots=True)
class Announcement:
    """A published file: its number at the site, title, day of publication (None where not told) and address."""

    id: str
    code: str
    title: str
    published_on: date | None
    url: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list holds, newest first as the site gives it; `problems` say what is missing of it."""

    announcements: tuple[Announcement, ...]
    problems: tuple[str, ...]


def numbers_of_companies(asker: Asker) -> Mapping[str, str]:
    """The site's own number (`orgId`) of each company, by code.

    Raises:
        FetchError: the site has no answer, or another one than expected.
    """
    told = asker.json("GET", f"{asker.settings.cninfo_url}/new/data/szse_stock.json")
    rows = told.get("stockList") if isinstance(told, dict) else None
    if not isinstance(rows, list):
        raise FetchError(f"{asker.settings.cninfo_url}: the list of companies has another shape than known")
    return {
        str(row["code"]): str(row["orgId"])
        for row in rows
        if isinstance(row, dict) and row.get("code") and row.get("orgId")
    }


def announcements(asker: Asker, code: str, number: str, first: date, last: date) -> Listed:
    """The activity records that a company published within some days.

    The tab 调研 has those of Shenzhen; companies of other exchanges file some as plain announcements, which a search
    for the words in the title finds.

    Args:
        asker: asks the site.
        code: the company's.
        number: the site's number of it.
        first: the first day of publication.
        last: the last one.

    Raises:
        FetchError: the site has no answer, or another one than expected.
    """
    found: dict[str, Announcement] = {}
    problems: list[str] = []
    searches = [("relation", "")]
    if market_of(code) != Market.shenzhen:
        searches.append(("fulltext", SEARCHED))
    for tab, words in searches:
        for item in _pages(asker, _form(code, number, first, last, tab, words), problems):
            title = _plain(item.get("announcementTitle"))
            if words and (not _RECORD.search(title) or _ABOUT_RULES.search(title)):
                continue
            one = _announcement(asker, code, item, title)
            if isinstance(one, str):
                problems.append(one)
            else:
                found.setdefault(one.id, one)
    return Listed(tuple(found.values()), tuple(dict.fromkeys(problems)))


def _form(code: str, number: str, first: date, last: date, tab: str, words: str) -> dict[str, str | int]:
    at_shanghai = market_of(code) == Market.shanghai
    return {
        "pageNum": 1,
        "pageSize": PAGE_SIZE,
        "column": "sse" if at_shanghai else "szse",
        "tabName": tab,
        "plate": "sh" if at_shanghai else "",
        "stock": f"{code},{number}",
        "searchkey": words,
        "secid": "",
        "category": "",
        "trade": "",
        "seDate": f"{first.isoformat()}~{last.isoformat()}",
        "sortName": "",
        "sortType": "",
        "isHLtitle": "true",
    }


def _pages(asker: Asker, form: dict[str, str | int], problems: list[str]) -> Iterator[dict[str, Any]]:
    url = f"{asker.settings.cninfo_url}/new/hisAnnouncement/query"
    seen: set[str] = set()
    for page in range(1, asker.settings.max_pages + 1):
        told = asker.json("POST", url, data={**form, "pageNum": page})
        if not isinstance(told, dict) or "announcements" not in told:
            raise FetchError(f"{url}: the list of announcements has another shape than known")
        rows = [row for row in told["announcements"] or () if isinstance(row, dict)]
        fresh = [row for row in rows if str(row.get("announcementId")) not in seen]
        yield from fresh
        seen.update(str(row.get("announcementId")) for row in fresh)
        # the last page is told in one of two ways; one that only repeats is past it
        if not fresh or not told.get("hasMore", len(rows) == PAGE_SIZE):
            return
    problems.append(
        f"more than {asker.settings.max_pages * PAGE_SIZE} announcements: name fewer days with --from and --to"
    )


def _announcement(asker: Asker, code: str, item: Mapping[str, Any], title: str) -> Announcement | str:
    """One announcement, or why it can't be fetched. Nothing of the site's answer becomes a path unchecked."""
    number, file = str(item.get("announcementId") or ""), str(item.get("adjunctUrl") or "")
    if code not in str(item.get("secCode") or code):
        return "the list holds announcements of other companies: left out"
    if not _ID.fullmatch(number):
        return f"“{title[:60]}” has no number of its own: left out"
    named = _FILE.fullmatch(file)
    if named is None or ".." in file:
        return f"{number} “{title[:60]}”: its file is no pdf, docx or doc ({file[-60:] or 'none'})"
    published = moment(item.get("announcementTime"))
    return Announcement(
        id=number,
        code=code,
        title=title,
        published_on=published.date() if published else None,
        url=f"{asker.settings.files_url}/{file}",
        suffix=f".{named[1].lower()}",
    )


def _plain(title: object) -> str:
    """A title without the marks around the words that were searched for."""
    return " ".join(re.sub(r"</?em>", "", str(title or "")).split())
