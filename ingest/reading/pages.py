"""Web pages of investors' questions: feeds of e互动 and 互动易, 董秘问答 of portals, news of one answer.

Such a page is no form: question, answer, company and day stand among times, sources and buttons. Company and
day come only from where the page says whom it asks or who answers and when, never from the words of either.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from ingest.errors import NotARecord
from ingest.language.folding import recognisable
from ingest.reading.dates import find_dates
from ingest.reading.page_days import PageDays, printed_day
from ingest.reading.page_lines import (
    FRAME,
    PLATFORM,
    QUOTES,
    TAIL,
    TIME,
    Opened,
    addressee,
    answers,
    answers_inline,
    answers_quoted,
    asks,
    asks_inline,
    asks_of,
    headed,
    lead,
    reports,
    time_behind,
    user,
)
from ingest.reading.title import code_in_title, name_in_title, title_lines
from ingest.records import Row, SourceText, Span

_TITLED = re.compile(r"([\u4e00-\u9fffA-Za-z]{2,12})\s*[（(]\s*(?:(?:SH|SZ|BJ)\s*[:：.]?\s*)?(\d{6})")
_LABELLED_ASK = re.compile(r"[（(\[【]?(?:提问|咨询)(?:时间|日期)")
_LABELLED_ANSWER = re.compile(r"[（(\[【]?(?:回答|回复|答复)(?:时间|日期)")
_HOUR = re.compile(r"\d{1,2}:\d{2}")
_AUTHOR = re.compile(r"[\u4e00-\u9fffA-Za-z*·]{2,12}[:：]?")
_GREETING = re.compile(r"尊敬的|(?:投资者)?[您你]好|感谢|谢谢")


class PageReading(NamedTuple):
    """The rows of a page, each with its question and answer, one-line doubts, and the day of the company's research day."""

    rows: tuple[Row, ...]
    warnings: tuple[str, ...]
    held_on: date | None = None


class _Line(NamedTuple):
    start: int
    text: str


@dataclass
class _Item:
    """One question and its answer while the page is read: stretches of the text, company, days."""

    name: str | None = None
    code: str | None = None
    question: list[Span] = field(default_factory=list)
    answer: list[Span] = field(default_factory=list)
    asked: date | None = None
    answered: date | None = None
    when: str = ""
    state: str = "question"


def read_page(source: SourceText, name: str) -> PageReading | None:
    """The questions and answers of a page that is no form; None where the text is no such page.

    Args:
        source: the canonical text.
        name: the file's name, for messages and for a code in it.

    Raises:
        NotARecord: a page of investors' questions on which question and answer can't be told apart.
    """
    text = recognisable(source.text)
    lines = _lines(text)
    inline = any(asks_inline(line.text) for line in lines)
    asked = any(found.code for line in lines if (found := asks(line.text)))
    led = next((found for line in lines if (found := lead(line.text))), None)
    titled = _titled_name(lines)
    named = titled is not None and any(asks_of(line.text, titled) for line in lines)
    timed = _asked_and_timed(lines) > 0
    if not (
        timed
        or inline
        or asked
        or led
        or named
        or any(headed(line.text) for line in lines)
        or PLATFORM.search(text)
    ):
        return None
    items = _news(lines) if inline else _feed(_timed(lines), led or Opened(0), titled)
    whole = [item for item in items if item.question and item.answer]
    if not whole:
        if inline or asked or led:
            raise NotARecord(
                f"{name}: a page about an investor's question, but question and answer can't be told apart; "
                "save the page of 互动易 or e互动 itself, or a csv"
            )
        return None
    structured = (
        inline or asked or led or named or any(item.code or item.asked or item.answered for item in whole)
    )
    if not structured:
        return None
    reading = _rows(name, lines, whole, text)
    left = len(items) - len(whole)
    doubt = (f"{left} questions without an answer left out",) if left else ()
    held = find_dates(led.held) if led else []
    return PageReading(reading.rows, (*doubt, *reading.warnings), held[0] if held else None)


def _titled_name(lines: Sequence[_Line]) -> str | None:
    """The name that the first line with a name and its code says, where that line may be a title."""
    found = next((found for line in lines if (found := _TITLED.search(line.text))), None)
    return found[1] if found and title_lines(found.string) else None


