"""What a language model adds, and what it costs: every case answered verbatim and written, side by side.

    python -m eval.studies.model_run run eval/cases/shared_a.jsonl eval/cases/shared_b.jsonl --library DIR --out RUN.jsonl
    python -m eval.studies.model_run table RUN.jsonl          # the table of docs/models.md
    python -m eval.studies.model_run verify RUN.jsonl --library DIR   # every shown sentence once more, from the originals
    python -m eval.studies.model_run removed RUN.jsonl -n 10  # drafted sentences that the gate removed, to be read by eye

A run goes on where it stopped: cases that RUN.jsonl holds are not asked again.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.cases import Case, facts_found, read_cases
from eval.correctness import wrong_and_cited
from eval.studies.given import lines_of
from ingest.library.library import Library
from ingest.settings import Settings
from rag.answers import Answer, Drafted, Provisional
from rag.disclosure_qa import DisclosureQA
from rag.grounding import EvidenceText, check


def run(cases: Sequence[Case], qa: DisclosureQA, out: Path) -> None:
    """Ask every case that `out` does not hold yet; one JSON line each, written as it is done."""
    done = {row["id"] for row in rows(out)} if out.exists() else set()
    with out.open("a", encoding="utf-8") as file:
        for case in cases:
            if case.id in done:
                continue
            row = ask(case, qa)
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
            print(case.id, row["model"], f"{row['end_s']:.1f} s", row["notice"] or "", file=sys.stderr)


def ask(case: Case, qa: DisclosureQA) -> dict[str, Any]:
    """One case, as it happens: when the verbatim answer, the first written sentence and the end came."""
    started, worked = time.perf_counter(), time.process_time()
    verbatim: Answer | None = None
    final: Answer | None = None
    verbatim_s = first_s = None
    drafted: list[dict[str, Any]] = []
    for event in qa.stream(case.question, company=case.company, as_of=case.as_of):
        now = time.perf_counter() - started
        if isinstance(event, Provisional):
            verbatim, verbatim_s = event.answer, now
        elif isinstance(event, Drafted):
            if event.claim and first_s is None:
                first_s = now
            drafted.append(
                {"text": event.text, "verdict": event.verdict, "reasons": event.reasons, "marks": event.marks}
            )
        elif isinstance(event, Answer):
            final = event
    assert final is not None  # stream ends with an answer
    end_s = time.perf_counter() - started
    return {
        "id": case.id,
        "type": case.type,
        "question": case.question,
        "expected": case.outcome,
        "facts": len(case.key_facts),
        "verbatim": judged(case, verbatim or final, qa.library),
        "written": judged(case, final, qa.library),
        "asked_model": verbatim is not None,
        "model": final.model,
        "notice": final.notice,
        "drafted": drafted,
        "verbatim_s": verbatim_s if verbatim_s is not None else end_s,
        "first_s": first_s,
        "end_s": end_s,
        "cpu_s": time.process_time() - worked,
        "answer": final.as_json(),
    }


def judged(case: Case, answer: Answer, library: Library) -> dict[str, Any]:
    """Outcome, key facts, and whether the answer is wrong though it cites (eval.correctness)."""
    facts = facts_found(case, "".join(claim.text for claim in answer.claims))
    cited = [citation for claim in answer.claims for citation in claim.citations]
    records = {pair.file: library.record(pair.file) for pair in case.gold}
    wrong = wrong_and_cited(
        expected=case.outcome,
        outcome=answer.outcome,
        facts=facts,
        gold={(records[pair.file].id, pair.pair) for pair in case.gold},
        cited={(citation.record_id, citation.pair) for citation in cited},
        gold_codes={record.form.code for record in records.values()},
        cited_codes={citation.code for citation in cited},
    )
    return {"outcome": answer.outcome, "facts": facts, "wrong_and_cited": wrong, "claims": len(answer.claims)}


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a run."""
    return lines_of(path)


