"""On which day a page's answer was given: printed beside it, in the lead, above the article; else nobody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ingest.reading.dates import find_dates, published_in_name

_WITHOUT_YEAR = re.compile(r"(?<![年\d.-])\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_DATELINE = re.compile(
    r"((?:20\d\d\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*(?:讯|消息|电|获悉|快讯|，|丨|｜|[|│])"
)
_PUBLISHED = re.compile(
    r"^(?:[^，。？?]{0,16}?[\s|：:])?(20\d\d\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*日?)(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?:\s|$|来源|作者|[|·])"
)
RECENT = timedelta(days=92)
"""An answer that names a day so short a time before its dateline tells the dateline's year."""


def printed_day(text: str) -> date | None:
    """The day in a line of time, with its year; `昨天` and days without a year are None."""
    found = find_dates(text)
    return found[0] if found else None


class PageDays:
    """What a page says above its first question about the day of its answers."""

    def __init__(self, above: Sequence[str], name: str, times: Sequence[date] = ()) -> None:
        """Looks at the lines.

        Args:
            above: the lines in front of the first question, its own line up to it included.
            name: the file's name, which may carry the day of publication.
            times: the days of lines anywhere on the page that are a time and nothing else.
        """
        self.times = frozenset(times)
        printed = [
            day for line in above if (found := _PUBLISHED.search(line)) and (day := printed_day(found[1]))
        ]
        self.published = printed[0] if len(set(printed)) == 1 else None
        if self.published is None and not printed:
            self.published = published_in_name(name)
        datelines = [found[1] for line in above for found in _DATELINE.finditer(line)]
        self.dateline = datelines[0] if datelines else ""

    def answered(self, when: str, answer: str) -> tuple[date | None, str | None]:
        """The day of an answer, and a doubt where its year had to be worked out or is not known.

        Args:
            when: what stands between the answerer and the verb (`8月7日在互动平台`).
            answer: its words; of the days in it only the year of a recent one is used, and told.
        """
        told = when if find_dates(when, 2000) else self.dateline
        if not told:
            return self.published, None
        full = find_dates(told)
        if full:
            return full[0], None
        short = _WITHOUT_YEAR.search(told)
        if short is None:
            return self.published, None
        month, day = int(short[1]), int(short[2])
        if self.published is not None:
            return _on_or_before(self.published, month, day), None
        full = find_dates(self.dateline)
        if full:
            return _on_or_before(full[0], month, day), None
        stamped = [each for each in self.times if (each.month, each.day) == (month, day)]
        if len(stamped) == 1:
            return stamped[0], None
        years = {
            guess
            for named in find_dates(answer)
            if (guess := _on_or_after(named, month, day)) is not None and guess - named <= RECENT
        }
        if len(years) == 1:
            (found,) = years
            return (
                found,
                f"the year of {month}月{day}日 is that of a day shortly before it which the answer names",
            )
        return None, f"the page gives {month}月{day}日 without a year"


def _on_or_before(day: date, month: int, number: int) -> date | None:
    return next((one for one in _days((day.year, day.year - 1), month, number) if one <= day), None)


def _on_or_after(day: date, month: int, number: int) -> date | None:
    return next((one for one in _days((day.year, day.year + 1), month, number) if one >= day), None)


def _days(years: Sequence[int], month: int, number: int) -> Iterator[date]:
    for year in years:
        try:
            yield date(year, month, number)
        except ValueError:
            continue
