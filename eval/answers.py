"""Runs cases through DisclosureQA, or takes recorded answers of any system, and scores each.

    jupilu eval answers eval/cases/examples.jsonl --library DIR
    jupilu eval answers CASES.jsonl --recorded ANSWERS.jsonl

`eval.metrics` sums up what this gives; `eval.run_file` writes it down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eval.attribution import AnswerScore, score
from eval.cases import Case, GoldPair, facts_found
from eval.correctness import Place, wrong_and_cited
from eval.recorded import RecordedAnswer, RecordedPassage, from_answer
from eval.retrieval import measure_each
from ingest.library.library import Library
from rag.answers import Answer
from rag.disclosure_qa import DisclosureQA
from rag.finding.judgement import any_of
from rag.finding.relevance import MOST_SHOWN
from rag.finding.retrieval import Evidence
from rag.grounding.second_opinion import SecondOpinion

Progress = Callable[[int, int], None]


class GoldMissing(Exception):
    """None of a case's gold files is in the library: the case cannot be judged here."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    `case` is None for a recorded answer without one. `searches` holds hit@k, MRR and nDCG for each search
    with gold (one, unless companies are compared). `foreign` are companies cited that the question is not
    about; `unfaithful` counts citations whose quote is not at its place. `shown` is how many key facts stand in what is
    not folded, and how many in the whole of those passages; `characters` is the text's length. `facts` is how many key facts
    were found. `wrong` is None where it cannot be told. Exactly one of `score`, `error` and `skipped` is set.
    """

    id: str
    case: Case | None
    recorded: RecordedAnswer | None = None
    score: AnswerScore | None = None
    searches: tuple[Mapping[str, float], ...] = ()
    facts: int = 0
    shown: tuple[int, int] = (0, 0)
    characters: int | None = None
    foreign: tuple[str, ...] = ()
    unfaithful: int = 0
    quotes: int = 0
    wrong: bool | None = None
    gold_cited: bool | None = None
    gold_first: bool | None = None
    confidence: float | None = None
    error: str | None = None
    skipped: str | None = None
    milliseconds: float | None = None
    scoring_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier turn of a case's conversation, as DisclosureQA takes it."""

    question: str
    answer: dict[str, Any] = field(default_factory=dict)


def run_cases(
    qa: DisclosureQA,
    cases: Sequence[Case],
    progress: Progress | None = None,
    second_opinions: Sequence[SecondOpinion] = (),
    stopped: Callable[[], bool] = lambda: False,
) -> list[CaseResult]:
    """Ask every case; an exception costs that case alone and is kept as its error.

    `stopped` is asked before each: once it says True, the results so far are given.

    A case is skipped, with its reason, where none of its gold files is in the library, and where it expects
    not_found or has no gold although the library has none of the gold files of all the cases: it is about
    other companies.
    """
    places = {case.id: gold_places(qa.library, case.gold) for case in cases}
    elsewhere = any(case.gold for case in cases) and not any(places.values())
    results: list[CaseResult] = []
    for done, case in enumerate(cases, 1):
        if stopped():
            break
        started = time.perf_counter()
        try:
            if case.gold and not places[case.id]:
                raise GoldMissing(f"not in the library: {', '.join(gold.file for gold in case.gold)}")
            if elsewhere and case.outcome not in ("out_of_scope", "company_unknown"):
                raise GoldMissing("the case is about companies that are not in the library")
            results.append(_asked(qa, case, places[case.id], second_opinions))
        except GoldMissing as reason:
            results.append(CaseResult(case.id, case, skipped=str(reason)))
        except Exception as error:  # noqa: BLE001  # the evaluation counts failures instead of dying of one
            spent = (time.perf_counter() - started) * 1000
            fault = f"{type(error).__name__}: {error}"
            results.append(CaseResult(case.id, case, error=fault, milliseconds=spent))
        if progress:
            progress(done, len(cases))
    return results


