"""Companies by code, short name, full name and alias; ambiguous and unknown names."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.studies.naming import run as run_companies
from ingest.library.library import Company
from rag.asking.companies import CompanyNames, is_topic
from rag.asking.company_aliases import read_aliases, write_alias
from rag.asking.question import understand
from rag.asking.subsidiaries import QuestionsWith
from rag.writing.answer_notes import labels_of_all, which_company

CASES = Path(__file__).parents[3] / "eval" / "cases"

COOLING = Company(code="309001", short_name="岚川智冷", company="北京岚川智冷科技股份有限公司", records=3)
DATA = Company(code="309002", short_name="岚川数科", company="岚川数科股份有限公司", records=2)
PACKAGING = Company(code="009002", short_name="澄屿微电", company="江苏澄屿微电子股份有限公司", records=2)
NAMES = CompanyNames([COOLING, DATA, PACKAGING])


def holding(asked: list[tuple[str, str]]) -> QuestionsWith:
    """As a library gives questions with a word."""
    return lambda word, at_most: [one for one in asked if word in one[1]][:at_most]


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


LISTED = CompanyNames(
    [
        Company(code="000425", short_name="徐工机械", company=None, records=1),
        Company(code="300499", short_name="高澜股份", company="广州高澜节能技术股份有限公司", records=1),
    ],
    aliases={"水冷龙头": "300499"},
    former={"300499": {"高澜节能"}},
)


def test_cases_of_every_kind() -> None:
    """The kinds of names that were wrong once; the set was written before the code saw it."""
    wrong = [result for result in run_companies() if result.got != result.wanted]
    assert len(wrong) <= 0.03 * len(run_companies()), wrong


def test_a_company_from_outside_is_asked_about_or_only_a_topic() -> None:
    """Written before the code, like the other set."""
    results = run_companies(CASES / "unknown_names.txt")
    wrong = [result for result in results if result.got != result.wanted]
    assert len(wrong) <= 0.05 * len(results), wrong


def test_a_name_built_like_a_companys_is_unknown_unless_the_library_speaks_of_it() -> None:
    question = "鑫恒远微芯2024年研发费用率是多少"
    assert [mention.name for mention in NAMES.outside(question)] == ["鑫恒远微芯"]
    speaking = CompanyNames(NAMES.companies, questions=holding([("309001", "鑫恒远微芯投产了吗")]))
    assert speaking.outside(question) == []


@pytest.mark.parametrize(
    "text", ["水冷龙头的订单", "高澜节能的订单", "GAOLAN orders", "高兰股份的订单", "请问高澜有多少订单"]
)
def test_aliases_former_names_pinyin_and_slips(text: str) -> None:
    (mention,) = LISTED.mentions(text)
    assert [company.code for company in mention.companies] == ["300499"]


@pytest.mark.parametrize(
    ("text", "code"), [("浪潮软件的订单", "600756"), ("600519分红", "600519"), ("*ST国华保壳", "000004")]
)
def test_a_listed_company_that_is_not_here_says_so(text: str, code: str) -> None:
    (mention,) = LISTED.mentions(text)
    assert mention.companies == () and mention.listed and mention.listed.code == code
    asked = understand(text, LISTED)
    assert asked.unknown_listed and "是上市公司" in (which_company(asked, LISTED) or "")


def test_nearest_names_are_given_only_where_they_are_near() -> None:
    assert NAMES.nearest("浪潮软件") == []
    assert "None" not in labels_of_all([Company("309005", None, None, 1), *LISTED.companies])


@pytest.mark.parametrize(
    "text", ["机器人业务进展", "数字人民币", "拿到大金额订单了吗", "太阳能收入", "哪些公司给宁德时代供货"]
)
def test_words_are_no_companies(text: str) -> None:
    asked = understand(text, LISTED)
    assert asked.companies == () and asked.unknown == ()


GRID = CompanyNames([Company("600406", "国电南瑞", None, 1), Company("300750", "宁德时代", None, 1), COOLING])


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("国电南网的收入", [], ["国电南网"]),
        ("国电的收入", ["600406"], []),
        ("国电南锐的收入", ["600406"], []),
        ("宁德市的工厂", [], []),
        ("福建宁德建厂了吗", [], []),
        ("岚川智冷在宁德有工厂吗", ["309001"], []),
        ("宁德市场份额", ["300750"], []),
        ("宁德的毛利率", ["300750"], []),
    ],
)
def test_a_name_that_only_opens_like_a_company(text: str, codes: list[str], unknown: list[str]) -> None:
    asked = understand(text, GRID)
    assert [company.code for company in asked.companies] == codes and list(asked.unknown) == unknown


def test_subsidiaries_are_learned_from_the_library() -> None:
    own = [("309001", f"东莞硅翔的{what}") for what in "客户 产能 订单 毛利率 设备".split()]
    both = [(code, f"苏州翊琮的{what}") for code in ("309001", "309002") for what in "客户 产能 订单".split()]
    rare = [("309001", "青岛柘岚的客户")]
    names = CompanyNames([COOLING, DATA], questions=holding([*own, *both, *rare]))
    asked = understand("硅翔哪样最来钱", names)
    assert asked.companies == (COOLING,) and "硅翔" in asked.search_text
    assert understand("岚川数科和硅翔有合作吗", names).companies == (DATA,)
    for text in ("翊琮的客户", "柘岚的客户", "哪些公司入股了硅翔"):
        assert understand(text, names).companies == ()


@given(st.text(max_size=40))
def test_any_text_can_be_asked(text: str) -> None:
    for mention in LISTED.mentions(text):
        assert text[mention.start : mention.end] == mention.name


def test_an_alias_is_kept_and_forgotten(tmp_path: Path) -> None:
    assert write_alias(tmp_path, "300499", "老高") == {"老高": "300499"} == read_aliases(tmp_path)
    assert write_alias(tmp_path, "300499", "") == {} == read_aliases(tmp_path)
