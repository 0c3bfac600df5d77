"""Answers that answer, and answers that don't."""

from __future__ import annotations

import pytest

from rag.evasion import is_evasive


@pytest.mark.parametrize(
    "answer",
    [
        "尊敬的投资者您好，感谢您的关注。",
        "您好，请以公司公告为准，谢谢！",
        "涉及商业秘密，不便透露，敬请谅解。",
        "相关信息请关注公司后续披露的定期报告，感谢您对公司的关注与支持！",
        "公司将严格按照相关规定及时履行信息披露义务。",
    ],
)
def test_evasive(answer: str) -> None:
    assert is_evasive(answer, "在手订单有多少？")


@pytest.mark.parametrize(
    "answer",
    [
        "您好，目前公司无药品业务，谢谢关注！",
        "在手订单约 12 亿元，具体请关注定期报告。",
        "公司有相关产品。感谢关注！",
        "公司已收购该标的并完成交割，后续进展请关注公告；整合工作由总部牵头，预计对收入有积极影响，客户反馈良好。",
    ],
)
def test_not_evasive(answer: str) -> None:
    assert not is_evasive(answer, "在手订单有多少？")
