"""The sentences with citations that people (or a reader) label: drawn from real answers, the same each time.

Systems, each over the given cases: Jupilu's verbatim sentences, a plain pipeline's extractive ones, and
deliberately changed ones. Changed for the worse: a figure, a negation, the citation swapped. Changed in ways
that may or may not keep the sense, which only reading tells: a clause left out, words exchanged for
synonyms, the second-best passage cited, two passages cited for one sentence, two sentences joined under both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from eval.cases import Case
from eval.gold_labels import normalise
from eval.making.rewriting import drawn, with_synonym
from eval.recorded import RecordedPassage
from eval.studies.product_mutations import Neighbour, alter_figure, cut_negation
from ingest.library.library import Library
from rag.answers import Citation
from rag.disclosure_qa import DisclosureQA

# How many sentences of each system are labelled.
WANTED: Final = {
    "verbatim": 30, "plain": 30, "shortened": 25, "reworded": 20, "swap": 15, "second": 25, "figure": 18, "negation": 18,
    "padded": 20, "joined": 20,
}  # fmt: skip
LONGEST_EVIDENCE: Final = 700  # characters of a passage: longer ones are not read with care
LONGEST, SHORTEST = 160, 14  # characters of a sentence


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence with the passages that it cites; `key` joins it to its labels."""

    system: str
    claim: str
    passages: tuple[RecordedPassage, ...]

    @property
    def claim_sha256(self) -> str:
        return hashlib.sha256(normalise(self.claim).encode()).hexdigest()

    @property
    def evidence_sha256(self) -> str:
        told = "\n".join(f"{normalise(p.question or '')}|{normalise(p.text)}" for p in self.passages)
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def key(self) -> tuple[str, str]:
        return self.claim_sha256, self.evidence_sha256


@dataclass(frozen=True, slots=True)
class Base:
    """A verbatim sentence, the pair it was taken from, and the pairs that came next in the search."""

    claim: str
    passage: RecordedPassage
    others: tuple[RecordedPassage, ...]


def bases(qa: DisclosureQA, cases: Sequence[Case]) -> list[Base]:
    """The sentences of the verbatim answers to the cases, each once, with whole pairs as passages."""
    found: dict[str, Base] = {}
    for case in cases:
        answer = qa.ask(case.question, company=case.company, as_of=case.as_of)
        if answer.outcome != "answered":
            continue
        pairs = _pairs_of(qa, case)
        for claim in answer.claims:
            citation = claim.citations[0]
            passage = whole_pair(qa.library, citation)
            text = " ".join(claim.text.split())
            if passage and SHORTEST <= len(text) <= LONGEST and len(passage.text) <= LONGEST_EVIDENCE:
                others = tuple(
                    p
                    for p in pairs
                    if p.code == passage.code and (p.record_id, p.pair) != (passage.record_id, passage.pair)
                )
                found.setdefault(normalise(text), Base(text, passage, others[:2]))
    return [found[key] for key in sorted(found, key=lambda one: drawn(0, one))]


def whole_pair(library: Library, citation: Citation) -> RecordedPassage | None:
    """The pair of a citation as a passage; None for a statement."""
    return _pair(library, citation.record_id, citation.pair)


def _pair(library: Library, record_id: str, number: int) -> RecordedPassage | None:
    record = library.record(record_id)
    pair = next((one for one in record.pairs if one.number == number), None)
    if pair is None:
        return None
    return RecordedPassage(
        1, pair.answer, pair.question, record.form.code, record.form.short_name, record.published_on, record.id, number
    )  # fmt: skip


def _pairs_of(qa: DisclosureQA, case: Case) -> list[RecordedPassage]:
    groups = qa.search(case.question, company=case.company, as_of=case.as_of)
    found = [_pair(qa.library, e.passage.record_id, e.passage.number) for group in groups for e in group]
    return [one for one in found if one is not None and len(one.text) <= LONGEST_EVIDENCE]


