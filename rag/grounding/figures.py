"""Figures in a text: their value, unit and how they are bounded; 5537.66万, 三成, 30%-40%, $1.2 billion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Final, Literal

from rag.grounding.words import alternatives, table, words

Bound = Literal["exact", "about", "over", "under"]

_ENGLISH_MEASURES: Final = r"[A-Za-z][A-Za-z\-]{2,}"
_NUMBER: Final = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_BOUNDS_BEFORE: Final = re.compile(
    r"(?P<about>大约|约为|约|近|接近|将近|大概|左右|around|about|approximately|nearly|almost|roughly|some)\s?$"
    r"|(?P<under>不超过|不高于|不到|不足|低于|少于|小于|最多|至多|以内|under|below|less than|fewer than|at most|up to|<|≤)\s?$"
    r"|(?P<over>不低于|不少于|超过了?|超出|超|逾|高于|多于|大于|突破了?|至少|最少|达到或超过|"
    r"over|above|more than|at least|exceeded|exceeding|exceeds|>|≥)\s?$",
    re.IGNORECASE,
)
_BOUNDS_AFTER: Final = re.compile(
    r"(?P<about>左右|上下)|(?P<over>以上|之上|多|余|有余)|(?P<under>以下|以内|之内)"
)
_NUMERALS: Final = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
}
_MARKER: Final = re.compile(r"(?:^|(?<=[。；:\n]))\s*\(?\d{1,2}[)、.](?!\d)")
_CLOCK: Final = re.compile(r"(?<!\d)(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?(?!\d)")
_RANGE: Final = re.compile(r"\s?(?:-|~|至|到|to)\s?")


@cache
def _units() -> str:
    """Currencies and rates, the longest first."""
    names = {**table("unit.rates"), **table("unit.currencies")}.keys() - {"x", "块"}
    return "|".join(re.escape(unit) for unit in sorted(names, key=lambda name: (-len(name), name)))


@cache
def _in_digits() -> re.Pattern[str]:
    """A figure in digits: 5537.66万元, $1.2 billion, -5%."""
    scales = sorted(
        (key for key in table("unit.scales") if not key.isascii()), key=lambda key: (-len(key), key)
    )
    latin = r"(?:\s?(?:thousand|million|billion|trillion|hundred|mn|bn)\b|(?<=\d)[kmbKMB](?![A-Za-z\d]))"
    return re.compile(
        r"(?P<prefix>US\$|HK\$|RMB\s?|USD\s?|[$€£¥￥])?(?P<sign>(?<![A-Za-z0-9.%)])[-+±]\s?)?"
        rf"(?<![A-Za-z0-9_.])(?P<number>{_NUMBER})(?![\d])"
        rf"(?P<scale>(?:{'|'.join(scales)})|{latin})?(?P<more>多|余)?"
        rf"(?P<unit>\s?(?:{_units()})(?![a-z])|{alternatives('unit.measures')}|\s{_ENGLISH_MEASURES})?",
        re.IGNORECASE,
    )


@cache
def _in_numerals() -> re.Pattern[str]:
    """A figure in Chinese numerals: 三成, 百分之五, 一百多家."""
    currencies = "|".join(unit for unit in table("unit.currencies") if not unit.isascii())
    return re.compile(
        r"百分之(?P<percent>[零〇一二两三四五六七八九十百点\d.]+)"
        r"|(?<![一二两三四五六七八九十第几上下初])(?P<number>[二两三四五六七八九十][零〇一二两三四五六七八九十百千]*|一[零〇百千万亿十][零〇一二两三四五六七八九十百千]*)"
        rf"(?P<scale>万亿|亿|万)?(?P<more>多|余)?(?P<unit>{currencies}|倍|个百分点|{alternatives('unit.measures')})"
        r"(?!之一|不|来)"
    )


@cache
def _in_words() -> re.Pattern[str]:
    """A figure in English words: three million dollars."""
    numerals = "|".join(word for word in table("unit.english_numerals") if word != "one")
    return re.compile(
        rf"\b(?P<word>{numerals})\b(?P<scale>\s(?:hundred|thousand|million|billion))?"
        rf"(?P<unit>\s?(?:{_units()})(?![a-z])|\s{_ENGLISH_MEASURES})?",
        re.IGNORECASE,
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with all that makes it a figure.

    `value` is scaled (1.2亿 is 120000000) and signed as printed; `unit` is a currency, a rate or a measure
    word, empty where none is printed. `high` is the upper end of a range. `digits` counts the printed
    significant digits and `scale` is the multiplier that was printed (1 for none), for rounding. `each` marks
    an amount for one of something (元/股), `more` a count and some more (一百多).
    """

    value: Decimal
    unit: str
    start: int
    end: int
    bound: Bound = "exact"
    high: Decimal | None = None
    scale: int = 1
    places: int = 0
    signed: bool = False
    each: bool = False
    more: bool = False

    @property
    def step(self) -> Decimal:
        """The size of one unit in the last printed place: what the figure was rounded to."""
        return Decimal(self.scale).scaleb(-self.places)

    @property
    def is_rate(self) -> bool:
        return self.unit in {"%", "‰", "百分点", "基点", "倍"}


