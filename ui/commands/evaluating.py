"""`jupilu eval …`: is it true, and how do we know?"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingest.settings import Settings
from ui.commands.options import JsonOption

app = typer.Typer(help="Measure answers, retrieval and the gate.", no_args_is_help=True)


OutOption = Annotated[Path | None, typer.Option("--out", dir_okay=False, help="Write the run here, as JSON.")]
HtmlOption = Annotated[
    Path | None, typer.Option("--html", dir_okay=False, help="Write the report here, as one HTML page.")
]
BaselineOption = Annotated[
    Path | None,
    typer.Option(
        "--baseline", exists=True, dir_okay=False, help="An earlier run: print what got better and worse."
    ),
]
ThresholdsOption = Annotated[
    Path | None,
    typer.Option(
        "--thresholds",
        exists=True,
        dir_okay=False,
        help="TOML of what must hold; exit status 1 if it doesn't.",
    ),
]


@app.command()
def answers(
    cases: Annotated[
        list[Path] | None, typer.Argument(exists=True, dir_okay=False, help="Case files (JSONL).")
    ] = None,
    library: Annotated[Path | None, typer.Option("--library", help="The library's folder.")] = None,
    recorded: Annotated[
        Path | None,
        typer.Option(
            "--recorded",
            exists=True,
            dir_okay=False,
            help="Score these answers of any system (JSONL) instead.",
        ),
    ] = None,
    model: Annotated[
        str, typer.Option("--model", help="What writes the answers, as for `jupilu ask`.")
    ] = "none",
    nli: Annotated[
        str | None, typer.Option("--nli", help="A CrossEncoder asked where the gate can't tell.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option("--judge", help="A chat model (provider:model) asked where the gate can't tell."),
    ] = None,
    folds: Annotated[
        Path | None,
        typer.Option(
            "--folds",
            exists=True,
            file_okay=False,
            help="Answer each company with trained parts that have not seen it (eval/fold_models in a checkout).",
        ),
    ] = None,
    out: OutOption = None,
    html: HtmlOption = None,
    baseline: BaselineOption = None,
    thresholds: ThresholdsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Ask every case, or score recorded answers: is it found, is it proven, is it right? docs/evaluation.md explains."""
    from ui.commands.evaluating_answers import measured, opinions, report

    if not cases and recorded is None:
        raise typer.BadParameter("give case files, --recorded FILE, or both")
    try:
        run = measured(cases or [], recorded, library, model, opinions(nli, judge, Settings()), folds)
        name = recorded.stem if recorded else "、".join(path.stem for path in cases or [])
        status = report(
            run, name=name, out=out, html=html, baseline=baseline, thresholds=thresholds, as_json=as_json
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(status)


@app.command("report")
def report_command(
    runs: Annotated[
        list[Path], typer.Argument(exists=True, dir_okay=False, help="Runs (JSON of --out), oldest first.")
    ],
    html: HtmlOption = None,
    baseline: BaselineOption = None,
    thresholds: ThresholdsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the last of these runs; with --html, the others in charts beside it."""
    from eval.run_file import read_run
    from ui.commands.evaluating_answers import report

    try:
        *earlier, last = runs
        status = report(
            read_run(last), name=last.stem, earlier=earlier, html=html, baseline=baseline, thresholds=thresholds,
            as_json=as_json,
        )  # fmt: skip
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(status)


@app.command()
def make(
    out: Annotated[Path, typer.Option("--out", dir_okay=False, help="The case file to write (JSONL).")],
    library: Annotated[Path | None, typer.Option("--library", help="The library's folder.")] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many cases at most.")] = 60,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws other pairs.")] = 0,
    model: Annotated[
        str, typer.Option("--model", help="A chat model that paraphrases: none, local, or provider:model.")
    ] = "none",
) -> None:
    """Make a test set from a library's own pairs, for `jupilu eval answers`."""
    from collections import Counter

    from eval.making.make_cases import make_cases, write_cases
    from eval.making.paraphrasing import paraphrased
    from ingest.library.library import Library
    from rag.models.chosen import open_model

    settings = Settings(model=model)
    kept: list[str] = []
    with Library.open(library or settings.library, settings) as opened:
        cases = make_cases(opened, count, seed)
        names = [company.short_name for company in opened.companies() if company.short_name]
    source = open_model(settings)
    if source and cases:
        try:
            cases, kept = paraphrased(cases, source.connect(), names)
        except Exception as error:  # noqa: BLE001  # every provider has its own tree; the cases are good without it
            kept = [f"every case ({error})"]
        finally:
            source.close()
    write_cases(out, cases)
    for line in kept:
        typer.echo(f"kept its wording: {line}", err=True)
    kinds = ", ".join(f"{number} {kind}" for kind, number in sorted(Counter(c.type for c in cases).items()))
    typer.echo(f"{len(cases)} cases in {out} ({kinds or 'no pair of this library can be asked again'})")
    if not cases:
        raise typer.Exit(1)


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

    try:
        report = evaluate_beir(beir, Settings())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--beir") from error
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
