"""Which printed lines belong together: the end of a line is mostly no end of a paragraph."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.readers.layout import Line

_CLOSED = re.compile(r"[。？！?!；;：:][”\"』」）)]?$")
_OPENS = re.compile(
    r"""(?:
      [（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[）)]?\s*[、．.）)：:]
    | [①-⑳] | 第[一二三四五六七八九十\d]{1,3}[、，,：:]? | [QA]\s*\d{0,3}\s*[：:、.．]
    | (?:问题?|答|回答|回复|答复|提问)\s*\d{0,3}\s*[：:、] | [★☆●■◆▪•※]
    )""",
    re.VERBOSE,
)
_ANSWERS = re.compile(
    r"(?:[AＡ](?:nswer)?\s*\d{0,3}|(?:公司|董秘|管理层|董事长|上市公司)?(?:答复?|回复|回答|解答)\s*\d{0,3})\s*[:：]|【(?:答|回)|(?:您好|你好)[，,！!。]|尊敬的投资者|感谢您的(?:关注|提问)[！!。，,].{3}"
)
_ASKS = re.compile(
    r"[QＱ](?:uestion)?\s*\d{0,3}\s*[:：]|问题\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[:：]|\d{1,3}\s*[、.．]\s*问\s*[:：]"
    r"|投资者提问\s*\d{0,3}\s*[:：]|问\s*\d{1,3}\s*[:：]|【问"
)
_GOES_ON = "，,、；;：:（(“‘《—"
_FIELD = re.compile(r"(?:代\s*码|简\s*称|编\s*号)\s*[：:]\s*\S{0,20}$")
"""The line above the title runs to the right margin, and the title is no part of it."""
_NO_START = "，。、；：？！）】》”’％%,.;:?!)]}…"


def split_paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Group the lines of one column of text into paragraphs.

    A paragraph ends with a line that stops well before the right margin, before an indented line
    where paragraphs are indented, and where bold type begins or ends with a line.

    Args:
        lines: in reading order, perhaps over several pages.
    """
    if not lines:
        return []
    column = _Column.of(lines)
    paragraphs = [[lines[0]]]
    for before, after in pairwise(lines):
        if column.ends(before, after):
            paragraphs.append([after])
        else:
            paragraphs[-1].append(after)
    return paragraphs


@dataclass(frozen=True, slots=True)
class _Column:
    """How a column of text is set.

    `overhang` is how far full lines run past the cell's margin (negative: they end before it),
    `left` where lines begin on each page, `pitch` the usual distance of baselines, `indents` whether
    paragraphs may begin with an indent, and `always` whether nothing else in the column is indented.
    """

    overhang: float
    left: dict[int, float]
    pitch: float
    em: float
    indents: bool
    always: bool

    @staticmethod
    def of(lines: Sequence[Line]) -> _Column:
        em = median(_em(line) for line in lines)
        shown = max(line.right - line.cell_right for line in lines)
        if lines[0].cell_left > 0:
            # lines of nothing but short items show no margin: then the cell's own counts
            overhang = min(shown, 2.0) if shown > -2.5 * em else 0.0
        else:  # no cell is drawn around them: the page's right margin is as wide as its left one, or less
            overhang = max(shown, -min(line.left for line in lines))
        left: dict[int, float] = {}
        for line in lines:
            left[line.page] = min(left.get(line.page, line.left), line.left)
        pitches = [b.base - a.base for a, b in pairwise(lines) if a.page == b.page]
        column = _Column(overhang, left, median(pitches) if pitches else 0.0, em, False, False)
        # lines that go on at the left speak for indented paragraphs, those that go on indented for
        # hanging ones
        wraps = [(column.deep(a), column.deep(b)) for a, b in pairwise(lines) if not column.stops(a, b)]
        first, hanging, block = (wraps.count(each) for each in ((True, False), (False, True), (True, True)))
        return replace(column, indents=first >= hanging, always=first > max(hanging, block))

    def deep(self, line: Line) -> bool:
        """Whether a line is indented by more than a character."""
        return line.left - self.left[line.page] > 1.2 * self.em

    def stops(self, before: Line, after: Line) -> bool:
        """Whether a line ends well before the margin: the next line's first word had had room on it."""
        room = before.cell_right + self.overhang - before.right
        return room > _first_word(after) + 0.8 * self.em

    def ends(self, before: Line, after: Line) -> bool:
        """Whether a paragraph ends between two lines."""
        if _FIELD.search(before.text):
            return True
        if self.stops(before, after):
            return True
        if before.page == after.page and self.pitch and after.base - before.base > 1.6 * self.pitch + 1:
            return True
        if _boldness(before) + _boldness(after) == 1.0 and _boldness(before) in (0.0, 1.0):
            return True
        if before.text[-1] not in _GOES_ON and (_ANSWERS.match(after.text) or _ASKS.match(after.text)):
            return True
        closed = _CLOSED.search(before.text) is not None
        if self.deep(after) and (self.always or (self.indents and (closed or not self.deep(before)))):
            return True
        return closed and _OPENS.match(after.text) is not None


def _boldness(line: Line) -> float:
    """The share of a line's letters that are bold; 1 and 0 only where there is no doubt."""
    printed = [g.bold for g in line.glyphs if g is not None and g.char.isalnum()]
    return sum(printed) / len(printed) if printed else 0.5


def _em(line: Line) -> float:
    """The width of one full character of the line."""
    wide = [g.right - g.left for g in line.glyphs if g is not None and ord(g.char) > 0x2E80]
    return median(wide) if wide else line.size * 0.8


def _first_word(line: Line) -> float:
    """The width of what could not have been parted from the line's first character."""
    width, word = 0.0, False
    for char, glyph in zip(line.text, line.glyphs, strict=True):
        latin = char.isascii() and not char.isspace()
        if glyph is None or (width and not (char in _NO_START or (word and latin))):
            break
        word = latin
        width = glyph.right - line.left
    return width


def join(before: str, after: str) -> str:
    """What stands between two lines of one paragraph: a space between Latin words, else nothing."""
    first, second = before[-1:], after[:1]
    if first.isascii() and second.isascii() and second.isalpha() and (first.isalpha() or first in ",;"):
        return " "
    return ""
