"""目前, 最新: among statements that answer about as well, the newest stands first, in a period, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ingest.records import Record
from rag.question import understand
from rag.relevance import Relevant
from rag.trained import Trained
from rag.writing import draft_verbatim
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
    draft = draft_verbatim(understand(question, NAMES), [(Trained.bundled(), group)], records.__getitem__)
    return [one.relevant.evidence.passage.published_on for one in draft.sections]


@pytest.mark.parametrize("question", ["岚川智冷目前在手订单多少", "岚川智冷2024年最新在手订单多少"])
def test_the_newest_of_what_is_about_as_likely_stands_first(question: str) -> None:
    assert order_for(question, {1: 0.9, 2: 0.8, 3: 0.7}) == [DAYS[2], DAYS[3], DAYS[1]]
    assert order_for(question, {1: 0.9, 2: 0.3, 3: 0.8}) == [DAYS[3], DAYS[1], DAYS[2]]


def test_a_period_alone_keeps_the_most_likely_first() -> None:
    assert order_for("岚川智冷2024年在手订单多少", {1: 0.9, 2: 0.8, 3: 0.7})[0] == DAYS[1]
