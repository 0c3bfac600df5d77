"""Lists of participants set as tables: columns of institutions and people, numbered lists, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from ingest.language.names import CHINESE, is_institution, is_person, split_people, words_of
from ingest.records import Participant

_Role = Literal["number", "institution", "people", "other"]

_HEADINGS: tuple[tuple[_Role, re.Pattern[str]], ...] = (
    ("number", re.compile(r"序号|编号|No\.?")),
    ("institution", re.compile(r".{0,6}(?:单位|机构|公司|投资者)(?:名称|全称|简称)?(?:及.{0,6})?")),
    ("people", re.compile(r".{0,6}(?:姓名|人员|参会人|参与者|与会者|代表|分析师|研究员)(?:名单|姓名)?")),
    ("other", re.compile(r"职务|职位|联系方式|备注|类型|类别|方式|时间|日期|行业|部门")),
)


def read_table(text: str) -> tuple[Participant, ...]:
    """The participants in tab-separated lines, by their heading or by what the columns hold; () if no table.

    Lines are read from left to right, so lists that stand side by side alternate as printed.
    """
    rows = [[cell.strip() for cell in line.split("\t")] for line in text.split("\n") if line.strip()]
    tabbed = [row for row in rows if len(row) > 1]
    if not tabbed or len(tabbed) * 10 < len(rows) * 9:
        return ()
    roles = _roles_by_heading(tabbed[0])
    body = [row for row in tabbed if _roles_by_heading(row) is None]
    if not body:
        return ()
    width = max(len(row) for row in body)
    if roles is None or len(roles) < width:
        roles = [_role_by_content([row[at] for row in body if at < len(row)]) for at in range(width)]
    found: list[tuple[int, Participant]] = []
    body_rows = [row for row in rows if len(row) == 1 or _roles_by_heading(row) is None]
    for row in body_rows:
        if len(row) > 1:
            found += _read_row(row, roles)
        elif found and all(is_person(name) for name in split_people(row[0])):
            # The people of the row above go on, on the next page perhaps.
            number, last = found[-1]
            found[-1] = (number, Participant(last.institution, (*last.people, *split_people(row[0]))))
        elif is_institution(row[0]):
            found.append((0, Participant(row[0])))
    if "number" in roles and all(number for number, _ in found):
        found.sort(key=lambda each: each[0])
    return tuple(participant for _, participant in found)


def headed_table(text: str) -> tuple[Participant, ...]:
    """The participants under a line of column headings, columns set apart by bars, tabs or wide gaps; () without one."""
    lines = [re.sub(r"\s*[|｜]\s*|\t|[^\S\n]{2,}", "\t", line.strip(" |｜")) for line in text.split("\n")]
    for at, line in enumerate(lines):
        roles = _roles_by_heading(line.split("\t")) or []
        if "institution" in roles and "people" in roles:
            return read_table("\n".join(lines[at:]))
    return ()


def _read_row(row: Sequence[str], roles: Sequence[_Role]) -> list[tuple[int, Participant]]:
    found: list[tuple[int, Participant]] = []
    number = 0
    people_first = next((role for role in roles if role in ("institution", "people")), "") == "people"
    held: tuple[str, ...] = ()
    for cell, role in zip(row, roles, strict=False):
        if role == "number":
            number = int(cell) if cell.isdigit() else 0
        elif role == "institution" and cell:
            found.append((number, Participant(cell, held)))
            held = ()
        elif role == "people" and cell and people_first:
            held = split_people(cell)
        elif role == "people" and cell and found:
            number, last = found[-1]
            found[-1] = (number, Participant(last.institution, (*last.people, *split_people(cell))))
    return found


def _roles_by_heading(row: Sequence[str]) -> list[_Role] | None:
    roles: list[_Role] = []
    for cell in row:
        words = re.sub(r"\s", "", cell)
        role = next((role for role, heading in _HEADINGS if heading.fullmatch(words)), None)
        if role is None:
            return None
        roles.append(role)
    return roles


def _role_by_content(cells: Sequence[str]) -> _Role:
    cells = [cell for cell in cells if cell]
    if not cells:
        return "other"
    if sum(bool(re.fullmatch(r"\d{1,3}", cell)) for cell in cells) * 2 > len(cells):
        return "number"
    people = sum(
        all(is_person(name) for name in re.split(r"[、，,/\s]+", cell) if name) and not is_institution(cell)
        for cell in cells
    )
    return "people" if people * 2 > len(cells) else "institution"


def read_numbered_table(text: str) -> tuple[Participant, ...]:
    """The participants in a table behind the form whose rows are numbered from 1; () if there is none."""
    table = read_table(_from_first_number(text))
    return table if len(table) >= 2 else ()


def numbered_entries(text: str) -> list[str]:
    """The entries of a list numbered from 1; its columns may stand side by side in a line."""
    numbered: list[tuple[int, str]] = []
    for line in (line.strip() for line in text.split("\n")):
        parts = re.split(r"(?:^|(?<=\s))(\d{1,3})\s*(?:[、.．]\s*|\s+)(?=[^\d\s年月日])", line)
        if len(parts) >= 3 and not parts[0].strip():
            numbered += [(int(parts[at]), parts[at + 1].strip()) for at in range(1, len(parts) - 1, 2)]
    numbers = sorted(number for number, _ in numbered)
    if len(numbers) < 2 or numbers[0] != 1 or len(set(numbers)) * 10 < max(numbers) * 8:
        return []
    return [entry for _, entry in sorted(numbered, key=lambda each: each[0]) if entry]


def _from_first_number(text: str) -> str:
    """The lines from the first that opens with 1 and a tab on, with the heading above it."""
    lines = text.split("\n")
    first = next((at for at, line in enumerate(lines) if re.match(r"\s*1\t", line)), None)
    if first is None:
        return ""
    start = first - 1 if first and "\t" in lines[first - 1] else first
    return "\n".join(lines[start:])


_GLUED = re.compile(
    rf"(.*(?:[A-Za-z0-9)）》]|证券|基金|资本|投资者|投资|资产|资管|保险|银行|信托|自营|养老|集团|公司|人寿|理财))(?:(?:行业|高级|资深|首席|助理)*(?:研究员|分析师|基金经理|投资经理|投资总监|研究总监))?({CHINESE}{{2,4}})"
)


def glued_person(text: str) -> bool:
    """Whether a text reads `某基金张三`: an institution with a person's name right behind it."""
    found = _GLUED.fullmatch(text.strip())
    return found is not None and not re.search(r"\s", text.strip()) and is_person(found[2])


