"""Lists and briefs against the records themselves: `python -m eval.studies.views listing --library DIR [--briefs]`.

A list is compared, passage by passage, with a plain text search that shares nothing with it: NFKC, white space taken
out, and `in`. Briefs are held against the text that they quote. Questions are compared with labels that were written
before the code; half of them were not looked at until the end.
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.studies.given import CASES, lines_of
from ingest.library.library import Library
from ingest.records import Record
from ingest.settings import Settings
from rag.asking.companies import CompanyNames
from rag.asking.kinds import kind_of
from rag.asking.question import simplified, understand
from rag.views.asked_words import segmented, wanted
from rag.views.brief import Brief, brief_of, latest_of
from rag.views.listing import Hit, find
from rag.views.texts import brief_as_text
from rag.views.words import words_of

# Frequent, rare and absent ones, Latin, mixed, several at once.
WORDS = (
    "液冷|浸没式液冷|人形机器人|核电|关税|美国 关税|固态电池|碳化硅|光刻胶 验证|ArF|HBM|AMD|AI|GPU|Chiplet|先进封装|股份回购|股权激励"
    "|海外 毛利率|在手订单|产能利用率|实体清单|低空经济|数据中心 液冷|NF3|玻璃基板|特高压 订单|华为|英伟达|调研"
).split("|")
DRAWN, SEED = 100, 12
BRIEFS = 12

Passage = tuple[str, str, int]  # record, kind, pair


@dataclass(frozen=True, slots=True)
class Compared:
    """One list against the plain search: how many passages both found, only one of them, and how long the list took.

    `traditional` counts those that hold the words in traditional characters, which the plain search does not know.
    """

    words: str
    both: int
    missed: tuple[Passage, ...]
    extra: tuple[Passage, ...]
    traditional: int
    milliseconds: float


def compared(library: Library, words: str, texts: dict[Passage, str]) -> Compared:
    """A list of some words (parted by spaces) against the plain search."""
    started = time.perf_counter()
    listing = find(library, words_of(words))
    elapsed = (time.perf_counter() - started) * 1000
    found = {(hit.record_id, _kind(library, hit), hit.pair) for hit in listing.hits}
    wanted_there = {key for key, text in texts.items() if all(_stands(word, text) for word in words.split())}
    beyond = sorted(found - wanted_there)
    extra = [
        key for key in beyond if not all(_stands(word, simplified(texts[key])) for word in words.split())
    ]
    missed = tuple(sorted(wanted_there - found))
    both = len(found & wanted_there)
    return Compared(words, both, missed, tuple(extra), len(beyond) - len(extra), elapsed)


def _kind(library: Library, hit: Hit) -> str:
    """The kind of a hit's passage, statements counted through their record."""
    if hit.part != "statement":
        return hit.part
    statements = library.record(hit.record_id).statements
    at = next(at for at, one in enumerate(statements) if one.span.start <= hit.places[0].start < one.span.end)
    return f"statement{at}"


def plain_texts(library: Library) -> dict[Passage, str]:
    """Every passage as the plain search sees it."""
    texts: dict[Passage, str] = {}
    for one in library.records():
        record = library.record(one.id)
        for pair in record.pairs:
            texts[one.id, "pair", pair.number] = _plain(f"{pair.question}\x00{pair.answer}")
        if record.format not in ("csv", "xlsx"):
            texts[one.id, "form", 0] = _plain(_rest(record))
        for at, statement in enumerate(record.statements):
            texts[one.id, f"statement{at}", 0] = _plain(statement.text)
    return texts


def _rest(record: Record) -> str:
    taken = sorted(
        [span for pair in record.pairs for span in (pair.question_span, pair.answer_span)]
        + [statement.span for statement in record.statements]
    )
    parts, at = [], 0
    for span in taken:
        parts.append(record.text[at : span.start])
        at = max(at, span.end)
    return "\x00".join([*parts, record.text[at:]])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _stands(word: str, text: str) -> bool:
    word = _plain(word)
    if re.fullmatch(r"[a-z]+", word):  # a word of letters is looked for as a word
        return bool(re.search(rf"(?<![a-z]){word}s?(?![a-z])", text))
    return word in re.sub(r"\s+", "", text)


def drawn(texts: dict[Passage, str], count: int, seed: int) -> list[str]:
    """Words of two to six Han characters cut at random from random passages: no person chose them."""
    draw = random.Random(seed)
    runs = [run for key in sorted(texts) for run in re.findall(r"[\u4e00-\u9fff]{2,}", texts[key])]
    found: set[str] = set()
    while len(found) < count:
        run = draw.choice(runs)
        length = min(len(run), draw.randint(2, 6))
        start = draw.randint(0, len(run) - length)
        found.add(run[start : start + length])
    return sorted(found)


