"""Small inputs that once failed, each of a kind of its own: what reading them gives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from fictional import HashEmbeddings

from ingest import Library, ingest
from ingest.library.export import record_as_json
from ingest.reading.source_file import read_records
from ingest.settings import Settings

FOLDER = Path(__file__).parents[1] / "failing"
FORM = {"code": "309917", "short_name": "栖云精工", "company": "栖云精工装备股份有限公司"}
OTHER = FORM | {"code": "609918"}
MAY = {"held_on": ["2026-05-12", "2026-05-12"], "place": "公司会议室", "hosts": ["董事会秘书段清禾"]}
WANTED: dict[str, dict[str, Any]] = {
    "circled_ask_mark.txt": FORM
    | MAY
    | {
        "number": "2026-M",
        "pairs": [
            ("公司海外收入占比？", "23%。"),
            ("毛利率？", "31%，其中：①阀门33%；②泵28%。"),
            ("研发人员多少？", "412人。"),
        ],
    },
    "days_in_answers.txt": {
        "code": "309917",
        "held_on": None,
        "published_on": None,
        "pairs": [("公司二期项目何时投产？", "二期项目于2024年3月1日开工，预计2027年6月30日投产。")],
    },
    "peer_code_in_question.txt": {"code": None, "published_on": None},
    "einteraction_feed.html": {
        "code": "609918",
        "short_name": "栖云精工",
        "published_on": "2026-06-30",
        "pairs": [
            (
                "请问公司什么时候披露中报？电动缸何时量产？",
                "尊敬的投资者，您好！公司半年度报告的预约披露时间是2026年8月15日，电动缸预计四季度量产。",
            )
        ],
    },
    "finance_news_qa.html": {
        "code": "609918",
        "short_name": "栖云精工",
        "published_on": "2026-08-07",
        "pairs": [
            (
                "能否透露公司7月底签的海外订单对电动缸业务有什么促进作用？",
                "感谢您对公司的关注！公司于2026年7月27日披露与某客户签署约4.5亿元长期协议，预计不会对业绩构成重大影响。",
            )
        ],
    },
    "glued_one_paragraph.txt": FORM
    | MAY
    | {
        "pairs": [
            ("今年一季度收入变化的原因是什么", "主要是液压阀出货增加，收入同比增长12%。"),
            ("钢材成本会下降吗", "预计下半年逐步下降。"),
            ("海外布局进展如何谢谢", "越南工厂已于三月投产。"),
        ]
    },
    "inline_question_n.html": FORM
    | {
        "place": "电话会议",
        "hosts": ["董事会秘书段清禾", "证券事务代表顾眠"],
        "pairs": [
            ("公司经营情况？", "上半年收入7.2亿元。"),
            ("毛利率趋势？", "毛利率稳定在33%左右。"),
        ],
    },
    "kangxi_radicals.txt": FORM
    | MAY
    | {
        "number": "2026-041",
        "signed_on": "2026-05-13",
        "participants": [{"institution": "松岚基金", "people": ["韩一诺"]}],
        "pairs": [
            ("公司⻰⻔加⼯⻋间的产能利⽤率如何？", "⻰⻔⻋间产能利⽤率为85%，⻓期⽬标为90%。"),
            ("⻛电业务占⽐多少？", "⻛电业务占收⼊的12%，⻅年报。"),
        ],
    },
    "no_label_before_qa.txt": {
        "company": "栖云精工装备股份有限公司",
        "held_on": ["2026-05-12", "2026-05-13"],
        "participants": [
            {"institution": "松岚基金管理有限公司", "people": ["韩一诺"]},
            {"institution": "鹤汀证券股份有限公司", "people": ["贺知秋"]},
        ],
        "statements": [],
        "pairs": [
            (
                "公司2026年上半年业绩增长的主要原因是什么？",
                "公司上半年收入同比增长25%，主要来自新产品放量。",
            ),
            ("公司当前产能利用率如何？", "当前产能利用率约85%。"),
        ],
    },
    "pipe_label_value.txt": OTHER
    | {
        "hosts": ["董事会秘书段清禾"],
        "categories": ["分析师会议", "现场参观"],
        "pairs": [
            ("公司液压阀订单结构如何？海外订单增速如何？", "海外订单约占30%，同比增长18%。"),
            ("电动缸研发进度如何？", "电动缸样机已完成，正在客户处试用。"),
        ],
    },
    "markdown_table.txt": OTHER
    | MAY
    | {"number": "2026-061", "pairs": [("公司液压阀毛利率？", "33%。"), ("在手订单？", "5.6亿元。")]},
    "irm_answer.json": {
        "code": "309917",
        "short_name": "栖云精工",
        "published_on": "2026-08-05",
        "pairs": [("请问公司电动缸何时量产？", "您好，电动缸预计四季度量产。")],
    },
    "hidden_text.pdf": FORM | MAY,
    "kangxi_radicals.pdf": FORM | MAY,
}


def parsed(name: str) -> dict[str, Any]:
    return record_as_json(read_records((FOLDER / name).read_bytes(), name, Settings()))


@pytest.mark.parametrize("name", sorted(WANTED))
def test_what_once_failed(name: str) -> None:
    found = parsed(name)
    for field, value in WANTED[name].items():
        if field == "pairs":
            assert [(pair["question"], pair["answer"]) for pair in found["pairs"]] == value
        else:
            assert found[field] == value, field
    assert found["code"] or any("code" in warning for warning in found["warnings"])
    assert found["published_on"] or any("publication date" in warning for warning in found["warnings"])


def test_unprinted_text_of_a_pdf_is_not_quoted() -> None:
    answers = "".join(pair["answer"] for pair in parsed("hidden_text.pdf")["pairs"])
    assert "33%" in answers
    assert "99%" not in answers


def test_radicals_in_a_pdf_are_quoted_as_printed() -> None:
    pairs = parsed("kangxi_radicals.pdf")["pairs"]
    assert re.sub(r"\s", "", pairs[0]["answer"]) == "液压阀毛利率为33%，公司资⾦充裕，⼀季度收⼊增⻓12%。"


def test_the_corrected_version_of_a_record_stands(tmp_path: Path) -> None:
    from datetime import date

    with Library.open(tmp_path / "library", create=True, embeddings=HashEmbeddings()) as library:
        ingest([FOLDER / "revisions"], library)
        earlier, later = sorted(library.records(), key=lambda record: "更正" in record.source_file)
        assert (earlier.superseded_by, later.superseded_by) == (later.id, None)
        assert library.superseded() == {earlier.id}
        # before the correction was published nobody knew of it
        assert library.superseded(date(2025, 5, 14)) == frozenset()
        assert library.record(earlier.id).pairs  # what was cited can still be looked up
