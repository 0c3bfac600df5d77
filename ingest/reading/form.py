"""The activity form's fields, and where the dialogue stands, from a canonical text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from ingest.language.folding import folded, recognisable
from ingest.reading.categories import named_category, read_categories
from ingest.reading.dates import date_range, find_dates
from ingest.reading.form_rows import FormRow, find_rows
from ingest.reading.hosts import read_hosts
from ingest.reading.participants import read_participants
from ingest.reading.title import code_in_title, dialogue_start, name_in_title, title_lines
from ingest.records import Form, Participant, SourceText, Span

_CHINESE = r"[\u4e00-\u9fff]"
_WHEN = (
    r"(?:20\d\d\s*年)?\s*\d{1,2}\s*月\s*\d{1,2}\s*日|20\d\d[-/.]\d{1,2}[-/.]\d{1,2}"
    r"|[（(](?:星期|周)[一二三四五六日天][)）]|(?:上午|下午|晚上|北京时间)|\d{1,2}\s*:\s*\d{2}|[-—–~至]+(?=\s*(?:\d|$))"
)
LONGEST_VALUE = 20_000
"""A field has fewer characters than this; what a damaged file puts behind its label has more."""
_ABOVE = ("categories", "participants", "time", "place", "way", "hosts")
_BELOW = ("disclosure", "materials", "attachments", "signed")


# The second line of a wrapped label, where the text runs across both columns: "…名称及 甲基金" / "人员姓名".
_DRAWN = re.compile(r"(?m)^[^\S\n]*[-=─━═_*~]{4,}[^\S\n]*$\n?")
"""A line drawn with characters between fields."""
_LABEL_REST = re.compile(r"^\s*及\s(?=\S)|(?m:^\s*(?:名?称?及)?(?:参会)?人?员?姓名\s*$)")


@dataclass(frozen=True, slots=True)
class FormReading:
    """What the form says: its fields, the span of the dialogue, which rows were there, what was doubtful.

    `body` covers the content of 主要内容介绍; without such a row, what stands between the rows.
    `rows` names the kinds of rows that were found; none means that the text is no form.
    """

    form: Form
    body: Span
    warnings: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def read_form(source: SourceText, name: str) -> FormReading:
    """Read the form of one record; a field that the record does not say is None or empty.

    Args:
        source: the canonical text, with or without label hints.
        name: the file's name, for the code and the short name where the text has none.
    """
    text, name = folded(source.text), folded(name)
    rows = find_rows(source)
    by_kind = {row.kind: row for row in rows}
    values = {kind: row.value.of(text)[:LONGEST_VALUE] for kind, row in by_kind.items()}
    for kind in ("participants", "hosts"):
        values[kind] = _LABEL_REST.sub("", _DRAWN.sub("", values.get(kind, ""))).strip()
    values |= {kind: _DRAWN.sub("", values[kind]).strip() for kind in ("place", "way") if kind in values}
    warnings = [
        f"the form's {row.kind} run over {LONGEST_VALUE} characters; the rest is left out"
        for row in rows
        if row.kind in ("participants", "hosts", "time", "place") and len(row.value) > LONGEST_VALUE
    ]
    if (
        not values["hosts"]
        and "participants" in by_kind
        and _are_hosts(by_kind["participants"].label.of(text), values["participants"])
    ):
        values["hosts"], values["participants"] = values["participants"], ""
    kinds = tuple(row.kind for row in rows)
    head = _head(text, rows, is_form(kinds))
    code, doubt = code_in_title(head, name)
    warnings += [doubt] if doubt else []

    categories: tuple[str, ...] = ()
    if "categories" in values:
        categories, doubt = read_categories(values["categories"])
        warnings += [doubt] if doubt else []
    elif named := named_category(values.get("way", "")):
        categories = (named,)
    participants: tuple[Participant, ...] = ()
    if "participants" in by_kind:
        participants, doubt = read_participants(values["participants"], _behind_body(text, by_kind))
        warnings += [doubt] if doubt else []
    short_name = _short_name(head, name) or name_in_title(head, code)
    form = Form(
        code=code,
        short_name=short_name,
        company=_company(head, short_name),
        number=_number(head),
        categories=categories,
        held_on=_held_on(values, by_kind, head, name, warnings),
        signed_on=_signed_on(values) or _signature(text[-200:]),
        participants=participants,
        hosts=read_hosts(values.get("hosts", "")),
        place=_place(values, {kind: row.label.of(text) for kind, row in by_kind.items()}),
    )
    return FormReading(form, _body(text, rows, by_kind), tuple(warnings), kinds)


_PEOPLE_LABEL = re.compile(r"(?:参加|参会|出席|与会)(?:本次会议)?(?:的)?人员(?:姓名)?")
_OWN_TITLES = re.compile(r"董事长|董事会秘书|董秘|总经理|总裁|财务总监|财务负责人|独立董事")


def _are_hosts(label: str, value: str) -> bool:
    """Whether `参加人员`, in a form without hosts, lists the company's own people: by their titles."""
    return bool(_PEOPLE_LABEL.fullmatch(re.sub(r"\s", "", label))) and len(_OWN_TITLES.findall(value)) > 1


