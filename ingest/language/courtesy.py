"""Courtesy in answers: 尊敬的投资者您好, 感谢您的关注; it states nothing and is not quoted."""

from __future__ import annotations

import re
from functools import lru_cache

from ingest.language.folding import nfkc

_COURTESY = re.compile(
    r"尊敬的?(?:各位)?(?:投资者|投资人|股东)(?:朋友)?|投资者(?:朋友)?(?=[，,：:您你])|您好|你好"
    r"|(?:非常|十分|衷心)?感谢(?:您|你|各位|投资者|大家)?(?:对|的|们)?[^，。！；]{0,20}?"
    r"(?:关注|支持|建议|意见|提问|关心|理解|问题|厚爱|信任|认可|鼓励|提醒)(?:[与和及、](?:支持|关注|信任|理解|建议|关心|认可|提醒))*"
    r"|(?:再次)?(?:谢谢|感谢)(?:您|你|大家|各位)?(?:对[^，。！；]{0,12}的)?(?:关注|关心|支持|提问)?(?:[与和及](?:支持|关注|关心))?"
    r"|祝您?(?:生活愉快|投资顺利|身体健康)|(?:敬请)?(?:广大)?投资者[^。！]{0,12}(?:注意|理性)[^。！]{0,12}(?:风险|投资)|敬请(?:谅解|理解|留意)|请(?:您)?(?:谅解|理解|放心)"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_FULL_WIDTH = str.maketrans(",;!?", "，；！？")


@lru_cache(maxsize=4096)  # the same sentences are chosen from for many questions
def substance(text: str) -> str:
    """What is left of a text without courtesy and punctuation."""
    plain = nfkc(text).replace("\n", "。").translate(_FULL_WIDTH)
    return _PUNCTUATION.sub("", _COURTESY.sub("", plain))
