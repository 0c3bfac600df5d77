"""An answer as Markdown with footnotes, for programs that know chat messages alone; and back, for follow-ups.

Records are written by strangers: nothing of theirs may become a link, a picture or HTML in somebody's front end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ui.web.panels.cards import Card, cards_of
from ui.web.panels.marked import MARK, quote_spans
from ui.web.panels.markup import visible
from ui.web.plain_words import without_commands

# What begins something in Markdown or HTML wherever it stands; and what does at the beginning of a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>|~$&!])")
_LINE_SIGNS = re.compile(r"^(\s*)([#+\-=:]|\d+(?=[.)]))", re.M)
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto)(:)|\b(www)(\.)|(@)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_REFERENCE = re.compile(r"\[\^(\d{1,3})\]")
_FOOTNOTES = re.compile(r"\n\n\[\^\d{1,3}\]: .*\Z", re.S)
LONGEST_FOOTNOTE = 600


def as_markdown(answer: Mapping[str, Any]) -> str:
    """The answer's text with its marks as footnotes, and under it what each cites: company, day, record, pair, quote.

    Args:
        answer: `Answer.as_json()`.
    """
    cards = cards_of(answer)
    marks = {card.mark for card in cards}
    text = str(answer["text"])
    if not cards:
        text = without_commands(text)
    pieces: list[str] = []
    position = 0
    for start, end in [*quote_spans(text, answer), (len(text), len(text))]:
        pieces.append(_with_references(text[position:start], marks))
        pieces.append(escaped(text[start:end]))
        position = end
    body = "".join(pieces).replace("\n\n", "\0").replace("\n", "  \n").replace("\0", "\n\n")
    if answer.get("notice"):
        body += f"\n\n{escaped(str(answer['notice']))}"
    return "\n\n".join([body, *map(_footnote, cards)])


def as_words(markdown: str) -> str:
    """What `as_markdown` was made from, without the footnotes: an earlier answer that a front end sends back."""
    text = _FOOTNOTES.sub("", markdown).replace("  \n", "\n")
    return _ESCAPED.sub(r"\1", _REFERENCE.sub(r"[\1]", text))


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _SIGNS.sub(r"\\\1", visible(text))
    text = _LINE_SIGNS.sub(_line_sign, text)
    return _ADDRESS.sub(_broken_address, text)


def _line_sign(match: re.Match[str]) -> str:
    space, sign = match.groups()
    return f"{space}{sign}\\" if sign.isdigit() else f"{space}\\{sign}"


def _broken_address(match: re.Match[str]) -> str:
    """An address with its sign escaped, so that none becomes a link by itself."""
    first, sign = (part for part in (match[1] or match[3] or "", match[2] or match[4] or match[5]))
    return f"{first}\\{sign}"


def _with_references(text: str, marks: set[int]) -> str:
    """Our own words, their marks as references to footnotes."""
    pieces: list[str] = []
    position = 0
    for match in MARK.finditer(text):
        if int(match[1]) in marks:
            pieces += [escaped(text[position : match.start()]), f"[^{match[1]}]"]
            position = match.end()
    return "".join([*pieces, escaped(text[position:])])


def _footnote(card: Card) -> str:
    first = card.citations[0]
    name = first["short_name"] or first["code"] or "?"
    code = f"（{first['code']}）" if first["code"] and first["short_name"] else ""
    place = [
        f"{name}{code}",
        first["published_on"] or "日期未知",
        f"记录{first['number']}" if first["number"] else "",
        f"问答{first['pair']}" if first["pair"] else "陈述",
        f"第{first['page']}页" if first["page"] else "",
        "" if first["number"] else first["source_file"],
    ]
    where = escaped(" ".join(" ".join(part.split()) for part in place if part))
    return f"[^{card.mark}]: {where}：“{escaped(_quoted(card.citations))}”"


def _quoted(citations: Sequence[Mapping[str, Any]]) -> str:
    """The quotes under one mark, in the record's order, … where words lie between them."""
    words, end = "", None
    for citation in sorted(citations, key=lambda one: (one["record_id"], one["start"])):
        gap = "" if end is None or citation["start"] <= end + 1 else "…"
        words += gap + " ".join(str(citation["quote"]).split())
        end = citation["end"]
    return words if len(words) <= LONGEST_FOOTNOTE else f"{words[: LONGEST_FOOTNOTE - 1]}…"