_OF_HEAD = re.compile(r"(?:证券|股票|公司)(?:代码|简称|名称)|编号")
"""Labels of what else stands above the form, where its table has them in cells."""


def is_form(kinds: Sequence[str]) -> bool:
    """Two rows of the form at least, one of them telling: a lone 时间 or 日期 stands in any text."""
    telling = {"categories", "participants", "hosts", "body", "disclosure"}
    return len(kinds) >= 2 and bool(telling.intersection(kinds))


def _head(text: str, rows: Sequence[FormRow], formal: bool) -> str:
    """What stands above the form; without a form the lines of the title alone, never what is asked or answered."""
    below = [
        row.label for row in rows if not (row.kind.startswith("other") and _OF_HEAD.match(row.label.of(text)))
    ]
    end = min((label.start for label in below), default=1500)
    dialogue = dialogue_start(text, 0, len(text))
    head = text[: end if dialogue is None else min(end, dialogue)]
    return head if formal else "\n".join(title_lines(head))


def _body(text: str, rows: Sequence[FormRow], by_kind: Mapping[str, FormRow]) -> Span:
    if "body" in by_kind:
        return by_kind["body"].value
    above = [row for row in rows if row.kind in _ABOVE]
    # Without its label the dialogue starts below the last row above it.
    start = above[-1].value.end if above else 0
    end = min(
        (row.label.start for row in rows if row.kind in _BELOW and row.label.start > start), default=len(text)
    )
    inner = text[start:end]
    lead = len(inner) - len(inner.lstrip())
    return Span(start + lead, max(start + lead, start + len(inner.rstrip())))


def _behind_body(text: str, by_kind: Mapping[str, FormRow]) -> str:
    """What follows the dialogue: there an appendix may list the participants."""
    starts = [by_kind[kind].label.start for kind in _BELOW if kind in by_kind]
    return text[min(starts) :] if starts else ""


def _held_on(
    values: Mapping[str, str], by_kind: Mapping[str, FormRow], head: str, name: str, warnings: list[str]
) -> tuple[date, date] | None:
    if "time" in values:
        # Some forms leave the year to the closing date or to the title.
        signed_on = _signed_on(values)
        named = re.search(r"(20\d\d)\s*年", head)
        year = signed_on.year if signed_on else (int(named[1]) if named else None)
        held = date_range(values["time"], year)
        if held:
            return held
    body = by_kind.get("body")
    signed = by_kind.get("signed")
    if "time" not in values and body and signed and signed.label < body.label:
        # 日期 above the dialogue is the activity's day.
        held = date_range(values["signed"])
        if held:
            return held
    for place, where in ((head, "title"), (PurePath(name).stem, "file name")):
        found = find_dates(_dated_words(place))
        if found:
            warnings.append(f"the form names no day of the activity; taken from the {where}")
            return min(found), max(found)
    return None