def read_questions(file: str, names: CompanyNames) -> tuple[int, int, int, list[str]]:
    """How many questions of `eval/cases/FILE.jsonl` there are, of how many the kind and the words are read right,
    and those that are not."""
    rows = lines_of(CASES / f"{file}.jsonl")
    kinds = words = 0
    wrong: list[str] = []
    for row in rows:
        asked = understand(row["question"], names)
        sought = wanted(asked, names).words
        kind_right = kind_of(asked) == row["kind"] and [c.code for c in asked.companies] == row.get(
            "companies", []
        )
        allowed = [sorted(map(_plain, each)) for each in row["words"]]
        words_right = any(sorted(map(_plain, each)) in allowed for each in (sought, segmented(sought)))
        kinds += kind_right
        words += words_right
        if not (kind_right and words_right):
            wrong.append(f"{kind_of(asked)} {'|'.join(sought)}: {row['question']}")
    return len(rows), kinds, words, wrong


def faults(library: Library, brief: Brief) -> Iterator[str]:
    """What is wrong with a brief that can be told without reading it."""
    record = library.record(brief.record_id)
    answers = {pair.number: pair for pair in record.pairs}
    if [line.pair for line in brief.questions] != sorted(answers):
        yield "questions are missing"
    for line in brief.questions:
        if line.claim is None:
            yield f"no sentence for {line.pair}"
            continue
        citation = line.claim.citations[0]
        if record.text[citation.start : citation.end] != citation.quote:
            yield f"the quote of {line.pair} is not verbatim"
        span = answers[line.pair].answer_span
        if not (span.start <= citation.start and citation.end <= span.end):
            yield f"the quote of {line.pair} is not from its answer"


def main(arguments: Sequence[str]) -> int:
    """Print all measures; 1 where a list misses a passage or has a false one."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.views", description=__doc__)
    parser.add_argument("view", choices=("listing",))
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--briefs", action="store_true", help="also print the briefs, to be read by eye")
    given = parser.parse_args(arguments)
    settings = Settings(library=given.library, model="none")
    with Library.open(given.library, settings) as library:
        failed = _print_lists(library)
        _print_questions(CompanyNames.of(library))
        _print_briefs(library, shown=given.briefs)
    return 1 if failed else 0


def _print_lists(library: Library) -> bool:
    texts = plain_texts(library)
    failed = False
    for title, lists in (("chosen", list(WORDS)), ("drawn by lot", drawn(texts, DRAWN, SEED))):
        results = [compared(library, words, texts) for words in lists]
        for one in results:
            if one.missed or one.extra:
                failed = True
                print(f"  {one.words}: {one.both} found, missed {one.missed[:3]}, false {one.extra[:3]}")
        both = sum(one.both for one in results)
        missed, extra = (
            sum(len(each) for each in every)
            for every in zip(*((o.missed, o.extra) for o in results), strict=True)
        )
        times = sorted(one.milliseconds for one in results)
        print(
            f"lists, {title}: {len(results)}; passages {both + missed}, recall {both / max(1, both + missed):.4f},"
            f" false {extra} of {both + extra}, {sum(one.traditional for one in results)} more in traditional characters; ms a list: median {statistics.median(times):.0f}, slowest {times[-1]:.0f}"
        )
    return failed


def _print_questions(names: CompanyNames) -> None:
    for file in ("lists", "lists_heldout", "lists_fresh", "lists_last"):
        count, kinds, words, wrong = read_questions(file, names)
        print(f"questions, {file}: {count}; kind and company right {kinds}, words right {words}")
        for line in wrong:
            print(f"  {line}")


def _print_briefs(library: Library, *, shown: bool) -> None:
    records = library.records()
    chosen = []
    for code in sorted({one.code for one in records if one.code and one.held_on}):
        own = [one for one in records if one.code == code and one.held_on]
        latest = latest_of(own)
        if latest:
            chosen.append(latest)
            chosen += [one for one in own if one.id != latest.id and one.pairs][
                len(own) // 2 : len(own) // 2 + 1
            ]
    times: list[float] = []
    questions = wrong = 0
    for one in chosen[: 2 * BRIEFS]:
        started = time.perf_counter()
        brief = brief_of(library, one, records)
        times.append((time.perf_counter() - started) * 1000)
        questions += len(brief.questions)
        found = list(faults(library, brief))
        wrong += len(found)
        if found:
            print(f"  {one.source_file}: {'; '.join(found)}")
        if shown:
            print(brief_as_text(brief), end="\n\n")
    print(
        f"briefs: {len(times)} of {len(records)} records, {questions} questions, {wrong} faults;"
        f" ms a brief: median {statistics.median(times):.0f}, slowest {max(times):.0f}"
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
