"""The same statement is known again; a changed figure makes it another one."""

from __future__ import annotations

import pytest

from rag.finding.repeats import fingerprint

STATEMENT = "公司液冷产品已向三家客户批量供货，上半年交付约1,200台，产能利用率保持在较高水平。"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (STATEMENT, STATEMENT, True),
        (STATEMENT, f"您好！{STATEMENT}感谢您对公司的关注！", True),
        (STATEMENT, STATEMENT.replace("1,200", "１２００"), True),
        (STATEMENT, STATEMENT.replace("1,200", "1,300"), False),
        (STATEMENT, STATEMENT.replace("上半年交付约1,200台，", ""), False),
        (STATEMENT, "公司目前没有回购股份的计划，如有将及时公告。", False),
        ("暂无。", "暂无计划。", False),
        ("暂无。", "您好！暂无。谢谢！", True),
    ],
)
def test_same_statement(one: str, other: str, same: bool) -> None:
    assert fingerprint(one).same_statement(fingerprint(other)) is same
    assert fingerprint(other).same_statement(fingerprint(one)) is same