def _dated_words(text: str) -> str:
    """Only dates in words (2024年10月29日): a record number (2024-12-6) is no day."""
    return "、".join(
        re.findall(r"[\d\s]+年[\d\s]+月[\d\s]+日?|[\d\s]+月[\d\s]+日", unicodedata.normalize("NFKC", text))
    )


def _signed_on(values: Mapping[str, str]) -> date | None:
    # An appendix may follow the date, so only the row's own first words count.
    found = find_dates(values.get("signed", "")[:40])
    return found[0] if found else None


_SIGNATURE = re.compile(
    r"(?:有限公司|公司|董事会|证券部)[^\S\n]*(?:董事会[^\S\n]*)?\n+[^\S\n]*(20\d\d\s*年[^。\n]{3,9}日)\s*$"
)


def _signature(text: str) -> date | None:
    """The day under the company's name that closes an announcement without a row 日期."""
    found = _SIGNATURE.search(text)
    days = find_dates(found[1]) if found else []
    return days[0] if days else None


def _place(values: Mapping[str, str], labels: Mapping[str, str]) -> str | None:
    place = values.get("place", "").strip()
    if not place and "地点" in labels.get("time", ""):
        # 时间、地点 in one row: what is left of its value without days and hours.
        place = re.sub(rf"{_WHEN}", "", unicodedata.normalize("NFKC", values.get("time", ""))).strip(
            " ，,；;、\n"
        )
    if not place:
        return None
    lines = [line.strip() for line in place.split("\n") if line.strip()]
    joined = lines[0]
    for line in lines[1:]:
        joined += (" " if re.search(r"[A-Za-z]$", joined) and re.match(r"[A-Za-z]", line) else "") + line
    return re.sub(rf"(?<={_CHINESE})\s+(?={_CHINESE})", "", re.sub(r"\s+", " ", joined))


# --- above the table: codes, names, number ---

_SHORT_NAME = re.compile(
    r"(?:证\s*券|股\s*票|公\s*司|[AＡ]\s*股)\s*(?:[AＡ]\s*股\s*)?简\s*称\s*(?:[A-Za-z][A-Za-z /]{0,24}(?=[:：]))?[:：]?[^\S\n]*"
    r"(?:\n[^\S\n]*(?=[\u4e00-\u9fffA-Z*]{2,8}[^\S\n]*(?:\n|$)))?([^\n]*)"
)
_TITLED_NAME = re.compile(
    r"(?m)^[^\S\n]*((?:\*?ST)?[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z]{1,6})[:：]\s*20\d\d\s*年[^\n]{0,24}(?:投资者关系|业绩说明会|调研)[^\n]{0,12}记录"
)
"""`某某科技：2024年3月15日投资者关系活动记录表`, as archives head what they hold."""
# What may follow the short name in its line.
_NEXT_FIELD = re.compile(
    r"编\s*号|公\s*告|证\s*券|股\s*票|债\s*券|转\s*债\s*代\s*码|可\s*转\s*债|优\s*先\s*股|[HBＨＢ]\s*股|[:：]|\S+股份有限公司|投资者关系|[;；,，|]"
)


def _short_name(head: str, name: str) -> str | None:
    match = _SHORT_NAME.search(recognisable(head))
    if match:
        words = head[match.start(1) : match.end(1)]
        following = _NEXT_FIELD.search(words)
        words = words[: following.start()] if following else words
        # Two or more spaces end the name; one may stand inside ("五 粮 液").
        words = re.split(r"[ \u3000\t]{3,}", words.strip())[0]
        words = re.sub(r"\s", "", words)
        if words:
            return words
    in_title = _TITLED_NAME.search(head)
    if in_title:
        return in_title[1]
    in_name = re.match(
        rf"\s*(?:\d{{6}})?\s*[-_ ]?((?:\*?ST\s?)?{_CHINESE}[{_CHINESE[1:-1]}A-Za-z]{{1,6}})[:：_\- ]",
        PurePath(name).stem,
    )
    if in_name and not re.search(r"投资者|记录|调研", in_name[1]):
        return in_name[1]
    # "300000某某科技投资者关系管理信息…": the code is set off by its digits, the title by its words
    titled = re.match(
        rf"\s*\d{{6}}\s*((?:\*?ST)?[{_CHINESE[1:-1]}A-Za-z]{{2,6}}?)(?=投资者关系|调研活动)",
        PurePath(name).stem,
    )
    return titled[1] if titled else None


