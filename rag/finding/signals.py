"""What can be told of a question beside a passage, before it is judged whether the one answers the other.

Each signal is a plain number; which of them count, and how much, is fitted (`rag.finding.judgement`). No list of
topics or measures is among them: such lists fitted their authors' questions and no others
(docs/decisions/0008-judging-evidence.md).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.language.folding import nfkc
from ingest.records import Passage
from rag.asking.moments import Agreement
from rag.finding.fusion import Part

Signals = Mapping[str, float]

_LATIN = re.compile(r"[a-z]+[a-z0-9.+/-]*|\d+(?:\.\d+)?[a-z]*")
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# What a judgement may read, by name; docs/decisions/0008-judging-evidence.md has what each group is worth out of fold.
NAMES: Final = (
    "said", "asked_before", "met", "rarest_met", "rarest_missed", "same_question",
    "latin", "latin_missed",
    "near", "near_question", "white", "white_question", "words", "value",
    "day", "month", "year", "published", "age",
    "rank", "ahead", "words_behind", "near_behind",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that the search brought up.

    `value` is its mixed score in deviations, `raw` the parts of it (NaN where one does not apply); `time` how it agrees with the times that are asked about, `published` 0 where its record may well speak
    of them, down to -1; `age` how many years its record is older than the newest candidate's.
    """

    passage: Passage
    value: float
    raw: Mapping[Part, float]
    time: Agreement
    published: float
    age: float


def signals(question: str, candidates: Sequence[Candidate]) -> Sequence[Signals]:
    """The signals of each candidate, in the candidates' order.

    Args:
        question: as it is searched for: without greeting and company names.
        candidates: best first; how rare a word is among them tells how much it says.
    """
    if not candidates:
        return []
    rarity = _rarity([one.passage for one in candidates])
    asked = _Asked(question)
    found: list[dict[str, float]] = []
    for rank, one in enumerate(candidates, 1):
        raw = one.raw
        mine = asked.beside(one.passage, rarity)
        mine["near"] = _or_nothing(raw.get("passage"))
        mine["near_question"] = _or_nothing(raw.get("question"))
        mine["white"] = _or_nothing(raw.get("passage_white"))
        mine["white_question"] = _or_nothing(raw.get("question_white"))
        mine["words"] = _or_nothing(raw.get("words")) / math.sqrt(1 + len(asked.grams))
        mine["day"], mine["month"], mine["year"] = one.time.day, one.time.month, one.time.year
        mine["published"], mine["age"] = one.published, one.age
        mine["value"] = one.value
        mine["rank"] = 1 / rank
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

    def beside(self, passage: Passage, rarity: Callable[[str], float]) -> dict[str, float]:
        said, was_asked = grams(passage.text), grams(passage.question)
        either = said | was_asked
        total = sum(rarity(gram) for gram in self.grams) or 1.0

        def share(of: frozenset[str]) -> float:
            return sum(rarity(gram) for gram in self.grams & of) / total

        found: dict[str, float] = {}
        found["said"] = share(said)
        found["asked_before"] = share(was_asked)
        found["met"] = share(either)
        found["rarest_met"] = max((rarity(gram) for gram in self.grams & either), default=0.0)
        found["rarest_missed"] = max((rarity(gram) for gram in self.grams - either), default=0.0)
        found["latin_missed"] = sum(gram not in either for gram in self.latin) / (len(self.latin) or 1)
        found["latin"] = float(min(len(self.latin), 4))
        found["same_question"] = len(self.grams & was_asked) / max(1, len(self.grams | was_asked))
        return found


@lru_cache(maxsize=20_000)  # the same passages are candidates for many questions
def grams(text: str) -> frozenset[str]:
    """Neighbouring pairs of Han characters, and Latin words and numbers whole (1.6t), folded."""
    folded = nfkc(text).lower()
    found = set(_LATIN.findall(folded))
    for run in _HAN.findall(folded):
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return frozenset(found)


def _rarity(passages: Sequence[Passage]) -> Callable[[str], float]:
    """How much a gram says: ln(1 + n / (0.5 + in how many of the n candidates it stands))."""
    spread: Counter[str] = Counter()
    for passage in passages:
        spread.update(grams(passage.text) | grams(passage.question))
    total = len(passages)
    return lambda gram: math.log(1 + total / (0.5 + spread[gram]))
