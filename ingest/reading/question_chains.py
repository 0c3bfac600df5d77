"""Which paragraphs of a dialogue open a question: the marks that explain the whole text, not each alone.

Every paragraph may open with marks of several styles. For each style, the best chain of openings is
found by dynamic programming: ordinals should count on (or restart after a heading), what follows a
mark should sound like a question, and something must be left to be its answer. Lists inside answers
and numbered management remarks make poor chains; the best chain of all styles wins.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise

from ingest.reading.dialogue_paragraphs import ENDS_ASKING, GREETING, Unit
from ingest.reading.formulas import questions_ahead
from ingest.reading.question_marks import Mark, Style

STYLES: tuple[Style, ...] = (
    "asked",
    "arabic",
    "bracketed",
    "chinese",
    "chinese_bracketed",
    "circled",
    "bare",
)
LONGEST_QUESTION = 24
"""A question has fewer paragraphs than this."""
LOOK_BACK = 60
"""A list inside an answer has fewer items than this."""
_INTERROGATIVE = re.compile(
    r"如何|什么|多少|哪|是否|吗|呢|怎么|怎样|咋|[为有]何|为啥|为什么|请问|请教|想问|问一下|问下|了解一下|介绍一下|谈谈|讲讲|讲述|阐述|"
    r"聊聊|能否|可否|有无|有没有|会不会|能不能|是不是|何时|何种|多久|多大|几个|几款|请.{0,12}(?:介绍|说明|分享|解释|展望|"
    r"分析|解读|描述|拆分|评价|谈|讲)|(?:简单|再|麻烦)?(?:介绍|展望|说明|分享)(?:一?下)?|怎么看|看法|原因"
)
_ASKS = re.compile(r"[？?]")
_TOPIC = re.compile(r"[^\d.．%，。；;：:！!？?][^。；;：:！!？?]*")
"""A question without a verb (`未来的研发投入规划`); an amount or a sentence is none."""
_ADDRESSED = re.compile(r"尊敬的|(?:各位)?投资者.{0,3}[您你]?好|[您你]好[，,！!。]")
"""How an answer opens that nothing else marks; thanks may also close one."""
_TITLES = re.compile(r"(?:[总董秘长导们生士理师家]|领导|公司|[，,、])$")


@dataclass(frozen=True, slots=True)
class Opening:
    """A question opens at this unit; `mark` is None where nothing but its wording says so."""

    unit: int
    mark: Mark | None


class Chains:
    """The best chain of question openings in each style, and the best of these."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.texts = {unit.start: unit.text for unit in units}
        self.answers = [at for at, unit in enumerate(units) if unit.answer]
        self.groups = list(accumulate((b > a + 1 for a, b in pairwise(self.answers)), initial=0))
        self.known: dict[tuple[int, int, Style], float] = {}
        self.answered = len(self.answers) >= 2 or (len(self.answers) == 1 and len(units) <= 12)

    def best(self) -> list[Opening]:
        """The openings of the best chain; empty where nothing sounds like a question."""
        found: list[tuple[float, int, list[Opening]]] = []
        for rank, style in enumerate(STYLES):
            score, chain = self._chain(style)
            if chain and score > 0:
                found.append((score, -rank, chain))
        return max(found, key=lambda each: each[:2])[2] if found else []

    @cached_property
    def glued(self) -> bool:
        """Whether answers stand in their questions' paragraphs as a rule, with nothing to mark them."""
        texts = [unit.text for unit in self.units if unit.marks and not unit.bold]
        tails = [len(text) - max(text.rfind("？"), text.rfind("?")) for text in texts if _ASKS.search(text)]
        return not self.answers and len(tails) >= 2 and sum(tail > 15 for tail in tails) > 0.6 * len(tails)

    def _announcement(self, style: Style) -> int:
        """The last heading that announces questions, unless it counts among the style's own items.

        Headings are mostly numbered `二、`, so that one announces although questions may be, too.
        """
        last = -1
        for at, unit in enumerate(self.units[:-1]):
            announces = unit.heading and len(unit.text) <= 40 and questions_ahead(unit.text)
            if announces and (style == "chinese" or unit.mark(style) is None):
                last = at
        return last

    def _candidates(self, style: Style) -> list[Opening]:
        found: list[Opening] = []
        for at, unit in enumerate(self.units):
            if unit.answer and unit.mark("asked") is None:
                continue
            mark = unit.mark(style)
            if mark is not None:
                found.append(Opening(at, mark))
            elif self._asks_unmarked(at, style):
                found.append(Opening(at, None))
        return found

    def _asks_unmarked(self, at: int, style: Style) -> bool:
        """Whether a unit without the style's mark may open a question all the same."""
        units, unit = self.units, self.units[at]
        before = units[at - 1] if at else None
        if self.answered:
            # a run of bold type, or the paragraph, that an answer's mark follows
            if unit.bold and not (before and before.bold and not before.heading):
                return any(later.answer for later in units[at + 1 : at + 5])
            return at + 1 < len(units) and units[at + 1].answer > 0
        if style != "bare":
            return False
        if unit.heading and not _asks_in_bold(unit):
            return False
        if unit.bold_end > 3:
            return not (before and before.bold and not before.heading)
        if before and ENDS_ASKING.search(before.text):
            return False
        addressed = at + 1 < len(units) and _ADDRESSED.match(units[at + 1].text)
        return bool(ENDS_ASKING.search(unit.text) or (addressed and not _ADDRESSED.match(unit.text)))

    def _chain(self, style: Style) -> tuple[float, list[Opening]]:
        candidates = self._candidates(style)
        if not any(each.mark for each in candidates) and style != "bare":
            return 0.0, []
        count = len(candidates)
        headings = [0]
        for unit in self.units:
            headings.append(headings[-1] + unit.heading)
        announcement = self._announcement(style)
        # best[i]: the best score of a chain whose last opening so far is candidate i, its own
        # segment not yet counted
        best: list[float] = [0.0] * count
        back: list[int] = [-1] * count
        ends: list[float] = [0.0] * count
        for at, opening in enumerate(candidates):
            best[at] = self._start(opening)
            for before in range(max(0, at - LOOK_BACK), at):
                earlier = candidates[before]
                parted = headings[opening.unit] > headings[earlier.unit + 1]
                score = (
                    best[before]
                    + self._segment(earlier, opening.unit, style, announcement)
                    + _step(earlier.mark, opening.mark, parted)
                    + self._counts_on(earlier, opening, style)
                )
                if score > best[at]:
                    best[at], back[at] = score, before
            ends[at] = best[at] + self._segment(opening, len(self.units), style, announcement)
        if not count:
            return 0.0, []
        last = max(range(count), key=ends.__getitem__)
        chain: list[Opening] = []
        at = last
        while at >= 0:
            chain.append(candidates[at])
            at = back[at]
        return ends[last], chain[::-1]

    def _start(self, opening: Opening) -> float:
        if opening.mark is None or opening.mark.number is None or opening.mark.number == 1:
            return 0.0
        return -1.5

    def _segment(self, opening: Opening, end: int, style: Style, announcement: int) -> float:
        """How well the units from an opening to the next make a question with its answer."""
        score = -1.5 if opening.unit < announcement else 0.0
        first = bisect_right(self.answers, opening.unit)
        behind = bisect_left(self.answers, end)
        if behind > first:
            marked = self.answers[first]
            # answers that don't follow each other at once are answers to other questions
            others = self.groups[behind - 1] - self.groups[first]
            return score - 1.3 * others + self._asked_at(opening, marked, style)
        if end - 1 > opening.unit and ENDS_ASKING.search(self.units[end - 1].text):
            score -= 1.5  # what ends with a question is no answer
        return score + self._bare_at(opening, min(end, opening.unit + LONGEST_QUESTION), style)

    def _counts_on(self, before: Opening, opening: Opening, style: Style) -> float:
        """What it tells that a topic (`4、研发规划`) has the number behind the question before it.

        It is no item of a list in that question's answer where no item before it stands there.
        """
        mark, unit = opening.mark, self.units[opening.unit]
        if self.answered or mark is None or mark.loose or before.mark is None or before.mark.number is None:
            return 0.0
        topic = unit.text[mark.length :].rstrip("：: ")
        if mark.number != before.mark.number + 1 or not 3 < len(topic) <= 40 or not _TOPIC.fullmatch(topic):
            return 0.0
        between = self.units[before.unit + 1 : opening.unit]
        listed = any((item := each.mark(style)) and item.number == before.mark.number for each in between)
        return 0.0 if listed or _INTERROGATIVE.search(topic) else 0.9

    def _asked_at(self, opening: Opening, marked: int, style: Style) -> float:
        """The score of an opening whose answer is marked."""
        key = (opening.unit, marked, style)
        if key not in self.known:
            # what is many times too long is bad enough, and need not be looked at to its end
            question = self.units[opening.unit : min(marked, opening.unit + 4 * LONGEST_QUESTION)]
            score = 1.8 + self._sounds(opening, question, style)
            if any(_asks_next(opening.mark, unit.mark("asked")) for unit in question[1:]):
                score -= 1.0
            self.known[key] = score
        return self.known[key]

    def _bare_at(self, opening: Opening, end: int, style: Style) -> float:
        """The score of an opening whose answer nothing marks."""
        key = (opening.unit, end, style)
        if key not in self.known:
            question_end, answer_start = split_bare(self.units, opening, end, self.glued)
            question = [unit for unit in self.units[opening.unit : end] if unit.start < question_end]
            score = self._sounds(opening, question, style)
            if answer_start is None:
                score -= 2.5
            elif "\t" in self.units[opening.unit].text:
                score += 1.0
            elif self.answered:
                score -= 1.0
            elif GREETING.match(self.texts.get(answer_start, "")):
                score += 1.2
            self.known[key] = score
        return self.known[key]

    def _sounds(self, opening: Opening, question: Sequence[Unit], style: Style) -> float:
        """How much an opening looks like a question's, and the question sounds like one."""
        first, mark = question[0], opening.mark
        text = "".join(unit.text for unit in question[:LONGEST_QUESTION])
        score = -0.4
        if mark is None:
            score -= 0.5 if style == "bare" else 1.4
            score -= max((0.6 if each.loose else 1.5 for each in first.marks), default=0.0)
        elif mark.loose:
            score -= 0.9
        elif mark.style == "asked":
            score += 1.0
        if ENDS_ASKING.search(text):
            score += 1.6
        elif _ASKS.search(text):
            score += 1.2
        elif _INTERROGATIVE.search(text):
            score += 0.9
        else:
            score -= 0.7
        if first.bold_end > 3:
            score += 1.0
        for before, unit in pairwise(question):
            if unit.bold:
                continue
            score -= 0.4
            if before.text.endswith(("。", "；", ";")):
                score -= 0.6
            if mark and unit.mark(mark.style):
                score -= 0.4
        if len(text) > 500:
            score -= 1.0
        if first.heading and mark is None and not _asks_in_bold(first):
            score -= 1.0
        return score


