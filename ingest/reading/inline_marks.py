"""Where one paragraph holds several questions and answers: the places at which it is to be cut.

A mark in the middle of a paragraph may be no mark (`公司答复：` in a sentence, `2、` in a list), so marks
are judged together: an answer's mark must follow each question's, and ordinals must count on.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from ingest.reading.question_marks import ASKER, NUMBER, answer_mark, numeral, opening_marks

_ANSWER = re.compile(
    r"(?:公司|上市公司|董秘|董事会秘书|管理层|董事长)?(?:答复|回复|回答|答)\s*\d{0,3}\s*[:：]"
    r"|(?<![A-Za-z\d])[AＡ]\s*(?:\d{0,3}\s*[:：]|\d{1,3}\s*[.．、](?!\d))|【[答回][^】]{0,3}】"
)
_ASK = re.compile(
    rf"(?:[（(]?(?P<outer>{NUMBER}|[①-⑳])[）)]?\s*[、.．]?\s*)?"
    rf"(?:(?<![请想询追访疑学反])(?:{ASKER})\s*(?P<inner>{NUMBER})?\s*[:：]|问题\s*(?P<nth>{NUMBER})\s*[、.．，,)）]"
    rf"|(?<![A-Za-z\d])[QＱ]\s*(?P<letter>\d{{1,3}})\s*[、.．:：](?!\d)|【问[^】]{{0,3}}】)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(?P<arabic>(?<![\d.])\d{1,2})[、.．](?!\d)|[（(](?P<bracketed>\d{1,2})[）)]|(?P<circled>[①-⑳])"
    r"|(?P<chinese>(?<![一二三四五六七八九十第])[一二三四五六七八九十]{1,3})、"
)
_SENTENCE = re.compile(r"[。！!；;](?:[”\"』」）)])?\s*")
SHORTEST = 3
"""A question or an answer has more characters than this."""


class Cuts(NamedTuple):
    """Places in a paragraph where a question or an answer begins; `unsure` where only wording told one."""

    places: tuple[int, ...]
    unsure: bool = False


NONE = Cuts(())


def glued_cuts(line: str) -> Cuts:
    """The places at which a paragraph of several questions and answers is cut; none where it holds but one text.

    Args:
        line: one paragraph, radicals folded and traditional characters simplified.
    """
    answers = [found.start() for found in _ANSWER.finditer(line) if _parts(line, found.start())]
    answers = _apart(answers)
    if not answers:
        return NONE
    asks = [found for found in _ASK.finditer(line) if _asks_here(line, found)]
    opened = bool(asks and not line[: asks[0].start()].strip()) or any(
        not mark.loose for mark in opening_marks(line.lstrip())
    )
    if len(answers) == 1:
        # one question with its answer: cut where the paragraph opens with a question's mark
        single = opened and not answer_mark(line) and answers[0] > SHORTEST and _asks_before(line, answers[0])
        later = [found.start() for found in asks if found.start() > answers[0] + SHORTEST]
        return Cuts((answers[0], *later[:1])) if single else NONE
    return _pairs(line, answers, asks)


def _pairs(line: str, answers: Sequence[int], asks: Sequence[re.Match[str]]) -> Cuts:
    """Cuts before each answer and before the question of the next one; a question without a place ends it."""
    places: list[int] = []
    unsure = False
    asked = [found.start() for found in asks]
    ordinal = _style_at(line, 0, answers[0])
    number = ordinal[1] if ordinal else None
    for at, answer in enumerate(answers):
        if answer > SHORTEST:
            places.append(answer)
        if at + 1 == len(answers):
            break
        end = answers[at + 1]
        last = bisect_left(asked, end - SHORTEST) - 1
        if last >= 0 and asked[last] > answer:
            places.append(asked[last])
            number = number + 1 if number is not None else None
            continue
        if ordinal and number is not None:
            counted = [
                found.start()
                for found in _ORDINAL.finditer(line, answer + 1, end)
                if found[ordinal[0]] and numeral(found[ordinal[0]]) == number + 1
            ]
            if counted:
                places.append(counted[-1])
                number += 1
                continue
        worded = _worded(line, answer, end)
        if worded is None:
            return NONE
        places.append(worded)
        unsure = True
    return Cuts(tuple(sorted(set(places))), unsure)


def _style_at(line: str, start: int, end: int) -> tuple[str, int] | None:
    """The style and number of the ordinal at a question's beginning."""
    found = _ORDINAL.match(line, start + len(line[start:end]) - len(line[start:end].lstrip()))
    if not found or found.start() >= end or found.lastgroup is None:
        return None
    return found.lastgroup, numeral(found[found.lastgroup])


def _worded(line: str, answer: int, end: int) -> int | None:
    """Where the sentences begin that ask, at the end of what stands between two answers' marks."""
    if not line[max(answer, end - 40) : end].rstrip().endswith(("？", "?")):
        return None
    starts = [found.end() for found in _SENTENCE.finditer(line, answer, end - 1)]
    return starts[-1] if starts and end - starts[-1] > SHORTEST else None


def _asks_here(line: str, found: re.Match[str]) -> bool:
    """Whether a question's mark is one: without a number (`三个问题：`) only where a sentence begins."""
    numbered = any(found[group] for group in ("outer", "inner", "nth", "letter"))
    before = line[max(0, found.start() - 1) : found.start()]
    return numbered or not before or before in "。？?！!；;…”）)】 \u3000\t" or found[0].startswith("【")


def _parts(line: str, at: int) -> bool:
    """Whether an answer's mark may stand here: a word such as `解答：` or `问答：` is none."""
    return at == 0 or line[at - 1] not in "问解应作报抢据对称书面将将会并已者司已未"


def _apart(places: Sequence[int]) -> list[int]:
    kept: list[int] = []
    for place in places:
        if not kept or place - kept[-1] > SHORTEST + 2:
            kept.append(place)
    return kept


def _asks_before(line: str, answer: int) -> bool:
    """Whether what stands before an answer's mark has the look of a question rather than of a sentence of it."""
    before = line[:answer].rstrip()
    return not before.endswith(("，", ",", "、", "的")) and len(before) <= 1500
