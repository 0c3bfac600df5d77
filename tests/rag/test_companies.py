"""Companies by code, short name, full name and alias; ambiguous and unknown names."""

from __future__ import annotations

import pytest

from ingest.library import Company
from rag.companies import CompanyNames, is_topic

COOLING = Company(code="309001", short_name="岚川智冷", company="北京岚川智冷科技股份有限公司", records=3)
DATA = Company(code="309002", short_name="岚川数科", company="岚川数科股份有限公司", records=2)
PACKAGING = Company(code="009002", short_name="澄屿微电", company="江苏澄屿微电子股份有限公司", records=2)
NAMES = CompanyNames([COOLING, DATA, PACKAGING])


@pytest.mark.parametrize("name", ["309001", "309001.SZ", "岚川智冷", "北京岚川智冷科技股份有限公司", "智冷"])
def test_a_company_has_many_names(name: str) -> None:
    assert NAMES.resolve(name) == (COOLING,)


def test_a_common_part_is_ambiguous() -> None:
    assert set(NAMES.resolve("岚川")) == {COOLING, DATA}
    (mention,) = NAMES.mentions("岚川的收入是多少")
    assert set(mention.companies) == {COOLING, DATA}


def test_the_longest_name_wins() -> None:
    (mention,) = NAMES.mentions("请问岚川智冷的订单")
    assert mention.companies == (COOLING,)


@pytest.mark.parametrize("text", ["宁德时代的产能利用率", "600519今年怎么样", "请问东岭光学科技的毛利率"])
def test_a_company_that_is_not_there_is_still_a_company(text: str) -> None:
    (mention,) = NAMES.mentions(text)
    assert mention.companies == ()


def test_a_topic_is_no_company() -> None:
    assert NAMES.mentions("液冷技术的进展如何") == []
    text = "澄屿微电和宁德时代有合作吗"
    assert is_topic(text, NAMES.mentions(text)[1])


def test_nearest_names_come_first() -> None:
    assert NAMES.nearest("澄屿电子")[0] == PACKAGING
