"""目前, 最新: among statements that answer about as well, the newest stands first, in a period, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.records import Record
from rag.asking.question import understand
from rag.finding.newest_first import placed
from rag.finding.relevance import Relevant
from rag.finding.trained import Trained
from rag.writing.verbatim_answer import Section, draft_verbatim
from tests.rag.writing_parts import NAMES, section

DAYS = {1: date(2024, 5, 12), 2: date(2024, 11, 2), 3: date(2024, 8, 1)}


def order_for(question: str, scores: dict[int, float]) -> list[date | None]:
    records: dict[str, Record] = {}
    group: list[Relevant] = []
    for mark, day in DAYS.items():
        part = section(mark, "公司在手订单约3亿元。", "在手订单有多少？")
        records[part.record.id] = part.record
        evidence = part.relevant.evidence
        passage = replace(evidence.passage, published_on=day)
        group.append(Relevant(replace(evidence, passage=passage, score=scores[mark]), False))
    group.sort(key=lambda item: -item.evidence.score)
    asked = understand(question, NAMES)
    draft = draft_verbatim(
        asked,
        [(Trained.bundled(), placed(asked, group, [one.evidence for one in group], records.__getitem__))],
        records.__getitem__,
    )
    return [one.relevant.evidence.passage.published_on for one in draft.sections]


@pytest.mark.parametrize("question", ["岚川智冷目前在手订单多少", "岚川智冷2024年最新在手订单多少"])
def test_the_newest_of_what_is_about_as_likely_stands_first(question: str) -> None:
    assert order_for(question, {1: 0.9, 2: 0.8, 3: 0.7}) == [DAYS[2], DAYS[3], DAYS[1]]
    assert order_for(question, {1: 0.9, 2: 0.3, 3: 0.8}) == [
        DAYS[2],
        DAYS[3],
        DAYS[1],
    ]  # all on the very topic


def test_a_period_alone_keeps_the_most_likely_first() -> None:
    assert order_for("岚川智冷2024年在手订单多少", {1: 0.9, 2: 0.8, 3: 0.7})[0] == DAYS[1]


def orders(answers: dict[int, str], scores: dict[int, float], question: str) -> list[Section]:
    records: dict[str, Record] = {}
    group: list[Relevant] = []
    for mark, day in DAYS.items():
        part = section(mark, answers[mark], "在手订单有多少？")
        records[part.record.id] = part.record
        passage = replace(part.relevant.evidence.passage, published_on=day)
        evidence = replace(part.relevant.evidence, passage=passage, score=scores[mark])
        group.append(Relevant(evidence, False))
    group.sort(key=lambda item: -item.evidence.score)
    asked = understand(question, NAMES)
    evidence_of_all = [item.evidence for item in group]
    ordered = placed(asked, group[:1], evidence_of_all, records.__getitem__)
    return list(draft_verbatim(asked, [(Trained.bundled(), ordered)], records.__getitem__).sections)


ANSWERS = {
    1: "截至2024年3月31日，公司在手订单约3亿元。",
    2: "截至2024年9月30日，公司在手订单约5亿元。",
    3: "公司重视研发投入，持续推出新产品。",
}


def test_an_older_figure_stands_behind_the_one_that_overtakes_it_and_is_marked() -> None:
    newer, older = orders(ANSWERS, {1: 0.9, 2: 0.05, 3: 0.04}, "岚川智冷在手订单多少")
    assert newer.relevant.evidence.passage.published_on == DAYS[2] and newer.later is None
    assert older.later is not None and older.later.reason == "figure"
    assert older.later.mark == newer.citations[0].mark and "5亿元" in older.later.quote
    assert older.superseded_by(older.citations[0]) == older.later


def test_a_figure_of_the_period_asked_for_stands() -> None:
    (only,) = orders(ANSWERS, {1: 0.9, 2: 0.05, 3: 0.04}, "岚川智冷2024年一季度末在手订单多少")
    assert only.relevant.evidence.passage.published_on == DAYS[1] and only.later is None


def test_what_is_said_later_of_the_very_topic_comes_first() -> None:
    answers = {**ANSWERS, 1: "公司在手订单保持高位。", 2: "公司在手订单较为充足。"}
    sections = orders(answers, {1: 0.9, 2: 0.2, 3: 0.1}, "岚川智冷在手订单情况")
    assert [one.relevant.evidence.passage.published_on for one in sections] == [DAYS[2], DAYS[1]]
