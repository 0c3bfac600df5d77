"""A question to a company and its answer, as the exchanges' platforms give them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ingest.fetching.moments import BEIJING


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `answer` is empty while there is none. `id` is the platform's number; times are Beijing's."""

    id: str
    code: str
    short_name: str
    question: str
    answer: str
    asked: datetime | None
    answered: datetime | None
    touched: datetime | None = None
    """The last time that the platform tells of it, where it tells more than these two."""

    @property
    def answered_on(self) -> date | None:
        """The day of the answer, at Beijing."""
        return self.answered.astimezone(BEIJING).date() if self.answered else None


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a company whose answers fall within some days.

    `unanswered` counts those without an answer so far; `problems` say what is missing of the list.
    """

    questions: tuple[Question, ...]
    unanswered: int
    problems: tuple[str, ...]


def paged(
    page_of: Callable[[int], tuple[Sequence[Question], bool]], code: str, first: date, last: date, most: int
) -> Asked:
    """The answered questions of some days, page after page, newest first, until nothing new or nothing in time is left.

    Args:
        page_of: the questions of a page (counted from 1), and whether the site says that it is the last.
        code: whose questions count.
        first: the first day of the answer.
        last: the last one.
        most: pages that are asked for.
    """
    found: dict[str, Question] = {}
    problems: list[str] = []
    for page in range(1, most + 1):
        rows, is_last = page_of(page)
        fresh = [row for row in rows if row.id and row.id not in found and row.code == code]
        found.update((row.id, row) for row in fresh)
        if not fresh or is_last or is_past(rows, first):
            break
    else:
        problems.append(f"more than {most} pages of questions: the rest was not asked for")
    return within(list(found.values()), first, last, problems)


def within(questions: Sequence[Question], first: date, last: date, problems: Sequence[str]) -> Asked:
    """The answered ones of some days; those whose answer has no day are left out and told."""
    answered = [one for one in questions if one.answer]
    undated = sum(one.answered is None for one in answered)
    more = [f"{undated} answers without a time: left out"] if undated else []
    return Asked(
        tuple(one for one in answered if one.answered_on and first <= one.answered_on <= last),
        len(questions) - len(answered),
        (*problems, *more),
    )


def is_past(questions: Sequence[Question], first: date) -> bool:
    """Whether a page of a list holds nothing but what was over before a day."""
    moments = [[when for when in (one.asked, one.answered, one.touched) if when] for one in questions]
    return bool(moments) and all(each and max(each).astimezone(BEIJING).date() < first for each in moments)
