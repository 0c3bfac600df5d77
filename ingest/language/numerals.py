"""Chinese numerals in dates as Arabic ones: 九月三十日, 二〇二四年."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = (
    {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
)  # fmt: skip
_COUNTED_MONTHS: Final = re.compile(r"(?<=[前头首])[二两三四五六七八九十][一]?(?=个月)")
_IN_A_DATE: Final = re.compile(
    r"[〇○零一二三四五六七八九十]{1,3}(?=\s?[月日号])|[〇○零一二三四五六七八九]{4}(?=\s?年)"
)
# Between digits and the signs of a date; between the digits of a year, a month or a day where its sign follows.
_GAPS: Final = re.compile(
    r"(?<=[\d年月])\s+(?=[年月日号底末初])|(?<=[年月])\s+(?=\d)"
    r"|(?<=2)\s(?=0\s?\d\s?\d\s?年)|(?<=20)\s(?=\d\s?\d\s?年)|(?<=20\d)\s(?=\d\s?年)"
)


def number(digits: str) -> int:
    """The value of a numeral below a hundred with 十 (三十一), or of digits one by one (二〇二四), or of Arabic ones.

    Raises:
        ValueError: it is no such numeral.
    """
    if digits.isascii():
        return int(digits)
    try:
        if "十" not in digits:
            return int("".join(str(_DIGITS[digit]) for digit in digits))
        tens, _, units = digits.partition("十")
        if len(tens) > 1 or len(units) > 1:
            raise ValueError(digits)
        return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[units] if units else 0)
    except KeyError:
        raise ValueError(digits) from None


def plain_dates(text: str) -> str:
    """`text` with digits in its dates and no white space inside them: what the grammar of periods reads.

    A count (三年, 两个月) stays as it is.
    """
    return traced_dates(text)[0]


def traced_dates(text: str) -> tuple[str, list[int] | None]:
    """The same, and where each character of it, and its end, stands in `text`; None where nothing moved."""
    plain, origins = text, None
    for pattern in (_COUNTED_MONTHS, _IN_A_DATE, _GAPS):
        found = [(match.start(), match.end(), _digits(match.group())) for match in pattern.finditer(plain)]
        if not found:
            continue
        origins = list(range(len(text) + 1)) if origins is None else origins
        for start, end, digits in reversed(found):
            plain = plain[:start] + digits + plain[end:]
            origins[start:end] = [origins[start]] * len(digits)
    return plain, origins


def _digits(words: str) -> str:
    if not words.strip():
        return ""
    try:
        return str(number(words)) if "十" in words or len(words) < 4 else f"{number(words):04}"
    except ValueError:
        return words
