"""What a question for a list or a count looks for: its words, whose records, published when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.language.periods import Period, without_as_of
from rag.asking.companies import CompanyNames
from rag.asking.glossary import translate_terms
from rag.asking.kinds import EVENT, is_beside
from rag.asking.question import Question
from rag.data_files import word_list

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"|「([^」]+)」|『([^』]+)』|‘([^’]+)’|《([^》]+)》")
_SAYS = re.compile(r"提|谈|讲|说|聊|披露|介绍|回应|透露|问|涉及")
_ACTIVITIES = re.compile(rf"上市公司|投关|{EVENT}|全部(?=列|找)")
# Stretches of time that the grammar of periods leaves open: they are no words to look for, and limit nothing.
_OPEN_PERIOD = re.compile(
    r"(?:最近|近|过去)(?:这)?[一半两三四五几\d]+个?(?:多)?[年月]|(?:[去今前]年|20\d\d年?)以来"
)
_BUT = re.compile(r"除(?:了|去|开)?\S{1,16}?(?:之外|以外|外|还有|[，,])")
_REST_OF_A_NAME = re.compile(r"^(?:-[A-Za-z]+)+")
_COUNTED = re.compile(r"(?:几|多少|哪)\w?|[一二两三四五六七八九十]个")
_NO_WORD = frozenset(["u", "ul", "uj", "uv", "ug", "ud", "uz", "c", "r", "rz", "rr", "y", "e"])
_HAN = re.compile(r"[\u3400-\u9fff]")
_PARTS = re.compile(r"[\s，,。．;；：:？?！!、（）()“”\"「」『』‘’《》]+")
_ENGLISH_FRAME = re.compile(
    r"\b(?:which|what|who|whose|list|show|find|give|how many|all|every|each|any|anything|the|a|an|companies|company|records?|times?|firms?"
    r"|have|has|had|did|do|does|is|are|was|were|been|being|mention\w*|discuss\w*|talk\w*|said|says?|saying|spoken?|speak\w*|disclos\w*"
    r"|about|where|that|of|on|in|to|with|for|ever|me|us|please|and|or|their|its|it|there|so far)\b",
    re.I,
)
_PUNCTUATION = ".,;:?!\"'“”()"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list or a count is of.

    `words` must stand in the same passage; none where only records are counted (接待了几次调研). `period` is when it
    was said, None where the question leaves that open; `unread` are words for a period that limit nothing, since they
    could not be read; `without` are companies that are left out (除了英维克).
    """

    words: tuple[str, ...]
    period: Period | None = None
    unread: str = ""
    without: frozenset[str] = frozenset()


def wanted(asked: Question, names: CompanyNames) -> Wanted:
    """What a question of the kinds `list` and `count` looks for.

    Args:
        asked: the question, understood.
        names: of the library's companies: those that are asked about are no words to look for.
    """
    text = without_as_of(asked.standalone)
    own = set(asked.companies)
    for mention in sorted(names.mentions(text), key=lambda one: -one.start):
        if own & set(mention.companies):
            text = f"{text[: mention.start]} {_REST_OF_A_NAME.sub('', text[mention.end :])}"
    if is_beside(asked):
        text = _BUT.sub(" ", text)
    period = next((one for one in asked.periods if _is_when_said(text, one)), None)
    for one in asked.periods:
        if one is period or not re.search(r"\d", one.text):
            text = text.replace(one.text, " ")
    unread = None if period else _OPEN_PERIOD.search(text)
    text = _OPEN_PERIOD.sub(" ", text)
    quoted = [next(filter(None, found.groups())) for found in _QUOTED.finditer(text)]
    rest = _QUOTED.sub(" ", text)
    words = (*quoted, *(_chinese(rest) if asked.language == "zh" else _english(rest)))
    without = frozenset(one.code for one in asked.companies if one.code) if is_beside(asked) else frozenset()
    return Wanted(tuple(dict.fromkeys(words)), period, unread.group() if unread else "", without)


def segmented(words: Sequence[str]) -> tuple[str, ...]:
    """The same words cut into smaller ones, the frame's left out.

    A character that the segmenter leaves alone stays with what stands before it (三氟化|氮), at the beginning with
    what follows (特|高压): alone it says nothing, and without it the rest says something else.
    """
    import rjieba

    frame = word_list("list_frame")
    found: dict[str, None] = {}
    for word in words:
        groups: list[str] = []
        whole = False  # whether the last group holds a word of several characters
        for part, _ in rjieba.tag(word, hmm=False) if _HAN.search(word) else [(word, "")]:
            alone = len(part) == 1
            if groups and (alone or not whole) and _HAN.search(groups[-1]):
                groups[-1] += part
                whole = whole or not alone
            else:
                groups.append(part)
                whole = not alone
        found.update(dict.fromkeys(part for part in groups if len(part) > 1 and part not in frame))
    return tuple(found)


def _is_when_said(text: str, period: Period) -> bool:
    """Whether a period says when something was said (去年哪些公司提到…), and is not itself what is looked for."""
    at = text.find(period.text)
    return at >= 0 and not _SAYS.search(text[:at])


def _chinese(text: str) -> list[str]:
    """The runs of a question's words that are no words of its frame."""
    import rjieba

    frame = word_list("list_frame")
    runs: list[str] = []
    for piece in filter(None, _PARTS.split(_ACTIVITIES.sub(" ", text))):
        run = ""
        for word, tag in [*rjieba.tag(piece, hmm=False), ("", "")]:
            if not word or word in frame or tag in _NO_WORD or tag == "t" or _COUNTED.fullmatch(word):
                runs.append(run)
                run = ""
            else:
                run += word
    # One Han character alone is a rest of the frame, not a topic.
    return [run for run in runs if len(run) > 1 or (run and not _HAN.search(run))]


def _english(text: str) -> list[str]:
    """The records' terms for an English question's topic; names in Latin letters as they are."""
    words: list[str] = []
    for piece in _ENGLISH_FRAME.split(text):
        piece = piece.strip(_PUNCTUATION + " ")
        if not piece:
            continue
        terms = translate_terms(piece)
        words += terms.split()[:1] if terms else [piece]
    return words
