"""Which period a figure is of, what it is compared with, how far it looks back, and whose it is in a list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding import check
from rag.grounding.evidence import EvidenceText
from rag.grounding.figures import figures
from rag.grounding.lists import listed
from rag.grounding.reading import read
from rag.grounding.synonyms import canonical, interchangeable

ARTICLE = (
    "文章标题：青禾股份盘后解读 发布时间：2031年05月15日 文章内容：青禾股份收盘价为12.40元。"
    "2030年，公司营业收入为8.1亿元。2031年第一季度，公司营业收入为2.3亿元，净利润为0.4亿元。门店增至318家。"
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("2031年5月15日，青禾股份的收盘价为12.40元", "supported"),  # told on the day of publication
        ("2031年5月14日，青禾股份的收盘价为12.40元", "contradicted"),
        ("2030年，青禾股份的营业收入为8.1亿元", "supported"),
        ("2031年第一季度，青禾股份的营业收入为8.1亿元", "contradicted"),
        ("2031年第一季度，青禾股份的净利润为0.4亿元", "supported"),
        ("2030年，青禾股份的净利润为0.4亿元", "contradicted"),
        ("2031年第一季度，青禾股份的门店增至318家", "supported"),  # carried from the sentence before
        ("2030年，青禾股份的门店增至318家", "not_checkable"),
    ],
)
def test_the_nearest_period_is_the_figures(claim: str, verdict: str) -> None:
    found = check(claim, ARTICLE)
    assert found.verdict == verdict, found


def test_a_full_year_is_of_the_year_talked_about() -> None:
    text = "发布时间：2031年03月20日 2030年报：公司全年净利润为2.4亿元。"
    assert check("2030年，公司全年净利润为2.4亿元", text).verdict == "supported"
    assert check("2031年，公司全年净利润为2.4亿元", text).verdict != "supported"


def test_an_open_quarter_is_of_the_year_that_names_it() -> None:
    text = "2031财年第三季度营业收入为14.3亿元。云业务持续增长，第三季度达6.2亿元。"
    assert check("2031财年第三季度，云业务达6.2亿元", text).verdict == "supported"
    assert check("2030财年第三季度，云业务达6.2亿元", text).verdict != "supported"


@pytest.mark.parametrize(
    ("claim", "evidence", "rule"),
    [
        ("2030年产量比2028年增加5万吨", "2028年投产。2030年产量比上年增加5万吨。", "figure_base"),
        ("近一周涨幅为3%", "近一月涨幅为3%。", "figure_reach"),
        ("青禾股份报2.08亿元/股", "青禾股份报45.38元/股，成交2.08亿元。", None),
    ],
)
def test_bases_windows_and_prices(claim: str, evidence: str, rule: str | None) -> None:
    found = check(claim, evidence)
    assert found.verdict in {"contradicted", "unsupported"}, found
    assert rule is None or rule in found.rules


def test_a_base_told_otherwise_is_the_same_base() -> None:
    assert (
        check("2030年产量比2029年增加5万吨", "2030年产量比上年增加5万吨。2029年平稳。").verdict == "supported"
    )


LISTS = (
    "省内、省外收入全年分别同增11.7%、13.8%。1年期和5年期利率分别下调10和35个基点。"
    "该行下调公司2030-2032年的净利润至97亿元、102亿元、113亿元，同比增速分别为-1.4%、5.6%、10.8%。"
)


@pytest.mark.parametrize(
    ("claim", "stands"),
    [
        ("省外收入同比增长13.8%", True),
        ("省外收入同比增长11.7%", False),
        ("省内收入同比增长11.7%", True),
        ("1年期利率下调10个基点", True),
        ("1年期利率下调35个基点", False),
        ("5年期利率下调35个基点", True),
        ("公司2031年的净利润同比增速为5.6%", True),
        ("公司2032年的净利润同比增速为5.6%", False),
    ],
)
def test_a_list_gives_each_name_its_own_figure(claim: str, stands: bool) -> None:
    found = check(claim, LISTS)
    assert (found.verdict == "supported") is stands, found


@given(
    st.lists(st.sampled_from("甲乙丙丁戊己庚"), min_size=2, max_size=5, unique=True),
    st.data(),
)
def test_every_name_of_a_list_and_no_other(names: list[str], data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(101, 999), min_size=len(names), max_size=len(names), unique=True))
    text = f"{'、'.join(f'{name}厂' for name in names)}的产量分别为{'、'.join(f'{value}吨' for value in values)}。"
    number, other = data.draw(st.permutations(range(len(names))))[:2]
    assert check(f"{names[number]}厂的产量为{values[number]}吨", text).verdict == "supported", text
    assert check(f"{names[number]}厂的产量为{values[other]}吨", text).verdict != "supported", text


def test_a_list_without_its_word_shares_nothing() -> None:
    text = read(EvidenceText("营业收入为3亿元、5亿元。")).text
    found = figures(text)
    assert listed(text, 0, found) == (found, {})


def test_a_list_lends_its_unit() -> None:
    text = read(EvidenceText("甲、乙分别下调10和35个基点")).text
    lent, shares = listed(text, 0, figures(text))
    assert [figure.unit for figure in lent] == ["百分点", "百分点"]
    assert [share.label for share in shares.values()] == ["甲下调", "乙下调"]


@given(st.text(alphabet="公司收入上升提高海外境外目前的增长不是12，。", max_size=40))
def test_synonyms_keep_every_place(text: str) -> None:
    assert len(canonical(text)) == len(text)
    assert canonical(canonical(text)) == canonical(text)


def test_only_words_of_one_group_are_interchangeable() -> None:
    assert interchangeable("目前", "现阶段")
    assert not interchangeable("增长", "下降")
    assert not interchangeable("目前", "将来")


@pytest.mark.parametrize(
    ("claim", "evidence", "verdict"),
    [
        ("海外收入提升", "境外收入增长", "supported"),
        ("海外收入下滑了", "境外收入增长了", "contradicted"),
        ("小李也去了", "除了小李，大家都去了", "not_checkable"),
        ("获得二等奖", "作品获得一等奖", "not_checkable"),
        ("二期工程已经完工", "一期工程去年底已经投入使用，二期还在施工", "not_checkable"),
        ("有一百多位画家参加", "有一百四十位画家参加", "supported"),
        ("有一百多位画家参加", "有二百四十位画家参加", "unsupported"),
        ("三楼能住人", "二楼跟三楼总有一层是能住人的", "unsupported"),
    ],
)
def test_words(claim: str, evidence: str, verdict: str) -> None:
    found = check(claim, evidence)
    assert found.verdict == verdict, found