def figures(text: str, taken: Sequence[tuple[int, int]] = ()) -> list[Figure]:
    """All figures of a normalised text that lie outside the ranges `taken` (dates), in order."""
    blocked = bytearray(len(text) + 1)
    for start, end in taken:
        blocked[start:end] = b"\x01" * (end - start)
    for match in [*_CLOCK.finditer(text), *_MARKER.finditer(text)]:
        blocked[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    found: list[Figure] = []
    for match in _in_digits().finditer(text):
        if not any(blocked[match.start("number") : match.end("number")]) and _is_figure(match):
            found.append(_from_digits(match))
    if re.search(r"[一二两三四五六七八九十]", text):
        for match in _in_numerals().finditer(text):
            if not any(blocked[match.start() : match.end()]):
                figure = _from_numerals(match)
                if figure is not None:
                    found.append(figure)
    if re.search(r"[A-Za-z]{3}", text):
        for match in _in_words().finditer(text):
            if not any(blocked[match.start() : match.end()]):
                unit = _unit(match["unit"] or "")
                scale = table("unit.scales")[match["scale"].strip().lower()] if match["scale"] else 1
                value = Decimal(table("unit.english_numerals")[match["word"].lower()]) * scale
                end = match.end() if unit else match.end("scale") if match["scale"] else match.end("word")
                found.append(
                    Figure(value, unit, match.start(), end, _bound(text, match.start(), end)[0], scale=scale)
                )
    found.sort(key=lambda figure: (figure.start, -figure.end))
    distinct: list[Figure] = []
    for figure in found:
        if not distinct or figure.start >= distinct[-1].end:
            distinct.append(figure)
    return _joined_ranges(text, distinct)


def _is_figure(match: re.Match[str]) -> bool:
    text = match.string
    after = text[match.end("number") : match.end("number") + 1]
    before = text[match.start("number") - 1 : match.start("number")]
    if match["unit"] or match["scale"] or match["prefix"]:
        return True
    if (
        len(match["number"]) == 6
        and match["number"].isdigit()
        and (before in {"(", ":", "码"} or after in {")", "."})
    ):
        return False  # a stock code
    if after.isascii() and after.isalpha():  # 800G, 5nm: a product or an entity, not a figure
        return False
    return not (
        before == "-"
        and text[match.start("number") - 2 : match.start("number") - 1].isalnum()
        and not match["sign"]
    )


def _unit(printed: str) -> str:
    plain = printed.strip().lower()
    for names in ("unit.rates", "unit.currencies"):
        if plain in table(names):
            return str(table(names)[plain])
    if plain.isascii():
        if plain in words("unit.not_measures"):
            return ""
        return plain[:-1] if plain.endswith("s") and len(plain) > 3 else plain
    return {"名": "人", "位": "人", "人次": "人次"}.get(plain, plain)


def _plain(figure: Figure) -> Figure:
    """In the unit that others of its kind are written in: three 成 are 30%, 19 basis points 0.19 percentage points."""
    if figure.unit not in table("unit.parts"):
        return figure
    whole, printed_part = table("unit.parts")[figure.unit]
    part = Decimal(printed_part)
    value, scale, places = figure.value * part, figure.scale, figure.places
    if part < 1:
        places -= int(part.as_tuple().exponent)
    return replace(figure, unit=str(whole), value=value, scale=scale * max(1, int(part)), places=places)


def _from_digits(match: re.Match[str]) -> Figure:
    text = match.string
    printed = match["number"].replace(",", "")
    scale = table("unit.scales")[match["scale"].strip().lower()] if match["scale"] else 1
    unit = _unit(match["unit"] or "")
    end = (
        match.end()
        if unit
        else match.end("more")
        if match["more"]
        else match.end("scale")
        if match["scale"]
        else match.end("number")
    )
    if not unit and match["prefix"]:
        unit = table("unit.currencies")[match["prefix"].strip().lower()]
    elif match["prefix"] and unit and unit not in table("unit.currencies").values():
        unit, end = (
            table("unit.currencies")[match["prefix"].strip().lower()],
            match.end("scale") if match["scale"] else match.end("number"),
        )
    sign = (match["sign"] or "").strip()
    value = Decimal(printed) * scale
    if sign == "-":
        value = -value
    start = (
        match.start("sign") if sign else match.start("prefix") if match["prefix"] else match.start("number")
    )
    bound, end = _bound(text, start, end)
    if match["more"]:
        bound = "over"
    places = len(printed.partition(".")[2])
    each = text.startswith("/", match.end()) and not text[match.end() + 1 : match.end() + 2].isdigit()
    more = bool(match["more"])
    return _plain(Figure(value, unit, start, end, bound, None, scale, places, bool(sign), each, more))


def _bound(text: str, start: int, end: int) -> tuple[Bound, int]:
    before = _BOUNDS_BEFORE.search(text[max(0, start - 12) : start])
    if before is not None and before.lastgroup is not None:
        bound: Bound = before.lastgroup  # type: ignore[assignment]  # the groups are named after the bounds
        return bound, end
    after = _BOUNDS_AFTER.match(text, end)
    if after is not None and after.lastgroup is not None:
        return after.lastgroup, after.end()  # type: ignore[return-value]  # as above
    return "exact", end


def chinese_number(text: str) -> Decimal | None:
    """The value of Chinese numerals (三百二十, 两千, 五点五), None where they are none."""
    whole, _, fraction = text.partition("点")
    if whole and all(character.isdigit() or character == "." for character in whole):
        return Decimal(whole) if re.fullmatch(r"\d+(?:\.\d+)?", whole) else None
    total = section = digit = 0
    for character in whole:
        if character in _NUMERALS:
            digit = _NUMERALS[character]
        elif character in {"十", "百", "千"}:
            section += (digit or 1) * table("unit.scales")[character]
            digit = 0
        elif character in {"万", "亿"}:
            total += (section + digit) * table("unit.scales")[character]
            section = digit = 0
        else:
            return None
    value = Decimal(total + section + digit)
    for place, character in enumerate(fraction, start=1):
        if character not in _NUMERALS:
            return None
        value += Decimal(_NUMERALS[character]).scaleb(-place)
    return value


def _from_numerals(match: re.Match[str]) -> Figure | None:
    text = match.string
    if match["percent"]:
        value = chinese_number(match["percent"])
        return (
            None
            if value is None
            else Figure(value, "%", match.start(), match.end(), _bound(text, match.start(), match.end())[0])
        )
    unit = _unit(match["unit"])
    value = chinese_number(match["number"])
    if value is None or (match["number"] == "两" and unit in {"项", "个", "种", "点", "次", "代"}):
        return None  # 两项, 两个: both, not a count
    scale = table("unit.scales")[match["scale"]] if match["scale"] else 1
    if unit == "期":
        return None  # 二期: the second phase, a name
    if text[: match.start()].endswith("前") and match["unit"] in {"名", "家", "位"}:
        return None  # 前五名: the first five, as 前五大
    bound, end = _bound(text, match.start(), match.end())
    if match["more"]:
        bound = "over"
    return _plain(
        Figure(value * scale, unit, match.start(), end, bound, None, scale, more=bool(match["more"]))
    )


def _joined_ranges(text: str, found: list[Figure]) -> list[Figure]:
    joined: list[Figure] = []
    index = 0
    while index < len(found):
        figure = found[index]
        following = found[index + 1] if index + 1 < len(found) else None
        if (
            following is not None
            and _RANGE.fullmatch(text, figure.end, following.start + (1 if following.signed else 0))
            and figure.unit in {"", following.unit}
        ):
            scale = figure.scale if figure.scale != 1 or figure.unit else following.scale
            low = figure.value if figure.scale != 1 or figure.unit else figure.value * following.scale
            high = abs(following.value) if following.signed and figure.value >= 0 else following.value
            joined.append(
                Figure(low, following.unit, figure.start, following.end, "exact", high, scale, figure.places)
            )
            index += 2
            continue
        joined.append(figure)
        index += 1
    return joined


def same_unit(one: Figure, other: Figure) -> bool:
    """Whether two units can mean the same; a missing unit may be any but a rate, and of an amount any but a foreign currency."""
    if one.unit == other.unit:
        return (
            one.each == other.each or max(one.scale, other.scale) < 10**4
        )  # 2.08亿元 is no price of a share
    if one.unit and other.unit:
        return {one.unit, other.unit} in ({"家", "个"}, {"台", "套"}, {"人", "个"})
    foreign = set(table("unit.currencies").values()) - {"元"}
    if not one.unit and one.scale >= 10**4 and other.unit in foreign:
        return False  # 5亿 is not 5亿美元
    return not (one.is_rate or other.is_rate)


def same_value(claimed: Figure, stated: Figure) -> bool:
    """Whether the values are one: equal, or the claim rounds what is stated and says 约."""
    if (claimed.high is None) != (stated.high is None):
        return False
    if claimed.high is not None and stated.high is not None:
        return {claimed.value, claimed.high} == {stated.value, stated.high}
    one, other = claimed.value, stated.value
    if one == other or (abs(one) == abs(other) and not (claimed.signed and stated.signed)):
        return True
    if claimed.bound == "about" and one * other > 0:
        return abs(abs(one) - abs(other)) <= claimed.step / 2
    return False


def rounded(one: Figure, other: Figure) -> bool:
    """Whether one value is the other rounded to the places that it prints: 165.2亿 and 165.23亿."""
    if one.high is not None or other.high is not None or one.value * other.value <= 0:
        return False
    return abs(abs(one.value) - abs(other.value)) <= max(one.step, other.step) / 2


def within_bound(claimed: Figure, stated: Figure) -> bool:
    """Whether a bounded claim (超过 5 亿) follows from what is stated (5.3 亿)."""
    if claimed.high is not None or stated.high is not None:
        return False
    if claimed.more and claimed.value > 0:
        zeros = len(str(int(claimed.value))) - len(str(int(claimed.value)).rstrip("0"))
        return bool(claimed.value < stated.value < claimed.value + 10**zeros)
    if claimed.bound == "over":
        near = claimed.value < stated.value <= claimed.value * Decimal("1.2")
        return stated.bound in {"exact", "about"} and near
    if claimed.bound == "under":
        return (
            stated.bound in {"exact", "about"}
            and claimed.value * Decimal("0.8") <= stated.value < claimed.value
        )
    return False


def printed(text: str, figure: Figure) -> str:
    """The figure as the text prints it."""
    return text[figure.start : figure.end].strip()
