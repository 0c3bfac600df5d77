"""From the body of a record to its questions and answers, with the exact place of each.

reading = read_dialogue(source, body)
reading.pairs[0].question == source.text[reading.pairs[0].question_span.start : …]
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ingest.language.sentences import trim
from ingest.readers.labels import question_columns
from ingest.reading.dialogue_paragraphs import Unit, read_units
from ingest.reading.formulas import closing_sentence, is_closing, questions_ahead
from ingest.reading.question_chains import Chains, Opening, split_bare
from ingest.reading.question_marks import Mark, stacked_mark
from ingest.records import QAPair, SourceText, Span, Statement, page_at

_SHORTEST_STATEMENT = 12
"""Fewer characters than this are no statement that anybody would look for."""
_SESSION = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:场|部分|节|轮|阶段)(?:[:：\s]|$)[^。；？?]{0,40}$")
_REMARK = re.compile(r"(?:情况|概况|介绍|说明|简介|致辞|回顾|解读|概述|经营业绩)$")
_RULE = re.compile(r"[-—–_=─━═*＊~～·…☆★\s]{3,}")
"""A line drawn with characters, between questions."""
_DATE = re.compile(r"(?:\d{4}\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*日?.{0,12}$")


class DialogueReading(NamedTuple):
    """What a body says: pairs in order, what is no pair, and one-line doubts."""

    pairs: tuple[QAPair, ...]
    statements: tuple[Statement, ...]
    warnings: tuple[str, ...]


class _Found(NamedTuple):
    """One question and its answer, before they are numbered."""

    question: Span
    answer: Span


def read_dialogue(source: SourceText, body: Span) -> DialogueReading:
    """Find the questions, the answers and the statements in the body of a record.

    Args:
        source: the canonical text with its pages and what the layout hints at.
        body: where the dialogue stands; the whole text will do where nobody knows.
    """
    body = Span(max(0, body.start), min(len(source.text), body.end))
    if body.start >= body.end:
        return DialogueReading((), (), ())
    units = read_units(source, body)
    warnings: list[str] = []
    chains = Chains(units)
    openings = chains.best()
    found = _columns(units)
    if openings and not found:
        found = _pairs(source.text, chains, openings, warnings)
    if not found:
        found = _topics(source.text, units)
    if any(unit.unsure for unit in units):
        warnings.append("questions and answers in one paragraph were parted by their wording; compare them")
    pairs = tuple(
        QAPair(
            number,
            each.question.of(source.text),
            each.answer.of(source.text),
            each.question,
            each.answer,
            page_at(source.pages, each.question.start),
        )
        for number, each in enumerate(found, 1)
    )
    return DialogueReading(pairs, _statements(source, units, found), tuple(warnings))


def _pairs(text: str, chains: Chains, openings: Sequence[Opening], warnings: list[str]) -> list[_Found]:
    units = chains.units
    answered = sum(1 for unit in units if unit.answer) * 2 >= len(openings)
    found: list[_Found] = []
    last_number: int | None = None
    outlines = _outline_numbers(units)
    asking = 2 * sum(_asks(units[each.unit].text) for each in openings) > len(openings)
    for at, opening in enumerate(openings):
        final = at + 1 == len(openings)
        end = len(units) if final else openings[at + 1].unit
        end = _answer_end(units, opening, end, outlines[opening.unit], final)
        opening = Opening(opening.unit, opening.mark or _counted_on(units[opening.unit], last_number))
        number = opening.mark.number if opening.mark else None
        if number and last_number and number not in (1, last_number + 1):
            warnings.append(f"question {number} follows question {last_number}: one may be missing")
        last_number = number or last_number
        pair = _pair(text, chains, opening, end, answered, final)
        if pair is None:
            shown = " ".join(units[opening.unit].text.split())[:30]
            warnings.append(f"no answer found to “{shown}…”")
        elif pair.answer.start < pair.answer.end and (
            found or not asking or not _is_remark(text, opening, pair)
        ):
            found.append(pair)
    return found


def _pair(
    text: str, chains: Chains, opening: Opening, end: int, answered: bool, final: bool
) -> _Found | None:
    """The question and answer of one segment; None where there is no answer to see."""
    units = chains.units
    first = units[opening.unit]
    start = first.start + stacked_mark(first.text, opening.mark)
    marked = next((at for at in range(opening.unit + 1, end) if units[at].answer), None)
    if marked is not None:
        question = trim(text, Span(start, units[marked - 1].end))
        answer_start = units[marked].start + units[marked].answer
    else:
        question_end, bare_start = split_bare(units, opening, end, chains.glued)
        question = trim(text, Span(start, question_end))
        asks = _asks(question.of(text)) or _is_asked(opening.mark)
        # where answers carry marks, a numbered topic with text under it is a remark of the management
        if bare_start is None or (answered and not asks):
            return None
        answer_start = bare_start
    answer_end = units[end - 1].end
    if final:
        glued = closing_sentence(text[answer_start:answer_end])
        if glued:
            answer_end = answer_start + glued
    answer = trim(text, Span(answer_start, answer_end))
    if not len(question) or not len(answer):
        return None
    return _Found(question, answer)


def _counted_on(unit: Unit, last_number: int | None) -> Mark | None:
    """The mark of a question that the record numbers in another style than most."""
    return next(
        (
            mark
            for mark in unit.marks
            if not mark.loose and (mark.style == "asked" or mark.number == (last_number or 0) + 1)
        ),
        None,
    )


def _asks(text: str) -> bool:
    return "？" in text or "?" in text


def _is_remark(text: str, opening: Opening, pair: _Found) -> bool:
    """Whether an item before the first question is a heading of the management's (`一、公司经营情况说明`)."""
    title = pair.question.of(text)
    named = _REMARK.search(title) and len(title) <= 30 and not re.search(r"[请吗呢何什么哪]|如何|怎", title)
    return bool(named) and not _asks(title) and not _is_asked(opening.mark)


