"""The company's own people on the form: each with the title as printed in front of the name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.names import CHINESE, glue, tidy

_TITLE = (
    r"(?:董事长|总经理|总裁|秘书|代表|总监|董事|经理|主任|负责人|助理|专员|主管|部长|会计师|工程师|顾问|专家|"
    r"证代|董秘|长|办|部|监事|主席|人|官|科学家|合伙人|CEO|CFO|CTO|COO|IR)"
)
_ENDS_IN_TITLE = re.compile(rf"{_TITLE}$")
_NAME_FIRST = re.compile(rf"(?!\S{{0,2}}{_TITLE}){CHINESE}{{2,3}}(?:先生|女士)?[ \u3000\t]+\S*{_TITLE}")
_SPACED = re.compile(
    rf"(?<=[\s：:、])({CHINESE})[ \u3000]+({CHINESE})(?:[ \u3000]+({CHINESE}))?(?=先生|女士|[\s、，,；;。]|$)"
)
"""A name spaced for looks behind its title: `董事长　张 三`."""
_PERSON_WITHIN = 80
"""A title with its name has fewer characters than this."""
_COURTESY = r"(?:先生|女士|小姐|博士|教授)"
_NUMBERED = re.compile(r"^\s*(?:[（(]?\d{1,2}\s*[)）、.．]\s*(?!\d))")


def read_hosts(value: str) -> tuple[str, ...]:
    """One text a person (`董事会秘书：甲先生`), in printed order; names that share a title stay together.

    Args:
        value: the form's cell, lines as laid out or joined.
    """
    lines = [_SPACED.sub(r"\1\2\3", line.strip()) for line in value.split("\n") if line.strip()]
    if not lines or re.fullmatch(r"[无/—\-]+", "".join(lines)):
        return ()
    if len(lines) > 1 and all(_NAME_FIRST.fullmatch(line) for line in lines):
        return tuple(tidied for line in lines if (tidied := _tidied(line)))
    hosts = [host for block in _blocks(lines) for host in _split(block)]
    return tuple(tidied for host in hosts if (tidied := _tidied(host)))


def _blocks(lines: Sequence[str]) -> list[str]:
    """Lines glued where one breaks off in the middle of a person."""
    blocks: list[str] = []
    for line in lines:
        line = re.sub(r"\t+", " ", line)
        # A name or its courtesy may be cut by the line end: "…沈小" / "燕、董秘…", "…安源" / "先生。"
        cut = re.match(rf"{_COURTESY}|{CHINESE}(?:[、，,。；]|$)", line)
        if blocks and (cut or not _complete(blocks[-1])):
            blocks[-1] = glue(blocks[-1], line)
        else:
            blocks.append(line)
    return blocks


def _complete(text: str) -> bool:
    if re.search(r"[、，,：:及和]$", text):
        # "甲先生、" closes a person all the same: what follows is the next one.
        return bool(re.search(rf"{_COURTESY}[、，,]$", text))
    if re.search(rf"{_COURTESY}[。；;]?$|[。；;]$", text):
        return True
    return _closes(text) or bool(re.search(rf"[：:][^：:]*{CHINESE}{{2,4}}$", text))


def _split(block: str) -> list[str]:
    hosts: list[str] = []
    behind = rf"(?<=[)）])\s*(?={CHINESE}{{2,4}}[（(])"  # 甲（董事长）乙（总经理）
    for piece in re.split(rf"[；;。]|(?<=先生)\s+(?=\S)|(?<=女士)\s+(?=\S)|{behind}", block):
        if not piece.strip():
            continue
        if re.search(r"[：:]", piece):
            hosts += _by_colons(piece)
        else:
            hosts += [host for part in _by_gaps(piece) for host in _by_names(part)]
    return hosts


def _by_gaps(piece: str) -> list[str]:
    """`董事长 甲 总经理 乙` → two: a title behind the gap after a name opens the next person."""
    parts: list[str] = []
    for word in piece.split():
        if parts and not (_closes(parts[-1][-_PERSON_WITHIN:]) and re.search(_TITLE, word)):
            parts[-1] = f"{parts[-1]} {word}"
        else:
            parts.append(word)
    return parts


def _by_colons(piece: str) -> list[str]:
    """`董事长：甲、总经理：乙` → two; `董事长、总经理：甲` and `证券办：甲、乙` → one each."""
    hosts: list[str] = []
    for part in re.split(r"[、，,\s](?=[^、，,：:\s]*[：:])", piece):
        # A title that itself holds 、 was cut: glue what has no name yet.
        if hosts and not re.search(r"[：:]\s*\S", hosts[-1]):
            hosts[-1] = f"{hosts[-1]}、{part}"
        else:
            hosts.append(part)
    # "董事长：甲、董事、总经理：乙": the second title's first half hangs behind the first name.
    for index in range(len(hosts) - 1):
        name, _, rest = hosts[index].partition("、") if re.search(r"[：:]", hosts[index]) else ("", "", "")
        after = re.split(r"[：:]", hosts[index], maxsplit=1)[-1]
        people = re.split(r"[、，,]", after)
        moved = [each for each in people[1:] if _ENDS_IN_TITLE.search(each.strip())]
        if moved and name and rest:
            kept = after.split("、")[: len(people) - len(moved)]
            hosts[index] = hosts[index][: len(hosts[index]) - len(after)] + "、".join(kept)
            hosts[index + 1] = "、".join([*moved, hosts[index + 1]])
    return hosts


def _by_names(piece: str) -> list[str]:
    """`董事长甲、总经理乙` → two; `董事、总经理甲` → one."""
    hosts: list[str] = []
    current = ""
    for part in re.split(rf"[、，,]|(?<={CHINESE}{{2}})(?:以及|及|和)(?=.{{0,10}}{_TITLE})", piece):
        current = f"{current}、{part}" if current else part
        if _closes(current):
            hosts.append(current)
            current = ""
    if current:
        titled = re.search(_TITLE, current)
        if hosts and not titled and not re.search(_COURTESY, hosts[-1]):
            hosts[-1] = f"{hosts[-1]}、{current}"
        else:
            hosts.append(current)
    return hosts


def _closes(text: str) -> bool:
    """Whether a text ends with a person's name rather than in the middle of titles."""
    text = text.strip()
    if re.search(rf"{_COURTESY}(?:[（(][^（()）]*[)）])?$", text):
        return True
    if re.search(rf"(?:^|[、，,\s]){CHINESE}{{2,4}}[（(][^（()）]*{_TITLE}[)）]$", text):
        return True  # the title stands behind the name
    words = text.split()
    if len(words) > 1 and re.fullmatch(rf"{CHINESE}{{2,4}}", words[-1]):
        return not _ENDS_IN_TITLE.search(words[-1])
    tail = re.search(rf"{_TITLE}(?:[（(][^（()）]*[)）])?({CHINESE}{{2,3}})$", text)
    return bool(tail) and not _ENDS_IN_TITLE.search(tail[1] if tail else "")


def _tidied(text: str) -> str:
    text = re.sub(r"^\s*(?:及|和|以及)\s*", "", _NUMBERED.sub("", text))
    return re.sub(r"等$", "", tidy(text.strip(" \t\u3000。；;，,、")))