def by_spaces(entry: str) -> list[Participant]:
    """`机构 人 人`, `Institution Given Family`, `机构 机构`: people are the words behind the last gap that fit."""
    words = words_of(entry)
    glued = _GLUED.fullmatch(entry.strip())
    if glued and is_person(glued[2]) and (len(words) == 1 or not re.search(CHINESE, glued[1])):
        # "某基金张三", "Some Capital张三": the gap was lost
        return [Participant(glued[1], (glued[2],))]
    if len(words) == 1:
        return [Participant(entry)]
    chinese = [bool(re.search(CHINESE, word)) for word in words]
    if all(chinese):
        return _chinese_words(words)
    if not any(chinese):
        return [_latin_words(words)]
    if chinese[-1] and not is_institution(words[-1]) and len(words[-1]) <= 4:
        return [Participant(" ".join(words[:-1]), (words[-1],))]
    if chinese[0] and not any(chinese[1:]):
        return [Participant(words[0], (" ".join(words[1:]),))]
    last = max((at for at, word in enumerate(words) if chinese[at] and is_institution(word)), default=-1)
    if 0 <= last < len(words) - 1:
        return [Participant(" ".join(words[: last + 1]), (" ".join(words[last + 1 :]),))]
    return [Participant(entry)]


_ROLE = re.compile(r"(?:行业|高级|资深|首席|助理)*(?:研究员|分析师|基金经理|投资经理|投资总监|研究总监)")
"""What stands between an institution and a person and is neither."""


def _chinese_words(words: Sequence[str]) -> list[Participant]:
    named = [word for word in words if not _ROLE.fullmatch(word)]
    if len(named) < len(words) and any(map(is_person, named[1:])):
        words = named
    taking_turns = _taking_turns(words)
    if len(taking_turns) > 1:
        return taking_turns
    if not any(is_person(word) for word in words) and all(
        is_institution(word) or len(word) > 3 for word in words
    ):
        return [Participant(word) for word in words]
    cut = len(words) - 1
    while (
        cut > 1 and not is_institution(words[cut - 1]) and re.fullmatch(rf"{CHINESE}{{2,4}}", words[cut - 1])
    ):
        cut -= 1
    if is_institution(words[cut]) and not is_person(words[cut]):
        return [Participant("".join(words))]
    return [Participant("".join(words[:cut]), tuple(words[cut:]))]


def _taking_turns(words: Sequence[str]) -> list[Participant]:
    """`机构 人 人 机构 人` → two; empty where a word is neither, or an institution has nobody behind it."""
    found: list[Participant] = []
    for word in words:
        if is_institution(word) and not is_person(word):
            if found and not found[-1].people:
                return []
            found.append(Participant(word))
        elif found and is_person(word):
            found[-1] = Participant(found[-1].institution, (*found[-1].people, word))
        else:
            return []
    return found if found and found[-1].people else []


def _latin_words(words: Sequence[str]) -> Participant:
    """A person is what follows the last word that closes an institution's name, else the last two words."""
    if len(words) < 3 or is_institution(words[-1]):
        return Participant(" ".join(words))
    closing = [at for at, word in enumerate(words[:-1]) if at and is_institution(word)]
    cut = closing[-1] + 1 if closing and len(words) - closing[-1] <= 4 else len(words) - 2
    return Participant(" ".join(words[:cut]), (" ".join(words[cut:]),))
