"""What a question takes for granted and the records contradict: who acquired whom, up or down, done or not.

Only what can be told with hardly a false alarm (docs/decisions/0012-premises.md); everything else is answered as asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ingest.records import Passage, Span
from rag.grounding.alignment import atoms, coverage, keys_of
from rag.grounding.dates import agree
from rag.grounding.evidence import EvidenceText
from rag.grounding.labels import basis, comparable, tokens
from rag.grounding.polarity import denies
from rag.grounding.reading import Reading, read

Kind = Literal["turned_round", "direction", "denied"]

# A question that asks whether something is so takes nothing for granted.
_ASKS_WHETHER: Final = re.compile(
    r"是否|是不是|有没有|有无|能否|可否|会不会|能不能|要不要|算不算|(?<!大)(?<!高)(?<!多)吗|(?<!什)(?<!怎)么[？?]?$|没有?[？?]?$|什么时候|何时|还是|多久|预计|计划|如果|若|万一|假如|传闻|传言|据说|听说|网传"
)
_WHY: Final = re.compile(r"为什么|为何|为啥|怎么会|原因|缘故|因为什么|怎么回事|什么导致|影响|目的")
_UP: Final = re.compile(r"增长|增加|上升|上涨|提升|提高|大增|大涨|回升|上行|走高")
_DOWN: Final = re.compile(r"下降|下滑|减少|降低|回落|下跌|走低|大降|大跌|下行|缩水|萎缩")
_ACQUIRES: Final = re.compile(r"收购|并购|入股|控股|吞并")
_NOT: Final = re.compile(r"尚未|还未|暂未|并未|从未|未曾|没有|不存在|暂无|尚无|未见|未(?!来)")
_DONE: Final = re.compile(r"已经?|完成了?|了(?=[，,。])|之?后|以后|以来|的?(?:成果|反响|规模|金额|影响|效果)")
_BREAK: Final = re.compile(r"[，；。:、()]")
_BESIDE: Final = re.compile(
    r"同比|环比|[较比](?:上年|去年)(?:度|同期)?|的[增减]的|归母|营业(?=收入)|公司|实现|人民币|为什么|为何|为啥|什么|怎么会?|大幅|有所|\d+年?|年?(?:第?[一二三四]季度|上半年|下半年|前三季度|全年|年度)|的"
)
_CLAUSE: Final = re.compile(r"[^，。；！？:\n]+")
_BY: Final = re.compile(r"被([A-Za-z0-9 ]+|[一-龥]{2,8}?)$")
_ASKED_BEFORE: Final = re.compile(r"(?:为什么|为何|想|要|拟|计划)$")
LEAST: Final = 3  # characters of what is denied
FEW, STRANGE = 2, 1 / 3  # characters of what it is denied of that the question needn't name, or their share
SAME: Final = 0.65  # share of what is denied that the question takes as done
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9 &.\-]*|[一-龥]{2,}")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A passage that contradicts what a question takes for granted, and the sentence in it (in its record's text)."""

    passage: Passage
    span: Span
    kind: Kind


def contradicted_premise(
    question: str, names: Sequence[str], passages: Sequence[Passage]
) -> Contradiction | None:
    """The passage whose words contradict what the question takes for granted; None for nearly every question.

    Args:
        question: standalone, with the company's name where it names one.
        names: of the company asked about, as its records and questions print them.
        passages: the evidence found for the question, best first.
    """
    if _ASKS_WHETHER.search(question):
        return None
    for passage in passages:
        reading = read(EvidenceText(passage.text, passage.question, (), passage.published_on))
        asked = read(EvidenceText(question, published_on=passage.published_on, speaker="investor"))
        for kind, find in _RULES.items():
            sentence = find(asked, reading, names)
            if sentence is not None:
                one = reading.sentences[sentence]
                start, end = reading.normal.original(one.start, one.end)
                return Contradiction(
                    passage, Span(passage.span.start + start, passage.span.start + end), kind
                )
    return None


