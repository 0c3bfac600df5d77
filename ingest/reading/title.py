"""What stands above a record's table or dialogue: the only place, beside the file's name, where codes and days count.

A code inside a question may be a peer's, a day inside an answer an event's: neither is the record's own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from ingest.language.folding import recognisable
from ingest.reading.question_marks import answer_mark, opening_marks
from ingest.records import Span

LONGEST_TITLE = 90
"""A line of a title has fewer characters than this."""
LOOK_BACK = 12
"""A question that an answer's mark follows has fewer lines than this."""
_SENTENCE = re.compile(r"[。？！?!；;…]|，.*(?:表示|称|的|了)")
_PROSE = re.compile(r"[。？?！!]|[：:]\s*$")
_SPEAKER = re.compile(r"[【\[]?(?:公司|上市公司|管理层|董秘)\s*[】\]]?\s*[:：]")
_ASK_ALONE = re.compile(r"[【\[]?(?:问|提问|投资者提问|[QＱ])[】\]]?\s*[:：]?")
_ASKS = re.compile(r"[？?]\s*(?:谢谢.{0,6})?[。！!]?$")


def title_lines(text: str) -> list[str]:
    """The lines of a text that may be a title: short, and no sentences."""
    return [
        line.strip()
        for line in text.split("\n")
        if line.strip() and len(line.strip()) <= LONGEST_TITLE and not _SENTENCE.search(line.strip())
    ]


def dialogue_start(text: str, start: int, end: int) -> int | None:
    """Where the first question opens that a mark of its own, or an answer's mark below it, shows; None without one.

    Args:
        text: radicals folded, traditional characters simplified.
        start: where to look from.
        end: where to stop looking.
    """
    lines = list(_lines(text, start, end))
    answered = next((at for at in range(1, len(lines)) if _answers(lines, at)), None)
    for at, (place, line) in enumerate(lines):
        if answered is not None and at > answered:
            break
        if _ASK_ALONE.fullmatch(line) or any(
            mark.style == "asked" and not mark.loose for mark in opening_marks(line)
        ):
            return place
        if answered is not None and at == answered:
            return _question_above(lines, at)
    return None


def _answers(lines: list[tuple[int, str]], at: int) -> bool:
    """Whether a line opens an answer: `公司：…` alone may as well be a field."""
    line = lines[at][1]
    return bool(answer_mark(line)) and (not _SPEAKER.match(line) or bool(_ASKS.search(lines[at - 1][1])))


def _question_above(lines: list[tuple[int, str]], answer: int) -> int:
    """The question of the first marked answer: from its ordinal on, else the paragraph above the answer."""
    for at in range(answer - 1, max(-1, answer - LOOK_BACK), -1):
        if any(not mark.loose for mark in opening_marks(lines[at][1])):
            return lines[at][0]
        if at < answer - 1 and re.search(r"[。：:]$", lines[at][1]):
            return lines[at + 1][0]
        if at < answer - 1 and not _ASKS.search(lines[at][1]) and len(lines[at][1]) < 25:
            return lines[at + 1][0]
    return lines[max(0, answer - 1)][0]


def value_end(text: str, value: Span, *, names: bool) -> int:
    """Where the value of the last row of a form ends that has no label below it.

    Args:
        text: the canonical text, folded.
        value: from behind the label to wherever the next label or the dialogue stands.
        names: the row lists names, over as many lines as are no sentences; others have one line.
    """
    lines = list(_lines(text, value.start, value.end))
    for at, (place, line) in enumerate(lines[1:], 1):
        if not names or _PROSE.search(line) or any(not mark.loose for mark in opening_marks(line)):
            before, words = lines[at - 1]
            return min(before + len(words), place)
    return value.end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """The lines of a stretch that say something: where each begins, and its words."""
    at = start
    for line in text[start:end].split("\n"):
        words = line.strip()
        if words:
            yield at + len(line) - len(line.lstrip()), words
        at += len(line) + 1


_CODE = re.compile(
    r"(?:证\s*券|股\s*票|公\s*司|[AＡ]\s*股)\s*(?:[AＡ]\s*股\s*)?代\s*码\s*(?:[A-Za-z][A-Za-z /]{0,24}(?=[:：]))?[:：]?[^\d０-９\n]{0,8}((?:[\d０-９]\s?){6})(?![\d０-９])"
)
_NAME_CODE = re.compile(r"(?<!\d)((?:00|30|60|68|43|83|87|88|92|20|90)\d{4})(?!\d)")

_SHORT_NAME = (
    r"(?P<short>(?:\*?ST\s?)?[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z0-9]{1,7}(?:-[A-Z]{1,2})?)(?<!公司)"
)
_BRACKETED_CODE = re.compile(
    rf"[（(]\s*(?:(?:SH|SZ|BJ)\s*[:：.]?\s*)?{_NAME_CODE.pattern}\s*(?:\.(?:SZ|SH|BJ)\s*)?[)）]"
)


_ALONE = re.compile(
    rf"(?m)^[^\S\n]*(?:{_SHORT_NAME}[^\S\n]*{_NAME_CODE.pattern}|{_NAME_CODE.pattern}[^\S\n]+{_SHORT_NAME.replace('short', 'behind')})"
    r"(?:\.(?:SZ|SH|BJ))?[^\S\n]*$"
)
"""A line of a name and its code and nothing else: `某某 300000`."""
_NO_CODE = "no company code in the form, the title or the file's name; codes inside questions and answers are not taken"
_REPORTS = re.compile(r"[^，。\n]{0,12}(?:讯|消息|快讯|记者|获悉|研究中心|研究院|财经)")
"""Behind a code: the one who reports, not the company."""


def _top(head: str) -> str:
    """The first lines of a head: further down, a name with a code may be another company's in a list."""
    return "\n".join([line for line in head.split("\n") if line.strip()][:3])


def code_in_title(head: str, name: str) -> tuple[str | None, str | None]:
    """The record's code, or None with a doubt where there is none or more than one."""
    match = _CODE.search(recognisable(head))
    if match:
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", match[1])), None
    # "某某股份有限公司（300000）" names no label
    in_name = _NAME_CODE.search(name)
    if in_name:
        return in_name[1], None
    codes = {each[1] for each in _BRACKETED_CODE.finditer(head) if not _REPORTS.match(head, each.end())}
    codes = codes or {each[2] or each[3] for each in _ALONE.finditer(_top(head))}
    if len(codes) > 1:
        return None, f"the title names several codes ({', '.join(sorted(codes))}); none is taken"
    return (codes.pop(), None) if codes else (None, _NO_CODE)


def name_in_title(head: str, code: str | None) -> str | None:
    """The short name that the title prints in front of the record's own code: `某某（300000）投资者接待日纪要`."""
    if code is None:
        return None
    found = re.search(
        rf"(?m)^(?:[^\n]{{0,40}}?[\s：:|·>《【】$])?(?:关于|对话|专访|走进|调研|【)?{_SHORT_NAME}\s*[（(]\s*(?:SH|SZ|BJ)?[.:]?\s*{code}(?!\d)"
        rf"(?!\s*(?:\.(?:SZ|SH|BJ)\s*)?[)）]{_REPORTS.pattern})",
        unicodedata.normalize("NFKC", head).replace("(", "（").replace(")", "）"),
    )
    if found is None:
        found = next((each for each in _ALONE.finditer(_top(head)) if code in (each[2], each[3])), None)
        return (found["short"] or found["behind"]) if found else None
    return re.sub(r"\s", "", found["short"])
