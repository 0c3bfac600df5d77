"""Invented records of a whole market, as many as wanted, for measuring how the library grows.

Nothing in them is true. What is like real records is their shape: how many pairs a record has, how long questions and
answers are, how records spread over companies and days (fitted to 284 real records: log-normal lengths, a few companies
with very many records). Texts are clauses that a word chain over the example records makes up, with figures and with
product names that each company has of its own, so that there are rare words and common ones. Vectors are not computed:
each pair takes a vector (and its question's) from a library of real ones and adds noise. Originals are left out.

Everything depends on the seed alone, and comes in the order of record ids, so that a run that was stopped goes on.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ingest.language.listed import listing
from ingest.records import Form, Participant, QAPair, Record, Span

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

EXAMPLES: Final = Path(__file__).resolve().parents[2] / "examples" / "records"
SEED: Final = 20261126
PAIRS_A_RECORD: Final = (math.log(7.0), 0.70, 75)  # mean and deviation of the logarithm, and the most
QUESTION: Final = (3.60, 0.74, 270)
ANSWER: Final = (4.70, 0.84, 2600)
RECORDS_A_COMPANY, MOST_COMPANIES, EVENNESS = 12, 5000, 0.6
FIRST_DAY, DAYS = date(2019, 1, 2), 2700
CLAUSES: Final = 20_000
PRODUCTS: Final = 24  # names of a company's own
BATCH: Final = 400  # records that are made, and become ready, together
NOISE: Final = 0.35  # length of what is added to a real vector of length 1: a cosine of about .94
_FAMILY: Final = "岚澄磐禾霁钧翊砚泓骁珩昱煦棠蔚嵘琅凇澍烨"
_GIVEN: Final = "川屿岳衡原石林海舟帆野岱汀陌"
_TRADE: Final = (
    "智冷 微电 泵业 医疗 数科 新材 光学 精机 动能 传感 药业 食品 环保 电源 软件 航宇 纺织 物流".split()
)
_FIRST_OF_COUPLE: Final = "氦钛铌锆磷硅镓铟钴锂氟碳硼铈钇镧"
_SECOND_OF_COUPLE: Final = "栅膜棒盘锭环泵阀轴芯缆桥舱罩格槽翅鳍"


@dataclass(frozen=True, slots=True)
class MadeCompany:
    """An invented company; `weight` says how many records it has, beside the others'."""

    code: str
    short_name: str
    products: tuple[str, ...]
    weight: float