def _turned_round(asked: Reading, reading: Reading, names: Sequence[str]) -> int | None:
    """X收购(the company) where the company says that it acquires X: the sentence that says so."""
    text = asked.text
    for match in _ACQUIRES.finditer(text):
        actor = _actor(text, match, names)
        if actor is None:
            continue
        said = re.compile(rf"{match.group()}[^，。；]{{0,12}}{re.escape(actor)}")
        for number, sentence in enumerate(reading.sentences):
            words = reading.text[sentence.start : sentence.end]
            if not sentence.asks and said.search(words) and not denies(words):
                return number
    return None


def _actor(text: str, verb: re.Match[str], names: Sequence[str]) -> str | None:
    """Who, by the question, acquires the company; None where it isn't the company that is acquired."""
    before = text[: verb.start()]
    passive = _BY.search(before)
    if passive is not None and any(text.startswith(name) for name in names):
        actor = passive.group(1)
    elif any(text.startswith(name, verb.end()) for name in names):
        actor = (_NAME.findall(before) or [""])[-1]
    else:
        return None
    actor = _ASKED_BEFORE.sub("", actor.strip()).strip()
    return actor if len(actor) > 1 and actor not in names else None


def _other_direction(asked: Reading, reading: Reading, names: Sequence[str]) -> int | None:
    """Why something fell, where the company says by how much the same thing rose in the same period."""
    text = asked.text
    up, down = _UP.search(text), _DOWN.search(text)
    word = up or down
    if word is None or (up and down) or not _WHY.search(text) or not asked.periods or denies(text):
        return None
    if basis(text) == "环比":
        return None
    period = asked.periods[-1]
    phrase = text[: word.start()] if period.start > word.start() else text[period.end : word.start()]
    for name in names:
        phrase = phrase.replace(name, "")
    wanted = _measure(phrase)
    own = tokens("，".join(names))
    for figure in reading.figures if wanted else ():
        sense = figure.direction * (1 if figure.figure.value >= 0 else -1) * (1 if up else -1)
        if sense >= 0 or not figure.figure.is_rate or figure.basis == "环比":
            continue
        near = figure.own[::-1] or figure.governing[:1]
        if not near or not (agree(near[0], period) and agree(period, near[0])):
            continue
        sentence = reading.sentences[figure.sentence]
        measure = _measure_before(reading, sentence.start, figure.figure.start)
        if not sentence.asks and measure and measure <= wanted <= measure | figure.lead | own:
            return figure.sentence
    return None


def _measure_before(reading: Reading, start: int, end: int) -> frozenset[str]:
    """What the figure at `end` is a figure of: the words of the nearest clause before it that name anything."""
    stops = [start, *(match.end() for match in _BREAK.finditer(reading.text, start, end))]
    for stop in reversed(stops):
        figures = [one.figure.start for one in reading.figures if stop <= one.figure.start < end]
        measure = _measure(reading.text[stop : min([end, *figures])])
        if measure:
            return measure
        end = max(start, stop - 1)
    return frozenset()


def _measure(label: str) -> frozenset[str]:
    """The keys of what rises or falls, without what it is compared with and words that name nothing."""
    return tokens(_BESIDE.sub("，", comparable(label)))


def _denied(asked: Reading, reading: Reading, names: Sequence[str]) -> int | None:
    """What the question takes as done, where the company says that it isn't."""
    text = asked.text
    if _NOT.search(text) or not _DONE.search(text):
        return None
    keys = keys_of(text)
    for number, sentence in enumerate(reading.sentences):
        for match in () if sentence.asks else _CLAUSE.finditer(reading.text, sentence.start, sentence.end):
            negation = _NOT.search(match.group())
            if negation is None:
                continue
            rest = match.group()[negation.end() :]
            cover = coverage(rest, atoms(rest), keys)
            if cover.weight < LEAST or cover.share < SAME:
                continue
            if _is_asked_of(match.group()[: negation.start()], keys):
                return number
    return None


def _is_asked_of(subject: str, keys: frozenset[str]) -> bool:
    """Whether what is denied is denied of what the question is about: its words name nothing else."""
    found = atoms(subject)
    other = sum(end - start for start, end in coverage(subject, found, keys).residue)
    return other <= FEW or other <= STRANGE * len(found)


_RULES: Final[dict[Kind, Callable[[Reading, Reading, Sequence[str]], int | None]]] = {
    "turned_round": _turned_round,
    "direction": _other_direction,
    "denied": _denied,
}