def _asked_and_timed(lines: Sequence[_Line]) -> int:
    """How many marked questions have a time of day behind them, and their marked answers too."""
    found, state = 0, ""
    for line in _timed(lines):
        if TIME.match(line.text):
            found += state == "answered" and _HOUR.search(line.text) is not None
            state = "timed" if state == "asked" and _HOUR.search(line.text) else ""
        elif state == "timed" and answers(line.text, None):
            state = "answered"
        elif asks(line.text):
            state = "asked"
    return found


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    at = 0
    for line in text.split("\n"):
        words = line.strip()
        if words:
            found.append(_Line(at + len(line) - len(line.lstrip()), words))
        at += len(line) + 1
    return found


def _timed(lines: Sequence[_Line]) -> list[_Line]:
    """The lines, a time at the end of one as a line of its own."""
    found: list[_Line] = []
    for line in lines:
        at = None if headed(line.text) or TIME.match(line.text) else time_behind(line.text)
        if at is None:
            found.append(line)
            continue
        time = line.text[at:].lstrip()
        found += [
            _Line(line.start, line.text[:at].rstrip()),
            _Line(line.start + len(line.text) - len(time), time),
        ]
    return found


def _feed(lines: Sequence[_Line], led: Opened, titled: str | None) -> list[_Item]:
    """Items of a list: a line that asks opens one; times, authors and frames part what stands in it."""
    items: list[_Item] = []
    head: tuple[str, str | None, str, str] | None = None
    for line in lines:
        item = items[-1] if items else None
        opened = asks(line.text)
        if opened is None and titled and asks_of(line.text, titled):
            opened = Opened(len(line.text), titled)
        if opened is not None:
            item = _Item(opened.name or led.name, opened.code or led.code, when=led.when)
            if head is not None:
                item = _Item(head[1], head[0], asked=printed_day(head[2]), answered=printed_day(head[3]))
            items.append(item)
            head = None
            _put(item.question, line, opened.end)
        elif told := headed(line.text):
            head = told
            if item is not None:
                item.state = "closed"
        elif item is None:
            continue
        elif (
            item.question
            and not item.answer
            and not addressee(line.text)
            and (opened := _answered(line, item))
        ):
            item.name, item.code = item.name or opened.name, item.code or opened.code
            item.state = "answer"
            _put(item.answer, line, opened.end)
        else:
            _go_on(item, line, titled)
    return items


def _answered(line: _Line, item: _Item) -> Opened | None:
    """The mark of the answer of the company that was asked; another company's words are the question's."""
    opened = answers(line.text, item.name)
    return None if opened and item.code and opened.code not in (None, item.code) else opened


def _go_on(item: _Item, line: _Line, titled: str | None) -> None:
    """A line that opens neither a question nor an answer belongs to the item before it, or to the frame."""
    if whose := addressee(line.text):
        if item.state != "closed":
            item.name, item.code = item.name or whose.name, item.code or whose.code
    elif time := TIME.match(line.text):
        day = printed_day(time[0])
        if _LABELLED_ASK.match(line.text) and item.state != "question":
            item.state = "closed" if item.answer else item.state
            return
        if _LABELLED_ANSWER.match(line.text) and not item.answer:
            item.answered, item.state = day, "between"
            return
        if item.state == "question":
            item.asked, item.state = day, "between"
        elif item.state == "answer":
            item.answered, item.state = day, "closed" if item.answer else "answer"
        elif item.state == "closed" and item.answered is None:
            item.answered = day
    elif FRAME.match(line.text):
        item.state = "closed" if item.answer else item.state
    elif item.state == "question":
        if item.question and line.text.rstrip("：:") == item.name:
            item.state = "answer"
        elif not item.question and user(line.text):
            return
        else:
            _put(item.question, line, 0)
    elif item.state == "between":
        item.state = "answer"
        if not _is_author(line.text, item):
            _put(item.answer, line, 0)
    elif item.answer and line.text in (item.name, titled):
        return  # who answered, printed below the answer beside its time
    elif item.state == "answer" and not (not item.answer and _is_author(line.text, item)):
        _put(item.answer, line, 0)