class MadeMarket:
    """All records of an invented market with about so many pairs.

    >>> market = MadeMarket(10_000)
    >>> sum(len(record.pairs) for number in range(market.batch_count) for record in market.batch(number))
    """

    def __init__(self, pairs: int, seed: int = SEED) -> None:
        """
        Args:
            pairs: how many, within a few percent.
            seed: of everything.
        """
        mean, deviation, _ = PAIRS_A_RECORD
        self.seed = seed
        self.count = max(1, round(pairs / math.exp(mean + deviation**2 / 2)))
        self.companies = _companies(min(MOST_COMPANIES, max(20, self.count // RECORDS_A_COMPANY)), seed)
        self._cumulated = _cumulated([one.weight for one in self.companies])
        self._clauses = _clauses(seed)

    @property
    def batch_count(self) -> int:
        """How many batches there are."""
        return math.ceil(self.count / BATCH)

    def batch(self, number: int) -> list[Record]:
        """The records of one batch, by id."""
        dice = random.Random(f"{self.seed} {number}")
        first = number * BATCH
        return [self._record(at, dice) for at in range(first, min(first + BATCH, self.count))]

    def _record(self, at: int, dice: random.Random) -> Record:
        (company,) = dice.choices(self.companies, cum_weights=self._cumulated)
        sha256 = f"{int((at + dice.random()) / self.count * 16**16):016x}{dice.getrandbits(192):048x}"
        day = FIRST_DAY + timedelta(days=int(DAYS * dice.random() ** 0.7))  # more of them every year
        head = f"证券代码：{company.code} 证券简称：{company.short_name} 编号：{day.year}-{at}\n"
        parts, place = [head], len(head)
        pairs: list[QAPair] = []
        for number in range(1, _length(dice, PAIRS_A_RECORD) + 1):
            question = self._text(company, dice, _length(dice, QUESTION))[:-1] + "？"
            answer = self._text(company, dice, _length(dice, ANSWER))
            asked, told = f"{number}、", "\n答："
            start = place + len(asked)
            question_span = Span(start, start + len(question))
            answer_span = Span(question_span.end + len(told), question_span.end + len(told) + len(answer))
            parts += [asked, question, told, answer, "\n"]
            place = answer_span.end + 1
            pairs.append(QAPair(number, question, answer, question_span, answer_span))
        return Record(
            id=sha256[:16],
            source_file=f"{company.short_name}：{day:%Y%m%d}-{at}.txt",
            sha256=sha256,
            format="txt",
            text="".join(parts),
            pages=(),
            form=Form(
                code=company.code,
                short_name=company.short_name,
                number=f"{day.year}-{at}",
                categories=("特定对象调研",),
                held_on=(day, day),
                participants=tuple(
                    Participant(f"{dice.choice(_FAMILY)}{dice.choice(_GIVEN)}证券", ("来访人",))
                    for _ in range(dice.randint(1, 12))
                ),
            ),
            pairs=tuple(pairs),
            statements=(),
            published_on=day,
            published_on_basis="held_on",
        )

    def _text(self, company: MadeCompany, dice: random.Random, length: int) -> str:
        """Clauses up to about so many characters; every third speaks of one of the company's own products."""
        found, so_far = [], 0
        while so_far < length:
            clause = self._clauses[int(dice.random() * CLAUSES)]
            if dice.random() < 1 / 3:
                clause = f"{company.products[int(dice.random() * PRODUCTS)]}{clause}"
            if "#" in clause:
                clause = clause.replace("#", str(int(dice.random() ** 3 * 9000) + 2), 1).replace("#", "一")
            found.append(clause)
            so_far += len(clause) + 1
        return "，".join(found) + "。"


class LikeVectors:
    """Simulated vectors: those of real passages and of their questions, with noise."""

    def __init__(self, passages: NDArray[numpy.float32], questions: NDArray[numpy.float32]) -> None:
        """
        Args:
            passages: n vectors at unit length.
            questions: the n vectors of their questions.
        """
        self._passages, self._questions = passages, questions

    def of(self, count: int, seed: int) -> tuple[NDArray[numpy.float32], NDArray[numpy.float32]]:
        """So many vectors of passages, and of their questions; the same seed gives the same."""
        import numpy

        dice = numpy.random.default_rng(seed)
        chosen = dice.integers(len(self._passages), size=count)
        return self._noisy(self._passages[chosen], dice), self._noisy(self._questions[chosen], dice)

    @staticmethod
    def _noisy(rows: NDArray[numpy.float32], dice: numpy.random.Generator) -> NDArray[numpy.float32]:
        import numpy

        noise = dice.standard_normal(rows.shape, dtype=numpy.float32) * (NOISE / rows.shape[1] ** 0.5)
        noisy: NDArray[numpy.float32] = rows + noise
        noisy /= numpy.linalg.norm(noisy, axis=1, keepdims=True)
        return noisy


def example_pairs() -> list[QAPair]:
    """The pairs of the example records (which are invented, too)."""
    from ingest.reading.source_file import read_records
    from ingest.settings import Settings

    return [
        pair
        for path in sorted(EXAMPLES.iterdir())
        if path.suffix != ".json"
        for record in read_records(path.read_bytes(), path.name, Settings())
        for pair in record.pairs
    ]


def _length(dice: random.Random, shape: tuple[float, float, int]) -> int:
    mean, deviation, most = shape
    return max(1, min(most, round(dice.lognormvariate(mean, deviation))))


def _companies(count: int, seed: int) -> list[MadeCompany]:
    dice = random.Random(f"{seed} companies")
    known = listing()
    names = [a + b + trade for a in _FAMILY for b in _GIVEN for trade in _TRADE]
    names = [name for name in dice.sample(names, len(names)) if name not in known.by_name][:count]
    codes = [code for code in map(str, range(890000, 899999)) if code not in known.by_code]
    couples = [a + b for a in _FIRST_OF_COUPLE for b in _SECOND_OF_COUPLE]
    return [
        MadeCompany(
            code,
            name,
            tuple(dice.choice(couples) + dice.choice(couples) for _ in range(PRODUCTS)),
            (rank + 1) ** -EVENNESS,
        )
        for rank, (code, name) in enumerate(zip(codes, names, strict=False))
    ]


def _clauses(seed: int) -> list[str]:
    """Made-up clauses: a chain in which each word of the examples is followed by one that followed it there."""
    import re

    import rjieba

    after: dict[str, list[str]] = defaultdict(list)
    for pair in example_pairs():
        for clause in re.split(r"[，。？！；、：,;?!:\s]+", f"{pair.question}，{pair.answer}"):
            words = ["", *(re.sub(r"\d+(?:\.\d+)?", "#", word) for word in rjieba.cut(clause)), ""]
            for word, following in pairwise(words):
                after[word].append(following)
    dice = random.Random(f"{seed} clauses")
    found: list[str] = []
    while len(found) < CLAUSES:
        words = [dice.choice([one for one in after[""] if one])]
        while len(words) < 14 and (following := dice.choice(after[words[-1]])):
            words.append(following)
        if len(words) > 2:
            found.append("".join(words))
    return found


def _cumulated(weights: Sequence[float]) -> list[float]:
    from itertools import accumulate

    return list(accumulate(weights))
