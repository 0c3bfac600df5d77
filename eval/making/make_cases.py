"""A test set from any library, without a model: `jupilu eval make --library DIR --out cases.jsonl`.

What a library says is its own gold. Four kinds of cases are drawn from it, by hash, so that the same library,
count and seed give the same file:

- a pair's question in other words (`eval.making.rewriting`), the pair and its repeats as gold, figures as key facts;
- the same topic on two dates, asked as of a day in between: the later record may not be cited;
- another company's question, where no word of its topic stands in any record of the company asked: not found;
- hard ones (`eval.making.hard_cases`): everyday words for the formal ones, and near misses that are checked to have no answer:
  a thing that the company never mentions, a year in which it says nothing on the topic.

Write them down as JSONL with `write_cases`; `jupilu eval answers` runs them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from eval.cases import Case, GoldPair
from eval.gold_labels import normalise
from eval.making.askable import Askable, all_pairs, also_answers, askable, same_topic
from eval.making.hard_cases import in_everyday_words, near_misses
from eval.making.key_figures import key_figures
from eval.making.rewriting import Rewritten, drawn, rewrite
from ingest.library.library import Library
from rag.finding.declining import bundled_declining
from rag.finding.repeats import fingerprint

COUNT: Final = 60
AS_OF_SHARE, NOT_FOUND_SHARE, NUMBER_SHARE = 0.15, 0.1, 0.15
EVERYDAY_SHARE, NEAR_MISS_SHARE = 0.2, 0.2  # of the count, where the library has so many
SAME_TOPIC: Final = 0.25  # likeness of the questions of two dates


def make_cases(library: Library, count: int = COUNT, seed: int = 0) -> list[Case]:
    """At most `count` cases, each from another pair; fewer where the library has no more to ask for.

    Args:
        library: pairs of ready records are used.
        count: how many cases are wanted.
        seed: another seed draws other pairs and other rewritings.
    """
    every = all_pairs(library)
    of_company: dict[str, list[Askable]] = defaultdict(list)
    for one in every:
        of_company[_company(one)].append(one)
    drawn_order = _by_turns([one for one in every if askable(one)], seed)
    used: set[str] = set()
    as_of = _take(_as_of_cases(drawn_order, of_company, seed, used), round(AS_OF_SHARE * count))
    absent = _take(
        _absent_cases(library, drawn_order, of_company, seed, used), round(NOT_FOUND_SHARE * count)
    )
    numbers = _take(_pair_cases(drawn_order, of_company, seed, used, True), round(NUMBER_SHARE * count))
    near = _take(_near_cases(library, drawn_order, of_company, seed, used), round(NEAR_MISS_SHARE * count))
    everyday = _take(_everyday_cases(drawn_order, of_company, seed, used), round(EVERYDAY_SHARE * count))
    left = count - len(numbers) - len(as_of) - len(absent) - len(near) - len(everyday)
    hard = [*everyday, *near]
    return [
        *_take(_pair_cases(drawn_order, of_company, seed, used, False), left),
        *numbers,
        *as_of,
        *absent,
        *hard,
    ]


def write_cases(path: Path, cases: Iterable[Case]) -> None:
    """Write the cases as JSONL in the schema of `eval.cases`."""
    lines = [json.dumps(as_json(case), ensure_ascii=False) + "\n" for case in cases]
    path.write_text("".join(lines), encoding="utf-8")


def as_json(case: Case) -> dict[str, Any]:
    """The object of one line of a case file."""
    return {
        "id": case.id,
        "type": case.type,
        "question": case.question,
        "company": case.company,
        "as_of": case.as_of.isoformat() if case.as_of else None,
        "outcome": case.outcome,
        "gold": [{"file": gold.file, "pair": gold.pair} for gold in case.gold],
        "key_facts": [facts[0] if len(facts) == 1 else list(facts) for facts in case.key_facts],
    }


def _pair_cases(
    pairs: Sequence[Askable],
    of_company: dict[str, list[Askable]],
    seed: int,
    used: set[str],
    with_figures: bool,
) -> Iterable[Case]:
    """A pair's question in other words; what depends on the day is asked as of the day it was answered."""
    for one in pairs:
        until = one.published_on if one.relative else None
        if one.key in used or (one.relative and until is None):
            continue
        gold = list(also_answers(one, of_company[_company(one)], until))
        # Where the same was answered differently at other times, none of the answers is the right one.
        if not one.relative and not _agree(gold):
            continue
        figures = _common(key_figures(one.question, one.pair.answer), gold)
        if with_figures and not figures:
            continue
        used.update(other.key for other in gold)
        new = rewrite(one.question, one.company, seed)
        yield _case(
            "number" if figures else "paraphrase",
            one,
            new,
            seed,
            as_of=until,
            gold=gold,
            key_facts=figures,
        )


def _as_of_cases(
    pairs: Sequence[Askable], of_company: dict[str, list[Askable]], seed: int, used: set[str]
) -> Iterable[Case]:
    """The same question on two dates, answered differently: asked as of the day before the later answer."""
    for one in pairs:
        if one.key in used or one.published_on is None:
            continue
        own = of_company[_company(one)]
        later = [
            other
            for other in own
            if other.published_on
            and other.published_on > one.published_on
            and same_topic(one, other, SAME_TOPIC)
            and not fingerprint(one.pair.answer).same_statement(fingerprint(other.pair.answer))
        ]
        if not later:
            continue
        first = min(later, key=lambda other: (str(other.published_on), other.key))
        assert first.published_on is not None  # by how `later` was chosen
        day = first.published_on - timedelta(days=1)
        if day < one.published_on:
            continue
        gold = list(also_answers(one, own, day))
        used.update(other.key for other in (*gold, *later))
        figures = _common(key_figures(one.question, one.pair.answer), gold)
        yield _case("as_of", one, rewrite(one.question, one.company, seed), seed, day, gold, figures)