def _asks_in_bold(unit: Unit) -> bool:
    """Whether what looks like a heading for its bold type is a question: it asks, if without a sign."""
    if _ASKS.search(unit.text):
        return True
    return unit.bold_end > 3 and bool(_INTERROGATIVE.search(unit.text)) and not questions_ahead(unit.text)


def _step(before: Mark | None, after: Mark | None, parted: bool) -> float:
    """What the ordinals of two openings in a row say about them."""
    if before is None or after is None:
        return 0.0
    if before.number is None or after.number is None:
        return 0.0 if before.number == after.number else -0.8
    if after.number == before.number + 1:
        return 0.3
    if after.number == 1:
        return 0.0 if parted else -0.9
    if after.number in (before.number, before.number + 2):
        return -0.9
    return -3.0


def _asks_next(mark: Mark | None, other: Mark | None) -> bool:
    """Whether the second mark opens the question behind the first one's."""
    if mark is None or other is None or mark.style != "asked" or other.loose:
        return False
    return other.number == (None if mark.number is None else mark.number + 1)


def split_bare(units: Sequence[Unit], opening: Opening, end: int, glued_rule: bool) -> tuple[int, int | None]:
    """Where the question of a segment without answer's mark ends and its answer starts (in the text).

    Args:
        units: all units.
        opening: the segment's first unit.
        end: the unit behind the segment.
        glued_rule: answers stand in their questions' paragraphs as a rule.
    """
    first = units[opening.unit]
    skip = opening.mark.length if opening.mark else 0
    last = opening.unit
    if not first.text[skip:].strip() and last + 1 < end:
        last += 1  # the mark has a line of its own
        first, skip = units[last], 0
    if "\t" in first.text[skip:].strip():
        cell = first.text.index("\t", skip + 1)
        return first.start + cell, first.start + cell
    at = last
    if first.bold_end > skip + 3:
        if not first.bold:
            return first.start + first.bold_end, first.start + first.bold_end
        while last + 1 < end and units[last + 1].bold:
            last += 1
        if last + 1 < end:
            return units[last].end, units[last + 1].start
        last = at
    while last + 1 < end:
        now, after = units[last], units[last + 1]
        unfinished = now.text.endswith(("：", ":", "；", ";", "，", ",", "、"))
        goes_on = bool(ENDS_ASKING.search(after.text)) and not now.text.endswith(("。", "！"))
        if last + 2 < end and (goes_on or (unfinished and _ASKS.search(after.text))):
            last += 1
        else:
            break
    alone = glued_rule or last + 1 >= end or units[at + 1].start == first.end
    glued = _glued_answer(first.text, skip, alone=alone) if last == at else None
    if glued is not None:
        return first.start + glued, first.start + glued
    if last + 1 < end:
        return units[last].end, units[last + 1].start
    return units[last].end, None


