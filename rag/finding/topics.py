"""What a topic is made of, and how much of it a text speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ingest.language.folding import nfkc
from ingest.language.numerals import plain_dates
from ingest.language.period_words import named_periods
from rag.asking.question import Question
from rag.data_files import word_lines
from rag.grounding.labels import comparable
from rag.grounding.synonyms import canonical

# Words that ask, or say that something changed; they name no topic.
_ASKS = re.compile(
    r"什么时候|何时|什么|怎么样?|怎样|如何|多少|多大|多高|几[个家成]|是否|有没有|哪些|为何|为什么|[吗呢的]|请问|介绍|一下|谈谈"
    r"|(?:发生|有)?(?:了|过|些)?(?:变化|变动|演变|改变|不同)|改口|口径|前后|历次|历年|逐年|这[几些]年|近[几些]年|趋势|走势|情况|状况|水平|(?<!市场)规模|金额|总额|数量|总量|进展|进度|计划"
    r"|业务|方面|相关|目前|现在|最新|最近|当前|如今|公司|贵司|你们|他们|我们|各自|分别|对比|相比|比较|哪家|哪个|谁|更[高低大小多少]|高还是低"
    r"|\b(?:how|what|when|which|has|have|did|does|is|are|the|of|and|over time|chang\w*|compare\w*|trend|latest|its|in|on|for|between)\b",
    re.I,
)
_AND = re.compile(r"和(?![谐平])|与(?!会)|以及|、|(?<=[\u4e00-\u9fff])/|或者?(?!有)")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_RATIO = re.compile(r"^(.{4,})(?:占比|比例|比重)$")
# What is left of a question at the ends of a piece.
_LOOSE = re.compile(r"^[是已还也都就]+|[是了过]+$")
_IS_RATIO = re.compile(r"占|比例|比重")
_PIECES = re.compile(r"[\u4e00-\u9fff]+|[A-Za-z][A-Za-z0-9.+/-]*|\d+(?:\.\d+)?[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic in pieces: runs of Han characters and Latin words, without words that only ask.

    `other_words` are the records' terms for an everyday word of the topic. `others` are further topics that are asked for as
    well (员工人数和人效): what speaks of one of them speaks of the topic.
    """

    pieces: tuple[str, ...]
    other_words: Mapping[str, tuple[str, ...]]
    others: tuple[Topic, ...] = ()

    @classmethod
    def of(cls, asked: Question) -> Topic:
        """The topic that a question is about; all its words, where each of them only asks.

        Of a question in English it is the translation, which stands behind it.
        """
        text = _without_periods(asked.search_text)
        if asked.language == "en" and _HAN.search(text):
            text = " ".join(_HAN.findall(text))
        parts = [_pieces(_ASKS.sub(" ", part)) for part in _AND.split(text)]
        found = [part for part in parts if part] or [_pieces(text)]
        words = {**asked.formal, **_other_words(text)}
        return cls(found[0], words, tuple(cls(part, words) for part in found[1:]))

    @property
    def ways(self) -> tuple[Topic, ...]:
        """Each topic that is asked for, by itself."""
        return (Topic(self.pieces, self.other_words), *self.others)

    @property
    def measure(self) -> str:
        """The last piece: what a figure of the topic is a figure of."""
        return self.pieces[-1] if self.pieces else ""

    def names_measure(self, text: str) -> bool:
        """Whether the end of the topic, what is counted or rated of it, stands in `text`."""
        said = folded(text)
        return any(
            way.measure
            and (
                way.measure[-2:] in said
                or any(
                    way.measure.endswith(folded(word)) and any(folded(term) in said for term in terms)
                    for word, terms in way.other_words.items()
                )
            )
            for way in self.ways
        )

    def beside(self, text: str) -> str:
        """The Han characters and letters of `text` that neither belong to the topic nor only ask nor name a time."""
        rest = folded(_ASKS.sub(" ", _without_periods(nfkc(text))))
        for piece in self.pieces:
            rest = rest.replace(piece, "")
        return re.sub(r"[^\u4e00-\u9fffa-z]|截至|约|为|达", "", rest)

    def touched(self, text: str) -> bool:
        """Whether each piece of the topic stands in `text`, if only in part."""
        said = folded(text)
        return any(all(way._held(piece, said) for piece in way.pieces) for way in self.ways)

    def mentioned(self, text: str) -> bool:
        """Whether anything of the topic may stand in `text`: quick, and never wrong where it says no."""
        said = folded(text)
        return any(self._held(piece, said) for way in self.ways for piece in way.pieces)

    def share(self, text: str) -> float:
        """How much of the topic stands in `text`, 0..1, counted in characters.

        A statement on 海外收入 speaks of 海外收入占比, too.
        """
        said = folded(text)
        return max(way._share(said) for way in self.ways)

    def _share(self, said: str) -> float:
        pieces = [_RATIO.sub(r"\1", piece) for piece in self.pieces]
        total = sum(map(len, pieces))
        held = sum(self._held(piece, said) for piece in pieces) / total if total else 0.0
        asks_ratio = any(_RATIO.match(piece) for piece in self.pieces)
        return held if not asks_ratio or held == 1 or _IS_RATIO.search(said) else held / 2

    def _held(self, piece: str, said: str) -> int:
        """How many characters of a piece stand in the text, each with a neighbour."""
        best = _covered(piece, said)
        for word, terms in self.other_words.items():
            plain = folded(word)
            if plain in piece and any(folded(term) in said for term in terms):
                best = max(best, _covered(piece, f"{said} {plain}"))
        return best


def _other_words(text: str) -> dict[str, tuple[str, ...]]:
    """For each word of the text that stands in a group of rag/data/topic_words.txt, the others of its group."""
    return {
        word: tuple(other for other in group if other != word)
        for group in _groups()
        for word in group
        if word in text
    }


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, word_lines("topic_words.txt")))


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """As topics and texts are compared: NFKC, lower case, no white space, one name for one metric
    and one word for words that may stand for each other."""
    return canonical(comparable("".join(nfkc(text).split()))).lower()


def _covered(piece: str, said: str) -> int:
    if piece.isascii():
        return len(piece) if piece in said else 0
    held = bytearray(len(piece))
    for at in range(len(piece) - 1):
        if piece[at : at + 2] in said:
            held[at] = held[at + 1] = 1
    return sum(held)


def _pieces(text: str) -> tuple[str, ...]:
    found = [_LOOSE.sub("", piece) for piece in _PIECES.findall(folded(text.replace(" ", "，")))]
    return tuple(dict.fromkeys(piece for piece in found if len(piece) > 1))


def _without_periods(text: str) -> str:
    plain = plain_dates(text)
    for one in reversed(named_periods(plain)):
        plain = plain[: one.start] + " " + plain[one.end :]
    return plain
