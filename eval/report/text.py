"""The report of a run for a terminal; plain text where nobody looks at one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.table import Table


def print_report(run: Mapping[str, Any], file: TextIO, *, title: str = "", most_faults: int = 40) -> None:
    """Print the table of figures, the outcomes, and the cases that are not as they should be.

    Args:
        run: as `eval.run_file.document` gives it.
        file: where to.
        title: above the table.
        most_faults: how many cases to name; the rest are counted.
    """
    from rich.console import Console

    wide = None if file.isatty() else 110  # a log has no width of its own
    console = Console(file=file, highlight=False, width=wide)
    counts, times = run["counts"], run["timings"]
    console.print(_table(run["metrics"], title, drawn=file.isatty()))
    console.print(
        f"{counts['cases']} cases: {counts['scored']} scored, {counts['errors']} errors, {counts['skipped']} skipped"
    )
    console.print(
        f"{counts['sentences']} sentences: {counts['not_checkable']} not checkable, {counts['citing_nothing']} cite "
        f"nothing, {counts['judge_failed']} where the judge failed; {counts['citations']} citations, "
        f"{counts['marks_without_passage']} marks without a passage",
        soft_wrap=True,
    )
    speed = times["sentences_per_second"]
    console.print(
        f"latency p50 {number(times['ms_p50'])} ms, p95 {number(times['ms_p95'])} ms over {times['answers']} answers; "
        f"scored {number(speed)} sentences a second; an answer shows {counts.get('median_characters_shown', 0)} characters (median)",
        soft_wrap=True,
    )
    told = run.get("confidence") or {"auc": None}
    if told["auc"] is not None:
        console.print(
            f"confidence: area under the curve {told['auc']:.3f} (questions with an answer against those without); answering the surest "
            + ", ".join(
                f"{share:.0%} leaves {risk:.0%} wrong" for share, risk in told["risk_coverage"][3::4]
            ),
            soft_wrap=True,
        )
    for row in run["outcomes"]:
        mark = " " if row["expected"] == row["got"] else "≠"
        console.print(f"  {row['expected']:16} {mark} {row['got']:16} {row['cases']}", markup=False)
    faulty = [case for case in run["cases"] if case["faults"]]
    for case in faulty[:most_faults]:
        words = f"  {case['id']} ({case['type'] or '-'}) {case['question']}: {'; '.join(case['faults'])}"
        console.print(words, markup=False, soft_wrap=True)
    if len(faulty) > most_faults:
        console.print(f"  … and {len(faulty) - most_faults} more", markup=False)
    for reason, cases in skipped(run).items():
        console.print(f"  skipped, {reason}: {cases}", markup=False, soft_wrap=True)


def _table(metrics: Mapping[str, Any], title: str, *, drawn: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        "figure", "value", "95% interval", "of", "left out",
        title=title or None, box=box.SIMPLE_HEAD if drawn else box.ASCII2,
    )  # fmt: skip
    for column in table.columns[1:]:
        column.justify = "right"
    for name, one in metrics.items():
        if one["of"] or one["left_out"]:
            table.add_row(
                name, percent(one["value"]), interval(one), f"{one['of']} {one['unit']}", str(one["left_out"])
            )
    return table


def skipped(run: Mapping[str, Any]) -> dict[str, int]:
    """How many cases were skipped for each reason; what names files is counted as one."""
    reasons: dict[str, int] = {}
    for case in run["cases"]:
        if case["skipped"]:
            reason = str(case["skipped"]).partition(":")[0]
            reasons[reason] = reasons.get(reason, 0) + 1
    return reasons


def percent(value: float | None) -> str:
    """A share for a person; a dash where there is none."""
    return "–" if value is None else f"{value:.1%}"


def interval(one: Mapping[str, Any]) -> str:
    """The interval of a figure."""
    return "–" if one["low"] is None else f"{one['low']:.1%} – {one['high']:.1%}"


def number(value: float | None) -> str:
    """A number, or a dash."""
    return "–" if value is None else f"{value:,.1f}"