def _is_author(text: str, item: _Item) -> bool:
    return text.rstrip("：:") == item.name or (
        len(text) <= 12 and not _GREETING.match(text) and bool(_AUTHOR.fullmatch(text))
    )


def _news(lines: Sequence[_Line]) -> list[_Item]:
    """Items of an article: `有投资者向…提问，…？公司回答表示，…`, in one paragraph or in several."""
    items: list[_Item] = []
    for line in lines:
        opened = asks_inline(line.text)
        item = items[-1] if items else None
        at = 0
        if opened is not None:
            item = _Item(opened.name, opened.code)
            items.append(item)
            at = opened.end
            if opened.stop and (answered := answers_quoted(line.text, opened.stop, item.code)):
                _put(item.question, line, at, opened.stop)
                at = _answered_by(item, answered)
        elif item is None or item.state == "closed":
            continue
        elif (time := TIME.match(line.text)) or FRAME.match(line.text):
            if item.answer:
                item.answered, item.state = printed_day(time[0]) if time else None, "closed"
            continue
        if item.state == "question":
            answered = answers_inline(line.text, at, item.code) or _answers_below(item, line, at)
            if answered is None:
                _put(item.question, line, at)
                continue
            _put(item.question, line, at, answered.start)
            at = _answered_by(item, answered)
        tail = TAIL.search(line.text, at)
        _put(item.answer, line, at, tail.start() if tail else None)
        item.state = "closed" if tail else item.state
    return items


def _answered_by(item: _Item, answered: Opened) -> int:
    """Notes who answers and when; where the answer's words begin."""
    item.name, item.code = item.name or answered.name, item.code or answered.code
    item.when, item.state = answered.when, "answer"
    return answered.end


def _answers_below(item: _Item, line: _Line, at: int) -> Opened | None:
    """The mark of an answer (`董秘回答：`) at the start of a paragraph below the question."""
    return answers(line.text, item.name) if at == 0 and item.question else None


def _put(stretches: list[Span], line: _Line, start: int, end: int | None = None) -> None:
    """Add what a line says from `start` on, without the quotation marks around it."""
    words = line.text[start:end]
    inner = words.strip().strip(QUOTES).strip()
    if inner:
        at = line.start + start + words.index(inner)
        stretches.append(Span(at, at + len(inner)))


def _rows(name: str, lines: Sequence[_Line], items: Sequence[_Item], text: str) -> PageReading:
    first = items[0].question[0].start
    above = [line.text[: first - line.start].strip() for line in lines if line.start < first]
    titled, _ = code_in_title("\n".join(title_lines("\n".join(above))), name)
    title = next((found for line in above if titled and (found := _TITLED.search(line))), None)
    if title is not None and title[2] == titled and reports(title[1], text):
        titled = None
    called = title[1] if title is not None and title[2] == titled else name_in_title("\n".join(above), titled)
    printed = [day for line in lines if (time := TIME.match(line.text)) and (day := printed_day(time[0]))]
    days = PageDays(above, name, printed)
    warnings: list[str] = []
    rows: list[Row] = []
    names = {item.code: item.name for item in items if item.code}
    for item in items:
        question = Span(item.question[0].start, item.question[-1].end)
        answer = Span(item.answer[0].start, item.answer[-1].end)
        day, doubt = (item.answered, None) if item.answered else days.answered(item.when, answer.of(text))
        if doubt and doubt not in warnings:
            warnings.append(doubt)
        row = Row(question, answer, item.code or titled, item.name, None, item.asked, day)
        if row.short_name is None and row.code is not None:
            row = replace(row, short_name=names.get(row.code) or (called if row.code == titled else None))
        rows.append(row)
    if any(row.code is None for row in rows):
        warnings.append(
            "the page does not say with a code whom it asks; codes in questions and answers are not taken"
        )
    if any(row.answered_on is None for row in rows):
        warnings.append(
            "the page does not say on which day it was answered; days in the answer are not taken"
        )
    return PageReading(tuple(rows), tuple(warnings))
