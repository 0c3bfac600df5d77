"""Where the rows of the activity form stand in a canonical text: their labels and their values.

The form is a table of two columns. Readers give it as text in which a label may be wrapped, spaced
out, on its own line or in front of its value; where a reader knows the label column, its hints
(`SourceText.labels`) are taken first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from ingest.language.folding import recognisable
from ingest.reading.title import dialogue_start, value_end
from ingest.records import SourceText, Span

_CHINESE = r"[\u4e00-\u9fff]"
_NUMERALS = "一二三四五六七八九十"

# What the label column says, white space removed. Earlier rows of the form first.
_LABELS: Mapping[str, str] = {
    "categories": r"(?:本次)?(?:投资者关系)?(?:管理)?活动(?:的)?类[别型]|(?:调研|接待|会议|说明会)类[别型]",
    "participants": (
        r"(?:活动|线上|主要)?(?:参与|参加|参会|与会|来访|到访|调研|访谈|出席)(?:的)?"
        r"(?:单位|机构|投资者|特定对象|对象|人员)(?:名称|姓名|名单)?"
        r"(?:(?:及|和|与|、|/|及其)?(?:参与|参会|来访|与会)?(?:人员|姓名|单位|机构)(?:姓名|名称|名单)?)?"
        r"|(?:单位|机构)名称及(?:人员)?姓名|特定对象名称|接待(?:的)?(?:单位|对象|机构|投资者)(?:名称)?(?:及(?:人员)?姓名)?"
    ),
    "time": r"(?:会议召开|活动召开|说明会召开|会议|活动|接待|调研|召开|交流|举办|举行|来访|沟通)?(?:日期及|日期和)?时间(?:(?:及|和|与|、|/)?地点)?|投资者关系活动情况|活动日期|会议日期|接待日期|调研日期",
    "place": r"(?:会议召开|活动召开|说明会召开|会议|活动|接待|调研|召开|交流|举办|举行|沟通)?地点(?:(?:及|和|与|、|/)?(?:形式|方式))?",
    "way": r"(?:会议|活动|召开|交流|接待|调研|沟通|参与|举办)?(?:形式|方式)",
    "hosts": (
        r"(?:上市公司|本公司|公司)(?:方)?(?:接待|参会|参与|出席|参加|与会|主要参会)(?:的)?(?:人员|人|嘉宾|领导)?"
        r"(?:姓名|名单)?(?:及职务|、职务|和职务)?|接待人员(?:姓名)?(?:及职务)?|(?:上市)?公司(?:参加)?(?:与会)?人员(?:姓名)?"
    ),
    "body": (
        r"(?:投资者关系)?(?:管理)?活动(?:的)?主要内容(?:介绍|记录|及问答|及具体问答记录)?"
        r"|(?:会议|交流|调研|沟通|接待)?(?:的)?主要内容(?:介绍|记录|及问答|及具体问答记录)"
        r"|(?:会议|交流|调研|沟通|接待)(?:的)?主要内容(?=(?:[:：])?[^\S\n]*(?:\n|$))"
        r"|(?:主要)?交流内容及(?:具体)?问答(?:记录|内容)|(?:投资者关系)?活动(?:的)?内容(?:介绍|记录|及具体问答记录)"
        r"|(?:主要)?交流内容(?:介绍|记录)|(?:主要)?(?:交流|问答)内容(?=[^\S\n]*[|｜:：])|主要问答内容"
    ),
    "disclosure": r"(?:关于)?本次(?:投资者关系)?活动是否涉及应当?披露(?:的)?重大信息(?:的)?(?:情况)?(?:的)?(?:说明)?",
    "materials": r"(?:本次)?活动过程中(?:所)?(?:使用|展示|提供)的?(?:演示文稿|文档|材料)[^。]{0,40}?附件(?:[（(]如有[^）)]{0,12}[）)])?",
    "attachments": r"附件(?:清单|目录)(?:[（(]如有[）)])?|附件[（(]如有[）)]",
    "remark": r"风险提示|特别提示|备注|其他说明|(?:公司|特别)?声明",
    "signed": r"(?:填表|记录|公告|披露|签署|填报)?日期",
}
_HEAD = ("categories", "participants", "time", "place", "way", "hosts")
LONGEST_HEAD = 6000
_TAIL = ("disclosure", "materials", "attachments", "remark", "signed")

# A hint says that a text is a label; then telling words are enough to say which. First match counts.
_TELLING = (
    ("categories", r"类别|类型"),
    ("disclosure", r"重大(?:未公开)?信息"),
    ("materials", r"演示文稿|演示材料"),
    ("attachments", r"附件"),
    ("body", r"内容|问答|纪要|主要问题|提出的问题|投资者问题|提问及.{0,4}(?:回复|答复|回答)"),
    ("participants", r"接待(?:对象|单位|机构)"),
    ("hosts", r"接待人|主持人|公司.{0,6}(?:人员|嘉宾|代表|领导)|^接待"),
    ("participants", r"(?:参与|参会|参加|来访|与会|调研|出席|投资者|特定对象).*|(?:单位|机构)名称"),
    ("time", r"时间|(?:活动|会议|调研|接待|召开)日期"),
    ("place", r"地点"),
    ("way", r"形式|方式"),
    ("signed", r"日期"),
    ("remark", r"风险提示|备注|说明"),
)

# A short label opens ordinary sentences too ("时间表…", "日期临近…"): it must be set off from what follows.
_SET_OFF = r"(?=\s|[:：（(/]|\d|$)"
_SHORT = {"time", "place", "way", "signed", "remark"}


_GLOSS = (
    r"(?:(?:Activity|Event|Meeting|Main|Key|Date|Time|Venue|Location|Place|Address|Participants?|Attendees?|Visitors?|"
    r"Investors?|Institutions?|Company|Representatives?|Hosts?|Reception|Recept\w+|Personnel|Staff|Contents?|Summary|Type|Category|Format|"
    r"Form|Method|Attachments?|Q|A|Names?|List|of|and|the|for)\b(?:[^\S\n]{0,3}[&/、,])?[^\S\n]{0,3}){1,7}+"
)
"""A label in English beside the Chinese one: `地点 Venue：`, `Date/时间：`."""
_HALVED_BODY = re.compile(
    r"(?:^|(?<=\n))[^\S\n]*(?P<label>投\s*资\s*者\s*关\s*系(?:\s*活\s*动)?)"
    r"(?=[^\S\n]+\S[^\n]*\n(?:[^\n]*\n){0,6}?[^\S\n]*(?:活\s*动\s*)?主\s*要\s*内\s*容)"
)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of the form: what kind it is, where its label stands, and the value behind it."""

    kind: str
    label: Span
    value: Span


