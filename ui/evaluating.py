"""`jupilu eval …`: is it true, and how do we know?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import Settings

app = typer.Typer(help="Measure answers, retrieval and the gate.", no_args_is_help=True)

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


@app.command()
def answers(
    cases: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Case files (JSONL).")],
    library: Annotated[Path | None, typer.Option("--library", help="The library's folder.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask every case of the files: right pair found, key facts there, outcome right, quotes in their place."""
    from eval.answers import confusion, failures, faults_and_outcomes, run_cases, summarise
    from eval.cases import read_cases
    from rag.disclosure_qa import DisclosureQA

    settings = Settings(model="none")  # written answers are measured by `python -m eval.model_run`
    try:
        wanted = read_cases(cases)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    with DisclosureQA.open(library or settings.library, settings) as qa:
        results = run_cases(qa, wanted)
    summary = summarise(results)
    if as_json:
        outcomes = [
            {"expected": expected, "got": got, "cases": count}
            for (expected, got), count in sorted(confusion(results).items())
        ]
        document = {**summary, "outcomes": outcomes, "failures": failures(results)}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo("\n".join(faults_and_outcomes(results)))
    for name, value in summary.items():
        typer.echo(f"{name:32} {value}")


@app.command()
def retrieval(
    beir: Annotated[
        Path,
        typer.Option(
            "--beir", exists=True, file_okay=False, help="corpus.jsonl, queries.jsonl, qrels/test.tsv."
        ),
    ],
    as_json: JsonOption = False,
) -> None:
    """Rank the documents of a BEIR folder for its queries: dense, lexical, fused, reranked side by side."""
    from eval.retrieval import evaluate_beir, table

    report = evaluate_beir(beir, Settings())
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(table(report))


@app.command()
def grounding(
    claims: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="JSONL of claim, evidence, label.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Judge labelled claims with the gate: balanced accuracy, coverage, a row for each label."""
    from eval.grounding import evaluate, show

    with claims.open(encoding="utf-8") as lines:
        report = evaluate(lines)
    if as_json:
        typer.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(show(report, claims.name))


@app.command()
def parsing(
    records: Annotated[
        Path, typer.Option("--records", exists=True, file_okay=False, help="Folder of records.")
    ],
    labels: Annotated[Path, typer.Option("--labels", exists=True, help="Folder of labels (hashes).")],
) -> None:
    """Compare the parser with labels made by eye; exit status 1 below the thresholds."""
    from eval.parsing import main

    sys.exit(main(["--records", str(records), "--labels", str(labels)]))