_STATES = re.compile(r"(?:本?公司|我们|目前|截至|20\d\d\s*年)")


def _glued_answer(text: str, skip: int, *, alone: bool) -> int | None:
    """Where the answer starts that stands in the question's own paragraph; None if none does.

    Args:
        text: the paragraph.
        skip: the length of the question's mark.
        alone: nothing else is there to be the answer.
    """
    asks = [found.end() for found in _ASKS.finditer(text) if found.start() > skip]
    for found in GREETING.finditer(text, skip + 4):
        before = text[: found.start()].rstrip()
        if before.endswith(("？", "?")) or (not asks and before.endswith(("。", "！", "谢谢"))):
            return found.start()
        # a question that nothing ends: `…有何计划您好，公司…`, but not `董事长您好，`
        open_end = not asks and found.start() > skip + 10 and not _TITLES.search(before)
        if open_end and text[found.end() : found.end() + 1] in ("，", ",", "！", "!", "。"):
            return found.start()
    if asks and not alone:
        rest = text[asks[-1] :].strip()
        if len(rest) > 25 and rest.endswith("。") and _STATES.match(rest) and not _INTERROGATIVE.search(rest):
            return asks[-1]  # the line end between them got lost
    if not alone or not asks:
        return None
    for at in asks:
        sentence = re.split(r"[。！!？?]", text[at:], maxsplit=1)[0]
        rest = text[at:].strip()
        if rest and not _INTERROGATIVE.search(sentence) and len(rest) > 6:
            return at
    return None
