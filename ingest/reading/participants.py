"""Who took part: institutions with the people they sent, in the shapes that forms and appendices have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.language.names import CHINESE, glue, is_institution, is_person, split_people, tidy, words_of
from ingest.reading.participant_tables import (
    by_spaces,
    glued_person,
    headed_table,
    numbered_entries,
    read_numbered_table,
    read_table,
)
from ingest.records import Participant

# "等31家机构34人", "共10位投资者", "等机构投资者": counts and courtesies behind the list, no institution.
_COUNT = r"[约近超]?\s*\d+\s*(?:余|多)?\s*[家名位人]\s*(?:次|家)?"
_CROWD = r"(?:机构|公司|单位|投资者|人员|参会|参加|参与|代表|分析师|人士|电话会议|会议|的|以及|及|和|共计?|合计|、|，|,|\s)"
_TRAILING = re.compile(
    rf"[、，,]?\s*(?:等|共计?|合计|总计|在内的?)+\s*(?:多家|众多|相关|各类|其他|等|共计?|合计)?\s*"
    rf"(?:{_COUNT}|{_CROWD})*[。；;，,.]*\s*$"
    rf"|[、，,\s]+{_COUNT}(?:{_COUNT}|{_CROWD})*[。；;，,.]*\s*$"
)
_COURTESY = re.compile(
    r"[（(【]\s*[^（()）】]{0,12}排名?\s*不\s*分\s*先\s*后[^（()）】]{0,30}[)）】][：:]?"
    r"|(?:以上|以下)?(?:参会|参与|投资者|机构|单位|名单)*(?:名单)?排名不分先后[：:。]?"
    r"|[（(]\s*(?:按|以)[^（()）]{0,20}(?:排序|排名|为序|顺序)[^（()）]{0,6}[)）]"
)
_WAY = re.compile(r"[（(]\s*(?:电话|现场|线上|线下|视频|远程|网络|腾讯会议)(?:参会|接入|会议)?\s*[)）]")
_APPENDIX = re.compile(r"附\s*[件表录]|名单附后|后附")
# A sentence about an audience, not a list of names: "通过…平台参与本次业绩说明会的投资者".
_AUDIENCE = re.compile(
    r"(?:参与|参加|出席|收看|提问|广大|全体|线上|网上|网络|通过|社会公众|公众|中小)[^；;]*"
    r"(?:投资者|股东|提问|网友|公众|人士)[^；;、，,]{0,10}$"
)
_URL = re.compile(r"https?\s*[:：]\s*//[^\s）)]*")

_NUMBERED = re.compile(
    r"^\s*(?:[（(][一二三四五六七八九十]{1,3}[)）]\s*|[一二三四五六七八九十]{1,3}、\s*"
    r"|[（(]?\d{1,3}\s*[)）、.．]\s*(?!\d)|\d{1,3}\s+(?=[^\d\s]))"
)
_SIGN = re.compile(
    rf"\s*[：:]\s*|\s*(?:——|－－|–|—|--)\s*|(?<={CHINESE})\s*[-－]\s*(?={CHINESE}{{2,3}}(?:[、，,\s]|$))"
    rf"|(?<=基金|证券|资本|投资|资管|资产|保险|银行|信托|公司|集团)\s*[/／|]\s*(?={CHINESE}{{2,3}}(?:[、，,；;/／\s]|$))"
)
_BEFORE_INSTITUTION = re.compile(
    r"(?<=[^\s：:—])(?:\s+(?=[^\s、，,：:—]+(?:[：:]|——))"
    r"|[、，,](?=(?:[^\s、，,：:—]+|[A-Za-z&.\s]+)(?:[：:]|——))"
    rf"|[、，,](?=[^\s、，,：:—\-－/／|（(]{{3,}}[-－/／|]{CHINESE}{{2,3}}(?:[、，,\s]|$)))"
)
_BRACKETED = re.compile(r"(.{2,}?)\s*[（(]([^（()）]+)[)）]")
_COMMA_OUTSIDE = re.compile(r"[、，,；;](?![^（()）]{0,80}[)）])")
# Which day's participants a line lists: "2024年5月8日：…", "2、5月9日下午参会投资者：…", or the day alone.
_SESSION = re.compile(
    r"(?m)^\s*(?:[（(]?[\d一二三四五六七八九十]{1,2}[)）、.．]\s*)?(?:20\d\d\s*年\s*)?\d{1,2}\s*月\s*\d{1,2}\s*日"
    r"(?![^\S\n]*\t)(?:[^：:\n\t、；;，,]{0,14}[：:]\s*|[^\S\n]*(?:[上下]午|晚[上间]?|[（(].{1,4}[)）]|[\d:：～~\-—–至]+|参会|参与|投资者|机构|的|第.场|现场|线上|电话会议|[^\S\n])*"
    r"(?:$\n?|(?<=[\s日)）])(?=[^\s\d])))"
)
_PEOPLE_BY_STROKES = re.compile(
    rf"(?<=\s)({CHINESE}{{2,3}}(?:\s*[/／]\s*{CHINESE}{{2,3}})+)(?=[、，,；;\s]|$)"
)
_BRACKET_BEHIND = re.compile(rf"([（(][^（()）]+[)）])\s*(?={CHINESE}|[A-Z])")
# What stands before a colon and is no institution but a kind of them: the institutions follow.
_KIND = re.compile(
    r"(?:.{0,24}(?:参会|参与|参加|出席|会议|电话会|策略会|路演).{0,12}|(?:境内|境外|国内|海外|知名)?(?:券商|证券公司|证券|基金公司|公募|私募|公募基金|私募基金|"
    r"保险|保险公司|银行|机构|机构投资者|投资者|个人投资者|其他|其他机构|分析师|媒体|资管|外资|QFII|现场|线上|电话会议|单位))"
)


def read_participants(value: str, behind: str = "") -> tuple[tuple[Participant, ...], str | None]:
    """The institutions and people in the form's cell, and a warning where the list could not be found.

    Args:
        value: the form's cell, lines as laid out or joined.
        behind: the text behind the dialogue; there the list is where the cell names an appendix.
    """
    text = _SESSION.sub("；", _WAY.sub("", _COURTESY.sub("", value))).strip("； \t\u3000\n")
    if not text or re.fullmatch(r"[无/—\-\s]+", text):
        return (), None
    if _APPENDIX.search(text):
        listed = _clean(
            read_numbered_table(behind)
            or [each for entry in numbered_entries(behind) for each in _parse(entry)]
            or read_table(_listed_behind(behind))
        )
        if listed:
            return listed, None
        without = re.sub(r"[（(，,。；;]?[^，,。；;（(]*附\s*[件表录].*$", "", text, flags=re.DOTALL).strip()
        if not without or re.fullmatch(rf"(?:{_COUNT}|{_CROWD}|等)+", without):
            return (), "the participants are in an appendix that is not there or not understood"
        text = without
    whole = _joined(text)
    if _AUDIENCE.search(whole) and not re.search(r"[；;：:]", _URL.sub("", whole)):
        return (Participant(tidy(whole.rstrip("。；;，,"))),), None
    table = read_table(text) or headed_table(text)
    if table:
        return _clean(table), None
    return _clean([each for entry in _entries(text) for each in _parse(entry)]), None


def _clean(participants: Sequence[Participant]) -> tuple[Participant, ...]:
    kept: list[Participant] = []
    for each in participants:
        institution = _TRAILING.sub("", each.institution).strip(" \t\u3000。；;，,、：:")
        people = tuple(
            person
            for raw in each.people
            if (person := tidy(_TRAILING.sub("", raw).strip(" \t\u3000。；;，,、")))
        )
        institution = re.sub(
            r"^(?:以及|及|和)(?=个人投资者)|(?<=个人投资者)\s*\d+\s*[名位人]$", "", institution
        )
        if institution:
            kept.append(Participant(tidy(institution), people))
    return tuple(kept)


def _listed_behind(behind: str) -> str:
    """What stands under the appendix's heading, behind the form's last row."""
    heading = None
    for heading in re.finditer(r"(?m)^.{0,20}(?:附\s*[件表录]|名单|清单|明细).{0,30}$", behind):
        if not re.search(r"如有", heading.group()):
            break
    return behind[heading.end() :] if heading else ""


def _joined(text: str) -> str:
    joined = ""
    for line in text.split("\n"):
        joined = glue(joined, line.strip())
    return joined


def _entries(text: str) -> list[str]:
    """The cell cut into texts of one institution each, or of several that only commas part."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if _taking_turns(lines):
        return [
            f"{institution}：{people}" for institution, people in zip(lines[::2], lines[1::2], strict=True)
        ]
    joined = _joined(text)
    if len(re.findall(r"[；;]", joined)) >= max(1, len(lines) // 3):
        if all(_one_with_semicolons(line) for line in lines):
            return lines
        return _by_semicolons(joined)
    if _SIGN.search(_URL.sub("", joined)):
        return [each for line in _continued(lines) for each in _by_signs(line)]
    if len(lines) > 1 and _one_a_line(_recentred(lines)):
        return _continued(lines)
    return [joined]


def _taking_turns(lines: Sequence[str]) -> bool:
    """Whether lines are an institution and its people by turns, as cells that are read row by row become."""
    return len(lines) % 2 == 0 and all(
        is_institution(institution)
        and not re.search(r"[、，,；;：:\s]", institution)
        and not is_person(institution)
        and _all_people(people)
        for institution, people in zip(lines[::2], lines[1::2], strict=True)
    )


def _one_with_semicolons(line: str) -> bool:
    """`机构：人；人` in a line of its own: one sign, and people only behind the semicolons."""
    rest = re.split(r"[；;]", line.strip("；; "))
    return len(_SIGN.findall(_URL.sub("", line))) == 1 and all(_all_people(each) for each in rest[1:])


def _by_semicolons(joined: str) -> list[str]:
    """Cut at semicolons; where people are parted by them as well, these stay with their institution."""
    entries: list[str] = []
    people_by_commas = "、" in joined
    for part in re.split(r"[；;]", joined):
        if entries and not people_by_commas and part.strip() and _all_people(part.strip()):
            entries[-1] += f"；{part}"
        elif part.strip():
            entries.append(part)
    return entries


def _by_signs(line: str) -> list[str]:
    """`甲基金：张三、乙证券：李四` and `甲基金——张三 乙证券——李四` cut before each institution."""
    parts: list[str] = []
    # the ordinal goes first, for its sign parts institutions, too
    line = re.sub(r"^\s*\d{1,2}[、.．]\s*(?=\D)", "", line)
    for part in _BEFORE_INSTITUTION.split(line):
        if parts and not _SIGN.search(parts[-1]):
            # "Maple brown：…": the cut fell inside an institution's name.
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return parts


def _one_a_line(lines: Sequence[str]) -> bool:
    """Whether the lines hold an institution of their own each, rather than a list that runs on."""
    running = sum(bool(re.search(r"[、，,]$", line)) for line in lines)
    with_people = sum(
        bool(re.search(r"\S\s+\S|[（(].+[)）]$", line))
        or _people_or_pieces(line)
        or glued_person(re.split(r"[、，,]", line)[0])
        for line in lines
    )
    single = sum(not re.search(r"[、，,]", line) for line in lines)
    return running * 4 <= len(lines) and (with_people * 2 > len(lines) or single == len(lines))


def _continued(lines: Sequence[str]) -> list[str]:
    """Lines as entries; a line that goes on with the people of the line above is joined to it."""
    entries: list[str] = []
    for line in _recentred(lines):
        above = entries[-1] if entries else ""
        people = _all_people(line)
        if above and (re.search(r"[、，,：:]$|——$", above) or re.match(r"[、，,]", line)):
            entries[-1] = glue(above, line)
        elif above and re.search(r"\s|——|[：:]", above) and (people or _starts_in_a_name(above, line)):
            entries[-1] = f"{above}{'' if _starts_in_a_name(above, line) else '、'}{line}"
        else:
            entries.append(line)
    return entries


def _recentred(lines: Sequence[str]) -> list[str]:
    """People printed around an institution that stands in the middle of its cell, put behind it."""
    found: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1 : at + 3]
        parts = [part for part in re.split(r"[、，,\s]+", line) if part]
        institutions = [part for part in parts if is_institution(part) and not is_person(part)]
        if len(following) == 2 and _people_or_pieces(line) and _people_or_pieces(following[1]):
            middle = following[0].strip()
            if is_institution(middle) and not re.search(r"[、，,\s：:]", middle):
                sign = "" if _starts_in_a_name(line, following[1]) else "、"
                found.append(f"{middle} {line}{sign}{following[1]}")
                at += 3
                continue
        if (
            len(institutions) == 1
            and len(parts) > 1
            and is_person(parts[0])
            and not re.search(r"[：:A-Za-z]", line)
        ):
            cut = _cut_before(institutions[0], lines[at + 1]) if at + 1 < len(lines) else 0
            name, institution = institutions[0][:cut], institutions[0][cut:]
            people = "、".join([part for part in parts if part != institutions[0]] + [name] * bool(name))
            line = f"{institution} {people}"
        found.append(line)
        at += 1
    return found


