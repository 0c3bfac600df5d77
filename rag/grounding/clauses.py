"""A text cut into what governs what: parts (documents, turns of a dialogue), sentences, and who speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from rag.grounding.evidence import Speaker
from rag.grounding.normalise import Normal

_PART: Final = re.compile(
    r"(?:^|\n)(?=(?:#{1,4}|【))"
    r"|(?P<turn>(?:^|(?<=[\n。！？；”\")]))\s*(?:(?P<asks>[一二三四五六七八九十\d]{0,3}[、.]?\s*(?:问题?|提问|投资者|[Qq])\s*\d{0,3}\s*[:、](?!\d))"
    r"|(?P<says>(?:答|回答|回复|公司(?:回复|答复)?|[Aa])\s*\d{0,3}\s*:)))"
)
_SENTENCE_END: Final = re.compile(r"[。！？；\n]+[\"')）]*|(?<=[A-Za-z0-9)%\"'])\.(?=\s+[\"'(]?[A-Z])|#{2,}")
_GREETS: Final = re.compile(r"(?<=[？。！；\n])\s*(?=尊敬的投资者|投资者您好|您好[，！。])")
_ASKS: Final = re.compile(
    r"[？]\s*[\"')）]*\s*$|(?:吗|呢)[。！\s\"]*$|请问|请教|想问一?下|请(?:公司|董秘|管理层)?(?:介绍|谈谈|说明|展望|分享|简述)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a prepared text: its range, the part it belongs to and who says it.

    `asks` marks questions: they tell what is talked about and assert nothing.
    """

    start: int
    end: int
    part: int
    speaker: Speaker
    asks: bool


def cut(normal: Normal, speaker: Speaker = "company") -> tuple[list[tuple[int, int]], list[Sentence]]:
    """The parts of a normalised text and its sentences, in order; together they cover the text.

    Args:
        normal: the text.
        speaker: who speaks where the text has no marks (问： 答：) that tell.
    """
    text = normal.text
    cuts: list[tuple[int, Speaker]] = [(0, speaker)]
    current = speaker
    for match in _PART.finditer(text):
        current = speaker if match["turn"] is None else "investor" if match["asks"] else "company"
        cuts.append((match.start(), current))
    if not any(who == "investor" for _, who in cuts):
        greeting = next((match for match in _GREETS.finditer(text) if "？" in text[: match.start()]), None)
        if greeting is not None and len(cuts) == 1:
            cuts = [(0, "investor"), (greeting.start(), "company")]
    parts: list[tuple[int, int]] = []
    sentences: list[Sentence] = []
    for (start, who), (end, _) in zip(cuts, [*cuts[1:], (len(text), speaker)], strict=True):
        if end <= start:
            continue
        parts.append((start, end))
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
        position = start
        for stop in [*ends, end]:
            sentence = text[position:stop]
            if sentence.strip():
                asks = who == "investor" or _ASKS.search(sentence) is not None
                sentences.append(Sentence(position, stop, len(parts) - 1, who, asks))
            position = stop
    return parts, _premises_marked(text, sentences)


def _premises_marked(text: str, sentences: list[Sentence]) -> list[Sentence]:
    """In a first line that ends in a question, all of it is the asker's: what it presumes is no answer."""
    first = next((index for index, one in enumerate(sentences) if text[one.end - 1] == "\n"), None)
    if first is None or not sentences[first].asks or first + 1 == len(sentences):
        return sentences
    return [replace(one, asks=True) for one in sentences[: first + 1]] + sentences[first + 1 :]
