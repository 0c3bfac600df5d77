"""Traditional characters as simplified ones, one for one: forms and marks are looked for in what comes out.

Only the characters that labels, marks and questions are made of are known; offsets stay as they are, and
what is quoted is cut from the text as printed.
"""

from __future__ import annotations

import re

_TRADITIONAL = (
    "證碼簡稱編號問題覆復關係動記錄類別參與單員時間點會議內紹從說請嗎麼樣為該資產響業績調對訪談網場電話"
    "發觀過現開幾個誰還沒數總經監書長據應訊備註聯線講釋預計劃風險聲實準確務財後結東權價連"
)
_SIMPLIFIED = (
    "证码简称编号问题复复关系动记录类别参与单员时间点会议内绍从说请吗么样为该资产响业绩调对访谈网场电话"
    "发观过现开几个谁还没数总经监书长据应讯备注联线讲释预计划风险声实准确务财后结东权价连"
)
_ANY = re.compile(f"[{_TRADITIONAL}]")
_TABLE = str.maketrans(_TRADITIONAL, _SIMPLIFIED)


def simplified(text: str) -> str:
    """The text with the traditional characters of labels, marks and questions made simplified; as long as before."""
    return text.translate(_TABLE) if _ANY.search(text) else text