def table(run_rows: Sequence[dict[str, Any]]) -> str:
    """The comparison in Markdown; counts beside every share."""
    with_facts = sum(row["facts"] for row in run_rows)
    asked = [row for row in run_rows if row["asked_model"]]
    written = [row for row in asked if row["model"] != "none"]
    drafted = [one for row in asked for one in row["drafted"]]
    removed = [one for one in drafted if one["verdict"] != "supported"]
    lines = ["| | verbatim | written |", "|---|---|---|"]

    def line(name: str, *values: str) -> None:
        lines.append(f"| {name} | {' | '.join(values)} |")

    def both(key: str) -> tuple[int, int]:
        return tuple(sum(int(row[kind][key]) for row in run_rows) for kind in ("verbatim", "written"))  # type: ignore[return-value]

    cases = len(run_rows)
    line("cases (asked the model; written by it)", str(cases), f"{cases} ({len(asked)}; {len(written)})")
    line("key facts present", *(share(found, with_facts) for found in both("facts")))
    right = [sum(r[k]["outcome"] == r["expected"] for r in run_rows) for k in ("verbatim", "written")]
    line("outcome right", *(share(count, cases) for count in right))
    line("wrong and cited", *(share(count, cases) for count in both("wrong_and_cited")))
    line("drafted sentences that the gate removed", "—", share(len(removed), len(drafted)))
    line("median s to the verbatim answer", *[median([row["verbatim_s"] for row in asked])] * 2)
    line("median s to the first written sentence", "—", median([r["first_s"] for r in asked if r["first_s"]]))
    line("median s to the end (of those written)", "—", median([row["end_s"] for row in written]))
    line("median s to the end (of all asked)", "—", median([row["end_s"] for row in asked]))
    line("median CPU s of an answer, all threads", "—", median([row["cpu_s"] for row in asked]))
    return "\n".join(lines)


def verify(run_rows: Sequence[dict[str, Any]], library: Library) -> list[str]:
    """Every claim of every answer judged once more against its quotes as the originals have them; the faults."""
    faults: list[str] = []
    for row in run_rows:
        for claim in row["answer"]["claims"]:
            evidence: list[EvidenceText] = []
            for citation in claim["citations"]:
                record = library.record(citation["record_id"])
                if record.text[citation["start"] : citation["end"]] != citation["quote"]:
                    faults.append(f"{row['id']}: the quote is not at its place")
                names = tuple(n for n in (citation["short_name"], citation["code"]) if n)
                evidence.append(
                    EvidenceText(citation["quote"], citation["question"], names, record.published_on)
                )
            joined = "".join(piece.text for piece in evidence)
            if claim["text"] != joined and check(claim["text"], evidence).verdict != "supported":
                faults.append(f"{row['id']}: not supported: {claim['text']}")
    return faults


def share(part: int, whole: int) -> str:
    """A share with its counts."""
    return f"{part / whole:.1%} ({part} of {whole})" if whole else f"— ({part} of 0)"


def median(values: Sequence[float]) -> str:
    """The median with its count."""
    return f"{statistics.median(values):.1f} (n = {len(values)})" if values else "— (n = 0)"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m eval.studies.model_run", description=__doc__)
    parser.add_argument("action", choices=["run", "table", "verify", "removed"])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--model", default="local")
    parser.add_argument("-n", type=int, default=10)
    given = parser.parse_args(arguments)
    settings = Settings().model_copy(update={"model": given.model})
    library = given.library or settings.library
    if given.action == "run":
        if given.out is None:
            parser.error("run needs --out")
        with DisclosureQA.open(library, settings) as qa:
            run(read_cases(given.paths), qa, given.out)
        return 0
    found = [row for path in given.paths for row in rows(path)]
    if given.action == "table":
        print(table(found))
    elif given.action == "removed":
        fell = [(row, one) for row in found for one in row["drafted"] if one["verdict"] != "supported"]
        for row, one in random.Random(4).sample(fell, min(given.n, len(fell))):
            print(row["id"], row["question"], one["verdict"], one["text"], one["reasons"], sep="\n  ")
    else:
        with Library.open(library, settings) as opened:
            faults = verify(found, opened)
        claims = sum(len(row["answer"]["claims"]) for row in found)
        print("\n".join([*faults, f"{claims} claims, {len(faults)} faults"]))
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
