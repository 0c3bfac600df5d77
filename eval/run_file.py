"""The JSON of one run: what was measured, with which versions on which inputs, and every case.

Two runs over the same inputs give the same bytes but for the section `timings`. The schema is documented in
docs/evaluation.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from eval.answers import CaseResult
from eval.attribution import SentenceScore
from eval.bootstrap import LEVEL, RESAMPLES, SEED
from eval.confidence import confidence
from eval.metrics import counts, faults, latency, metrics, outcomes
from eval.recorded import RecordedPassage
from ingest.library.library import Library
from ingest.settings import Settings

SCHEMA: Final = "jupilu-eval-answers/1"


def document(
    results: Sequence[CaseResult],
    *,
    settings: Settings,
    cases: Sequence[Path] = (),
    recorded: Path | None = None,
    library: Library | None = None,
    writes: str = "none",
    second_opinions: Sequence[str] = (),
) -> dict[str, Any]:
    """The run as JSON.

    Args:
        results: of all cases, in order.
        settings: name the models.
        cases: the case files.
        recorded: the file of recorded answers, if that is what was scored.
        library: that was asked, or in which gold was looked up.
        writes: what wrote the answers.
        second_opinions: names of the judges that were asked where the gate could not tell.
    """
    scoring = sum(result.scoring_seconds for result in results)
    told = counts(results)
    types = sorted({r.case.type for r in results if r.case})
    expected = sorted({r.case.outcome for r in results if r.case})
    return {
        "schema": SCHEMA,
        "made_by": {
            "jupilu": _version(),
            "gate": gate_hash(),
            "embedding_model": settings.embedding_model if library else None,
            "reranker_model": settings.reranker_model if library else None,
            "writes": writes,
            "second_opinions": list(second_opinions),
        },
        "inputs": _inputs(cases, recorded, library),
        "bootstrap": {"resamples": RESAMPLES, "seed": SEED, "level": LEVEL},
        "counts": told,
        "metrics": {name: one.as_json() for name, one in metrics(results).items()},
        "confidence": confidence(results),
        "outcomes": [
            {"expected": wanted, "got": got, "cases": count}
            for (wanted, got), count in sorted(outcomes(results).items())
        ],
        "by_type": {name: _group(r for r in results if r.case and r.case.type == name) for name in types},
        "by_outcome": {
            name: _group(r for r in results if r.case and r.case.outcome == name) for name in expected
        },
        "cases": [_case(result) for result in results],
        "timings": {
            **latency(results),
            "scoring_seconds": round(scoring, 3),
            "sentences_per_second": round(told["sentences"] / scoring, 1) if scoring else None,
            "ms_by_case": [
                None if r.milliseconds is None else round(r.milliseconds, 1) for r in results
            ],
        },
    }  # fmt: skip


def _inputs(cases: Sequence[Path], recorded: Path | None, library: Library | None) -> dict[str, Any]:
    return {
        "cases": [{"file": path.name, "sha256": _sha256(path)} for path in cases],
        "recorded": {"file": recorded.name, "sha256": _sha256(recorded)} if recorded else None,
        "library": {"snapshot": library.snapshot(), "records": library.count()} if library else None,
    }


def as_text(run: dict[str, Any]) -> str:
    """The document as it is written: sections in the schema's order, never NaN."""
    return json.dumps(run, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_run(path: Path) -> dict[str, Any]:
    """A run that was written before. Raises ValueError where it is none."""
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as JSON ({error})") from error
    if not isinstance(run, dict) or run.get("schema") != SCHEMA:
        raise ValueError(f"{path}: not a run of this schema ({SCHEMA})")
    return run


def gate_hash() -> str:
    """First 12 hex digits of the SHA-256 over the gate's sources: another hash, another judge."""
    import rag.grounding

    folder = Path(rag.grounding.__file__).parent
    told = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        told.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()[:12]


def _group(results: Any) -> dict[str, Any]:
    rows = list(results)
    shown = {name: one.as_json() for name, one in metrics(rows).items() if one.of}
    return {"cases": len(rows), "scored": sum(r.score is not None for r in rows), "metrics": shown}


def _case(result: CaseResult) -> dict[str, Any]:
    case, recorded, score = result.case, result.recorded, result.score
    question = case.question if case else recorded.question if recorded else ""
    return {
        "id": result.id,
        "type": case.type if case else None,
        "question": question,
        "history": list(case.history) if case else [],
        "company": case.company if case else None,
        "as_of": case.as_of.isoformat() if case and case.as_of else None,
        "system": recorded.system if recorded else None,
        "expected": case.outcome if case else None,
        "outcome": score.outcome if score else None,
        "error": result.error,
        "skipped": result.skipped,
        "faults": faults(result),
        "searches": [{name: round(v, 4) for name, v in one.items()} for one in result.searches],
        "key_facts": {"found": result.facts, "of": len(case.key_facts)} if case else None,
        "another_company": list(result.foreign),
        "quotes": {"in_place": result.quotes - result.unfaithful, "of": result.quotes},
        "wrong_and_cited": result.wrong,
        "gold_cited": result.gold_cited,
        "gold_first": result.gold_first,
        "confidence": result.confidence,
        "answer": recorded.answer if recorded else None,
        "sentences": [_sentence(one) for one in score.sentences] if score else [],
        "passages": [_passage(one) for one in recorded.passages] if recorded else [],
    }


def _sentence(one: SentenceScore) -> dict[str, Any]:
    return {
        "text": one.text,
        "verdict": one.verdict,
        "reasons": list(one.reasons),
        "marks": list(one.marks),
        "marks_without_passage": list(one.invented),
        "citations": [asdict(citation) for citation in one.citations],
        "figures": [asdict(figure) for figure in one.figures],
    }


def _passage(one: RecordedPassage) -> dict[str, Any]:
    return {**asdict(one), "published_on": one.published_on.isoformat() if one.published_on else None}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _version() -> str:
    try:
        return version("jupilu")
    except PackageNotFoundError:
        return "not installed"