def _spaced(pattern: str) -> str:
    """`pattern` with white space allowed after every character that it names."""
    # Inside [...] and quantifiers nothing may be inserted; Chinese characters never stand there unescaped
    # except in the few classes used above, which hold no white space to worry about.
    pieces = re.split(r"(\[[^\]]*\](?:\{[^}]*\}\??)?)", pattern)
    spaced = [
        piece + (r"\s*" if index % 2 and not piece.startswith("[^") else "")
        if index % 2
        else re.sub(rf"({_CHINESE}|[、/])(\?)?", _allow_space, piece)
        for index, piece in enumerate(pieces)
    ]
    return "".join(spaced)


def _allow_space(match: re.Match[str]) -> str:
    return rf"(?:{match[1]}\s*)?" if match[2] else rf"{match[1]}\s*"


@dataclass(frozen=True, slots=True)
class _Finder:
    kind: str
    at_line_start: re.Pattern[str]
    inline: re.Pattern[str]
    whole: re.Pattern[str]


def _finders(kinds: tuple[str, ...]) -> Iterator[_Finder]:
    return map(_finder, kinds)


@cache
def _finder(kind: str) -> _Finder:
    """The finder of one kind of row; there are as many as kinds."""
    label = _spaced(_LABELS[kind])
    # Longer alternatives must win, so the match is greedy and then trimmed of trailing white space.
    set_off = _SET_OFF if kind in _SHORT else ""
    number = rf"(?:\d{{1,2}}|[{_NUMERALS}]{{1,3}})"
    ordinal = rf"(?:{number}[^\S\n]*[、.．]|[（(]{number}[）)][、.．]?)?[^\S\n]*"
    return _Finder(
        kind,
        re.compile(rf"(?:^|(?<=\n))[^\S\n]*{ordinal}(?:{_GLOSS})?(?P<label>{label}){set_off}"),
        re.compile(rf"(?<=[^\s：:])[^\S\n]+(?P<label>{label})(?=[^\S\n]*[:：])"),
        re.compile(rf"(?:{_LABELS[kind]})(?:[（(][^（()）]{{0,20}}[）)])?[:：]?"),
    )


