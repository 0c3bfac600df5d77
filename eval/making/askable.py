"""The pairs of a library that can be asked again: substantial answers to questions that stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from eval.making.rewriting import alike, bare_question
from eval.making.topics import topics
from ingest.language.courtesy import substance
from ingest.library.library import Company, Library
from ingest.records import QAPair
from rag.asking.scope import out_of_scope
from rag.finding.declining import bundled_declining
from rag.finding.repeats import fingerprint
from rag.finding.signals import grams

SHORTEST, LONGEST = 8, 70  # characters of a question
SUBSTANCE = 20  # characters of an answer beside courtesy
SAME_QUESTION = 0.45  # likeness of two questions of a company above which either pair may answer
# Questions that lean on what was said before, or ask several things at once.
_LEANS: Final = re.compile(
    r"^(?:那|这|该|上述|其中|另外|此外|还有|以及|第[二三四]|继续|对此|同时|目前有|而|但|其|它)|刚才|刚刚|上述|前面|如上|上面|以上|第二个|[？?].+[？?]|；"
)
_ASKS: Final = re.compile(
    r"[？?吗呢]$|什么|如何|怎么|怎样|多少|哪些|哪|是否|为何|介绍|几|原因|情况|进展|能否|有没有"
)
_RELATIVE: Final = re.compile(
    r"今年|去年|明年|后年|前年|上年|本年|目前|现在|近期|最近|当前|未来|下半年|上半年|季度|本次|这次|此次|报告期|本期|今后|接下来|年报|年底|年初|半年|同期|后续|月"
)


@dataclass(frozen=True, slots=True)
class Askable:
    """One pair with what is needed to ask for it again.

    `question` is bare (see `rewriting.bare_question`), `terms` are its telling terms, `topics` its nouns;
    `relative` says that its words depend on the day on which they are asked.
    """

    record_id: str
    pair: QAPair
    company: Company
    published_on: date | None
    question: str
    terms: frozenset[str]
    topics: tuple[str, ...]
    relative: bool

    @property
    def key(self) -> str:
        """Names the pair in the library; what is drawn for it depends on this."""
        return f"{self.record_id}:{self.pair.number}"


def all_pairs(library: Library) -> list[Askable]:
    """Every pair of every company, by record and number, askable or not."""
    companies = {company.code or company.short_name: company for company in library.companies()}
    found: list[Askable] = []
    for summary in sorted(library.records(), key=lambda one: one.id):
        company = companies.get(summary.code or summary.short_name)
        if company is None:
            continue
        for pair in library.record(summary.id).pairs:
            bare = bare_question(pair.question, company)
            found.append(
                Askable(
                    record_id=summary.id,
                    pair=pair,
                    company=company,
                    published_on=summary.published_on,
                    question=bare,
                    terms=grams(bare),
                    topics=tuple(topics(bare)),
                    relative=bool(_RELATIVE.search(bare)),
                )
            )
    return found


def askable(one: Askable) -> bool:
    """Whether the pair can be asked again and its answer judged."""
    return (
        SHORTEST <= len(one.question) <= LONGEST
        and bool(one.topics)
        and not _LEANS.search(one.question)
        and bool(_ASKS.search(one.question))
        and not out_of_scope(one.question)
        and len(substance(one.pair.answer)) >= SUBSTANCE
        and bundled_declining().degree(one.pair.answer) < 0
    )


def also_answers(one: Askable, of_company: list[Askable], until: date | None = None) -> Iterator[Askable]:
    """Itself first, then the pairs of its company that were asked nearly the same or answer in the same words.

    Args:
        one: the pair.
        of_company: all pairs of its company.
        until: none that was published later.
    """
    said = fingerprint(one.pair.answer)
    yield one
    for other in of_company:
        if other.key == one.key or (until and (other.published_on is None or other.published_on > until)):
            continue
        if same_topic(one, other, SAME_QUESTION) or said.same_statement(fingerprint(other.pair.answer)):
            yield other


def same_topic(one: Askable, other: Askable, likeness: float) -> bool:
    """Whether two questions share so many terms, and at least half of their nouns: 水泵业务如何 is not 阀门业务如何."""
    return alike(one.terms, other.terms) >= likeness and alike(one.topics, other.topics) >= 0.5