def _absent_cases(
    library: Library,
    pairs: Sequence[Askable],
    of_company: dict[str, list[Askable]],
    seed: int,
    used: set[str],
) -> Iterable[Case]:
    """A question of one company put to another in whose records none of its topics is ever written."""
    written = {name: _everything_written(library, own) for name, own in of_company.items()}
    names = sorted(written)
    asked_already: set[str] = set()
    for one in pairs:
        nouns = [topic for topic in one.topics if not re.fullmatch(r"[A-Za-z]?\d+[A-Za-z]?", topic)]
        # One noun may be a slip of the segmenter; two that are nowhere are a topic, where one is of its own trade.
        if one.key in used or one.question in asked_already or len(nouns) < 2 or "公司" in one.question:
            continue
        spread = [sum(_stands(noun, text) for text in written.values()) for noun in nouns]
        if min(spread) > max(1, len(names) // 3):
            continue
        others = [
            name
            for name in names
            if name != _company(one)
            and of_company[name][0].company.short_name
            and not any(_stands(noun, written[name]) for noun in nouns)
        ]
        if not others:
            continue
        asked = of_company[others[drawn(seed, one.key, "other") % len(others)]][0].company
        used.add(one.key)
        asked_already.add(one.question)
        yield _case(
            "not_found",
            one,
            Rewritten(one.question, False, ("other company",)),
            seed,
            outcome="not_found",
            company=asked.code or asked.short_name,
        )


def _everyday_cases(
    pairs: Sequence[Askable], of_company: dict[str, list[Askable]], seed: int, used: set[str]
) -> Iterable[Case]:
    """A pair's question in everyday words."""
    for one in pairs:
        new = None if one.key in used or one.relative else in_everyday_words(one.question, seed)
        if new is None:
            continue
        gold = list(also_answers(one, of_company[_company(one)], None))
        if not _agree(gold):
            continue
        used.update(other.key for other in gold)
        figures = _common(key_figures(one.question, one.pair.answer), gold)
        yield _case("everyday", one, new, seed, gold=gold, key_facts=figures)


def _near_cases(
    library: Library,
    pairs: Sequence[Askable],
    of_company: dict[str, list[Askable]],
    seed: int,
    used: set[str],
) -> Iterable[Case]:
    """Questions that sound like the company's and that nothing answers."""
    written = {name: _everything_written(library, own) for name, own in of_company.items()}
    company_of = {one.key: _company(one) for one in pairs}
    unused = [one for one in pairs if one.key not in used]
    for kind, one, new in near_misses(unused, of_company, written, company_of, seed):
        used.add(one.key)
        yield _case(kind, one, new, seed, outcome="not_found")


def _case(
    kind: str,
    one: Askable,
    new: Rewritten,
    seed: int,
    as_of: Any = None,
    gold: Sequence[Askable] = (),
    key_facts: Sequence[str] = (),
    outcome: str = "answered",
    company: str | None = None,
) -> Case:
    name = f"{kind}-{'-'.join(new.ways).replace(' ', '-')}-{drawn(seed, one.key, new.text):012x}"
    beside = company or (None if new.names_company else one.company.code or one.company.short_name)
    return Case(
        id=name,
        type=kind,
        question=new.text,
        company=beside,
        as_of=as_of,
        outcome=outcome,
        gold=tuple(GoldPair(other.record_id, other.pair.number) for other in gold),
        key_facts=tuple((fact,) for fact in key_facts),
    )


def _agree(gold: Sequence[Askable]) -> bool:
    """Whether all answers are one statement, repeated."""
    marks = [fingerprint(other.pair.answer) for other in gold]
    return all(marks[0].same_statement(mark) for mark in marks[1:])


def _common(figures: Sequence[str], gold: Sequence[Askable]) -> tuple[str, ...]:
    """The figures that stand in every gold answer: any of these pairs may be the one that is cited."""
    answers = [
        normalise(other.pair.answer) for other in gold if bundled_declining().degree(other.pair.answer) < 0
    ]
    return tuple(one for one in figures if all(normalise(one) in answer for answer in answers))


def _everything_written(library: Library, pairs: Sequence[Askable]) -> str:
    """All texts of a company's records, compared as key facts are."""
    records = sorted({one.record_id for one in pairs})
    return "\n".join(normalise(library.record(record).text).lower() for record in records)


def _stands(topic: str, written: str) -> bool:
    """Whether a topic, or either half of a long one, is written anywhere."""
    plain = normalise(topic).lower()
    halves = {plain[:2], plain[-2:]} if len(plain) >= 4 and not plain.isascii() else {plain}
    return plain in written or any(half in written for half in halves)


def _by_turns(pairs: Sequence[Askable], seed: int) -> list[Askable]:
    """The pairs in drawn order, one company after the other, so that no company fills the set."""
    places: dict[str, int] = defaultdict(int)
    ordered: list[tuple[int, int, Askable]] = []
    for one in sorted(pairs, key=lambda each: drawn(seed, each.key)):
        ordered.append((places[_company(one)], drawn(seed, one.key), one))
        places[_company(one)] += 1
    return [one for _, _, one in sorted(ordered, key=lambda each: each[:2])]


def _company(one: Askable) -> str:
    return one.company.code or one.company.short_name or one.company.company or ""


def _take(cases: Iterable[Case], count: int) -> list[Case]:
    return [case for _, case in zip(range(count), cases, strict=False)]
