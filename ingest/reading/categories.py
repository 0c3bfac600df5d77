"""Which kinds of activity are ticked on the form, whatever sign the tick is printed with."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Private-use glyphs are Wingdings and Wingdings 2 as Word writes them: F052/F0FE ticked boxes, F050/F0FC
# check marks, F051/F054/F053/F0FB/F0FD crosses, F06E/F0A7/F0A2 filled boxes; F0A3/F06F/F071/F0A8/F030 empty boxes.
_TICKS = "√✓✔☑☒■▇◼⬛●×✕✖╳\uf052\uf0fe\uf050\uf0fc\uf051\uf053\uf054\uf0fb\uf0fd\uf06e\uf0a7\uf0a2🗹🗸"
_BOXES = "□☐◻▢◽⬜○◯口\uf0a3\uf06f\uf071\uf072\uf0a8\uf030"

# The boxes of the exchanges' forms. 其他 is followed by words of explanation that are no label.
_STANDARD = (
    "特定对象调研", "分析师会议", "媒体采访", "业绩说明会", "新闻发布会", "路演活动", "现场参观",
    "电话会议", "一对一沟通", "投资者接待日活动", "投资者说明会", "集体接待日", "策略会", "其他", "其它",
)  # fmt: skip
_OTHER = ("其他", "其它")

_STANDARD_PATTERN = "|".join(r"\s*".join(label) for label in _STANDARD)
_TOKEN = re.compile(
    rf"(?P<tick>[{_TICKS}]|(?<![A-Za-z])[RXxþü](?=\s*(?:{_STANDARD_PATTERN})))"
    rf"|(?P<box>[{_BOXES}]|[£¨](?=\s*(?:{_STANDARD_PATTERN})))"
    rf"|(?P<aside>[（(][^（()）]*(?:[)）]|$))"
    rf"|(?P<standard>{_STANDARD_PATTERN})"
    rf"|(?P<words>[^\s{_TICKS}{_BOXES}（()）]+)"
    r"|(?P<space>\s+)|(?P<stray>.)",
)

_TICK_IN_BRACKETS = re.compile(rf"[\[［【（(]\s*([{_TICKS}])\s*[)）】］\]]")
_EMPTY_BRACKETS = re.compile(rf"[\[［【（(]\s*[)）】］\]](?=\s*(?:{_STANDARD_PATTERN}))")
"""`（ ）分析师会议` is a box; `其他（ ）` is room for an explanation."""


_BRACKETS_BEHIND = re.compile(rf"({_STANDARD_PATTERN})\s*[\[［【（(]\s*([{_TICKS}])?\s*[)）】］\]]")
"""`分析师会议（√） 媒体采访（ ）`: each label has its box behind it."""


def read_categories(value: str) -> tuple[tuple[str, ...], str | None]:
    """The bare labels that are ticked in `value` (the form's cell), and a warning where that is doubtful.

    A tick stands before its label (`√其他`, `□√其他`), or behind it where the cell opens with a label
    and closes with a sign. A label without any sign among labels with boxes was ticked with a glyph
    that got lost; where only ticks are printed, it is not ticked. Explanations behind 其他 and anything in brackets are no labels.
    """
    if len(_BRACKETS_BEHIND.findall(value)) > 1 and not re.match(rf"\s*[（(\[【{_TICKS}{_BOXES}]", value):
        value = _BRACKETS_BEHIND.sub(lambda found: f" {found[2] or '□'}{found[1]}", value)
    value = _EMPTY_BRACKETS.sub("□", _TICK_IN_BRACKETS.sub(r"\1", value))
    tokens = [(match.lastgroup or "", match.group()) for match in _TOKEN.finditer(value)]
    tokens = [each for each in tokens if each[0] != "stray"]
    signs = [kind for kind, _ in tokens if kind in ("tick", "box")]
    labels = [kind for kind, _ in tokens if kind == "standard"]
    if not signs:
        return _without_signs(tokens, value)
    marked = [each for each in tokens if each[0] in ("tick", "box", "standard")]
    behind = marked[0][0] == "standard" and marked[-1][0] != "standard" and len(signs) >= len(labels)
    ticked = _ticked_behind(tokens) if behind else _ticked_before(tokens, boxes="box" in signs)
    if not ticked and value.strip():
        return (), "no activity category is ticked"
    return tuple(dict.fromkeys(ticked)), None


def named_category(value: str) -> str | None:
    """The category that a cell names and says nothing else (`调研形式：特定对象调研`); a telephone call is a way."""
    words = re.sub(r"\s", "", value)
    return words if words in _STANDARD and words not in (*_OTHER, "电话会议") else None


def _ticked_before(tokens: Sequence[tuple[str, str]], *, boxes: bool) -> list[str]:
    ticked: list[str] = []
    pending: list[str] = []  # the signs since the last label
    explaining = False  # behind a ticked 其他, words and even standard labels are its explanation
    current: str | None = None
    for index, (kind, text) in enumerate(tokens):
        if kind in ("tick", "box"):
            if (
                kind == "tick"
                and _belongs_to_label_before(tokens, index)
                and current
                and current not in ticked
            ):
                ticked.append(current)
                continue
            pending.append(kind)
            continue
        if kind not in ("standard", "words"):
            continue
        if kind == "words" and not pending:
            continue
        if kind == "standard" and not pending and explaining:
            continue
        label = re.sub(r"\s", "", text).strip("：:，,、；;。")
        if not label:
            continue
        is_ticked = "tick" in pending or (boxes and kind == "standard" and not pending)
        current, pending = label, []
        explaining = is_ticked and label.startswith(_OTHER)
        if is_ticked:
            ticked.append(_bare(label))
    return ticked


def _belongs_to_label_before(tokens: Sequence[tuple[str, str]], index: int) -> bool:
    """`□现场参观√ □路演`: glued to the label before it and set off from what follows, another sign or the end."""
    if index == 0 or tokens[index - 1][0] not in ("standard", "words"):
        return False
    following = [kind for kind, _ in tokens[index + 1 : index + 3]]
    return not following or (
        following[0] == "space" and (len(following) == 1 or following[1] in ("box", "tick"))
    )


def _ticked_behind(tokens: Sequence[tuple[str, str]]) -> list[str]:
    ticked: list[str] = []
    current: str | None = None
    for kind, text in tokens:
        if kind == "standard" or (kind == "words" and current is None):
            current = _bare(re.sub(r"\s", "", text))
        elif kind == "tick" and current:
            ticked.append(current)
            current = None
        elif kind == "box":
            current = None
    return ticked


def _without_signs(tokens: Sequence[tuple[str, str]], value: str) -> tuple[tuple[str, ...], str | None]:
    labels = list(
        dict.fromkeys(_bare(re.sub(r"\s", "", text)) for kind, text in tokens if kind == "standard")
    )
    if labels and labels[0] in _OTHER:
        labels = labels[:1]
    if 1 <= len(labels) <= 2:
        return tuple(labels), None
    words = re.sub(r"\s", "", value)
    if not labels and 2 <= len(words) <= 12:
        return (words,), None
    return (), "the ticks of the activity categories are lost"


def _bare(label: str) -> str:
    for other in _OTHER:
        if label.startswith(other):
            return other
    return label