def _cut_before(institution: str, below: str) -> int:
    """How many characters of a name that the line end cut stand in front of an institution (`田小甲乙证券` / `禾、…`)."""
    first = re.split(r"[、，,\s]", below.strip())[0]
    if not re.fullmatch(CHINESE, first):
        return 0
    fitting = (
        at for at in (2, 1) if is_person(institution[:at] + first) and is_institution(institution[at:])
    )
    return next(fitting, 0)


def _all_people(line: str) -> bool:
    """Chinese names only: a line of Latin words may be an institution as well."""
    parts = [part for part in re.split(r"[、，,]", line) if part.strip()]
    return all(is_person(part) and re.search(CHINESE, part) for part in parts)


def _people_or_pieces(line: str) -> bool:
    """Only people, the first or last perhaps cut by the line end; at least two, to be sure."""
    parts = [part.strip() for part in re.split(r"[、，,]", line) if part.strip()]
    return len(parts) > 1 and all(
        is_person(part) or (at in (0, len(parts) - 1) and re.fullmatch(rf"{CHINESE}{{1,2}}", part))
        for at, part in enumerate(parts)
    )


def _starts_in_a_name(above: str, line: str) -> bool:
    """Whether a line end cut a name: a single character stands before or behind it."""
    last, first = re.split(r"[、，,\s]", above)[-1], re.split(r"[、，,\s]", line)[0]
    return bool(re.fullmatch(CHINESE, last) or re.fullmatch(CHINESE, first)) and is_person(last + first)