def score_recorded(
    answers: Sequence[RecordedAnswer],
    cases: Sequence[Case] = (),
    library: Library | None = None,
    progress: Progress | None = None,
    second_opinions: Sequence[SecondOpinion] = (),
) -> list[CaseResult]:
    """Score recorded answers, joined with the cases of the same id; cases without an answer are skipped.

    Args:
        answers: of any system.
        cases: give key facts, outcomes and gold.
        library: finds the records that the gold names by file; without it only gold that names a record's
            id can be found.
        progress: told how many are done.
        second_opinions: see `eval.attribution.score`.
    """
    known = {case.id: case for case in cases}
    results: list[CaseResult] = []
    for number, recorded in enumerate(answers, 1):
        case = known.get(recorded.id or "")
        own_id = recorded.id or f"line {number}"
        try:
            places = _recorded_places(recorded, case, library)
            results.append(_scored(own_id, case, recorded, places, second_opinions))
        except Exception as error:  # noqa: BLE001  # as above
            fault = f"{type(error).__name__}: {error}"
            results.append(CaseResult(own_id, case, recorded=recorded, error=fault))
        if progress:
            progress(number, len(answers))
    answered = {recorded.id for recorded in answers}
    absent = [case for case in cases if case.id not in answered]
    return [*results, *(CaseResult(c.id, c, skipped="no recorded answer has this id") for c in absent)]


def gold_places(library: Library, gold: Sequence[GoldPair]) -> dict[Place, str | None]:
    """(record id, pair number) of each gold pair that is in the library, with the company's code.

    A csv holds several records; its pair numbers run through the file, so one of them has the number.
    """
    places: dict[Place, str | None] = {}
    for pair in gold:
        of_file = [r for r in library.records() if r.source_file == pair.file or r.id.startswith(pair.file)]
        for summary in of_file:
            record = library.record(summary.id)
            if len(of_file) == 1 or any(p.number == pair.pair for p in record.pairs):
                places[(record.id, pair.pair)] = record.form.code
    return places


def _asked(
    qa: DisclosureQA, case: Case, places: Mapping[Place, str | None], opinions: Sequence[SecondOpinion]
) -> CaseResult:
    turns: list[_Earlier] = []
    for question in case.history:
        earlier = qa.ask(question, company=case.company, as_of=case.as_of, history=turns)
        turns.append(_Earlier(question, earlier.as_json()))
    started = time.perf_counter()
    answer = qa.ask(case.question, company=case.company, as_of=case.as_of, history=turns)
    spent = (time.perf_counter() - started) * 1000
    alone = answer.standalone_question if case.history else case.question
    groups = qa.search(alone, company=case.company, as_of=case.as_of)
    recorded = from_answer(case.id, answer, spent / 1000, f"jupilu ({answer.model})")
    result = _scored(case.id, case, recorded, places, opinions)
    confidence = max(
        (any_of([one.score for one in group[:MOST_SHOWN]]) for group in groups if group), default=None
    )
    named = {c.code for c in qa.library.companies() if c.code and c.short_name and c.short_name in alone}
    return CaseResult(
        id=case.id,
        case=case,
        recorded=recorded,
        score=result.score,
        searches=_searches(groups, places),
        facts=result.facts,
        shown=_shown(case, answer),
        characters=len(answer.text) if answer.outcome == "answered" else None,
        foreign=_foreign(recorded.passages, {code for code in places.values() if code} | named),
        unfaithful=_unfaithful(qa.library, answer),
        quotes=sum(len(claim.citations) for claim in answer.claims),
        wrong=result.wrong,
        gold_cited=result.gold_cited,
        gold_first=result.gold_first,
        confidence=confidence,
        milliseconds=spent,
        scoring_seconds=result.scoring_seconds,
    )


