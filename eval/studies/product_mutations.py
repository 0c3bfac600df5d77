"""Do the scores fall when an answer is made worse? Real answers, each broken in one place, scored before and after.

    python -m eval.studies.product_mutations --library DIR CASES...

Every cited sentence of the verbatim answers to the cases is mutated in four ways: its citation is swapped for
a neighbouring pair of the same company, dropped, one of its figures is altered, or its negation is cut. A
mutation is caught when that sentence's score falls. All draws are by hash: the table is the same each time.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from eval.attribution import score
from eval.cases import Case, read_cases
from eval.making.rewriting import drawn
from eval.recorded import RecordedAnswer, RecordedPassage, from_answer
from eval.studies.mutation_sources import Source
from eval.studies.mutations import change_digit
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA
from rag.grounding import EvidenceText
from rag.writing.citation_marks import Sentence, Sentences

MUTATIONS: Final = ("swap", "drop", "figure", "negation")
_NEGATIONS: Final = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        ("不存在", "存在"), ("不涉及", "涉及"), ("不会", "会"), ("不影响", "影响"), ("没有", "有"), ("尚未", "已"), ("暂无", "已有"), ("并未", "已"),
        ("未(?![来经])", "已"), ("不是", "是"), ("不(?=[能可具属再需])", ""), (r"\bnot ", ""),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutated:
    """An answer with one sentence made worse: `sentence` counts its sentences from 0."""

    kind: str
    sentence: int
    answer: RecordedAnswer


def sentences_of(answer: RecordedAnswer) -> list[Sentence]:
    """The sentences of an answer with their marks."""
    parser = Sentences(max((passage.mark for passage in answer.passages), default=0))
    return [*parser.feed(answer.answer), *parser.finish()]


def with_sentences(answer: RecordedAnswer, sentences: Sequence[Sentence]) -> RecordedAnswer:
    """The answer written anew from its sentences, marks behind them."""
    text = "".join(f"{one.text}{''.join(f'[{mark}]' for mark in one.marks)}\n" for one in sentences)
    return replace(answer, answer=text)


def cut_negation(statement: str) -> str | None:
    """The statement without its first negation; None where it has none that can be cut."""
    found = [
        (match.start(), match, new) for pattern, new in _NEGATIONS if (match := pattern.search(statement))
    ]
    if not found:
        return None
    _, match, new = min(found, key=lambda one: one[0])
    return statement[: match.start()] + new + statement[match.end() :]


def alter_figure(statement: str, evidence: str) -> str | None:
    """The statement with one digit of one figure changed to a number that the evidence does not hold."""
    return change_digit(statement, Source(EvidenceText(evidence), (), "", ()))


Neighbour = Callable[[RecordedPassage], RecordedPassage | None]


def mutations(answer: RecordedAnswer, neighbour: Neighbour) -> Iterator[Mutated]:
    """Every mutation that can be made of the cited sentences of an answer.

    Args:
        answer: a recorded answer.
        neighbour: gives another pair of the same company for a passage, under a mark of its own, or None.
    """
    sentences = sentences_of(answer)
    by_mark = {passage.mark: passage for passage in answer.passages}
    for at, one in enumerate(sentences):
        marks = [mark for mark in one.marks if mark in by_mark]
        if not marks:
            continue
        other = neighbour(by_mark[marks[0]])
        if other is not None:
            free = max(by_mark) + 1
            swapped = replace(one, marks=(free, *marks[1:]))
            worse = replace(answer, passages=(*answer.passages, replace(other, mark=free)))
            yield Mutated("swap", at, with_sentences(worse, _put(sentences, at, swapped)))
        dropped = replace(one, marks=tuple(marks[1:]))
        yield Mutated("drop", at, with_sentences(answer, _put(sentences, at, dropped)))
        evidence = "\n".join(by_mark[mark].text for mark in marks)
        for kind, text in (
            ("figure", alter_figure(one.text, evidence)),
            ("negation", cut_negation(one.text)),
        ):
            if text is not None and text != one.text:
                changed = replace(one, text=text)
                yield Mutated(kind, at, with_sentences(answer, _put(sentences, at, changed)))


def _put(sentences: Sequence[Sentence], at: int, new: Sentence) -> list[Sentence]:
    return [*sentences[:at], new, *sentences[at + 1 :]]


def neighbours_in(library: Library) -> Neighbour:
    """Draws, for a passage, another pair of its record (of its company, where the record has one pair)."""

    def neighbour(passage: RecordedPassage) -> RecordedPassage | None:
        if passage.record_id is None:
            return None
        own = library.record(passage.record_id)
        choices = [(own, pair) for pair in own.pairs if pair.number != passage.pair]
        if not choices:
            records = [s.id for s in library.records() if s.code == passage.code and s.id != own.id]
            choices = [
                (r, pair) for one in sorted(records) for r in [library.record(one)] for pair in r.pairs
            ]
        if not choices:
            return None
        record, pair = choices[drawn(0, own.id, str(passage.pair), passage.text) % len(choices)]
        return replace(
            passage,
            text=pair.answer,
            question=pair.question,
            published_on=record.published_on,
            record_id=record.id,
            pair=pair.number,
        )

    return neighbour


def recorded_answers(qa: DisclosureQA, cases: Sequence[Case]) -> list[RecordedAnswer]:
    """Jupilu's answers to the cases in recorded form."""
    return [
        from_answer(
            case.id, qa.ask(case.question, company=case.company, as_of=case.as_of), None, "jupilu verbatim"
        )
        for case in cases
    ]


