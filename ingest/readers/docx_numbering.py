"""Automatic numbers of Word paragraphs ("1、", "（二）"): printed, but nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "零一二三四五六七八九"
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level is numbered: Word's format name, its text ("%1、"), and where it starts."""

    form: str
    text: str
    start: int


@dataclass
class Numbering:
    """Counts the numbered paragraphs of one document, list by list and level by level."""

    levels: Mapping[str, Mapping[int, _Level]]
    styles: Mapping[str, tuple[str, int]]
    lists: Mapping[str, str]
    counts: dict[str, list[int]] = field(default_factory=dict)

    @staticmethod
    def of(document: Any) -> Numbering:
        """The numbering that a python-docx document defines; an empty one where it defines none."""
        levels: dict[str, Mapping[int, _Level]] = {}
        lists: dict[str, str] = {}
        part = next(
            (
                rel.target_part
                for rel in document.part.rels.values()
                if rel.reltype.endswith("/numbering") and not rel.is_external
            ),
            None,
        )
        root = getattr(part, "element", None)
        if root is not None:
            abstract = {
                each.get(f"{_W}abstractNumId"): _levels(each) for each in root.iter(f"{_W}abstractNum")
            }
            for number in root.iter(f"{_W}num"):
                target = number.find(f"{_W}abstractNumId")
                identifier = number.get(f"{_W}numId")
                if target is not None and identifier and target.get(f"{_W}val") in abstract:
                    lists[identifier] = target.get(f"{_W}val")
                    levels[identifier] = abstract[target.get(f"{_W}val")]
        styles: dict[str, tuple[str, int]] = {}
        for style in document.styles.element.iter(f"{_W}style"):
            found = _number_of(style)
            if found and style.get(f"{_W}styleId"):
                styles[style.get(f"{_W}styleId")] = found
        return Numbering(levels, styles, lists)

    def prefix(self, paragraph: Any) -> str:
        """What Word prints in front of a paragraph, "" where it is not numbered; counts it."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        found = _number_of(paragraph) or (
            self.styles.get(style.get(f"{_W}val")) if style is not None else None
        )
        if not found or found[0] not in self.levels:
            return ""
        number, depth = found
        levels = self.levels[number]
        level = levels.get(depth)
        if level is None:
            return ""
        # Lists that share their definition count on together, as Word does.
        counts = self.counts.setdefault(self.lists[number], [0] * _LEVELS)
        counts[depth] = counts[depth] + 1 if counts[depth] else level.start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if level.form in ("bullet", "none"):
            return ""

        def spelled(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            other = levels.get(at, level)
            return _spell(counts[at] or other.start, other.form) if at < _LEVELS else ""

        return re.sub(r"%([1-9])", spelled, level.text)


def _levels(abstract: Any) -> dict[int, _Level]:
    found: dict[int, _Level] = {}
    for level in abstract.iter(f"{_W}lvl"):
        depth = _integer(level.get(f"{_W}ilvl"), 0)
        if depth >= _LEVELS:
            continue

        def value(tag: str, default: str, level: Any = level) -> str:
            element = level.find(f"{_W}{tag}")
            return default if element is None else str(element.get(f"{_W}val") or default)

        text = level.find(f"{_W}lvlText")
        words = "" if text is None else text.get(f"{_W}val") or ""
        found[depth] = _Level(value("numFmt", "decimal"), words, _integer(value("start", "1"), 1))
    return found


def _number_of(element: Any) -> tuple[str, int] | None:
    properties = element.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    number = properties.find(f"{_W}numId")
    depth = properties.find(f"{_W}ilvl")
    identifier = number.get(f"{_W}val") if number is not None else None
    if not identifier or identifier == "0":
        return None
    level = _integer(depth.get(f"{_W}val"), 0) if depth is not None else 0
    return identifier, min(max(level, 0), _LEVELS - 1)


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else default


def _spell(number: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter"):
        letter = chr(ord("A") + (number - 1) % 26)
        return letter if form == "upperLetter" else letter.lower()
    if "chinese" in form.lower() or form in ("ideographDigital", "taiwaneseCounting", "japaneseCounting"):
        return _chinese(number)
    if form == "decimalEnclosedCircleChinese" or form == "decimalEnclosedCircle":
        return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)
    return str(number)


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    words = "" if tens == 0 else ("十" if tens == 1 else f"{_DIGITS[tens]}十")
    return words + (_DIGITS[ones] if ones or not tens else "")
