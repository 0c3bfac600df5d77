"""What a question is about, whatever its words around it."""

from __future__ import annotations

import pytest

from rag.views.standing import about


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("董秘您好，请问截至5月20日公司股东人数是多少？谢谢", "请问最新股东户数"),
        ("您好！麻烦告知2026年6月10日收盘后的股东总数", "公司目前有多少股东人数？"),
        ("请问公司国内增量业务毛利率如何？谢谢！", "国内增量业务毛利率怎么样"),
        ("公司2024年产能利用率是多少", "公司2025年的产能利用率如何？"),
    ],
)
def test_the_same_matter(one: str, other: str) -> None:
    assert about(one) == about(other) != frozenset()


def test_another_matter() -> None:
    assert about("公司的海外毛利率") != about("公司的海外收入")
    assert about("公司如何看待液冷与风冷？") & about("液冷的毛利率") == {"液冷"}


def test_a_question_that_says_more_than_the_number_of_shareholders() -> None:
    long = "股东户数持续增加，请问公司在人形机器人丝杠业务上的客户验证进展如何，今年会不会形成收入，还是要等到明年之后？请具体说明时间。"
    assert "丝杠" in about(long)
