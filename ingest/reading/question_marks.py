"""The marks that open questions and answers in a dialogue: `1、` `Q1：` `（1）问：` `问题一：` `答：` `A：` …

A mark is read without judging whether a question really starts there (`3.5亿元` reads as a third
item); `dialogue.py` picks the marks that explain the whole text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Style = Literal["asked", "arabic", "bracketed", "chinese", "chinese_bracketed", "circled", "bare"]

_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", 1)}
_NUMERAL = "一二三四五六七八九十"

_BY = r"(?:[（(][^（()）]{1,14}[）)])?"
"""Who speaks, in brackets behind the mark: `A（董事长）：`."""
NUMBER = rf"(?:\d{{1,3}}|[{_NUMERAL}]{{1,3}})"
"""An ordinal, in digits or Chinese."""
_OUTER = (
    r"[（(]\s*\d{1,3}\s*[）)]|\d{1,3}\s*[）)、.．,，]?|[①-⑳]\s*[、.．]?"
    rf"|[（(]\s*[{_NUMERAL}]{{1,3}}\s*[）)]|[{_NUMERAL}]{{1,3}}\s*[、.．](?=\s*[^\s{_NUMERAL}])"
)
_PART = r"(?:[-－]\d{1,2}(?=\s*[:：]))?"
_LETTER = r"[A-Za-zＡ-Ｚ甲乙丙丁戊己庚辛壬癸]"
_PERSON = r"(?:投资者|记者|网友|股东|机构|现场|分析师|提问者|提问人|嘉宾)"
ASKER = rf"(?:[QＱ](?:uestion)?|问题?|提问|发问|{_PERSON}(?:提问|问题|问|{_LETTER}(?=\s*[:：]))?)"
"""Who or what asks, in front of a colon."""
_ASKED = re.compile(
    rf"""(?:(?P<outer>{_OUTER})\s*[、.．:：]?\s*)?
        [【\[]?{ASKER}\s*[（(]?(?P<inner>{NUMBER})?[）)]?{_PART}\s*{_BY}\s*[】\]]?\s*
        (?:[:：]|(?<=[\d{_NUMERAL}])\s*[、.．,，|｜]|(?<=[】\]])|(?<=[\d{_NUMERAL}])\s*$
            |(?(outer)(?<=问)\s+(?=\S)|(?!)))\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_NTH_ASKED = re.compile(rf"第\s*(?P<inner>{NUMBER})\s*(?:个问题|问题|个问|问)\s*[:：、]\s*")