_COMPANY = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·&.\-]{2,40}?(?:股份有限公司|有限责任公司|股份公司|有限公司)"
)


def _company(head: str, short_name: str | None) -> str | None:
    """The full legal name in the title, which may be spaced out or wrapped."""
    # What else stands above the table ends a name.
    head = re.sub(r"编\s*号\s*[:：]?[^\n\u4e00-\u9fff]*", "\n", head)
    head = re.sub(r"投\s*资\s*者\s*关\s*系[^\n]{0,10}(?:记\s*录|信\s*息)[^\n]*", "\n\n", head)
    lines = [re.sub(r"\s", "", line) for line in head.split("\n")]
    lines = [re.sub(r"^.*简称[:：]?", "", line) for line in lines]
    wrapped = "\n".join(lines)
    short = re.escape(short_name or "")
    if short:
        # "证券简称：星河星河股份有限公司": the line end behind the short name got lost.
        wrapped = re.sub(rf"(?m)^{short}(?=\S*{short}\S*公司)", "", wrapped)
    # A short name that stands in a line of its own is no start of a wrapped name.
    unwrapped = re.sub(rf"(?m)^{short}$" if short else "$^", "", wrapped)
    for candidate in (wrapped, re.sub(r"(?<=[^\n])\n(?=[^\n])", "", unwrapped)):
        names = [
            re.sub(r"^[\d年月日度（）().、\-]+", "", each.group()) for each in _COMPANY.finditer(candidate)
        ]
        names = [each for each in names if not re.match(r"股份|有限|公司", each)]
        if names:
            # A listed company is one of shares; the host of a webcast in a running header need not be.
            return next((each for each in names if "股份" in each), names[0])
    return None


_NUMBER = re.compile(r"编\s*号\s*[:：]?[^\S\n]*([^\n]*(?:\n[^\n]*)?)")
_NUMBER_WORDS = re.compile(
    r"[A-Za-z]{0,8}[\[［【〔（(]?\s*[\dA-Za-z][\dA-Za-z\s\-—–－_/.·年第次期号\[\]［］【】〔〕（）()]*"
)


def _number(head: str) -> str | None:
    """The record's number as printed, without white space; None where the form leaves it blank."""
    match = _NUMBER.search(recognisable(head))
    if not match:
        # Some titles carry it in brackets: 投资者关系活动记录表（2024-003）
        titled = re.search(
            r"记\s*录\s*表?\s*[（(【\[]?\s*((?:20)\d{2}\s*[-—–]\s*\d{1,3})\s*[)）】\]]?\s*$",
            head,
            re.MULTILINE,
        )
        return re.sub(r"\s", "", titled[1]) if titled else None
    first, _, second = match[1].partition("\n")
    for line, own in ((first, True), (second, False)):
        if not own and (first.strip() or re.search(r"记录表|公司|月.*日|代码|简称", line)):
            continue
        words = re.match(rf"\s*({_CHINESE}{{0,6}}{_NUMBER_WORDS.pattern})", line)
        if not words:
            continue
        found = words[1]
        # A date or the title in the same line is no part of the number.
        found = re.split(r"[ \t\u3000]{2,}(?=\S)", found.strip())[0]
        found = re.sub(r"\s", "", found)
        company = _COMPANY.search(found)
        found = found[: company.start()] if company else found
        if re.search(r"\d", found):
            return _balanced(found).rstrip("-—–－_/.·")
    return None


def _balanced(text: str) -> str:
    """Without a closing bracket that was never opened."""
    for opening, closing in ("()", "（）", "[]", "［］", "【】", "〔〕"):
        if text.count(closing) > text.count(opening):
            text = text[: text.rfind(closing)]
        elif text.count(opening) > text.count(closing):
            text = text[: text.rfind(opening)]
    return text
