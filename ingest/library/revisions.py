"""Two versions of one record: the corrected one stands, the earlier one is kept and marked.

A record's number alone is no key (some companies count anew, some number every record alike): versions have
company, number (or days) and half of their questions in common, and one of them says that it is the corrected
one, or was published later for the same days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ingest.language.folding import nfkc
from ingest.library.summaries import RecordSummary

_LATER = re.compile(r"更正(?!前)|更新(?!前)|修订(?!前)|修正(?!前)|补充后|勘误|新版|改后")
_EARLIER = re.compile(r"更正前|更新前|修订前|修正前|旧版|改前|已作废")
HEAD = 300
"""A version says in its title that it is one, within so many characters."""


@dataclass(frozen=True, slots=True)
class Later:
    """The record that stands in place of an earlier one, and when it was published."""

    id: str
    published_on: date | None


def later_versions(
    records: Sequence[RecordSummary],
    title_of: Callable[[str], str],
    questions_of: Callable[[str], Collection[str]],
) -> Mapping[str, tuple[Later, ...]]:
    """For each record that has later versions, these, the last one last.

    Args:
        records: all that can be seen.
        title_of: what a record's text begins with, by its id; asked only of records that may be versions.
        questions_of: its questions without white space; asked likewise.
    """
    groups: dict[tuple[str, str], list[RecordSummary]] = {}
    for one in records:
        company = one.code or one.company or one.short_name
        # a record without a number is known by its days
        number = re.sub(r"\s", "", nfkc(one.number or ""))
        key = number or (one.held_on[0].isoformat() if one.held_on else "")
        if company and key:
            groups.setdefault((company, key), []).append(one)
    found: dict[str, tuple[Later, ...]] = {}
    for group in groups.values():
        if len(group) < 2:
            continue
        ranked = sorted(group, key=lambda one: (_order(one, title_of), one.id))
        for at, earlier in enumerate(ranked):
            later = [
                Later(one.id, one.published_on)
                for one in ranked[at + 1 :]
                if _corrects(one, earlier, title_of) and _alike(earlier, one, questions_of)
            ]
            if later:
                found[earlier.id] = tuple(later)
    return found


def _corrects(later: RecordSummary, earlier: RecordSummary, title_of: Callable[[str], str]) -> bool:
    """Whether a version says that it is the later one, or is so by its day where number and days are the same."""
    rank, day = _order(later, title_of)
    before, earlier_day = _order(earlier, title_of)
    same = bool(later.number and earlier.number) and later.held_on == earlier.held_on
    return rank > before or (rank == before and same and day > earlier_day)


def _order(record: RecordSummary, title_of: Callable[[str], str]) -> tuple[int, date]:
    told = f"{record.source_file}\n{title_of(record.id)}"
    rank = -1 if _EARLIER.search(told) else 1 if _LATER.search(told) else 0
    return rank, record.published_on or date.min


def _alike(
    earlier: RecordSummary, later: RecordSummary, questions_of: Callable[[str], Collection[str]]
) -> bool:
    first, second = set(questions_of(earlier.id)), set(questions_of(later.id))
    return 2 * len(first & second) >= max(1, min(len(first), len(second)))
