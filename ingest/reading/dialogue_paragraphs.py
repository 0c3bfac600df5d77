"""The paragraphs of a dialogue, each with what its beginning and its type tell about it.

Where a text has lost its line breaks, or has too many (hard-wrapped lines), paragraphs are found again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.language.folding import recognisable
from ingest.reading.formulas import LONGEST_CLOSING, is_closing, is_heading
from ingest.reading.inline_marks import glued_cuts
from ingest.reading.question_marks import (
    INLINE,
    INLINE_ITEM,
    LONGEST_ORDINAL,
    Mark,
    Style,
    answer_mark,
    only_ordinal,
    opening_marks,
)
from ingest.records import SourceText, Span

ENDLESS = 500
"""Lines longer than this (characters) on average have lost breaks: items inside them are looked for."""
GREETING = re.compile(
    r"尊敬的?(?:各位)?投资者|(?:各位)?投资者(?:朋友)?[们，,]?\s*(?:您|你)?好|(?:您|你)好"
    r"|感谢(?:您|你|对|各位|投资者)|谢谢(?:您|你)的"
)
ENDS_ASKING = re.compile(r"[？?][”\"』」）)]?\s*(?:谢谢.{0,6}|感谢.{0,8}|多谢.{0,4})?[。！!～~]*$")
_SENTENCE_ENDS = ("。", "？", "?", "！", "!", "；", "：")
_BLED = re.compile(r"\s*(?:投资者关系)?(?:活动)?(?:主要)?内容(?:介绍)?[:：]?\s+(?=\S)")
_NOTHING = re.compile(r"无。?|不适用。?|[/／—-]+|否。?")


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph (or the part of one from an explicit mark on): where it stands and how it opens.

    White space in `text` is made plain spaces and traditional characters simplified ones, one for one;
    tabs stay, they part a table's cells.
    `bold_end` is where type that is bold from the start ends, 0 if it does not start bold; `answer`
    is the length of an answer's mark at its start, 0 if it has none; `unsure` says that nothing but its
    wording parted it from what stands before it in its paragraph.
    """

    start: int
    end: int
    text: str
    bold_end: int
    marks: tuple[Mark, ...]
    answer: int
    heading: bool
    unsure: bool = False

    @property
    def bold(self) -> bool:
        return self.bold_end >= len(self.text)

    def mark(self, style: Style) -> Mark | None:
        return next((mark for mark in self.marks if mark.style == style), None)


def read_units(source: SourceText, body: Span) -> list[Unit]:
    """The units of a body, closing formulas at its end left out."""
    bold = _bold_places(source, body)
    starts = [label.start for label in source.labels]
    units: list[Unit] = []
    for start, end, unsure in _stretches(source, body):
        piece = source.text[start:end]
        stripped = piece.strip()
        behind = bisect_right(starts, start)
        if stripped and not (behind and end <= source.labels[behind - 1].end):
            at = start + len(piece) - len(piece.lstrip())
            unit = _unit(recognisable(re.sub(r"[^\S\t]", " ", stripped)), at, bold)
            units.append(replace(unit, unsure=True) if unsure else unit)
    return _with_loose_items(_with_loose_answers(units[: _closing_start(units)]))


def _with_loose_answers(units: list[Unit]) -> list[Unit]:
    """Take `A.` and `董事长：` for an answer's mark where every other question has one and no surer mark is used."""
    if any(unit.answer for unit in units):
        return units
    loose = [answer_mark(unit.text, loose=True) for unit in units]
    asked = sum(unit.mark("asked") is not None for unit in units)
    if not asked:
        # behind numbered questions only a title names who answers: `A.` may be an item of a list
        loose = [0 if unit.text[:1] in "AＡ" else length for unit, length in zip(units, loose, strict=True)]
        asked = sum(bool(unit.marks) and bool(ENDS_ASKING.search(unit.text)) for unit in units)
    if not asked or sum(map(bool, loose)) * 2 < asked:
        return units
    return [
        replace(unit, answer=length, heading=False) if length else unit
        for unit, length in zip(units, loose, strict=True)
    ]


def _with_loose_items(units: list[Unit]) -> list[Unit]:
    """Take `1公司…`, `2行业…` for items where they count from 1 without a gap and nothing else is numbered."""
    marks = [mark for unit in units if (mark := unit.mark("arabic"))]
    if len(marks) < 3 or not all(mark.loose for mark in marks):
        return units
    if [mark.number for mark in marks] != list(range(1, len(marks) + 1)):
        return units
    return [
        replace(
            unit,
            marks=tuple(
                replace(mark, loose=False) if mark.style == "arabic" else mark for mark in unit.marks
            ),
        )
        for unit in units
    ]