def _scored(
    own_id: str,
    case: Case | None,
    recorded: RecordedAnswer,
    places: Mapping[Place, str | None],
    opinions: Sequence[SecondOpinion],
) -> CaseResult:
    started = time.perf_counter()
    scored = score(recorded, opinions)
    took = time.perf_counter() - started
    facts = facts_found(case, "".join(s.text for s in scored.sentences)) if case else 0
    used = {mark for sentence in scored.sentences for mark in sentence.marks}
    cited = [passage for passage in recorded.passages if passage.mark in used]
    cites = [(passage.record_id, passage.pair) for passage in cited]
    wrong: bool | None = None
    if case and (places or not case.gold):
        wrong = wrong_and_cited(
            expected=case.outcome,
            outcome=scored.outcome,
            facts=facts,
            gold=set(places),
            cited=set(cites),
            gold_codes=set(places.values()),
            cited_codes={passage.code for passage in cited},
        )
    return CaseResult(
        id=own_id,
        case=case,
        recorded=recorded,
        score=scored,
        facts=facts,
        foreign=_foreign(cited, {code for code in places.values() if code}),
        wrong=wrong,
        gold_cited=any(place in places for place in cites) if places else None,
        gold_first=bool(cites) and cites[0] in places if places else None,
        milliseconds=None if recorded.seconds is None else recorded.seconds * 1000,
        scoring_seconds=took,
    )


def _recorded_places(
    recorded: RecordedAnswer, case: Case | None, library: Library | None
) -> dict[Place, str | None]:
    if case is None:
        return {}
    if library is not None:
        return gold_places(library, case.gold)
    cited = {p.record_id: p.code for p in recorded.passages if p.record_id}
    return {
        (record, gold.pair): code
        for gold in case.gold
        for record, code in cited.items()
        if record.startswith(gold.file)
    }


def _foreign(cited: Sequence[RecordedPassage], expected: set[str]) -> tuple[str, ...]:
    codes = {passage.code for passage in cited if passage.code}
    return tuple(sorted(codes - expected)) if expected else ()


def _shown(case: Case, answer: Answer) -> tuple[int, int]:
    """How many key facts are in the claims that are not folded, and how many in all claims of the same passages."""
    open_ones = [claim for claim in answer.claims if not claim.folded]
    marks = {citation.mark for claim in open_ones for citation in claim.citations}
    whole = [claim for claim in answer.claims if any(c.mark in marks for c in claim.citations)]
    shown, told = (facts_found(case, "".join(claim.text for claim in some)) for some in (open_ones, whole))
    return shown, told


def _unfaithful(library: Library, answer: Answer) -> int:
    cited = [citation for claim in answer.claims for citation in claim.citations]
    return sum(library.record(c.record_id).text[c.start : c.end] != c.quote for c in cited)


def _searches(
    groups: Sequence[Sequence[Evidence]], places: Mapping[Place, str | None]
) -> tuple[dict[str, float], ...]:
    """hit@k, MRR and nDCG of each company's evidence; companies without gold don't count.

    Passages that are shown as one (repeats, slices of a pair) count once, at the first one's rank.
    """
    found: list[dict[str, float]] = []
    for group in groups:
        codes = {evidence.passage.code for evidence in group}
        own = {place for place, code in places.items() if code in codes}
        if not own:
            continue
        wanted, ranking = set(own), list[Place]()
        for evidence in group:
            covered = [(p.record_id, p.number) for p in (evidence.passage, *evidence.repeats)]
            first = next((place for place in covered if place in wanted), covered[0])
            wanted -= {place for place in covered if place != first}
            if first not in ranking:
                ranking.append(first)
        relevant = {"q": {str(place): 1 for place in wanted}}
        found.append(measure_each(relevant, {"q": [str(place) for place in ranking]})["q"])
    nothing = dict.fromkeys(("hit@1", "hit@5", "hit@10", "mrr@10", "ndcg@10"), 0.0)
    return tuple(found) or (nothing,) * bool(places)