def _parse(entry: str) -> list[Participant]:
    entry = _NUMBERED.sub("", _joined(entry)).strip(" \t\u3000。；;，,、")
    entry = _TRAILING.sub("", entry).strip(" \t\u3000。；;，,、")
    entry = _PEOPLE_BY_STROKES.sub(lambda found: re.sub(r"\s*[/／]\s*", "、", found[1]), entry)
    # "甲证券（张三、李四）乙基金（王五）": a bracket of people ends what it belongs to
    entry = _BRACKET_BEHIND.sub(
        lambda found: f"{found[1]}、" if _all_people(found[1][1:-1]) else found[0], entry
    )
    if not entry:
        return []
    parts = _SIGN.split(entry, maxsplit=1) if _SIGN.search(_URL.sub("", entry)) else [entry]
    if len(parts) == 2 and parts[0].strip() and parts[1].strip():
        words = words_of(re.split(r"[、，,]", parts[1].strip())[0])
        if _KIND.fullmatch(parts[0].strip()) and not all(is_person(word) for word in words):
            return _parse(parts[1])
        return [Participant(parts[0], split_people(parts[1]))]
    pieces = [each.strip() for each in _COMMA_OUTSIDE.split(entry) if each.strip()]
    if len(pieces) > 1 and any(_with_bracketed_people(each) for each in pieces):
        return [found for each in pieces for found in _parse(each)]
    if swapped := _people_first(pieces):
        return swapped
    bracket = _BRACKETED.fullmatch(entry)
    if bracket and all(is_person(each) for each in split_people(bracket[2])):
        return [Participant(bracket[1], split_people(bracket[2]))]
    listed = [each.strip() for each in re.split(r"[、，,；;]", entry) if each.strip()]
    if len(listed) == 1:
        return by_spaces(entry)
    return _by_commas(listed)


