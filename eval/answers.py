"""Runs cases through DisclosureQA: is the right pair found, is the outcome right, do the facts stand there?

jupilu eval answers eval/cases/examples.jsonl --library DIR
"""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.cases import Case, GoldPair, facts_found
from ingest.library import Library
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA
from rag.retrieval import Evidence


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    `ranks` is where the first right pair stands, for each company with gold (one, unless companies are
    compared); None where it was not retrieved. `foreign` are companies cited that the
    question is not about; `unfaithful` counts citations whose quote is not at its place.
    """

    case: Case
    answer: Answer | None
    ranks: tuple[int | None, ...]
    facts: int
    foreign: tuple[str, ...]
    unfaithful: int
    milliseconds: float
    error: str | None = None


def run_cases(
    qa: DisclosureQA, cases: Sequence[Case], progress: Callable[[int, int], None] | None = None
) -> list[CaseResult]:
    """Ask every case; an exception costs that case alone and is kept as its error."""
    results: list[CaseResult] = []
    for done, case in enumerate(cases, 1):
        started = time.perf_counter()
        try:
            results.append(_run(qa, case))
        except Exception as error:  # noqa: BLE001  # the evaluation counts failures instead of dying of one
            spent = (time.perf_counter() - started) * 1000
            results.append(CaseResult(case, None, (), 0, (), 0, spent, f"{type(error).__name__}: {error}"))
        if progress:
            progress(done, len(cases))
    return results


def _run(qa: DisclosureQA, case: Case) -> CaseResult:
    started = time.perf_counter()
    answer = qa.ask(case.question, company=case.company, as_of=case.as_of)
    spent = (time.perf_counter() - started) * 1000
    groups = qa.search(case.question, company=case.company, as_of=case.as_of)
    named = {
        c.code for c in qa.library.companies() if c.code and c.short_name and c.short_name in case.question
    }
    places = _gold_places(qa.library, case.gold)
    gold_codes = {code for code in places.values() if code}
    cited = [citation for claim in answer.claims for citation in claim.citations]
    expected = gold_codes | named
    foreign = {c.code for c in cited if c.code and expected and c.code not in expected}
    unfaithful = sum(qa.library.record(c.record_id).text[c.start : c.end] != c.quote for c in cited)
    return CaseResult(
        case=case,
        answer=answer,
        ranks=_ranks(groups, places),
        facts=facts_found(case, "".join(claim.text for claim in answer.claims)),
        foreign=tuple(sorted(foreign)),
        unfaithful=unfaithful,
        milliseconds=spent,
    )


def _gold_places(library: Library, gold: Sequence[GoldPair]) -> dict[tuple[str, int], str | None]:
    """(record id, pair number) of each gold pair, with the company's code.

    A csv holds several records; its pair numbers run through the file, so one of them has the number.
    """
    places: dict[tuple[str, int], str | None] = {}
    for pair in gold:
        of_file = [r for r in library.records() if r.source_file == pair.file or r.id.startswith(pair.file)]
        for summary in of_file:
            record = library.record(summary.id)
            if len(of_file) == 1 or any(p.number == pair.pair for p in record.pairs):
                places[(record.id, pair.pair)] = record.form.code
    if gold and not places:
        raise ValueError(f"none of the gold files is in the library: {', '.join(g.file for g in gold)}")
    return places


def _ranks(
    groups: Sequence[Sequence[Evidence]], places: Mapping[tuple[str, int], str | None]
) -> tuple[int | None, ...]:
    """Where the first right pair stands in each company's evidence; companies without gold don't count."""
    ranks: list[int | None] = []
    for group in groups:
        codes = {evidence.passage.code for evidence in group}
        own = {place for place, code in places.items() if code in codes}
        if own:
            ranks.append(
                next(
                    (
                        rank
                        for rank, evidence in enumerate(group, 1)
                        if any((p.record_id, p.number) in own for p in (evidence.passage, *evidence.repeats))
                    ),
                    None,
                )
            )
    return tuple(ranks) or (None,) * bool(places)


def summarise(results: Sequence[CaseResult]) -> dict[str, Any]:
    """The figures over all cases: counts beside every share, nothing skipped silently."""
    ran = [r for r in results if r.answer is not None]
    ranks = [rank for r in ran for rank in r.ranks]
    with_facts = [r for r in ran if r.case.key_facts]
    facts = sum(len(r.case.key_facts) for r in with_facts)
    times = sorted(r.milliseconds for r in ran)
    wrong_answered = [r for r in ran if r.answer and r.answer.outcome == "answered" and r.foreign]
    return {
        "cases": len(results),
        "errors": len(results) - len(ran),
        "searches_with_gold": len(ranks),
        "right_pair_top1": _share(sum(rank == 1 for rank in ranks), len(ranks)),
        "right_pair_top5": _share(sum(rank is not None and rank <= 5 for rank in ranks), len(ranks)),
        "key_facts": facts,
        "key_facts_present": _share(sum(r.facts for r in with_facts), facts),
        "outcome_right": _share(
            sum(r.answer is not None and r.answer.outcome == r.case.outcome for r in ran), len(ran)
        ),
        "answered_with_another_company": len(wrong_answered),
        "unfaithful_citations": sum(r.unfaithful for r in ran),
        "citations": sum(len(c.citations) for r in ran if r.answer for c in r.answer.claims),
        "ms_p50": round(statistics.median(times), 1) if times else None,
        "ms_p95": round(times[int(0.95 * (len(times) - 1))], 1) if times else None,
    }


def confusion(results: Sequence[CaseResult]) -> Counter[tuple[str, str]]:
    """How often each expected outcome came out as each outcome; errors under "error"."""
    return Counter((r.case.outcome, r.answer.outcome if r.answer else "error") for r in results)


def failures(results: Sequence[CaseResult]) -> list[str]:
    """A line for each case that is not as it should be."""
    lines: list[str] = []
    for r in results:
        faults: list[str] = []
        if r.answer is None:
            faults.append(r.error or "error")
        else:
            if r.answer.outcome != r.case.outcome:
                faults.append(f"{r.answer.outcome}, should be {r.case.outcome}")
            faults += [f"right pair at {rank or 'no'} place" for rank in r.ranks if rank != 1]
            if r.facts < len(r.case.key_facts):
                faults.append(f"{r.facts} of {len(r.case.key_facts)} key facts")
            if r.foreign:
                faults.append(f"cites {', '.join(r.foreign)}")
            if r.unfaithful:
                faults.append(f"{r.unfaithful} quotes not at their place")
        if faults:
            lines.append(f"{r.case.id} ({r.case.type}) {r.case.question}: {'; '.join(faults)}")
    return lines


def faults_and_outcomes(results: Sequence[CaseResult]) -> list[str]:
    """The lines under which both commands print the figures: what went wrong, and the outcomes."""
    counted = sorted(confusion(results).items())
    return [
        *(f"  {line}" for line in failures(results)),
        *(f"  {expected:16} → {got:16} {count}" for (expected, got), count in counted),
    ]


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