def _is_asked(mark: Mark | None) -> bool:
    return mark is not None and mark.style == "asked" and not mark.loose


def _answer_end(units: Sequence[Unit], opening: Opening, end: int, outline: int | None, final: bool) -> int:
    """The unit behind a segment's answer: headings of what comes next and closing formulas are not in it.

    `outline` is the number of the last heading `二、…` before the opening.
    """
    style = opening.mark.style if opening.mark else "bare"
    first = opening.unit + 1
    while first < end and not units[first].answer and units[first].bold:
        first += 1
    outline = outline if style != "chinese" else None
    listed = False
    for at in range(first, end):
        unit = units[at]
        mark = unit.mark("chinese")
        if at > first and final and is_closing(unit.text):
            return at
        follows = mark is not None and outline is not None and mark.number == outline + 1
        if follows and unit.heading and not listed and at > opening.unit + 1:
            return at
        listed = listed or mark is not None
    if final:
        return end
    while end - 1 > first and _leads_on(units, end - 1, first):
        end -= 1
    return end


def _leads_on(units: Sequence[Unit], at: int, first: int) -> bool:
    """Whether a segment's last unit is a heading of the questions behind it."""
    unit = units[at]
    if unit.answer or at <= first:
        return False
    if (
        _RULE.fullmatch(unit.text)
        or _DATE.fullmatch(unit.text)
        or _SESSION.match(unit.text)
        or (unit.heading and questions_ahead(unit.text))
    ):
        return True
    if not unit.heading:
        return False
    for mark in unit.marks:
        # an item of a list that the answer itself has begun is no heading
        if any(
            (earlier := each.mark(mark.style)) is not None and earlier.number == (mark.number or 0) - 1
            for each in units[first:at]
        ):
            return False
    return bool(unit.marks) or unit.bold or bool(re.fullmatch(r"【[^【】]+】", unit.text))


def _outline_numbers(units: Sequence[Unit]) -> list[int | None]:
    """For each unit the number of the last heading `二、…` before it."""
    numbers: list[int | None] = []
    last: int | None = None
    for unit in units:
        numbers.append(last)
        mark = unit.mark("chinese")
        if mark is not None and unit.heading:
            last = mark.number
    return numbers


def _columns(units: Sequence[Unit]) -> list[_Found]:
    """Questions and answers side by side in the rows under `问题 回复`."""
    found: list[_Found] = []
    columns: tuple[int, int] | None = None
    width = 0
    for unit in units:
        cells = unit.text.split("\t")
        heads = question_columns(cells) if len(cells) > 1 else None
        if heads is not None:
            columns, width = heads, len(cells)
        elif columns is not None and len(cells) == width:
            question, answer = (_cell(unit, cells, at) for at in columns)
            if len(question) and question.end <= answer.start < answer.end:
                found.append(_Found(question, answer))
        elif columns is not None and len(cells) > 1:
            return []  # a row that has more or fewer cells: nobody knows which is which
        else:
            columns = None
    return found


def _cell(unit: Unit, cells: Sequence[str], at: int) -> Span:
    start = sum(len(cell) + 1 for cell in cells[:at])
    inner = trim(unit.text, Span(start, start + len(cells[at])))
    return Span(unit.start + inner.start, unit.start + inner.end)


def _topics(text: str, units: Sequence[Unit]) -> list[_Found]:
    """Numbered topics with the company's words under each, in a record that has no questions."""
    announced = [at for at, unit in enumerate(units) if unit.heading and questions_ahead(unit.text)]
    if announced and (under := _topics(text, units[announced[-1] + 1 :])):
        return under
    for style in ("chinese", "arabic", "bracketed", "chinese_bracketed"):
        heads: list[tuple[int, Mark]] = []
        for at, unit in enumerate(units):
            mark = unit.mark(style)
            if mark is not None and unit.heading and mark.number == len(heads) + 1:
                heads.append((at, mark))
        if len(heads) < 2:
            continue
        found: list[_Found] = []
        for place, (at, mark) in enumerate(heads):
            end = heads[place + 1][0] if place + 1 < len(heads) else len(units)
            if at + 1 < end:
                question = trim(text, Span(units[at].start + mark.length, units[at].end))
                found.append(_Found(question, Span(units[at + 1].start, units[end - 1].end)))
        return found
    return []


def _statements(source: SourceText, units: Sequence[Unit], found: Sequence[_Found]) -> tuple[Statement, ...]:
    """What stands outside the pairs, cut at its headings."""
    covered = [Span(each.question.start, each.answer.end) for each in found]
    statements: list[Statement] = []
    title = ""
    held: list[Unit] = []

    def close() -> None:
        nonlocal held
        if held and held[-1].end - held[0].start >= _SHORTEST_STATEMENT:
            span = Span(held[0].start, held[-1].end)
            statements.append(Statement(title, span.of(source.text), span, page_at(source.pages, span.start)))
        held = []

    following = 0
    for unit in units:
        while following < len(covered) and covered[following].end <= unit.start:
            following += 1
        if following < len(covered) and covered[following].start < unit.end:
            close()
            title = ""
        elif unit.heading:
            close()
            skip = unit.marks[0].length if unit.marks else 0
            printed = source.text[unit.start : unit.end]
            title = " ".join((printed[skip:].strip() or printed).split())
        elif questions_ahead(unit.text) or is_closing(unit.text):
            close()
        else:
            held.append(unit)
    close()
    return tuple(statements)
