"""A figure of a part told of the whole: 公司毛利率为18% where the evidence tells the margin of 储能业务."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from rag.data_files import word_list
from rag.grounding.binding import Match
from rag.grounding.claim_parts import clauses_of
from rag.grounding.facing import Facing
from rag.grounding.labels import comparable
from rag.grounding.verdicts import Finding
from rag.grounding.words import exact_pattern, table, words

_GOES_ON: Final = re.compile(r"\s*(?:其|该|这)")
_RUN: Final = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z0-9-]*")


def decides(facing: Facing) -> Finding | None:
    """Unsupported where a clause names nobody but the company and the evidence's sentence tells its figure of somebody else."""
    for span in clauses_of(facing.claim, *facing.claim_part):
        inside = [item for item in facing.figures if span[0] <= item.claimed.figure.start < span[1]]
        match = next((item.best for item in inside if item.best is not None), None)
        if match is None or match.reading.is_page:
            continue
        said = facing.claim.text[facing.claim_part[0] : inside[-1].claimed.figure.start]
        owner = _owner(match, said)
        if owner:
            return replace(facing, claim_part=span).finding("unsupported", "name_other", 0.3, words=owner)
    return None


def _owner(match: Match, said: str) -> str:
    """Whom the evidence's sentence tells a figure of, where a claim that says only so much names nobody; "" for the company.

    The clause of the figure, or the nearest before it that does, names the owner beside measures; where it names the company
    too, the owner must be called a part of it.
    """
    reading, number = match.reading, match.stated.sentence
    sentence = reading.sentences[number]
    text = reading.text[sentence.start : match.stated.figure.start]
    if _GOES_ON.match(text) and number and reading.sentences[number - 1].part == sentence.part:
        text = reading.text[reading.sentences[number - 1].start : match.stated.figure.start]
    *before, own = exact_pattern("sentence.clause_mark").split(text)
    company = exact_pattern("alignment.self")
    listed, _, last = own.rpartition("、")
    own = last if re.search(r"\d", listed) else own  # of several figures the last one's words
    if exact_pattern("alignment.whole").search(own) or _named(said):
        return ""
    for clause in (own, *reversed(before)):
        if exact_pattern("alignment.cause").match(clause.strip()):
            continue
        named = [name for name in _named(_to_figure(clause)) if name not in said]
        if company.search(clause):
            part = exact_pattern("alignment.part_of_company")
            return next((name for name in named if part.search(name)), "")
        if named:
            return named[0]
    return ""


def _to_figure(clause: str) -> str:
    """A clause up to its first figure."""
    bare = exact_pattern("alignment.date").sub(lambda date: " " * len(date.group()), clause)
    return re.split(r"\d", bare, maxsplit=1)[0]


def _named(text: str) -> list[str]:
    """What a text names beside measures, dates and the company itself."""
    text = comparable(text)  # 归属于上市公司股东的净利润 is a measure's name
    for name in ("alignment.date", "alignment.self"):
        text = exact_pattern(name).sub(" ", text)
    text = _measures().sub(" ", text)
    for name in ("alignment.opening", "alignment.report"):
        text = exact_pattern(name).sub(" ", text)
    text = _soft().sub(" ", text)
    empty = words("alignment.function")
    return [
        run for run in _RUN.findall("".join(" " if one in empty else one for one in text)) if len(run) > 1
    ]


@cache
def _soft() -> re.Pattern[str]:
    """The words without a fact of their own; those of one character may be parts of others (省内)."""
    return re.compile("|".join(word for word in table("alignment.soft") if len(word) > 1))


@cache
def _measures() -> re.Pattern[str]:
    measures = [*map(re.escape, word_list("asked_figures")), *words("alignment.measure")]
    return re.compile("|".join(sorted(measures, key=len, reverse=True)))
