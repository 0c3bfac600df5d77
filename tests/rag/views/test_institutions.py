"""Which names in forms are one institution."""

from __future__ import annotations

import pytest

from ingest.records import Participant
from rag.views.institutions import Institutions, institution, is_one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("松岚资产", "上海松岚资产管理合伙企业（有限合伙）"),
        ("松岚资产", "松岚资管"),
        ("松岚资本", "松岚基金"),
        ("远汀证券", "远汀证券股份有限公司"),
        ("远汀证券", "远汀证券研究所"),
        ("青梧基金", "青梧基金管理有限公司"),
        ("深圳市白露投资", "白露投资"),
        ("白露（北京）投资管理有限公司", "北京白露投资"),
        ("Norwood Asset Management (HK) Limited", "NORWOOD"),
        ("白露投资Karin", "白露投资"),
        ("远汀證券", "远汀证券"),
        ("国泰君安证券", "国泰海通"),
        ("UBS Asset Management", "瑞银证券"),
    ],
)
def test_one_institution(one: str, other: str) -> None:
    assert institution(one) == institution(other) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [("远汀证券", "远汀基金"), ("上海银行", "北京银行"), ("松岚资产", "松泉资产"), ("Norwood", "Northwood")],
)
def test_two_institutions(one: str, other: str) -> None:
    assert other not in Institutions([one])


def test_a_name_without_its_kind_may_be_any_of_them() -> None:
    assert "松岚" in Institutions(["松岚资产"]) and "松岚证券" in Institutions(["松岚"])


def test_the_public_and_lone_people_are_none() -> None:
    assert not is_one(Participant("线上参与公司2024年度业绩说明会的投资者"))
    assert not is_one(Participant("王小龙")) and not is_one(Participant("个人"))
    assert is_one(Participant("高毅", ("张三",))) and is_one(Participant("青梧基金"))
