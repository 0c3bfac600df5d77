"""Jupilu beside the pipeline that one would otherwise build, on the same cases, scored by the same measure.

    python -m eval.studies.versus --library DIR CASES... [--model local --out FOLDER]

Without a model: Jupilu's verbatim answers against the plain pipeline's top chunk, quoted. With one (none, local or
provider:model) both also write; what is written is kept in FOLDER as recorded answers, a row as soon as it is
done, and a run goes on where it stopped. No verdict of the gate inside the product is used: every answer is
scored from its recorded form.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

from eval.attribution import score
from eval.cases import Case, facts_found, read_cases
from eval.folds import trained_without
from eval.recorded import RecordedAnswer, from_answer, read_recorded, write_recorded
from eval.studies.plain_pipeline import TOP, PlainPipeline, asked_of
from ingest.library.library import Library
from ingest.settings import Settings
from rag.disclosure_qa import DisclosureQA, TrainedFor
from rag.models.chosen import open_model

Place = tuple[str, int]  # a record's id and a pair's number
PATIENCE: Final = 900.0  # seconds
ANSWERS: Final = ("answered", "evaded")


@dataclass(frozen=True, slots=True)
class Measured:
    """What became of one case in one system; counts, so that shares add up over cases.

    `record_found` and `pair_found` say whether the top five held the gold's record and pair; None without gold.
    """

    facts: int
    outcome_right: bool
    record_found: bool | None
    pair_found: bool | None
    sentences: int
    supported: int
    citations: int
    precise: int
    wrong_and_cited: bool
    too_late: bool
    seconds: float


def measure(
    case: Case, answer: RecordedAnswer, retrieved: Sequence[frozenset[Place]], gold: dict[Place, str | None]
) -> Measured:
    """Score one recorded answer.

    Args:
        case: its question and gold.
        answer: as a user read it.
        retrieved: the places that each retrieved passage covers, best first.
        gold: the places of the gold pairs with their companies' codes.
    """
    scored = score(answer).sentences  # none of a refusal
    marks = {mark for one in scored for mark in one.marks}
    cited = [passage for passage in answer.passages if passage.mark in marks]
    # What stands below a refusal is said to be near, and is no answer.
    facts = facts_found(case, answer.answer) if answer.outcome in ANSWERS else 0
    top = retrieved[:TOP]
    codes = {code for code in gold.values() if code}
    places = {(p.record_id or "", p.pair or 0) for p in cited}
    places |= {place for covered in retrieved if covered & places for place in covered}
    if answer.outcome != "answered" or not cited:
        wrong = False
    elif case.outcome not in ANSWERS:
        wrong = True
    else:
        foreign = bool(codes) and any(p.code and p.code not in codes for p in cited)
        wrong = foreign or (not facts and bool(gold) and not places & gold.keys())
    return Measured(
        facts=facts,
        outcome_right=case.accepts(answer.outcome or ""),
        record_found=any({r for r, _ in gold} & {r for r, _ in one} for one in top) if gold else None,
        pair_found=any(gold.keys() & one for one in top) if gold else None,
        sentences=len(scored),
        supported=sum(one.recalled for one in scored),
        citations=sum(len(one.citations) + len(one.invented) for one in scored),
        precise=sum(c.precise for one in scored for c in one.citations),
        wrong_and_cited=wrong,
        too_late=bool(case.as_of and any(p.published_on and p.published_on > case.as_of for p in cited)),
        seconds=answer.seconds or 0.0,
    )


def gold_places(library: Library, case: Case) -> dict[Place, str | None]:
    """The places of a case's gold pairs with their companies' codes."""
    places: dict[Place, str | None] = {}
    for gold in case.gold:
        for summary in library.records():
            if summary.source_file == gold.file or summary.id.startswith(gold.file):
                numbers = {pair.number for pair in library.record(summary.id).pairs}
                if gold.pair in numbers or gold.pair == 0:
                    places[summary.id, gold.pair] = summary.code
    return places


def table(columns: Mapping[str, Sequence[Measured]], cases: Sequence[Case]) -> str:
    """The comparison in Markdown, a column for each system; counts beside every share."""
    facts = sum(len(case.key_facts) for case in cases)
    refusals = [at for at, case in enumerate(cases) if case.outcome not in ANSWERS]
    dated = [at for at, case in enumerate(cases) if case.as_of]
    lines = [f"| {len(cases)} cases | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]

    def row(name: str, value: Callable[[Sequence[Measured]], str]) -> None:
        lines.append(f"| {name} | {' | '.join(value(column) for column in columns.values())} |")

    row("right record in the top 5", lambda c: share(m.record_found for m in c if m.record_found is not None))
    row("right pair in the top 5", lambda c: share(m.pair_found for m in c if m.pair_found is not None))
    row("key facts in the answer", lambda c: of(sum(m.facts for m in c), facts))
    row("outcome right", lambda c: share(m.outcome_right for m in c))
    row("refused what has no answer", lambda c: share(c[at].outcome_right for at in refusals))
    row("wrong and cited", lambda c: share(m.wrong_and_cited for m in c))
    row("cites what was published after the as-of day", lambda c: share(c[at].too_late for at in dated))
    row(
        "sentences supported (citation recall)",
        lambda c: of(sum(m.supported for m in c), sum(m.sentences for m in c)),
    )
    row("citation precision", lambda c: of(sum(m.precise for m in c), sum(m.citations for m in c)))
    row("mean seconds an answer", lambda c: f"{sum(m.seconds for m in c) / len(c):.2f}" if c else "—")
    return "\n".join(lines)


def share(values: Iterable[bool | None]) -> str:
    """The share of true values with its counts."""
    known = [bool(value) for value in values]
    return of(sum(known), len(known))


def of(part: int, whole: int) -> str:
    """A share with its counts; a dash where there is nothing."""
    return f"{part / whole:.1%} ({part} of {whole})" if whole else "— (0)"


def resumed(
    path: Path, cases: Sequence[Case], answer: Callable[[Case], RecordedAnswer]
) -> list[RecordedAnswer]:
    """The answers to all cases: those that `path` holds are not asked again, each new one is kept at once."""
    done = {one.id: one for one in read_recorded(path)} if path.exists() else {}
    for case in cases:
        if case.id not in done:
            done[case.id] = answer(case)
            write_recorded(path, done.values())
            print(f"{path.stem}: {case.id} {done[case.id].seconds} s", file=sys.stderr)
    return [done[case.id] for case in cases]


def asked(qa: DisclosureQA, system: str) -> Callable[[Case], RecordedAnswer]:
    """Answers cases with Jupilu, in recorded form."""

    def answer(case: Case) -> RecordedAnswer:
        started = perf_counter()
        given = qa.ask(case.question, company=case.company, as_of=case.as_of, history=case.history)
        return from_answer(case.id, given, round(perf_counter() - started, 3), system)

    return answer


def compare(
    cases: Sequence[Case],
    settings: Settings,
    library: Path,
    index: Path,
    out: Path | None,
    trained: TrainedFor | None = None,
) -> dict[str, list[Measured]]:
    """Every system's answers to all cases, measured; written ones only where the settings name a model."""
    columns: dict[str, list[RecordedAnswer]] = {}
    plain = settings.model_copy(update={"model": "none"})
    with DisclosureQA(Library.open(library, plain), plain, keeps_receipts=False, trained=trained) as qa:
        pipeline = PlainPipeline(qa.library, index)
        columns["Jupilu, verbatim"] = [asked(qa, "jupilu verbatim")(case) for case in cases]
        columns["plain, top chunk"] = [pipeline.answer(case) for case in cases]
        found = {
            "Jupilu": [_evidence(qa, case) for case in cases],
            "plain": [_chunks(pipeline, case) for case in cases],
        }
        gold = [gold_places(qa.library, case) for case in cases]
        source = open_model(settings)
        if source is not None:
            assert out is not None  # main asks for it
            out.mkdir(parents=True, exist_ok=True)
            try:
                model = source.connect()
                columns["plain, written"] = resumed(
                    out / "plain-written.jsonl", cases, lambda case: pipeline.answer(case, model)
                )
            finally:
                source.close()
    if source is not None and out is not None:
        with DisclosureQA.open(library, settings) as writing:
            columns["Jupilu, written"] = resumed(
                out / "jupilu-written.jsonl", cases, asked(writing, "jupilu written")
            )
    return {
        name: [
            measure(case, answer, retrieved, places)
            for case, answer, retrieved, places in zip(
                cases, answers, found[name.split(",")[0]], gold, strict=True
            )
        ]
        for name, answers in columns.items()
    }


