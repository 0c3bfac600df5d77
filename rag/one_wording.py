"""One wording for questions that differ in form only: no final mark, 是多少 for 多少, 营业收入 for 营收, 对美国 for 对美.

What means something else stays apart: 净利润, 归母净利润 and 扣非, 收入 and 营业收入, 同比 and 环比.
"""

from __future__ import annotations

import re

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[？?。.！!，,、~～\s]+$"), ""),
    (re.compile(r"(?:谢谢|多谢|感谢|thanks|thank you)$", re.I), ""),
    (re.compile(r"[？?。.！!，,、~～\s]+$"), ""),
    (re.compile(r"(?:分别)?(?:是|有|为)?多少$"), "是多少"),
    (re.compile(r"营收(?!入)"), "营业收入"),
    (re.compile(r"对美(?![国元股联洲观])"), "对美国"),
    (re.compile(r"净利(?![润率])"), "净利润"),
    (re.compile(r"^(?:的|[:：，,、\s])+"), ""),
)


def one_wording(text: str) -> str:
    """`text` in the one wording; never empty where `text` was not."""
    said = text
    for pattern, form in _FORMS:
        said = pattern.sub(form, said)
    return said or text