def _stretches(source: SourceText, body: Span) -> list[tuple[int, int, bool]]:
    """Where paragraphs begin and end: lines, cut at explicit marks, joined where they are hard-wrapped."""
    lines: list[tuple[int, int]] = []
    at = body.start
    for line in source.text[body.start : body.end].split("\n"):
        lines.append((at, at + len(line)))
        at += len(line) + 1
    if source.format == "txt":
        lines = _unwrapped(source.text, lines)
    filled = sum(end > start for start, end in lines)
    found = INLINE_ITEM if len(body) > ENDLESS * max(filled, 1) else INLINE
    stretches: list[tuple[int, int, bool]] = []
    for start, end in lines:
        line = recognisable(source.text[start:end])
        glued = glued_cuts(line)
        inner = {mark.end() - len(mark[0].lstrip()) for mark in found.finditer(line)} | set(glued.places)
        label = _label_end(line)
        within = sorted(
            cut for cut in inner if cut > label and not (cut < LONGEST_ORDINAL and only_ordinal(line[:cut]))
        )
        cuts = [label, *within, len(line)]
        stretches.extend((start + first, start + last, glued.unsure) for first, last in pairwise(cuts))
    return stretches


def _label_end(line: str) -> int:
    """The length of the body's label that bled into a line, in front of a mark (`主要内容介绍 答：…`)."""
    label = _BLED.match(line)
    if label is None:
        return 0
    rest = line[label.end() :]
    marked = answer_mark(rest) or any(not mark.loose for mark in opening_marks(rest))
    return label.end() if marked else 0


def _unwrapped(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join lines that were broken at a fixed width: many are as long as the longest."""
    lengths = [end - start for start, end in lines if end > start]
    widest = max(lengths, default=0)
    full = [length for length in lengths if length >= widest - 3]
    if len(lengths) < 6 or not 15 <= widest <= 120 or len(full) < 0.3 * len(lengths):
        return lines
    # a fixed width cuts sentences anywhere: full lines that mostly end a sentence are paragraphs
    ended = [
        text[start:end].rstrip().endswith(_SENTENCE_ENDS) for start, end in lines if end - start >= widest - 3
    ]
    if sum(ended) > 0.5 * len(ended):
        return lines
    joined: list[tuple[int, int]] = []
    goes_on = False
    for start, end in lines:
        if goes_on and end > start and not _opens_anew(text[joined[-1][0] : joined[-1][1]], text[start:end]):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
        goes_on = end - start >= widest - 3
    return joined


def _opens_anew(before: str, after: str) -> bool:
    """Whether a hard-wrapped line that follows a full one still opens a paragraph."""
    opens = after.lstrip()
    marks = [mark for mark in opening_marks(opens) if not mark.loose]
    if not before.rstrip().endswith(_SENTENCE_ENDS):
        # what stands behind a heading opens anew where it is numbered, an amount apart (`3.5亿元`)
        return is_heading(before.strip(), False) and any(
            not opens[mark.length : mark.length + 1].isdigit() for mark in marks
        )
    return bool(answer_mark(opens) or marks or GREETING.match(opens))


def _bold_places(source: SourceText, body: Span) -> frozenset[int]:
    """Which characters are bold, where that tells something: not if nearly all or nearly none are."""
    places = {
        at
        for span in source.bold
        if span.start < body.end and span.end > body.start
        for at in range(max(span.start, body.start), min(span.end, body.end))
    }
    return frozenset(places) if 0 < len(places) < 0.6 * len(body) else frozenset()


def _unit(text: str, start: int, bold: frozenset[int]) -> Unit:
    bold_end = _bold_end(text, start, bold)
    answer = answer_mark(text)
    whole = bold_end >= len(text)
    return Unit(
        start,
        start + len(text),
        text,
        bold_end,
        tuple(opening_marks(text)),
        answer,
        answer == 0 and is_heading(text, whole),
    )


def _bold_end(text: str, start: int, bold: frozenset[int]) -> int:
    """Up to where a text that starts bold stays bold, single stray characters overlooked."""
    if not bold:
        return 0
    best, best_at, balance = 0, 0, 0
    for at, char in enumerate(text):
        if char.isalnum():
            balance += 1 if start + at in bold else -1
            if balance > best:
                best, best_at = balance, at + 1
    if best < 2:
        return 0
    while best_at < len(text) and not text[best_at].isalnum() and text[best_at] not in "（(《“":
        best_at += 1
    if not any(char.isalnum() for char in text[best_at:]):
        return len(text)
    return best_at


def _closing_start(units: Sequence[Unit]) -> int:
    """The first unit of the closing formulas: none of those behind it opens an answer."""
    if len(units) > 1 and _NOTHING.fullmatch(units[-1].text):
        units = units[:-1]  # what the row of attachments says where its label is missing
    last_answer = max((at for at, unit in enumerate(units) if unit.answer), default=-1)
    for at, unit in enumerate(units):
        if at > last_answer and at > 0 and is_closing(unit.text):
            later = units[at:]
            short = later[-1].end - unit.start < LONGEST_CLOSING
            if short and not any(ENDS_ASKING.search(each.text) for each in later):
                return at
    return len(units)
