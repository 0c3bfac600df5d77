"""A small library of two companies that do not exist, for the views: repeats, changes, traditional characters, broken lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import Library, ingest
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from tests.rag.views.records import library as library_of_topics

FORM = """证券代码：{code}    证券简称：{name}
{name}股份有限公司投资者关系活动记录表
编号：{number}
投资者关系活动类别：√{category}
参与单位名称及人员姓名：{visitors}
时间：{day}
地点：公司三楼会议室
上市公司接待人员姓名：董事会秘书 {host}
投资者关系活动主要内容介绍：
{dialogue}
附件清单（如有）：无
日期：{day}
"""

RECORDS = [
    {
        "code": "309931",
        "name": "霁川光电",
        "number": "2024-001",
        "category": "特定对象调研",
        "visitors": "松岚基金 韩一诺；远汀证券 陆闻",
        "day": "2024年5月10日",
        "host": "段清禾",
        "dialogue": "1、公司光模块的产能有多大？\n答：公司光模块年产能为120万只，目前满产。\n"
        "2、公司有没有做人形机器人？\n答：公司专注光通信主业。\n"
        "3、公司今年是否有分红计划？\n答：公司重视股东回报，分红方案以公告为准，请投资者关注后续披露。",
    },
    {
        "code": "309931",
        "name": "霁川光电",
        "number": "2025-001",
        "category": "业绩说明会",
        "visitors": "线上投资者",
        "day": "2025年4月22日",
        "host": "段清禾",
        "dialogue": "1、公司今年是否有分红计划？\n答：公司重视股东回报，分红方案以公告为准，请投资者关注后续披露。\n"
        "2、公司光模块的产能有多大？\n答：公司光模块年产能已提升到260万只，二期厂房在建。\n"
        "3、SAIC 是不是公司的 AI 客户？\n答：公司的 AI 业务客户以云厂商为主，800G 光模块已批量交付。\n"
        "4、关税会影响出口吗？\n答：公司对美國出口占比不到5%，關\n稅影响有限。毛利率保持在31.7%左右。",
    },
    {
        "code": "309932",
        "name": "澜屏热控",
        "number": "2025-006",
        "category": "特定对象调研",
        "visitors": "远汀证券 陆闻",
        "day": "2025年9月3日",
        "host": "苏见微",
        "dialogue": "1、公司液冷订单如何？\n答：公司液冷订单同比增长40%，光模块散热也已送样。\n"
        "2、公司怎么看关税？\n答：公司没有对美出口。",
    },
]
UNDATED = (
    FORM.replace("时间：{day}\n", "")
    .replace("\n日期：{day}", "")
    .format(**{**RECORDS[2], "number": "无", "dialogue": "1、液冷是否涨价？\n答：液冷产品价格保持稳定。"})
)
ASKED_ALONE = (
    "question,answer,ts_code,question_time,answer_time\n"
    "贵公司有没有低空经济方面的布局？,您好，公司暂无相关业务，感谢关注。,309932.SZ,2025-10-01 09:00:00,2025-10-09 10:00:00\n"
)


def write(folder: Path) -> Path:
    """The library, in a folder of its own under `folder`."""
    sources = folder / "sources"
    sources.mkdir(parents=True)
    for record in RECORDS:
        name = f"{record['name']}：{record['day']}投资者关系活动记录表.txt"
        (sources / name).write_text(FORM.format(**record), encoding="utf-8")
    (sources / "澜屏热控补充记录.txt").write_text(UNDATED, encoding="utf-8")
    (sources / "309932_问答.csv").write_text(ASKED_ALONE, encoding="utf-8")
    library = folder / "library"
    report = ingest([sources], library, Settings(library=library, model="none"))
    assert not report.failed, report.failed
    return library


@pytest.fixture(scope="session")
def views_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of the views' tests; read only."""
    return write(tmp_path_factory.mktemp("views"))


@pytest.fixture(scope="session")
def topics_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of the tests of topics over time and of comparisons; read only."""
    return library_of_topics(tmp_path_factory.mktemp("topics"))


@pytest.fixture(scope="session")
def qa(topics_library: Path) -> Iterator[DisclosureQA]:
    settings = Settings(library=topics_library, model="none")
    with DisclosureQA(Library.open(topics_library, settings), settings, keeps_receipts=False) as opened:
        yield opened