def _evidence(qa: DisclosureQA, case: Case) -> list[frozenset[Place]]:
    """The places of the retrieved passages; of two companies in turn, best first."""
    groups = qa.search(case.question, company=case.company, as_of=case.as_of)
    ranked = sorted(((rank, at) for at, group in enumerate(groups) for rank in range(len(group))))
    return [
        frozenset((p.record_id, p.number) for p in (groups[at][rank].passage, *groups[at][rank].repeats))
        for rank, at in ranked
    ]


def _chunks(pipeline: PlainPipeline, case: Case) -> list[frozenset[Place]]:
    """The places of the retrieved chunks: every pair that a chunk overlaps, else its record alone."""
    return [
        frozenset((chunk.record_id, number) for number in chunk.pairs or (0,))
        for chunk in pipeline.search(asked_of(case))
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.studies.versus", description=__doc__.splitlines()[0] if __doc__ else ""
    )
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument(
        "--index", type=Path, help="where the plain pipeline keeps its chunks; in the library by default"
    )
    parser.add_argument("--model", default="none")
    parser.add_argument("--out", type=Path, help="folder of written answers; needed with --model")
    parser.add_argument("--limit", type=int, help="only the first so many cases")
    parser.add_argument(
        "--folds",
        type=Path,
        help="answer each company with trained parts that have not seen it (eval/fold_models)",
    )
    given = parser.parse_args(arguments)
    if given.model != "none" and given.out is None:
        parser.error("--model needs --out")
    cases = read_cases(given.cases)[: given.limit]
    # How long a model takes is told, not judged: no answer is cut short.
    patient = {"model_timeout": PATIENCE, "model_deadline": PATIENCE}
    settings = Settings().model_copy(update={"library": given.library, "model": given.model, **patient})
    columns = compare(
        cases,
        settings,
        given.library,
        given.index or given.library / "plain-pipeline",
        given.out,
        trained_without(given.folds) if given.folds else None,
    )
    print(table(columns, cases))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
