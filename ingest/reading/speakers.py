"""Transcripts of calls in which speakers take turns under their names: neither questions nor answers are marked."""

from __future__ import annotations

import re

from ingest.language.folding import recognisable
from ingest.language.names import is_person
from ingest.reading.question_marks import answer_mark, opening_marks

LEAST_TURNS = 4
_TITLE = (
    r"(?:董事长|副?总经理|总裁|副总裁|首席\S{1,6}官|董事会秘书|董秘|财务总监|财务负责人|独立董事|主持人|分析师|研究员|投资者关系\S{0,4}|"
    r"CEO|CFO|COO|CTO|IR|Chief [A-Za-z ]{3,30}Officer|Analyst|Moderator|Operator|President|Director|Vice President)"
)
_ROLE_ALONE = re.compile(r"(?:Operator|Moderator|主持人|会议助理|会议主持)\s*[:：]?$", re.IGNORECASE)
_NAME = r"(?P<name>[\u4e00-\u9fff]{2,4}|[A-Z][A-Za-z'.-]+(?: [A-Z][A-Za-z'.-]*){1,3})"
_TITLED = re.compile(
    rf"(?:(?:{_TITLE})\s*)?{_NAME}\s*(?:[-–—|,，/]\s*.{{2,60}}|[（(].{{2,40}}[)）]|\s{_TITLE}.{{0,20}}|{_TITLE})?\s*[:：]?$"
)
_INLINE = re.compile(rf"{_NAME}\s*(?:[（(]?\s*{_TITLE}[^：:]{{0,12}})[:：]\s*\S")
_INLINE_TITLED = re.compile(rf"{_TITLE}\s*{_NAME}\s*(?:先生|女士)?\s*[:：]\s*\S")


def speaks_in_turns(text: str) -> bool:
    """Whether a text is made of speakers' names as headings (or in front of a colon) with speech below them.

    Args:
        text: a whole canonical text that is no form.
    """
    turns: list[str] = []
    for line in recognisable(text).split("\n"):
        words = line.strip()
        if not words:
            continue
        marks = [mark for mark in opening_marks(words) if not mark.loose]
        if any(mark.style == "asked" for mark in marks) or (marks and words.endswith(("？", "?"))):
            return False
        if answer_mark(words) and not _INLINE.match(words):
            return False
        speaker = _speaker(words)
        if speaker:
            turns.append(speaker)
    return len(turns) >= LEAST_TURNS and 2 <= len(set(turns)) < len(turns)


def _speaker(line: str) -> str | None:
    if len(line) <= 90 and _ROLE_ALONE.match(line):
        return line
    found = _TITLED.match(line) if len(line) <= 90 else None
    found = found or _INLINE.match(line) or _INLINE_TITLED.match(line)
    return found["name"] if found and is_person(found["name"]) else None
