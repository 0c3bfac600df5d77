"""What `jupilu eval answers` and `jupilu eval report` do once their options are read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.settings import Settings
from rag.grounding.second_opinion import SecondOpinion


def opinions(nli: str | None, judge: str | None, settings: Settings) -> tuple[SecondOpinion, ...]:
    """The judges that are asked where the gate cannot tell: an NLI CrossEncoder by name, a chat model.

    Whatever LangChain raises for a chat model that it does not know passes through.
    """
    from rag.grounding.second_opinion import ChatModelOpinion, CrossEncoderOpinion

    found: list[SecondOpinion] = [CrossEncoderOpinion(nli)] if nli else []
    if judge:
        from rag.models.chosen import Provider

        model = Provider(judge, settings).connect()
        found.append(ChatModelOpinion(model, judge))
    return tuple(found)


def measured(
    cases: Sequence[Path],
    recorded: Path | None,
    library: Path | None,
    model: str,
    judges: Sequence[SecondOpinion],
    folds: Path | None = None,
) -> dict[str, Any]:
    """The run: asked of a library, or scored from recorded answers.

    With `folds` each company is answered by trained parts that have not seen it (see `eval.folds`).

    Raises:
        ValueError: a file cannot be read.
        JupiluError: there is no library, or no model.
    """
    from eval.answers import run_cases, score_recorded
    from eval.cases import read_cases
    from eval.folds import trained_without
    from eval.recorded import read_recorded
    from eval.run_file import document
    from ingest.library.library import Library
    from rag.disclosure_qa import DisclosureQA

    settings = Settings(model=model)
    named = tuple(one.name for one in judges)
    wanted = read_cases(cases)
    if recorded is None:
        trained = trained_without(folds) if folds else None
        opened_library = Library.open(library or settings.library, settings)
        with DisclosureQA(opened_library, settings, keeps_receipts=False, trained=trained) as qa:
            results = run_cases(qa, wanted, _told, judges)
            return document(
                results,
                settings=settings,
                cases=cases,
                library=qa.library,
                writes=qa.writes,
                second_opinions=named,
            )
    answers = read_recorded(recorded)
    writes = ", ".join(sorted({answer.system or "unknown" for answer in answers}))
    opened = Library.open(library, settings) if library else None
    try:
        results = score_recorded(answers, wanted, opened, _told, judges)
        return document(
            results,
            settings=settings,
            cases=cases,
            recorded=recorded,
            library=opened,
            writes=writes,
            second_opinions=named,
        )
    finally:
        if opened:
            opened.close()


def report(
    run: dict[str, Any],
    *,
    name: str,
    earlier: Sequence[Path] = (),
    out: Path | None = None,
    html: Path | None = None,
    baseline: Path | None = None,
    thresholds: Path | None = None,
    as_json: bool = False,
) -> int:
    """Print and write all that was asked for; exit status 1 where a threshold is missed.

    Raises:
        ValueError: a file cannot be read, or a threshold names no figure.
    """
    from eval.comparison import compare
    from eval.report.html import page
    from eval.report.text import print_report
    from eval.run_file import as_text, read_run
    from eval.thresholds import missed, read_thresholds

    before = read_run(baseline) if baseline else None
    asked = read_thresholds(thresholds) if thresholds else None
    if out:
        out.write_text(as_text(run), encoding="utf-8")
    if html:
        paths = [*earlier, *([baseline] if baseline and baseline not in earlier else [])]
        runs = [*(read_run(path) for path in paths), run]
        html.write_text(page(runs, [*(path.stem for path in paths), name]), encoding="utf-8")
    if as_json:
        sys.stdout.write(as_text(run))
    else:
        print_report(run, sys.stdout, title=name)
    said = sys.stderr if as_json else sys.stdout
    if before is not None:
        print("\n".join(compare(run, before).lines()), file=said)
    lines = missed(run, asked, before) if asked else []
    if asked:
        print("\n".join(f"MISSED {line}" for line in lines) or "every threshold holds", file=said)
    return 1 if lines else 0


def _told(done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else ""
        print(f"\r{done} / {of}", end=end, file=sys.stderr, flush=True)
