"""The same recorded answers scored by ragas' metrics that need no model, beside ours, and where they differ most.

    python -m eval.studies.ragas_side_by_side ours --library DIR CASES... --out ANSWERS.jsonl   # our scores, with what ragas needs
    python -m eval.studies.ragas_side_by_side theirs ANSWERS.jsonl                              # where ragas is installed

ragas is no dependency of this project: the first step runs here, the second in any environment with
`pip install ragas rapidfuzz rouge-score sacrebleu`; it imports nothing of the project. ragas compares texts:
an answer with a reference answer, retrieved passages with reference passages. The reference is the gold pair's own
answer, the reference passages are the gold pairs' answers. Cases without gold have no reference and are left
out, as ragas cannot score a refusal; how many is printed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

OURS: Final = ("citation_recall", "citation_precision", "key_facts", "outcome_right")
SHOWN: Final = 10
HELD: Final = 30  # characters that tell an answer


def ours(cases_files: Sequence[Path], library: Path, out: Path) -> str:
    """Answer the cases with both systems, score them, and write a line for each with what ragas needs."""
    from eval.cases import read_cases
    from eval.studies.plain_pipeline import PlainPipeline
    from eval.studies.product_mutations import sentences_of
    from eval.studies.versus import asked, gold_places, measure
    from ingest.settings import Settings
    from rag.disclosure_qa import DisclosureQA

    lines: list[str] = []
    left_out = 0
    with DisclosureQA.open(library, Settings(library=library, model="none")) as qa:
        pipeline = PlainPipeline(qa.library, library / "plain-pipeline")
        for case in read_cases(cases_files):
            gold = gold_places(qa.library, case)
            references = [
                pair.answer
                for record, number in gold
                for pair in qa.library.record(record).pairs
                if pair.number == number
            ]
            if not references:
                left_out += 1
                continue
            for answer in (asked(qa, "jupilu verbatim")(case), pipeline.answer(case)):
                measured = measure(case, answer, [], gold)
                plain = "".join(one.text for one in sentences_of(answer))
                lines.append(
                    json.dumps(_line(case.id, answer, plain, references, measured, case), ensure_ascii=False)
                )
    out.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return f"{len(lines)} answers in {out}; {left_out} cases without gold left out"


def _line(
    name: str, answer: Any, plain: str, references: Sequence[str], measured: Any, case: Any
) -> dict[str, Any]:
    facts = len(case.key_facts)
    return {
        "id": name,
        "system": answer.system,
        "question": case.question,
        "response": plain,
        "reference": references[0],
        "retrieved_contexts": [passage.text for passage in answer.passages],
        "reference_contexts": list(references),
        "ours": {
            "citation_recall": measured.supported / measured.sentences if measured.sentences else None,
            "citation_precision": measured.precise / measured.citations if measured.citations else None,
            "key_facts": measured.facts / facts if facts else None,
            "outcome_right": float(measured.outcome_right),
        },
    }


async def theirs(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, float | None]]:
    """ragas' scores of each row; None where it raised or returned NaN."""
    from ragas import SingleTurnSample  # type: ignore[import-not-found, unused-ignore]
    from ragas.metrics import (  # type: ignore[import-not-found, unused-ignore]
        BleuScore,
        NonLLMContextPrecisionWithReference,
        NonLLMContextRecall,
        NonLLMStringSimilarity,
        RougeScore,
    )

    metrics = {
        "string similarity": NonLLMStringSimilarity(),
        "BLEU": BleuScore(),
        "ROUGE-L": RougeScore(),
        "context precision": NonLLMContextPrecisionWithReference(),
        "context recall": NonLLMContextRecall(),
    }
    found: list[dict[str, float | None]] = []
    for row in rows:
        sample = SingleTurnSample(
            user_input=row["question"],
            response=row["response"],
            reference=row["reference"],
            retrieved_contexts=row["retrieved_contexts"],
            reference_contexts=row["reference_contexts"],
        )
        scores: dict[str, float | None] = {}
        for name, metric in metrics.items():
            try:
                value = float(await metric.single_turn_ascore(sample))
            except Exception:  # noqa: BLE001  # counted: a metric that cannot score an answer gives none
                value = float("nan")
            scores[name] = None if value != value else round(value, 4)
        found.append(scores)
    return found


def report(rows: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, float | None]]) -> str:
    """Means by system, then the cases in which ours and theirs order the two systems' answers most differently."""
    systems = sorted({str(row["system"]) for row in rows})
    names = [*OURS, *(scores[0] if scores else ())]
    lines = [f"| metric | {' | '.join(systems)} |", f"|---|{'---|' * len(systems)}"]
    every = [{**row["ours"], **one} for row, one in zip(rows, scores, strict=True)]
    for name in names:
        cells = [
            mean([one[name] for row, one in zip(rows, every, strict=True) if row["system"] == system])
            for system in systems
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    apart = sorted(
        (
            ((one["key_facts"] - one["ROUGE-L"]), row["id"], row["system"], one)
            for row, one in zip(rows, every, strict=True)
            if one["key_facts"] is not None and one.get("ROUGE-L") is not None
        ),
        key=lambda found: (-abs(found[0]), found[1], found[2]),
    )
    lines += ["", *_told_apart(rows, scores)]
    lines += ["", "Where key facts and ROUGE-L are furthest apart:"]
    for gap, name, system, one in apart[:SHOWN]:
        told = ", ".join(f"{key} {one[key]:.2f}" for key in names if one.get(key) is not None)
        lines.append(f"  {name} {system}: {gap:+.2f} ({told})")
    return "\n".join(lines)


def _told_apart(rows: Sequence[Mapping[str, Any]], scores: Sequence[Mapping[str, float | None]]) -> list[str]:
    """Two counts that explain most differences: what is plainly there, and what ragas gives for it."""
    lines: list[str] = []
    pairs = list(zip(rows, scores, strict=True))
    same = [one for row, one in pairs if _plain(row["reference"]) in _plain(row["response"])]
    blind = sum(one.get("ROUGE-L") == 0 for one in same)
    lines.append(
        f"answers that hold their reference word for word: {len(same)}; ROUGE-L 0 for {blind} of them"
    )
    for system in sorted({str(row["system"]) for row in rows}):
        held = [
            one
            for row, one in pairs
            if row["system"] == system
            and any(
                _plain(reference)[:HELD] in _plain(context)
                for reference in row["reference_contexts"]
                for context in row["retrieved_contexts"]
            )
        ]
        none = sum(one.get("context recall") == 0 for one in held)
        lines.append(
            f"{system}: passages that hold a gold answer's first {HELD} characters: {len(held)} answers;"
            f" context recall 0 for {none} of them"
        )
    return lines


def _plain(text: str) -> str:
    return "".join(text.split())


def mean(values: Sequence[float | None]) -> str:
    """The mean with how many it is of, and how many could not be scored."""
    known = [value for value in values if value is not None]
    lost = len(values) - len(known)
    told = f"{statistics.fmean(known):.3f} (n = {len(known)})" if known else "— (n = 0)"
    return f"{told}, {lost} not scored" if lost else told


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.ragas_side_by_side")
    parser.add_argument("step", choices=["ours", "theirs"])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    if given.step == "ours":
        if given.library is None or given.out is None:
            parser.error("ours needs --library and --out")
        print(ours(given.files, given.library, given.out))
        return 0
    rows = [json.loads(line) for file in given.files for line in file.read_text("utf-8").splitlines()]
    print(report(rows, asyncio.run(theirs(rows))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