_NAMED_ASKED = re.compile(
    rf"(?P<outer>{_OUTER})\s*[、.．:：]?\s*[^，。；？?！!：:]{{2,24}}(?<!我想)(?<!我来)(?<!请)提问\s*[:：]\s*(?=\S)"
)
"""Who asks, by name: `1、某基金 某人提问：`."""
_BRACKETED_ASKED = re.compile(
    r"[【\[]\s*(?:投资者|网友|游客|股民|分析师)\s*[^】\]\n：:，。？?]{1,16}[】\]]\s*[:：]?\s*(?=\S)"
)
_LOOSE_ASKED = re.compile(r"(?:[QＱ]|问题)\s*(?P<inner>\d{1,2})\s*(?=[^\d\s\-~－/／])", re.IGNORECASE)
_ANSWERER = r"(?:[AＡ](?:nswer)?|(?:公司|董秘|管理层|董事长|上市公司)?(?:答复?|回复|回答|解答))"
_SPEAKER = r"(?:公司|管理层|董秘)"
"""Opens sentences as well (`公司1.6T…`): only a colon makes it a mark."""
_TITLE = (
    r"(?:董事长|副?总经理|总裁|副总裁|董事会秘书|财务总监|财务负责人|总会计师|独立董事|证券事务代表)"
    r"(?:[、兼](?:董事|副?总经理|总裁|董事会秘书|财务总监|财务负责人))*"
)
_ANSWERED = re.compile(
    rf"""(?:(?:{_OUTER})\s*)?
        (?:[【\[]?{_ANSWERER}\s*{NUMBER}?{_PART}\s*{_BY}\s*[】\]]?\s*
            (?:[:：]|(?<=\d)\s*(?:[、.．](?!\d)|[|｜])|(?<=[】\]])|(?<=[AＡ]\d)\s*(?=[\s\u4e00-\u9fff（(])|(?<=[答复])\s*(?:\s|$))
        |[【\[]?{_SPEAKER}\s*{_BY}\s*[】\]]?\s*[:：]|【{_SPEAKER}】(?=\s*\S)
        |[【\[]\s*(?:{_TITLE}|董秘)\s*[\u4e00-\u9fff·]{{2,4}}\s*[】\]]\s*[:：]?(?=\s*\S))\s*""",
    re.VERBOSE | re.IGNORECASE,
)
_LOOSE_ANSWERED = re.compile(
    rf"(?:[AＡ]\s*[.．、]|[（(]\s*[答AＡ]\s*[）)]|{_TITLE}\s*(?:[\u4e00-\u9fff]{{2,3}}(?:先生|女士)?)?\s*[:：])\s*"
)
_ORDINALS: tuple[tuple[Style, re.Pattern[str], bool], ...] = (
    ("arabic", re.compile(r"(?P<n>\d{1,3})\s*(?:[、.．]|[,，](?!\d{3}))\s*"), False),
    ("arabic", re.compile(r"(?P<n>\d{1,2})\s*[:：]\s*(?!\d)"), True),
    (
        "arabic",
        re.compile(
            r"(?P<n>\d{1,2})\s*(?=[^\d\s.,，、:：%％年月日号时点个家亿万元倍期成至到\-~—–/／）)GgKkMm+])"
        ),
        True,
    ),
    ("bracketed", re.compile(r"[（(]\s*(?P<n>\d{1,3})\s*[）)]\s*[、.．:：]?\s*"), False),
    ("bracketed", re.compile(r"(?P<n>\d{1,3})\s*[）)]\s*"), False),
    ("chinese", re.compile(rf"(?P<n>[{_NUMERAL}]{{1,3}})\s*[、.．,，:：]\s*"), False),
    ("chinese_bracketed", re.compile(rf"[（(]\s*(?P<n>[{_NUMERAL}]{{1,3}})\s*[）)]\s*[、.．]?\s*"), False),
    ("circled", re.compile(r"(?P<n>[①-⑳])\s*[、.．]?\s*"), False),
)
_BULLET = re.compile(r"[●•·◆◇■▪►▶➢➤★☆※\uf06c\uf06e\uf0d8\uf075\uf09f\uf0b7]\s*(?=[^\s●•·◆◇■▪►▶➢➤★☆※*=—-])")
INLINE = re.compile(
    rf"""(?<=[。？！?!；;…”）)\s谢])\s*
        (?:(?:(?:{_OUTER})\s*[、.．:：]?\s*)?{ASKER}\s*{NUMBER}?\s*[:：] | 【[问答]】
          | (?:A(?:nswer)?\s*\d{{0,3}}|(?:公司|董秘|管理层)?(?:答复?|回复|回答)\s*\d{{0,3}})\s*[:：])""",
    re.VERBOSE,
)
"""An explicit mark in the middle of a paragraph, behind a finished sentence."""
INLINE_ITEM = re.compile(
    rf"""{INLINE.pattern}
        | (?<=[。？！?!；;…”）)：:\s谢])\s*
            (?:\d{{1,3}}\s*[、.．](?!\d) | [（(]\d{{1,2}}[）)] | [{_NUMERAL}]{{1,3}}、)
        | (?<![A-Za-z\d])Q\s*\d{{0,3}}\s*[:：.．、](?!\d)
        | 问题\s*\d{{1,3}}\s*[:：]
        | \d{{1,3}}\s*[、.．]\s*问\s*[:：]""",
    re.VERBOSE,
)
"""Any mark in the middle of a paragraph; for texts that have lost their line breaks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark at the start of a paragraph: its style, its ordinal if it has one, its length.

    A loose mark may well be none (`5 请问…`, `Q2 收入…`).
    """

    style: Style
    number: int | None
    length: int
    loose: bool = False


_GAP = re.compile(r"\s{12}")


def _before_gap(text: str) -> str:
    """A paragraph up to a gap so wide that no mark spans it: patterns with several optional gaps never see it."""
    gap = _GAP.search(text)
    return text[: gap.end()] if gap else text