def items(every: Sequence[Base], neighbour: Neighbour, plain: Sequence[Item]) -> list[Item]:
    """The items to label: each base serves one system only, in drawn order, until each has its number."""
    makers: dict[str, Callable[[Base], Item | None]] = {
        "figure": _figure, "negation": _negation, "second": _second, "joined": _joined(every), "padded": _padded(neighbour),
        "shortened": _shortened, "reworded": _reworded, "swap": _swap(neighbour),
        "verbatim": lambda base: Item("verbatim", base.claim, (base.passage,)),
    }  # fmt: skip
    left = list(every)
    found: list[Item] = []
    for system, make in makers.items():
        taken = 0
        for base in list(left):
            if taken == WANTED[system]:
                break
            item = make(base)
            if item is not None:
                found.append(item)
                left.remove(base)
                taken += 1
    return [*found, *plain[: WANTED["plain"]]]


def plain_items(answers: Iterator[tuple[str, RecordedPassage]]) -> list[Item]:
    """Items from the plain pipeline's answers: sentence and the chunk that it quotes."""
    found: dict[str, Item] = {}
    for sentence, passage in answers:
        if SHORTEST <= len(sentence) <= LONGEST:
            found.setdefault(normalise(sentence), Item("plain", sentence, (replace(passage, mark=1),)))
    return [found[key] for key in sorted(found, key=lambda one: drawn(1, one))]


def _figure(base: Base) -> Item | None:
    text = alter_figure(base.claim, base.passage.text)
    return Item("figure", text, (base.passage,)) if text else None


def _negation(base: Base) -> Item | None:
    text = cut_negation(base.claim)
    return Item("negation", text, (base.passage,)) if text else None


def _second(base: Base) -> Item | None:
    return Item("second", base.claim, (replace(base.others[0], mark=1),)) if base.others else None


def _shortened(base: Base) -> Item | None:
    clauses = re.split(r"(?<=[，；])", base.claim)
    if len(clauses) < 3:
        return None
    gone = drawn(2, base.claim) % len(clauses)
    kept = "".join(clause for at, clause in enumerate(clauses) if at != gone)
    return Item("shortened", kept.rstrip("，；。") + "。", (base.passage,))


_REWORDINGS: Final = (
    ("增长", "上升"), ("下降", "降低"), ("主要", "主要是"), ("目前", "现阶段"), ("大幅", "明显"), ("持续", "不断"), ("约", "大约"), ("将", "会"),
    ("预计", "估计"), ("公司", "该公司"), ("超过", "多于"), ("左右", "上下"), ("由于", "因为"), ("提升", "提高"), ("计划", "已"), ("部分", "全部"), ("有望", "必将"),
)  # fmt: skip


def _reworded(base: Base) -> Item | None:
    found = [(old, new) for old, new in _REWORDINGS if old in base.claim]
    if not found:
        return None
    chosen = sorted(found, key=lambda pair: drawn(3, base.claim, pair[0]))[:2]
    text = with_synonym(base.claim, 0)
    for old, new in chosen:
        text = text.replace(old, new, 1)
    return Item("reworded", text, (base.passage,)) if text != base.claim else None


def _swap(neighbour: Neighbour) -> Callable[[Base], Item | None]:
    def make(base: Base) -> Item | None:
        other = neighbour(base.passage)
        if other is None or len(other.text) > LONGEST_EVIDENCE:
            return None
        return Item("swap", base.claim, (replace(other, mark=1),))

    return make


def _padded(neighbour: Neighbour) -> Callable[[Base], Item | None]:
    def make(base: Base) -> Item | None:
        other = base.others[0] if base.others and drawn(4, base.claim) % 2 else neighbour(base.passage)
        if other is None or len(other.text) > LONGEST_EVIDENCE:
            return None
        return Item("padded", base.claim, _drawn_order(base.claim, base.passage, other))

    return make


def _joined(every: Sequence[Base]) -> Callable[[Base], Item | None]:
    def make(base: Base) -> Item | None:
        for other in every:
            same = (other.passage.record_id, other.passage.pair) == (
                base.passage.record_id,
                base.passage.pair,
            )
            if other.passage.code == base.passage.code and not same:
                text = f"{base.claim.rstrip('。；！')}；{other.claim}"
                if len(text) <= 1.5 * LONGEST:
                    return Item("joined", text, _drawn_order(text, base.passage, other.passage))
        return None

    return make


def _drawn_order(claim: str, one: RecordedPassage, other: RecordedPassage) -> tuple[RecordedPassage, ...]:
    pair = (one, other) if drawn(5, claim) % 2 else (other, one)
    return tuple(replace(passage, mark=mark) for mark, passage in enumerate(pair, 1))
