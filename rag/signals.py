"""What can be told of a question beside a passage, before it is judged whether the one answers the other.

Each signal is a plain number; which of them count, and how much, is fitted (`rag.judgement`). No list of
topics or measures is among them: such lists fitted their authors' questions and no others
(docs/decisions/0007-judging-evidence.md has what each signal is worth out of fold).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.folding import nfkc
from ingest.records import Passage
from rag.fusion import Part
from rag.moments import Agreement

Signals = Mapping[str, float]
PARTS: tuple[Part, ...] = ("passage", "passage_white", "words", "question", "question_white")

_LATIN = re.compile(r"[a-z]+[a-z0-9.+/-]*|\d+(?:\.\d+)?[a-z]*")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# What a question asks for: an amount, a time, a reason, a name, a yes or no.
_ASKS = {
    "amount": re.compile(
        r"多少|几(?:个|家|条|亿|万|成|台|人|种|款|倍|次|吨|年|天|块|点)?|多大|多高|多久|多长|比例|占比|率|how (?:much|many|large|big|high|long)|percent",
        re.I,
    ),
    "time": re.compile(r"什么时候|何时|哪天|哪年|几时|几月|啥时|多久|when\b|时间", re.I),
    "reason": re.compile(
        r"为什么|为何|为啥|咋回事|怎么回事|原因|凭什么|图什么|why\b|(?:怎么|咋)(?:会|就|老|这么|还|突然|不|没)",
        re.I,
    ),
    "name": re.compile(r"谁|哪(?:家|些|几|个|位|里|儿)|who\b|which\b|where\b", re.I),
    "yes_no": re.compile(
        r"吗|么[?？]?$|是不是|有没有|会不会|能不能|是否|有无|没$|不$|没有[?？]?$|真的假的|行不行|可不可以|要不要|能否"
        r"|^(?:is|are|does|do|did|has|have|will|can)\b",
        re.I,
    ),
}
# How an answer of that kind looks.
_HOLDS = {
    "amount": re.compile(r"\d"),
    "time": re.compile(r"20\d\d\s*年|\d+\s*月|年底|年初|季度|上半年|下半年"),
    "reason": re.compile(r"主要(?:是)?(?:因|系|由于|原因)|由于|因为|所致|受.{1,16}影响|原因|导致|为了|目的"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the search brought up.

    `value` is its mixed score in deviations, `raw` and `standard` the parts of it (NaN where one does not
    apply); `time` how it agrees with the times that are asked about, `published` 0 where its record may well speak
    of them, down to -1; `age` how many years its record is older than the newest candidate's.
    """

    passage: Passage
    value: float
    raw: Mapping[Part, float]
    standard: Mapping[Part, float]
    time: Agreement
    published: float
    age: float


def signals(question: str, candidates: Sequence[Candidate], searched: int) -> Sequence[Signals]:
    """The signals of each candidate, in the candidates' order.

    Args:
        question: as it is searched for: without greeting and company names.
        candidates: best first; how rare a word is among them tells how much it says.
        searched: how many passages the search chose from.
    """
    if not candidates:
        return []
    rarity = _rarity([one.passage for one in candidates])
    asked = _Asked(question)
    found: list[dict[str, float]] = []
    for rank, one in enumerate(candidates, 1):
        raw, standard = one.raw, one.standard
        mine = asked.beside(one.passage, rarity)
        for name in PARTS:
            mine[f"z_{name}"] = _or_nothing(standard.get(name))
        mine["near"] = _or_nothing(raw.get("passage"))
        mine["near_question"] = _or_nothing(raw.get("question"))
        mine["white"] = _or_nothing(raw.get("passage_white"))
        mine["white_question"] = _or_nothing(raw.get("question_white"))
        mine["words"] = _or_nothing(raw.get("words")) / math.sqrt(1 + len(asked.grams))
        mine["day"], mine["month"], mine["year"] = one.time.day, one.time.month, one.time.year
        mine["published"], mine["age"] = one.published, one.age
        mine["value"] = one.value
        mine["rank"] = 1 / rank
        mine["searched"] = math.log(max(searched, 1))
        found.append(mine)
    best, second = found[0]["value"], found[1]["value"] if len(found) > 1 else found[0]["value"] - 1
    most_words = max(one["words"] for one in found)
    nearest = max(one["near"] for one in found)
    for at, mine in enumerate(found):
        mine["ahead"] = mine["value"] - (best if at else second)
        mine["words_behind"] = mine["words"] - most_words
        mine["near_behind"] = mine["near"] - nearest
    return found


def _or_nothing(value: float | None) -> float:
    return 0.0 if value is None or math.isnan(value) else value


class _Asked:
    """What a question asks, read once for all candidates."""

    def __init__(self, question: str) -> None:
        self.grams = grams(question)
        self.latin = [gram for gram in self.grams if gram[0].isascii()]
        self.kinds = _kinds(question)
        self.always = {f"asks_{name}": float(asks) for name, asks in self.kinds.items()}
        self.always["english"] = float(not _HAN.search(question))
        self.always["length"] = math.log(1 + len(question))

    def beside(self, passage: Passage, rarity: Callable[[str], float]) -> dict[str, float]:
        said, was_asked = grams(passage.text), grams(passage.question)
        either = said | was_asked
        total = sum(rarity(gram) for gram in self.grams) or 1.0

        def share(of: frozenset[str]) -> float:
            return sum(rarity(gram) for gram in self.grams & of) / total

        found = dict(self.always)
        found["said"] = share(said)
        found["asked_before"] = share(was_asked)
        found["met"] = share(either)
        found["rarest_met"] = max((rarity(gram) for gram in self.grams & either), default=0.0)
        found["rarest_missed"] = max((rarity(gram) for gram in self.grams - either), default=0.0)
        found["latin_missed"] = sum(gram not in either for gram in self.latin) / (len(self.latin) or 1)
        found["latin"] = float(min(len(self.latin), 4))
        found["same_question"] = len(self.grams & was_asked) / max(1, len(self.grams | was_asked))
        found["answer_length"] = math.log(1 + len(passage.text))
        found["statement"] = float(passage.kind != "pair")
        before = _kinds(passage.question)
        for name, asks in self.kinds.items():
            found[f"same_{name}"] = float(asks == before[name])
            pattern = _HOLDS.get(name)
            if pattern is not None:
                holds = bool(pattern.search(passage.text))
                found[f"{name}_held"] = float(asks and holds)
                found[f"{name}_lacking"] = float(asks and not holds)
        return found


@lru_cache(maxsize=20_000)  # the same passages are candidates for many questions
def grams(text: str) -> frozenset[str]:
    """Neighbouring pairs of Han characters, and Latin words and numbers whole (1.6t), folded."""
    folded = nfkc(text).lower()
    found = set(_LATIN.findall(folded))
    for run in _HAN.findall(folded):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found)


def asks_amount(question: str) -> bool:
    """Whether a question asks how much or how many."""
    return _kinds(question)["amount"]


@lru_cache(maxsize=20_000)
def _kinds(question: str) -> Mapping[str, bool]:
    return {name: bool(pattern.search(question)) for name, pattern in _ASKS.items()}


def _rarity(passages: Sequence[Passage]) -> Callable[[str], float]:
    """How much a gram says: ln(1 + n / (0.5 + in how many of the n candidates it stands))."""
    spread: Counter[str] = Counter()
    for passage in passages:
        spread.update(grams(passage.text) | grams(passage.question))
    total = len(passages)
    return lambda gram: math.log(1 + total / (0.5 + spread[gram]))