def find_rows(source: SourceText) -> list[FormRow]:
    """The form's rows in reading order, each with its value; empty where the text is no form.

    Rows of unknown labels are called other1, other2…. A kind of row occurs once: the first place counts above the dialogue, below it the first too, but
    for the closing date, which is the last. Rows above are looked for only before the dialogue.
    """
    text = recognisable(source.text)
    labels = _hinted(source, text)
    body = labels.get("body") or _search(text, next(_finders(("body",))), 0, len(text))
    if "body" not in labels and not (body and body.of(text).startswith("投")):
        # "投资者关系活动 1、…？ / 主要内容介绍 答：…": a label that wraps beside its content.
        halved = _HALVED_BODY.search(text, 0, body.end if body else len(text))
        body = Span(halved.start("label"), halved.end("label")) if halved else body
    body_start = body.start if body else len(text)
    if body:
        labels["body"] = body
    tail_start = min(
        (span.start for kind, span in labels.items() if kind in _TAIL and body and span.start >= body.end),
        default=len(text),
    )
    for kind in [kind for kind in labels if kind.startswith("other")]:
        # A label of no known row still ends the row above it, but for what stands in the dialogue.
        if body and body.end <= labels[kind].start < tail_start:
            del labels[kind]
    opens = None if body else dialogue_start(text, 0, len(text))
    dialogue = len(text) if opens is None else opens
    for finder in _finders(_HEAD):
        hinted = labels.get(finder.kind)
        if hinted and hinted.start < min(body_start, dialogue):
            continue
        labels.pop(finder.kind, None)
        # Without a dialogue label the form's head is at most so long; questions may not pose as rows.
        limit = body_start if body else min(dialogue, LONGEST_HEAD)
        found = _search(text, finder, 0, limit) or _search_inline(text, finder, limit)
        if found:
            labels[finder.kind] = found
    for finder in _finders(_TAIL):
        hinted = labels.get(finder.kind)
        if hinted and body and hinted.start >= body.end:
            continue
        labels.pop(finder.kind, None)
        found = _search_tail(text, finder, body.end if body else 0)
        if found:
            labels[finder.kind] = found
    return _with_values(text, labels, dialogue)


def _search(text: str, finder: _Finder, start: int, end: int) -> Span | None:
    match = finder.at_line_start.search(text, start, end)
    return _trimmed(match) if match else None


def _search_inline(text: str, finder: _Finder, end: int) -> Span | None:
    """A label behind another field in one line: `时间：2025年2月27日 地点：绵阳`."""
    match = finder.inline.search(text, 0, end)
    return _trimmed(match) if match else None


def _trimmed(match: re.Match[str]) -> Span:
    label = match["label"].rstrip()
    return Span(match.start("label"), match.start("label") + len(label))


def _search_tail(text: str, finder: _Finder, start: int) -> Span | None:
    matches = list(finder.at_line_start.finditer(text, start))
    if finder.kind == "signed":
        # "日期" opens sentences as well: only one that a date follows is the row, and the last such.
        dated = [each for each in matches if re.match(r"\s*[:：]?\s*[\d二〇０-９]", text[each.end() :][:20])]
        return _trimmed(dated[-1]) if dated else None
    if finder.kind == "attachments":
        # Often glued to the end of the last answer.
        glued = re.compile(
            rf"(?<=[\s。！？.])(?P<label>{_spaced('附件清单')}(?:[（(]\s*如\s*有\s*[）)])?)(?=\s)"
        )
        matches = sorted([*matches, *glued.finditer(text, start)], key=lambda each: each.start("label"))
    if finder.kind == "remark":
        # Only as a row of its own, after the rows that close the form.
        matches = [each for each in matches if re.match(r"[^\S\n]*[:：]?[^\S\n]*\n", text[each.end() :])]
    return _trimmed(matches[0]) if matches else None