def _people_first(pieces: Sequence[str]) -> list[Participant]:
    """`张三（甲证券）、李四（甲证券）`: institutions stand in brackets behind the people; empty for other lists."""
    found: list[Participant] = []
    for piece in pieces:
        bracket = _BRACKETED.fullmatch(piece)
        if bracket is None or not is_person(bracket[1]) or not is_institution(bracket[2]):
            return []
        if found and found[-1].institution == bracket[2]:
            found[-1] = Participant(bracket[2], (*found[-1].people, bracket[1]))
        else:
            found.append(Participant(bracket[2], (bracket[1],)))
    return found


def _with_bracketed_people(text: str) -> bool:
    """Whether a text reads `机构（人、人）`."""
    bracket = _BRACKETED.fullmatch(text)
    return bracket is not None and _all_people(bracket[2])


def _by_commas(parts: Sequence[str]) -> list[Participant]:
    """`机构、机构`, `机构 人、人`, `机构 人、机构 人`: what a part is shows by its gap and by what it reads like."""
    found: list[Participant] = []
    # "某证券张三、某基金李四、王五": the gap is left out, and every part tells so
    glued = sum(glued_person(part) for part in parts) > 1 and all(
        glued_person(part) or is_person(part) for part in parts
    )
    # where every part has its people, what is left over is people too, rare surname or not
    paired = all(len(words_of(part)) > 1 or re.fullmatch(rf"{CHINESE}{{2,3}}", part) for part in parts)
    glued = glued or (any(len(words_of(part)) > 1 for part in parts) and any(map(glued_person, parts)))
    for part in parts:
        words = words_of(part)
        spaced = len(words) > 1 and (re.search(CHINESE, part) or any(map(is_institution, words[1:-1])))
        if spaced or (glued and glued_person(part)):
            found += by_spaces(part)
        elif found and found[-1].people and (is_person(part) or (paired and not is_institution(part))):
            found[-1] = Participant(found[-1].institution, (*found[-1].people, part))
        elif not found and len(parts) > 1 and all(is_person(each) for each in parts[1:]):
            # "HSBC Bank Bingyi Zheng、Chris Hsu", "某投资张三、李四"
            found += by_spaces(part)
        else:
            found.append(Participant(part))
    return found
