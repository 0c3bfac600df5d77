"""Chinese numerals in dates as Arabic ones: 九月三十日, 二〇二四年."""

from __future__ import annotations

import re

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_IN_A_DATE = re.compile(r"[〇○零一二三四五六七八九十]{1,3}(?=[月日号])|[〇○零一二三四五六七八九]{4}(?=年)")
_MONTHS_COUNTED = re.compile(r"(?<=[前头])([三六九])(?=个月)")


def arabic_dates(text: str) -> str:
    """`text` with the numerals of its years, months and days in digits; a count (三年, 两个月) stays."""
    text = _MONTHS_COUNTED.sub(lambda match: str(_DIGITS[match[1]]), text)
    return _IN_A_DATE.sub(lambda match: _number(match.group()), text)


def _number(digits: str) -> str:
    if "十" not in digits:
        return "".join(str(_DIGITS[digit]) for digit in digits)
    tens, _, units = digits.partition("十")
    if len(tens) > 1 or len(units) > 1:
        return digits
    return str(10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0))