def _hinted(source: SourceText, text: str) -> dict[str, Span]:
    """Rows by the reader's hints: one hint, or a run of them (a wrapped label), that reads as a label."""
    found: dict[str, Span] = {}
    finders = list(_finders((*_HEAD, "body", *_TAIL)))
    index = 0
    while index < len(source.labels):
        for width in range(min(6, len(source.labels) - index), 0, -1):
            run = source.labels[index : index + width]
            words = re.sub(r"\s", "", "".join(span.of(text) for span in run))
            kind = next((each.kind for each in finders if each.whole.fullmatch(words)), None)
            if kind is None and width == 1:
                kind = next(
                    (each for each, telling in _TELLING if re.search(telling, words)), f"other{index}"
                )
            gap = sum(len(text[a.end : b.start].strip()) for a, b in pairwise(run))
            if kind and (gap == 0 or width == 1):
                whole = next((each.whole for each in finders if each.kind == kind), None)
                known = source.labels[index - 1].end if index else 0
                span = _from_line_above(text, Span(run[0].start, run[-1].end), whole, known)
                if kind == "signed":
                    found[kind] = span
                else:
                    # a second label of a kind is no row of its own, but it ends the row above it
                    found.setdefault(kind if kind == "body" or kind not in found else f"other{index}", span)
                index += width - 1
                break
        index += 1
    return found


def _from_line_above(text: str, label: Span, whole: re.Pattern[str] | None, known: int) -> Span:
    """A label with the line above it, where that is the label's first half (`投资者关系活动` / `主要内容介绍`).

    `known` is where the label before it ends: a line right behind that is its value (`地点` / `公司`).
    """
    above = _LINE_ABOVE.search(text, max(0, label.start - 24), label.start)
    if whole is None or above is None or not text[known : above.start("words")].strip():
        return label
    words = re.sub(r"\s", "", above["words"] + label.of(text))
    return Span(above.start("words"), label.end) if whole.fullmatch(words) else label


_LINE_ABOVE = re.compile(r"\n[^\S\n]*(?P<words>[\u4e00-\u9fff]{2,12})[^\S\n]*\n[^\S\n]*\Z")
# The ordinal of the label below: "三、投资者关系活动主要内容".
_ORDINAL_BEHIND = re.compile(
    r"(?:^|\n)[^\S\n]*(?:(?:\d{1,2}|[一二三四五六七八九十]{1,3})[^\S\n]*[、.．]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)])[^\S\n]*$"
)
_GLOSS_BEHIND = re.compile(rf"\n[^\S\n]*{_GLOSS}$")
_AFTER_LABEL = re.compile(
    rf"\s*(?:[（(]\s*如\s*有\s*[^）)]{{0,12}}[）)])?(?:[^\S\n]*[（(/]?[^\S\n]*{_GLOSS}[）)]?(?=[^\S\n]*[:：|｜]))?\s*[:：|｜]?\s*"
)


def _with_values(text: str, labels: Mapping[str, Span], dialogue: int) -> list[FormRow]:
    """The rows with their values, each up to the next label; without a label of its own, the dialogue ends the last."""
    last = None if "body" in labels else max((labels[k] for k in _HEAD if k in labels), default=None)
    order = sorted(labels.items(), key=lambda item: item[1])
    rows: list[FormRow] = []
    for index, (kind, label) in enumerate(order):
        limit = order[index + 1][1].start if index + 1 < len(order) else len(text)
        after = _AFTER_LABEL.match(text, label.end, limit)
        start = after.end() if after else label.end
        if label == last and start < (limit := min(limit, max(dialogue, start))):
            limit = value_end(text, Span(start, limit), names=kind in ("participants", "hosts"))
        end = start + len(_GLOSS_BEHIND.sub("", _ORDINAL_BEHIND.sub("", text[start:limit])).rstrip())
        rows.append(FormRow(kind, label, Span(min(start, limit), max(min(start, limit), end))))
    return rows