def bullet(text: str) -> int:
    """The length of the sign (`●`, `◆`) that is printed in front of a paragraph's words; 0 if there is none."""
    found = _BULLET.match(text)
    return found.end() if found else 0


def opening_marks(text: str) -> list[Mark]:
    """All readings of how a paragraph opens, as a question or an item might; at most one a style.

    Args:
        text: a paragraph without white space at its start; marks behind a bullet count.
    """
    text = _before_gap(text)
    skip = bullet(text)
    if skip:
        return [
            Mark(each.style, each.number, each.length + skip, each.loose)
            for each in opening_marks(text[skip:])
        ]
    marks: list[Mark] = []
    asked = _ASKED.match(text)
    nth = _NTH_ASKED.match(text)
    named = _NAMED_ASKED.match(text)
    if asked:
        marks.append(_asked_mark(asked))
    elif named:
        marks.append(Mark("asked", _outer_number(named["outer"]), named.end()))
    elif bracketed := _BRACKETED_ASKED.match(text):
        marks.append(Mark("asked", None, bracketed.end()))
    elif nth:
        marks.append(Mark("asked", numeral(nth["inner"]), nth.end()))
    else:
        loose = _LOOSE_ASKED.match(text)
        if loose:
            marks.append(Mark("asked", int(loose["inner"]), loose.end(), loose=True))
    for style, pattern, is_loose in _ORDINALS:
        if any(mark.style == style for mark in marks):
            continue
        found = pattern.match(text)
        if found:
            marks.append(Mark(style, numeral(found["n"]), found.end(), is_loose))
    return marks


def _asked_mark(found: re.Match[str]) -> Mark:
    outer, inner = found["outer"], found["inner"]
    if outer is None:
        return Mark("asked", numeral(inner) if inner else None, found.end())
    number = _outer_number(outer)
    if inner and numeral(inner) != number:
        # `72、问题一：…问题二：…` numbers the parts of one question: they are its words
        return Mark("asked", number, found.end("outer") + len(_space_after(found)))
    return Mark("asked", number, found.end())


def _outer_number(outer: str) -> int:
    return numeral(re.sub(r"[\s（()）、.．,，]", "", outer))


def stacked_mark(text: str, mark: Mark | None) -> int:
    """The length of what opens a question at a paragraph's start: an ordinal, and the question's mark behind it.

    A record may number its questions in one style and go on in another (`1、…`, later `10、问：…`).

    Args:
        text: the paragraph.
        mark: the mark that opens the question in the style of the record, if it has one.
    """
    length = mark.length if mark else bullet(text)
    if mark is not None and mark.style == "asked":
        return length
    behind = _ASKED.match(text, length) if length else None
    if behind and behind["outer"] is None:
        number = numeral(behind["inner"]) if behind["inner"] else None
        if number is None or mark is None or number == mark.number:
            return behind.end()
    return length


def _space_after(found: re.Match[str]) -> str:
    rest = found.string[found.end("outer") :]
    return rest[: len(rest) - len(rest.lstrip("、.．:： \t"))]


def answer_mark(text: str, *, loose: bool = False) -> int:
    """The length of the mark that opens an answer at a paragraph's start; 0 if there is none.

    Args:
        text: a paragraph without white space at its start.
        loose: look for marks that may as well name an item or a person (`A.`, `董事长：`), for texts without others.
    """
    text = _before_gap(text)
    skip = bullet(text)
    found = (_LOOSE_ANSWERED if loose else _ANSWERED).match(text[skip:])
    return found.end() + skip if found else 0


LONGEST_ORDINAL = 100
"""An ordinal with the white space around it has fewer characters than this."""


def only_ordinal(text: str) -> bool:
    """Whether a text is an ordinal and nothing else (`（2）`): it belongs to the mark behind it."""
    return re.fullmatch(rf"\s*(?:{_OUTER})\s*[、.．:：]?\s*", text) is not None


def numeral(text: str) -> int:
    """The value of an ordinal, in digits or Chinese (`十二`); 0 where it is none."""
    if text.isdecimal():
        return int(text)
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    if "十" not in text:
        return _DIGITS.get(text, 0)
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