@dataclass(frozen=True, slots=True)
class Tally:
    """One mutation over all sentences: mean scores before and after, and how many sentences' scores fell."""

    kind: str
    count: int
    before: float
    after: float
    caught: int


def run(answers: Sequence[RecordedAnswer], neighbour: Neighbour) -> tuple[list[Tally], list[Mutated]]:
    """Score every mutation; the tallies, and the mutations that were not caught."""
    points: dict[str, list[tuple[float, float]]] = {kind: [] for kind in MUTATIONS}
    missed: list[Mutated] = []
    for answer in answers:
        before = [sentence_score(answer, one) for one in sentences_of(answer)]
        for mutated in mutations(answer, neighbour):
            old = before[mutated.sentence]
            new = sentence_score(mutated.answer, sentences_of(mutated.answer)[mutated.sentence])
            points[mutated.kind].append((old, new))
            if new >= old:
                missed.append(mutated)
    return [
        Tally(
            kind,
            len(pairs),
            sum(old for old, _ in pairs) / len(pairs) if pairs else 0.0,
            sum(new for _, new in pairs) / len(pairs) if pairs else 0.0,
            sum(new < old for old, new in pairs),
        )
        for kind, pairs in points.items()
    ], missed


def sentence_score(answer: RecordedAnswer, sentence: Sentence) -> float:
    """The score of one sentence of an answer, 0..1: the mean of its citation recall and its citation precision.

    A sentence without a citation has neither and scores 0.
    """
    scored = score(replace(with_sentences(answer, [sentence]), outcome="answered"))
    return ((scored.recall or 0.0) + (scored.precision or 0.0)) / 2


def table(tallies: Sequence[Tally]) -> str:
    """The tallies in Markdown; a mutation that could not be made says so."""
    lines = ["| mutation | sentences | score before | score after | caught |", "|---|---|---|---|---|"]
    for one in tallies:
        figures = (
            f"{one.before:.3f} | {one.after:.3f} | {one.caught / one.count:.1%} ({one.caught})"
            if one.count
            else "— | — | —"
        )
        lines.append(f"| {one.kind} | {one.count} | {figures} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; exit status 1 where a mutation raised the mean score or none could be made."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.product_mutations",
        description=__doc__.splitlines()[0] if __doc__ else "",
    )
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--missed", type=int, default=0, help="show this many of what was not caught")
    given = parser.parse_args(arguments)
    settings = Settings(library=given.library, model="none")
    with DisclosureQA.open(given.library, settings) as qa:
        answers = recorded_answers(qa, read_cases(given.cases))
        tallies, missed = run(answers, neighbours_in(qa.library))
    print(table(tallies))
    for one in missed[: given.missed]:
        print(f"  {one.kind}: {sentences_of(one.answer)[one.sentence].text}")
    return 0 if all(one.count and one.after < one.before for one in tallies) else 1


if __name__ == "__main__":
    raise SystemExit(main())
